"""Agency staff: cover for vacancies, and places above establishment (sim.engine.agency)."""

from __future__ import annotations

import math

from sim.config.routes import Route
from sim.engine.compiled.codes import (
    A_COVERING_WORKER,
    A_PERSON,
    COVER_BEGINS,
    COVER_ENDS,
    COVER_GOES_ON,
    COVER_MAY_CONVERT,
    COVER_REQUESTED,
    COVER_SEARCHED,
    COVER_STARTS,
    COVER_STAYS,
    D_NONE,
    NOBODY,
    OVERLAP_BEGINS,
    OVERLAP_ENDS,
    STAY_ASSIGNMENT_ENDS,
    STAY_BEGINS,
    STAY_ENDS,
    STAY_GOES_ON,
    STAY_LET_GO,
    T_ABOVE,
    T_ABOVE_ENDS,
    T_COVER_BEGINS,
    T_COVER_ENDS,
)
from sim.engine.compiled.facts import flow, shift_above, tell
from sim.engine.compiled.formulas import above_establishment_kept, exponential
from sim.engine.compiled.jit import Key, World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Stay,
    Vacancy,
    imposed,
    market_,
    month_,
    overlap_,
    place_,
    place_key,
    post_,
    stay_,
    team_,
    told,
    vacancy_,
    year_,
)
from sim.engine.compiled.luck import join, uniform
from sim.engine.compiled.queue import after, alarm, begin
from sim.engine.compiled.seats import agency_comes, agency_goes
from sim.engine.compiled.vacancies import STAGE_ADVERTISED, take
from sim.engine.compiled.world import COVERED, UNCOVERED, is_over, month_of, set_state, tell_post
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS

_CONVERSION = int(Route.AGENCY_CONVERSION)
_REQUEST, _SEARCH = int(Purpose.COVER_REQUEST), int(Purpose.COVER_SEARCH)
_ASSIGNMENT, _CONVERTS = int(Purpose.COVER_ASSIGNMENT), int(Purpose.COVER_CONVERSION)
_ABOVE = int(Purpose.ABOVE_ASSIGNMENT)


@compiled
def notice_on(w: World, day: float) -> float:
    """Notice of an assignment, in days, if it is given on a day."""
    return float(w.later_notice_days if day >= w.later_notice_day else w.notice_days)


# -- cover ----------------------------------------------------------------------------------------


@compiled
def post_is_empty(w: World, number: int) -> None:
    """A vacancy whose post stands empty asks for cover, where its role can have any."""
    if market_(w, post_(w, vacancy_(w, number).post).market).gets_agency_cover:
        begin_cover(w, number, UNCOVERED, False)


@compiled
def begin_cover(w: World, number: int, state: int, asked: bool) -> None:
    """Cover for one vacancy begins: inside an assignment if COVERED, or in the search if asked."""
    vacancy_(w, number).cover_state, vacancy_(w, number).cover_asked = state, asked
    begin(w, COVER_BEGINS, number)


@compiled
def cover(w: World, number: int, event: int) -> None:
    """Request, search, assignment, and again until the vacancy is filled."""
    vacancy = vacancy_(w, number)
    if event == COVER_BEGINS:
        if is_over(vacancy):
            return
        if vacancy.cover_state != UNCOVERED:
            _begin_assignment(w, number)
        elif vacancy.cover_asked:
            _search(w, number)
        else:
            _request(w, number)
    elif vacancy.cover_step == COVER_REQUESTED:
        _search(w, number)
    elif is_over(vacancy):
        return
    elif vacancy.cover_step == COVER_SEARCHED:
        set_state(w, vacancy.post, COVERED)
        _count(w, COVER_STARTS, vacancy)
        _tell_begins(w, vacancy)
        _begin_assignment(w, number)
    elif vacancy.cover_step == COVER_MAY_CONVERT:
        _may_convert(w, number)
    else:
        vacancy.covers += 1
        set_state(w, vacancy.post, UNCOVERED)
        _count(w, COVER_ENDS, vacancy)
        tell_post(w, T_COVER_ENDS, vacancy.post, D_NONE, 0)
        _request(w, number)


@compiled
def _wait(w: World, number: int, days: float, step: int) -> None:
    vacancy_(w, number).cover_step = step
    after(w, days, COVER_GOES_ON, number)


@compiled
def _request(w: World, number: int) -> None:
    _wait(w, number, _luck(w, number, _REQUEST, w.request_days), COVER_REQUESTED)


@compiled
def _search(w: World, number: int) -> None:
    rate = _arrival_rate(w, vacancy_(w, number))
    if rate > 0.0:
        _wait(w, number, _luck(w, number, _SEARCH, 1.0 / rate), COVER_SEARCHED)


@compiled
def _arrival_rate(w: World, vacancy: Vacancy) -> float:
    post = post_(w, vacancy.post)
    rate = team_(w, post.team).cover_per_day * year_(w, month_(w, w.period).year).cover
    return float(rate * month_of(w, post.team, post.role).cover)


@compiled
def _begin_assignment(w: World, number: int) -> None:
    """An agency worker stays, and may turn permanent while the post is on the market."""
    stay = _luck(w, number, _ASSIGNMENT, w.assignment_days)
    converts = math.inf
    if w.conversion_per_day > 0.0:
        converts = _luck(w, number, _CONVERTS, 1 / w.conversion_per_day)
    if converts < stay:
        vacancy_(w, number).cover_stay = stay - converts
        _wait(w, number, converts, COVER_MAY_CONVERT)
    else:
        _wait(w, number, stay, COVER_STAYS)


@compiled
def _may_convert(w: World, number: int) -> None:
    vacancy = vacancy_(w, number)
    if vacancy.stage == STAGE_ADVERTISED:
        person = join(_key(w, vacancy), 1000 + vacancy.covers)
        take(w, number, person, _CONVERSION, False, w.now, NONE)
        # The desk asks again, and finds the vacancy filled.
        _request(w, number)
    else:
        _wait(w, number, vacancy.cover_stay, COVER_STAYS)


@compiled
def end_cover(w: World, number: int) -> None:
    """The post is filled: cover goes, after what is left of the notice."""
    vacancy = vacancy_(w, number)
    _count(w, COVER_ENDS, vacancy)
    left = vacancy.agreed_day + notice_on(w, vacancy.agreed_day) - w.now
    if left > 0.0:
        if w.overlaps_count >= w.overlaps_room:
            raise OverflowError("overlaps")
        overlap, post = overlap_(w, w.overlaps_count), post_(w, vacancy.post)
        overlap.team, overlap.hundredths, overlap.days = post.team, post.hundredths, left
        begin(w, OVERLAP_BEGINS, w.overlaps_count)
        w.overlaps_count += 1


@compiled
def overlap(w: World, number: int, event: int) -> None:
    """An agency worker whose notice runs past the start stays above establishment."""
    one = overlap_(w, number)
    if event == OVERLAP_BEGINS:
        shift_above(w, one.team, one.hundredths)
        after(w, one.days, OVERLAP_ENDS, number)
    else:
        shift_above(w, one.team, -one.hundredths)


@compiled
def _count(w: World, what: int, vacancy: Vacancy) -> None:
    post = post_(w, vacancy.post)
    flow(w, what, post.account, post.hundredths)


@compiled
def _key(w: World, vacancy: Vacancy) -> Key:
    return join(post_(w, vacancy.post).key, vacancy.number)


@compiled
def _luck(w: World, number: int, purpose: int, mean: float) -> float:
    vacancy = vacancy_(w, number)
    return mean * exponential(uniform(w, purpose, _key(w, vacancy), vacancy.covers))


@compiled
def _tell_begins(w: World, vacancy: Vacancy) -> None:
    post = post_(w, vacancy.post)
    tell(w, T_COVER_BEGINS, post.team, vacancy.post, A_COVERING_WORKER, vacancy.number, D_NONE, 0)
    if w.is_traced:
        told(w, w.told_count - 1).other = vacancy.covers + 1


# -- above establishment --------------------------------------------------------------------------


@compiled
def open_places(w: World) -> None:
    """Day 0: the places above establishment, each with an assignment part-served."""
    for team in range(w.teams_count):
        _set_places(w, team, team_(w, team).above_start)


@compiled
def review_above(w: World) -> None:
    """The quarterly review: how many staff above establishment each team keeps."""
    month = month_(w, w.period)
    if w.imposes:
        _impose(w)
    elif month.reviews_above:
        shift = year_(w, month.year).above_shift_fte / max(1, w.above_start_total)
        for number in range(w.teams_count):
            team = team_(w, number)
            most = max(float(team.above_start), team.above_most)
            kept = above_establishment_kept(w.release, team.over, float(team.above_start), most)
            count = math.floor(kept + shift * team.above_start + 0.5)
            _set_places(w, number, max(0, count))


@compiled
def _impose(w: World) -> None:
    """A rerun: places by team that follow the published number, rounding carried over teams."""
    total, placed = 0.0, 0
    for team in range(w.teams_count):
        total += imposed(w, w.period * w.teams_count + team).value
        count = int(total + 0.5) - placed
        placed += count
        _set_places(w, team, count)


@compiled
def _set_places(w: World, team_number: int, count: int) -> None:
    team, first = team_(w, team_number), team_number * w.places_per_team
    if count > w.places_per_team:
        raise OverflowError("places")
    while team.places < count:
        place = place_(w, first + team.places)
        place.key = place_key(w, first + team.places).value
        place.people, place.stay = 0, NONE
        team.places += 1
    for index in range(team.places):
        place = place_(w, first + index)
        if index < count and place.stay == NONE:
            place.stay = _new_stay(w, team_number, first + index)
            begin(w, STAY_BEGINS, place.stay)
        elif index >= count and place.stay != NONE:
            stay_(w, place.stay).let_go = 1
            after(w, 0.0, STAY_LET_GO, place.stay)
            place.stay = NONE


@compiled
def _new_stay(w: World, team: int, place: int) -> int:
    number = w.stays_count
    if number >= w.stays_room:
        raise OverflowError("stays")
    w.stays_count += 1
    stay = stay_(w, number)
    stay.team, stay.place, stay.before, stay.assignments = team, place, NONE, 0
    stay.let_go = stay.waits = 0
    return int(number)


@compiled
def stay_goes_on(w: World, number: int, event: int, stamp: int) -> None:
    """One place above establishment: assignments follow one another until it is let go.

    An assignment's end and the letting go each wake the place by an event of its own, as SimPy's
    condition of two events does.
    """
    stay = stay_(w, number)
    if event == STAY_BEGINS:
        shift_above(w, stay.team, HUNDREDTHS)
        _next_assignment(w, number)
    elif event == STAY_GOES_ON:
        if stay.let_go:
            after(w, notice_on(w, w.now), STAY_ENDS, number)
        else:
            _next_assignment(w, number)
    elif event == STAY_ENDS:
        shift_above(w, stay.team, -HUNDREDTHS)
        if stay.before != NONE:
            agency_goes(w, stay.before)
        tell(w, T_ABOVE_ENDS, stay.team, NONE, NOBODY, 0, D_NONE, 0)
    elif stay.waits and (event == STAY_LET_GO or stamp == stay.assignments):
        stay.waits = 0
        after(w, 0.0, STAY_GOES_ON, number)


@compiled
def _next_assignment(w: World, number: int) -> None:
    stay = stay_(w, number)
    place = place_(w, stay.place)
    luck = uniform(w, _ABOVE, place.key, place.people)
    place.people += 1
    _next_person(w, stay)
    tell(w, T_ABOVE, stay.team, NONE, A_PERSON, place.people, D_NONE, 0)
    stay.assignments += 1
    stay.waits = 1
    alarm(w, w.assignment_days * exponential(luck), STAY_ASSIGNMENT_ENDS, number, stay.assignments)


@compiled
def _next_person(w: World, stay: Stay) -> None:
    """A new agency worker sits down in a place, and the one before gets up."""
    if not w.casework:
        return
    holder = agency_comes(w, stay.team, 1.0, True)
    if stay.before != NONE:
        agency_goes(w, stay.before)
    stay.before = holder
