"""The shared evidence about measures that draw, hire or keep people, and rules with a date."""

from __future__ import annotations

from sim.config.dated import DatedRule
from sim.config.quantity import Frozen, Quantity


class MarketMeasures(Frozen):
    """How strongly measures act; each multiplier is of the whole measure, in force everywhere.

    Attributes:
        candidates_from_away: share of candidates who would have to move house.
        relocation_effect: attractiveness to them of posts with a relocation allowance.
        candidates_through_colleagues: share of candidates who hear of a post from a colleague.
        find_a_friend_effect: attractiveness, to all candidates, of posts with a reward for the
            colleague; those whom it adds come through a colleague.
        recruitment_steps, recruitment_drop_out, recruitment_attractiveness: what a fully staffed
            recruitment team, or an outside recruiter, makes of approval, selection and checks, of
            drop-out between offer and start, and of attractiveness.
        in_kind_value: what staff hold a benefit in kind to be worth, over what it costs.
        agency_scheme_arrivals: rate at which cover comes, with a regional scheme.
        adviser_progression_exits: leaving of personal advisers who can progress.
    """

    candidates_from_away: Quantity
    relocation_effect: Quantity
    candidates_through_colleagues: Quantity
    find_a_friend_effect: Quantity
    recruitment_steps: Quantity
    recruitment_drop_out: Quantity
    recruitment_attractiveness: Quantity
    in_kind_value: Quantity
    agency_scheme_arrivals: Quantity
    adviser_progression_exits: Quantity


class AgencyRules(DatedRule):
    """England's rules on agency child and family social workers, from a date."""

    notice: Quantity
    cover_arrivals: Quantity
    exits_to_agency: Quantity


class PriceCaps(DatedRule):
    """Regional caps on what agency workers are paid, from a date."""

    premium: Quantity


class OfstedEffects(Frozen):
    """A council judged inadequate, over one that is not."""

    exits: Quantity
    attractiveness: Quantity


class DatedRules(Frozen):
    """Rules that come into force on a date, and what people do under them."""

    agency_rules: AgencyRules
    price_caps: PriceCaps
    ofsted: OfstedEffects

    @property
    def on_agency_staff(self) -> dict[str, DatedRule]:
        """National rules on agency staff by their name in behaviour.toml."""
        return {"agency_rules": self.agency_rules, "price_caps": self.price_caps}
