"""To whom a household was referred, and what came back when."""

from __future__ import annotations

import datetime as dt
from random import Random

from msgspec import Struct

from caseapp.demo.rules.days import DAY, between, working
from caseapp.demo.rules.households import Household

# Kind of partner, purpose and concern, with the weight in all referrals.
_CONCERNS: tuple[tuple[str, str, str, int], ...] = (
    ("JC", "LEI", "Bittet um Prüfung des Bescheids.", 18),
    ("SOZ", "LEI", "Bittet um Hilfe beim Antrag.", 8),
    ("ABH", "AUF", "Bittet um einen Termin zur Verlängerung.", 10),
    ("VHS", "SPR", "Sucht einen Kursplatz.", 16),
    ("KAM", "ARB", "Möchte den Abschluss anerkennen lassen.", 8),
    ("AG", "ARB", "Fragt nach einem Praktikum.", 6),
    ("MBE", "BER", "Bittet um gemeinsame Beratung.", 6),
    ("SLD", "SDN", "Bittet um einen ersten Termin.", 7),
    ("VER", "WOH", "Sucht eine Wohnung für die Familie.", 9),
    ("ARZ", "GES", "Sucht eine Hausarztpraxis.", 5),
    ("VEI", "TEI", "Möchte mitspielen.", 4),
    ("EAK", "EHR", "Wünscht sich Begleitung zu Ämtern.", 6),
)
_KINDS = {kind for kind, *_rest in _CONCERNS}
_ADULT = 18


class Step(Struct, frozen=True):
    """A change of state: codes of `referrals.rules.states.State`."""

    before: str
    state: str
    on: dt.date


class PastReferral(Struct, frozen=True, kw_only=True):
    """A referral with its steps, the first of which brought it on its way; `answer_days`: until an answer is due."""

    member: int
    way: str
    partner_kind: str
    purpose: str
    concern: str
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.steps[-1].state


def partner_kinds() -> frozenset[str]:
    """All kinds of partners to whom somebody is referred."""
    return frozenset(_KINDS)


def draw_referrals(rng: Random, household: Household, today: dt.date) -> list[PastReferral]:
    """Referrals of the adults, up to today or the closing: about one in the first year, fewer later."""
    frame = household.frame
    end = frame.closed_on or today
    adults = [place for place, person in enumerate(household.members) if person.age(frame.opened_on) >= _ADULT]
    length = (end - frame.opened_on).days
    if frame.waiting or not adults or length < 20:
        return []
    number = min(4, int(rng.expovariate(1 / (0.35 + length / 420))))
    days = sorted(working(between(rng, frame.opened_on + 7 * DAY, end - 2 * DAY)) for _referral in range(number))
    return [_referral(rng, rng.choice(adults), day, end) for day in days if day >= frame.opened_on]


def _referral(rng: Random, member: int, sent: dt.date, end: dt.date) -> PastReferral:
    kind, purpose, concern, _weight = rng.choices(_CONCERNS, [weight for *_rest, weight in _CONCERNS])[0]
    hint = rng.random() < 0.15
    steps = (Step("proposed", "done", sent),) if hint else _steps(rng, sent, end)
    return PastReferral(
        member=member,
        way="hint" if hint else "carried",
        partner_kind=kind,
        purpose=purpose,
        concern="" if hint else concern,
        steps=steps,
    )


def _steps(rng: Random, sent: dt.date, end: dt.date) -> tuple[Step, ...]:
    """Two thirds are accepted, most of them in time; then it takes a while until they are done."""
    course = rng.choices(("accepted", "done", "declined", "silent", "withdrawn"), (38, 28, 13, 16, 5))[0]
    days = rng.randint(2, 27) if rng.random() < 0.82 else rng.randint(28, 70)
    answered = max(sent, working(sent + days * DAY))
    steps = [Step("proposed", "sent", sent)]
    if course == "silent":
        asked = working(sent + rng.randint(28, 45) * DAY)
        steps += [Step("sent", "no_answer", asked)] if asked < end else []
        return tuple(steps)
    if answered >= end:
        return tuple(steps)
    steps.append(Step("sent", course if course != "done" else "accepted", answered))
    done = max(answered, working(answered + rng.randint(5, 80) * DAY))
    if (course == "done" or (course == "accepted" and rng.random() < 0.25)) and done < end:
        steps.append(Step("accepted", "done", done))
    return tuple(steps)
