"""The trace in words: what compiled code noted in numbers (sim.engine.trace)."""

from __future__ import annotations

from collections.abc import Callable

from sim.config.casework import STAGES
from sim.config.routes import Route
from sim.engine.attendance import WORDS as ABSENCE_WORDS
from sim.engine.cases import Cause
from sim.engine.compiled import codes
from sim.engine.compiled.image import Table
from sim.engine.compiled.memory import Memory
from sim.engine.trace import Listener, TraceEvent
from sim.inputs.plan import EXITS, Plan

_WHAT = {
    codes.T_ABSENT: "absent",
    codes.T_RETURNS: "returns",
    codes.T_POST_CLOSES: "post closes",
    codes.T_RESIGNS: "resigns",
    codes.T_LEAVES: "leaves",
    codes.T_RETENTION_PAYMENT: "retention payment",
    codes.T_LEAVE_TO_REMAIN: "leave to remain",
    codes.T_ADVERTISED: "advertised",
    codes.T_CANDIDATE: "candidate",
    codes.T_OFFER: "offer",
    codes.T_DROPS_OUT: "drops out",
    codes.T_STARTS: "starts",
    codes.T_MOVES_INSIDE: "moves inside",
    codes.T_COVER_BEGINS: "agency cover begins",
    codes.T_COVER_ENDS: "agency cover ends",
    codes.T_ABOVE: "agency above establishment",
    codes.T_ABOVE_ENDS: "agency above establishment ends",
    codes.T_POST_OPENS: "post opens",
    codes.T_NOT_FUNDED: "post no longer funded",
    codes.T_HOURS_CUT: "post's hours cut",
    codes.T_LEAVES_THE_COUNT: "leaves the count",
    codes.T_NEWLY_QUALIFIED_OFFER: "newly qualified offer",
    codes.T_REVIEW_PUT_OFF: "review put off",
    codes.T_CASE_REVIEW: "review",
    codes.T_REFERRAL: "referral",
    codes.T_CASE_CLOSES: "case closes",
    codes.T_ALLOCATED: "allocated",
    codes.T_WAITS: "waits for a worker",
    codes.T_POST_ENDS: "post ends",
    codes.T_OFFER_WITHDRAWN: "offer withdrawn",
} | {
    codes.T_STAGE_BEGINS + number: f"{stage.value.replace('_', ' ')} begins"
    for number, stage in enumerate(STAGES)
}
_MASK = 0xFFFFFFFFFFFFFFFF


def tell_all(plan: Plan, memory: Memory, listener: Listener) -> None:
    """Tell a listener every event of a run, in order."""
    posts = _post_names(plan, memory)
    for line in memory.tables["told"][: memory.world[0]["told_count"]]:
        listener(
            TraceEvent(
                float(line["day"]),
                _what(line),
                plan.team_names[line["team"]] if line["team"] >= 0 else "",
                posts[line["post"]] if line["post"] >= 0 else "",
                _person(line),
                _detail(line, posts),
                f"child {line['child']}" if line["child"] >= 0 else "",
            )
        )


def _post_names(plan: Plan, memory: Memory) -> list[str]:
    """Names of posts, those of people without a post included."""
    names = [post.name for post in plan.posts]
    count = int(memory.world[0]["posts_count"])
    return names + [f"supernumerary/{number}" for number in range(len(names), count)]


def _what(line: Table) -> str:
    if line["what"] == codes.T_ROUTE_OFFER:
        return f"{Route(int(line['value'])).name.lower()} offer"
    return _WHAT[int(line["what"])]


def _person(line: Table) -> str:
    kind, number = line["kind"], int(line["number"])
    if kind == codes.A_WORKER:
        return f"worker {number}"
    if kind == codes.A_CANDIDATE:
        return f"candidate {number & _MASK:016x}"[:18]
    if kind == codes.A_COVERING_WORKER:
        return f"agency worker {number}.{line['other']}"
    if kind == codes.A_PERSON:
        return f"person {number}"
    if kind == codes.AN_AGENCY_WORKER:
        return f"agency worker {number}"
    return ""


def _detail(line: Table, posts: list[str]) -> str:
    detail, value = int(line["detail"]), int(line["value"])
    if detail == codes.D_FROM_POST:
        return f"from {posts[value]}"
    if detail == codes.D_CUT:
        return f"by {float(line['amount']):.2f} FTE"
    words = _DETAIL[detail]
    return words if isinstance(words, str) else words(value)


_DETAIL: dict[int, str | Callable[[int], str]] = {
    codes.D_NONE: "",
    codes.D_DECLINED: "declined",
    codes.D_SUPERNUMERARY: "supernumerary",
    codes.D_AGAIN: "referred again",
    codes.D_ABSENCE: lambda kind: ABSENCE_WORDS[kind],
    codes.D_EXIT: lambda exit_: f"exit: {EXITS[exit_]}",
    codes.D_LINE: lambda line: f"line {line}",
    codes.D_ROUTE: lambda route: f"route: {Route(route).name.lower()}",
    codes.D_AFTER: lambda cause: f"after: {Cause(cause).name.lower().replace('_', ' ')}",
}
