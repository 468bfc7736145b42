"""Whose rows are whose now: random mergers, splits, chains, codes used again, against a naive second way."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rtt.terms.calendar import add_months
from rtt.terms.lineage import Lineage
from rtt.terms.successions import Succession, Successions, became_words, circle_in

FIRST = date(2024, 1, 31)
MONTHS = tuple(add_months(FIRST, ahead) for ahead in range(8))
CODES = ("RA1", "RA2", "RA3", "RA4", "RA5", "RA6")
COMMISSIONERS = ("00A", "00B", "00C", "00D", "00E")
ICBS, REGIONS = ("QA1", "QA2", "QA3", "QA4"), ("Y58", "Y59")
REGION_OF = {"QA1": "Y58", "QA2": "Y58", "QA3": "Y59", "QA4": "Y59"}


def day(month: int) -> date:
    """The first day after a month: what ends then was last in it."""
    return MONTHS[0] - timedelta(days=30) if month < 0 else MONTHS[month] + timedelta(days=1)


@st.composite
def facts(draw) -> tuple[Succession, ...]:
    """Mergers one into one, many into one, splits, chains, future days, a code that ends twice; no circle."""
    found = set()
    for at, code in enumerate(CODES[:-1]):
        later = CODES[at + 1 :]
        for ended in draw(st.lists(st.integers(0, len(MONTHS)), max_size=2, unique=True)):
            on = day(ended) if ended < len(MONTHS) else day(len(MONTHS) - 1) + timedelta(days=40)
            heirs = draw(st.lists(st.sampled_from(later), min_size=1, max_size=2, unique=True))
            found |= {Succession(code, on, heir) for heir in heirs}
    return tuple(sorted(found))


def naive_owner(known, code: str, month: date, at: date) -> str:
    """Day by day: whoever ends hands all to its one successor; whatever was split stays where it was."""
    owner, today = code, month
    while today < at:
        today += timedelta(days=1)
        while True:
            heirs = [each.successor for each in known if each.code == owner and each.on == today]
            if not heirs:
                break
            if len(heirs) > 1:
                return owner
            owner = heirs[0]
    return owner


def lineage(known=(), at=MONTHS[-1], present=CODES, homes=None, moved=None) -> Lineage:
    return Lineage(
        at=at,
        successions=Successions(tuple(known)),
        present={"provider": frozenset(present)},
        homes=homes or {},
        regions=REGION_OF if homes else {},
        moved=moved or {},
    )


def counted(blocks, rows, level: str, codes) -> Counter:
    """(unit, month) -> the pathways of rows (level, code, month): n that the blocks hold."""
    found: Counter = Counter()
    for (of, code, month), n in rows.items():
        for block in blocks:
            if block.level == of and month in block.dates and (block.codes is None or code in block.codes):
                found[dict(block.units).get(code, code), month] += n
    if not blocks:
        found = Counter(
            {(c, m): n for (of, c, m), n in rows.items() if of == level and (codes is None or c in codes)}
        )
    return found


ROWS = {
    ("provider", code, month): 1000 * (at + 1) + 10 * when + 1
    for at, code in enumerate(CODES)
    for when, month in enumerate(MONTHS)
}


@given(facts(), st.integers(0, len(MONTHS) - 1))
def test_every_row_counts_once_for_whom_the_naive_way_says(known, last):
    at, months = MONTHS[last], MONTHS[: last + 1]
    rows = {key: n for key, n in ROWS.items() if key[2] in months}
    found = counted(lineage(known, at).blocks("provider", None, months), rows, "provider", None)
    wanted: Counter = Counter()
    for (_, code, month), n in rows.items():
        wanted[naive_owner(known, code, month, at), month] += n
    assert found == wanted
    for month in months:
        assert sum(n for (_, of), n in found.items() if of == month) == sum(
            n for (_, _, of), n in rows.items() if of == month
        )


@given(facts(), st.sets(st.sampled_from(CODES), min_size=1, max_size=3))
def test_one_place_or_a_group_has_the_rows_that_the_whole_level_gives_it(known, wanted):
    codes = tuple(sorted(wanted))
    one = counted(lineage(known).blocks("provider", codes, MONTHS), ROWS, "provider", codes)
    every = counted(lineage(known).blocks("provider", None, MONTHS), ROWS, "provider", None)
    for month in MONTHS:
        assert sum(one[code, month] for code in codes) == sum(every[code, month] for code in codes)


@given(facts())
def test_who_has_ended_keeps_its_own_rows_on_its_own_page(known):
    ended = {each.code for each in known if each.on <= MONTHS[-1]}
    for code in ended:
        blocks = lineage(known, present=set(CODES) - ended).blocks("provider", (code,), MONTHS)
        found = counted(blocks, ROWS, "provider", (code,))
        assert all(found[code, month] >= ROWS["provider", code, month] for month in MONTHS)


def test_a_code_that_is_used_again_begins_anew():
    known = [Succession("RA1", day(2), "RA2")]
    found = counted(lineage(known).blocks("provider", ("RA1",), MONTHS), ROWS, "provider", ("RA1",))
    assert {month for code, month in found if code == "RA1"} == set(MONTHS[3:])
    other = counted(lineage(known).blocks("provider", ("RA2",), MONTHS), ROWS, "provider", ("RA2",))
    assert other["RA2", MONTHS[2]] == ROWS["provider", "RA1", MONTHS[2]] + ROWS["provider", "RA2", MONTHS[2]]
    assert other["RA2", MONTHS[3]] == ROWS["provider", "RA2", MONTHS[3]]


def test_a_place_without_predecessors_asks_for_nothing_more():
    known = [Succession("RA1", day(2), "RA2")]
    assert lineage(known).blocks("provider", ("RA3",), MONTHS) == ()
    assert lineage(known).blocks("england", ("ENG",), MONTHS) == ()
    assert lineage(known, at=MONTHS[1]).blocks("provider", None, MONTHS[:2]) == ()
    assert lineage(known).blocks("provider", None, MONTHS[3:]) == ()


def test_whose_successor_sends_no_return_stays_itself():
    known = [Succession("RA1", day(2), "ZZ9")]
    assert lineage(known).blocks("provider", None, MONTHS) == ()


@st.composite
def parents(draw):
    """Commissioner -> month -> ICB, None where it was not there; nobody is without a home in the last."""
    at = {}
    for code in COMMISSIONERS:
        first = draw(st.sampled_from(ICBS))
        turn, later = draw(st.integers(0, len(MONTHS))), draw(st.sampled_from(ICBS))
        gone = draw(st.booleans())
        at[code] = [(first if when < turn else None if gone else later) for when in range(len(MONTHS))]
    at["00Z"] = ["QA1"] * len(MONTHS)
    return at


@given(parents(), st.sampled_from(["icb", "region"]))
def test_areas_are_the_sum_of_their_commissioners_of_now(under, level):
    homes = {code: icbs[-1] for code, icbs in under.items() if icbs[-1]}
    moved = {
        ("commissioner", code): {m: icb for m, icb in zip(MONTHS, icbs, strict=True) if icb}
        for code, icbs in under.items()
        if len(set(icbs)) > 1
    }

    def area(icb):
        return icb if level == "icb" else REGION_OF[icb]

    rows, wanted = {}, Counter()
    for at, (code, icbs) in enumerate(sorted(under.items())):
        for month, icb in zip(MONTHS, icbs, strict=True):
            if icb is not None:
                n = 100 * (at + 1) + month.month
                rows["commissioner", code, month] = n
                rows[level, area(icb), month] = rows.get((level, area(icb), month), 0) + n
                # A commissioner that is no more stays with the ICB that it had, if that is still there.
                wanted[area(homes.get(code, icb)), month] += n
    known = lineage(homes=homes, moved=moved)
    blocks = known.blocks(level, None, MONTHS)
    found = counted(blocks, rows, level, None)
    assert +found == +wanted
    for place in {area(icb) for icb in ICBS}:
        one = counted(known.blocks(level, (place,), MONTHS), rows, level, (place,))
        assert {month: one[place, month] for month in MONTHS} == {
            month: wanted[place, month] for month in MONTHS
        }


def test_what_nobody_can_place_stays_under_its_old_code_and_is_told():
    """QA4 was divided between QA1 and QA3, and the code of its commissioner went with it."""
    known = Lineage(
        at=MONTHS[-1],
        successions=Successions((Succession("QA4", day(3), "QA1"), Succession("QA4", day(3), "QA3"))),
        present={},
        homes={"00A": "QA1", "00C": "QA3"},
        regions={"QA1": "Y58", "QA3": "Y59"},
        moved={
            ("commissioner", "00B"): dict.fromkeys(MONTHS[:4], "QA4"),
            ("icb", "QA4"): dict.fromkeys(MONTHS[:4], "Y59"),
        },
    )
    assert known.unplaced("icb", ("QA1",), MONTHS) == dict.fromkeys(MONTHS[:4], frozenset({"00B"}))
    assert known.unplaced("region", ("Y59",), MONTHS) == dict.fromkeys(MONTHS[:4], frozenset({"00B"}))
    assert known.unplaced("icb", ("QA2",), MONTHS) == {}
    assert known.blocks("icb", ("QA1",), MONTHS) == ()


@given(facts())
def test_facts_that_go_forward_are_no_circle(known):
    assert circle_in(known) == ()


def test_a_circle_is_found_however_long():
    known = [Succession(a, day(1), b) for a, b in (("RA1", "RA2"), ("RA2", "RA3"), ("RA3", "RA1"))]
    assert circle_in(known) == ("RA1", "RA2", "RA3", "RA1")
    assert circle_in([Succession("RA1", day(1), "RA1")]) == ("RA1", "RA1")


def test_what_became_of_it_is_said_in_words():
    ended = [Succession("RAP", date(2025, 1, 1), "RAL")]
    assert became_words(ended, {"RAL": "Royal Free"}) == "RAP merged into Royal Free (RAL) on 1 Jan 2025"
    split = [Succession("QM7", date(2026, 4, 1), each) for each in ("S1Y5D", "D7T5G")]
    assert became_words(split, {}) == "QM7 was divided between D7T5G and S1Y5D on 1 Apr 2026"
    assert became_words([], {}) == ""
