"""What releases cover: nothing outside them, ever."""

import datetime as dt
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from caseapp.consents.rules import Gap, Missing, ValidRelease, covering, uncovered

JOBCENTER, SCHOOL = UUID(int=1), UUID(int=2)
DAY = dt.date(2026, 11, 22)
FIELDS = ("NAM", "TEL", "LEI", "GES")


def release(**changes: object) -> ValidRelease:
    values: dict[str, object] = {
        "id": uuid4(),
        "client_id": UUID(int=9),
        "partner_id": JOBCENTER,
        "recipient": "Jobcenter",
        "direction": "tell",
        "fields": frozenset({"NAM", "TEL"}),
        "purpose": "LEI",
        "ways": frozenset({"BRF"}),
        "from_on": DAY,
        "ends_on": DAY + dt.timedelta(days=180),
    }
    return ValidRelease(**(values | changes))  # type: ignore[arg-type]


def gaps(
    *releases: ValidRelease, fields: tuple[str, ...] = ("NAM",), on: dt.date = DAY, **options: object
) -> list[Gap]:
    asked: dict[str, object] = {"partner_id": JOBCENTER, "purpose": "LEI", "way": "BRF"} | options
    return uncovered(releases, fields=fields, on=on, **asked)  # type: ignore[arg-type]


def test_the_nearest_release_says_what_it_lacks() -> None:
    assert gaps() == [Gap(Missing.RECIPIENT)]
    assert gaps(release()) == []
    assert gaps(release(partner_id=SCHOOL)) == [Gap(Missing.RECIPIENT)]
    assert gaps(release(partner_id=None)) == [Gap(Missing.RECIPIENT)]
    assert gaps(release(from_on=DAY + dt.timedelta(days=1))) == [Gap(Missing.DAY)]
    assert gaps(release(ends_on=DAY - dt.timedelta(days=1))) == [Gap(Missing.DAY)]
    assert gaps(release(ends_on=DAY)) == []
    assert gaps(release(direction="hear")) == [Gap(Missing.DIRECTION)]
    assert gaps(release(direction="hear"), hear=True) == []
    assert gaps(release(), hear=True) == [Gap(Missing.DIRECTION)]
    assert gaps(release(purpose="WOH")) == [Gap(Missing.PURPOSE)]
    assert gaps(release(ways=frozenset({"TEL"}))) == [Gap(Missing.WAY)]
    assert gaps(release(), fields=("NAM", "GES", "LEI")) == [Gap(Missing.FIELD, "GES"), Gap(Missing.FIELD, "LEI")]


def test_two_releases_cover_together_only_where_each_fits_by_itself() -> None:
    name, phone = release(fields=frozenset({"NAM"})), release(fields=frozenset({"TEL"}))
    assert gaps(name, phone, fields=("NAM", "TEL")) == []
    assert covering([name, phone], partner_id=JOBCENTER, purpose="LEI", fields=("NAM", "TEL"), way="BRF", on=DAY) == {
        name.id,
        phone.id,
    }
    other_way = release(fields=frozenset({"TEL"}), ways=frozenset({"TEL"}))
    assert gaps(name, other_way, fields=("NAM", "TEL")) == [Gap(Missing.FIELD, "TEL")]
    assert not covering([name, other_way], partner_id=JOBCENTER, purpose="LEI", fields=("TEL",), way="BRF", on=DAY)


releases = st.builds(
    release,
    partner_id=st.sampled_from([JOBCENTER, SCHOOL, None]),
    direction=st.sampled_from(["tell", "hear", "both"]),
    fields=st.frozensets(st.sampled_from(FIELDS)),
    purpose=st.sampled_from(["LEI", "WOH"]),
    ways=st.frozensets(st.sampled_from(["BRF", "TEL"])),
    from_on=st.integers(-3, 3).map(lambda days: DAY + dt.timedelta(days=days)),
    ends_on=st.integers(-3, 3).map(lambda days: DAY + dt.timedelta(days=days)) | st.none(),
)
wanted = st.lists(st.sampled_from(FIELDS), max_size=4).map(tuple)


@given(st.lists(releases, max_size=6), wanted)
def test_nothing_is_covered_without_a_release_that_fits_in_every_respect(
    held: list[ValidRelease], fields: tuple[str, ...]
) -> None:
    fitting = [
        each
        for each in held
        if each.partner_id == JOBCENTER
        and each.purpose == "LEI"
        and "BRF" in each.ways
        and each.direction in {"tell", "both"}
        and each.from_on <= DAY
        and (each.ends_on is None or each.ends_on >= DAY)
    ]
    allowed = {field for each in fitting for field in each.fields}
    found = gaps(*held, fields=fields)
    assert (found == []) == (bool(fitting) and set(fields) <= allowed)
    if fitting:
        assert {gap.field for gap in found} == set(fields) - allowed
    else:
        assert len(found) == 1
        assert found[0].missing is not Missing.FIELD


@given(st.lists(releases, max_size=6), wanted, st.data())
def test_a_withdrawal_never_covers_more(held: list[ValidRelease], fields: tuple[str, ...], data: st.DataObject) -> None:
    withdrawn = data.draw(st.sets(st.sampled_from([each.id for each in held]))) if held else set()
    left = [each for each in held if each.id not in withdrawn]
    if not gaps(*left, fields=fields):
        assert not gaps(*held, fields=fields)
    resting = covering(held, partner_id=JOBCENTER, purpose="LEI", fields=fields, way="BRF", on=DAY)
    if fields and resting and resting <= withdrawn:
        assert gaps(*left, fields=fields)
