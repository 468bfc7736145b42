"""The minimum set of key indicators: what each one means, how it is calculated, and which way is good.

To add an indicator, add an entry to MINIMUM_SET and a row to its table in tests/spec; the glossary's part is
written by `python -m tests.spec.test_glossary`. An entry says where it is shown, and must say what it
discloses: small-number suppression is derived from that. Words about a single figure are made in
`rtt.findings.findings`.

The set is derived (each entry names its basis): the "minimum set" of the Elective Care Intensive Support Team
was not found in public sources. `number` is the line of the reference list that an entry belongs to; lines 9
to 15 need pathways or other data than band counts. Published figures leave NONC out; the facts decide that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from rtt.measures import calculations
from rtt.measures.band_facts import BandFacts
from rtt.measures.calculations import Measure, count, share
from rtt.measures.disclosed import Count, Disclosed, limits_asked, sizes_asked
from rtt.terms.waits import OPEN_BAND

Good = Literal["higher", "lower"] | None
Place = Literal["overview", "specialties", "below", "trends", "summary", "pack", "screens", "mail"]
"""Tiles and the table of specialties on Overview; the parts of an organisation one level below; the menu and
the summary of Trends; the summary of a pack; what a wall screen may show; the first lines of the email."""
# "band": a number of weeks that is the lower end of a week band.
Unit = Literal["share", "pathways", "weeks", "band"]

G = "NHS England, Recording and reporting RTT waiting times, v5.0"
TIME_SERIES = "NHS England, RTT Overview Timeseries"


@dataclass(frozen=True, slots=True)
class Indicator:
    """An entry of the set. A stock is counted at a census, a flow over the period that ends with it.

    `numerator` and `denominator` say what the parts count, `measure` calculates them, `discloses` says which
    counts of people they are. `title` and `sentence` are filled by `rtt.findings.findings`, which lists the
    words in braces; `empty` stands where there is nobody to divide by, `needs` says of a figure that is not
    known what it is made of. `column` heads it in tables with little room.

    `shown`: the places where it is shown, in the order of the set but for those in `after`: there it follows
    the indicator named.
    """

    key: str
    number: int
    name: str
    definition: str
    calculation: str
    source: str
    good: Good
    measure: Callable[[BandFacts], Measure]
    discloses: Disclosed
    title: str
    sentence: str
    unit: Unit = "pathways"
    kind: Literal["stock", "flow"] = "stock"
    numerator: str = ""
    denominator: str = ""
    empty: str = "No pathways"
    needs: str = ""
    column: str = ""
    shown: tuple[Place, ...] = ("trends",)
    after: Mapping[Place, str] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """The head of its column."""
        return self.column or self.name


_EVERYWHERE: tuple[Place, ...] = get_args(Place)


def compute(facts: BandFacts, keys: Iterable[str] | None = None) -> dict[str, Measure]:
    """Every indicator, or those named, for every scope of `facts`, by key. KeyError for an unknown key."""
    wanted = INDICATORS if keys is None else keys
    return {key: INDICATORS[key].measure(facts) for key in wanted}


def _over(weeks: int, *, basis: str, note: str = "", shown: tuple[Place, ...] = ("trends",)) -> Indicator:
    return Indicator(
        key=f"over_{weeks}",
        number=4,
        name=f"Over {weeks} weeks",
        definition=f"Pathways of known clock start that have waited over {weeks} weeks: "
        f"{7 * weeks + 1} days or more.{note}",
        calculation=f"Sum of the week bands from >{weeks}-{weeks + 1} weeks up."
        if weeks < OPEN_BAND
        else "The open band, 104+ weeks.",
        numerator=f"pathways over {weeks} weeks",
        source=basis,
        good="lower",
        measure=lambda facts: count(calculations.count_over(facts, weeks)),
        discloses=Disclosed("count", (Count("list", weeks),)),
        title=f"{{value}} over {weeks} weeks",
        sentence=f"{{count}} had waited over {weeks} weeks {{when}}",
        shown=shown,
    )


def _passing(
    weeks: int, *, shown: tuple[Place, ...] = ("trends",), after: Mapping[Place, str] | None = None
) -> Indicator:
    return Indicator(
        key=f"passing_{weeks}_in_4_weeks",
        number=3,
        name=f"Will breach {weeks} weeks within 4 weeks",
        definition=f"Pathways that breach {weeks} weeks within four weeks of the census unless their "
        "clocks stop first. A count of who is at risk, not a forecast.",
        calculation=f"Sum of the four bands from >{weeks - 4}-{weeks - 3} to >{weeks - 1}-{weeks} weeks.",
        numerator=f"pathways over {weeks - 4} and up to {weeks} weeks",
        source=f"{G}, Annex B (waiting list shapes)",
        good="lower",
        measure=lambda facts: count(calculations.count_between(facts, weeks - 4, weeks)),
        discloses=Disclosed("count", (Count("list", weeks - 4, weeks),)),
        title=f"{{value}} breach {weeks} weeks within four weeks",
        sentence=f"{{count}} will breach {weeks} weeks within four weeks of {{date}} unless their clocks "
        "stop first",
        shown=shown,
        after=after or {},
    )


MINIMUM_SET: tuple[Indicator, ...] = (
    Indicator(
        key="share_within_18",
        number=1,
        name="Within 18 weeks",
        definition="The share of pathways of known clock start that have waited 126 days or fewer. The "
        "day of the clock start is day 0, so 126 days are within 18 weeks and 127 are not.",
        calculation="Sum of the week bands from 0-1 to >17-18 weeks, divided by the sum of all bands.",
        unit="share",
        numerator="pathways within 18 weeks",
        denominator="pathways with a known clock start",
        source=f"{G}, section 10.1.7; the constitutional standard (SI 2012/2996)",
        good="higher",
        measure=lambda facts: calculations.within_share(facts, 18),
        discloses=Disclosed("share", (Count("list", 0, 18), Count("list", 18))),
        title="{value} within 18 weeks",
        sentence="{value} of {denominator} {were_of} within 18 weeks {when}",
        shown=_EVERYWHERE,
    ),
    Indicator(
        key="total",
        number=2,
        name="Waiting list",
        definition="All pathways whose clock is still running, those of unknown clock start included. A "
        "person with two pathways counts twice.",
        calculation="Sum of all week bands plus unknown clock starts.",
        numerator="incomplete pathways",
        source=f"{G}, section 9.1",
        good="lower",
        measure=lambda facts: count(calculations.total(facts)),
        discloses=Disclosed("count", (Count("list"),)),
        title="{value} waiting",
        sentence="{count} {were} {waiting} {when}",
        column="Waiting",
        shown=_EVERYWHERE,
    ),
    _passing(
        18,
        shown=("overview", "trends", "summary", "pack", "screens", "mail"),
        after={"pack": "high_percentile_weeks", "screens": "over_65", "mail": "over_52"},
    ),
    _passing(52),
    _over(
        18,
        basis="The constitutional standard: the backlog",
        note=" They are the backlog.",
        shown=("trends", "screens"),
    ),
    _over(40, basis="NHS England, patient initiated digital mutual aid, October 2023"),
    _over(52, basis="Elective recovery plan, February 2022; planning guidance", shown=_EVERYWHERE),
    Indicator(
        key="share_over_52",
        number=4,
        name="Share over 52 weeks",
        definition="The share of all pathways on the list that have waited over 52 weeks: 365 days or more.",
        calculation="Sum of the week bands from >52-53 weeks up, divided by the whole list.",
        unit="share",
        numerator="pathways over 52 weeks",
        denominator="incomplete pathways",
        source="Planning guidance 2025/26",
        good="lower",
        measure=lambda facts: share(calculations.count_over(facts, 52), calculations.total(facts)),
        discloses=Disclosed("share", (Count("list", 52), Count("list"))),
        title="{value} over 52 weeks",
        sentence="{value} of {denominator} had waited over 52 weeks {when}",
        column="Share over 52",
        shown=("overview", "specialties", "below", "trends", "summary", "pack"),
    ),
    _over(
        65,
        basis="Elective recovery plan, February 2022; planning guidance 2024/25",
        shown=("trends", "summary", "pack", "screens"),
    ),
    _over(78, basis="Elective recovery plan, February 2022", shown=("trends", "pack")),
    _over(104, basis="Elective recovery plan, February 2022", shown=("trends", "pack")),
    Indicator(
        key="longest_wait_weeks",
        number=4,
        name="Longest wait",
        definition="The longest wait is over this many weeks: the lower end of the highest week band that "
        "holds a pathway. Week bands do not show the exact day.",
        calculation="The highest week band with at least one pathway.",
        unit="band",
        denominator="pathways with a known clock start",
        source="Derived from the week bands",
        good="lower",
        measure=calculations.longest_wait,
        discloses=Disclosed("highest", (Count("list"),)),
        title="Longest wait {value}",
        sentence="The longest wait was {value} {when}",
        shown=(),  # one pathway, no process
    ),
    Indicator(
        key="median_weeks",
        number=5,
        name="Median wait",
        definition="Half of the pathways have waited less than this. An estimate from week bands; not "
        "computed for fewer than 20 pathways.",
        calculation="Position 0.5 x N in the cumulated week bands, by straight line inside the band.",
        unit="weeks",
        denominator="pathways with a known clock start",
        source=f"{TIME_SERIES}, method from October 2022",
        good="lower",
        measure=lambda facts: calculations.percentile(facts, 0.5),
        discloses=Disclosed("percentile", (Count("list"),), at=0.5),
        title="Median wait {value}",
        sentence="The median wait was {value} {when}",
        column="Median",
        shown=("overview", "specialties", "below", "trends", "summary", "pack", "screens"),
    ),
    Indicator(
        key="high_percentile_weeks",
        number=5,
        name="92nd percentile wait",
        definition="92 in 100 pathways have waited less than this; of those treated, the 95th percentile. "
        "An estimate from week bands; not computed for fewer than 20 pathways.",
        calculation="Position 0.92 x N (treated: 0.95 x N) in the cumulated week bands, by straight line "
        "inside the band.",
        unit="weeks",
        denominator="pathways with a known clock start",
        source=f"{TIME_SERIES}, method from October 2022",
        good="lower",
        measure=calculations.percentile,
        discloses=Disclosed("percentile", (Count("list"),)),
        title="{percentile} percentile wait {value}",
        sentence="The {percentile} percentile wait was {value} {when}",
        column="92nd percentile",
        shown=("overview", "specialties", "trends", "summary", "pack", "screens"),
    ),
    Indicator(
        key="clearance_weeks",
        number=6,
        name="Clearance time",
        definition="Weeks to clear the list if nobody joined it and clocks kept stopping at the rate of the "
        "last three months. Unreported removals are not counted, so it overstates.",
        calculation="The list divided by clock stops x 7 / days of the last three months.",
        unit="weeks",
        numerator="incomplete pathways",
        denominator="clock stops in a typical week",
        source=f"{G}, section 9.1",
        good="lower",
        measure=calculations.clearance,
        discloses=Disclosed("ratio", (Count("list"), Count("stops", when="recent"))),
        title="{value} to clear the list",
        sentence="The list {when} equalled {value} of clock stops at the rate of the last three months",
        empty="No clock stops",
        needs="the clock stops of three months",
        shown=("overview", "trends", "summary", "pack", "screens"),
        after={"pack": "stops", "screens": "stops"},
    ),
    Indicator(
        key="starts",
        number=7,
        name="Clock starts",
        definition="RTT periods that began.",
        calculation="Part 3, New RTT periods.",
        numerator="new RTT periods",
        source=f"{G}, section 10.1; {TIME_SERIES}",
        good=None,
        kind="flow",
        measure=lambda facts: count(facts.starts),
        discloses=Disclosed("count", (Count("starts"),)),
        title="{value} clock starts",
        sentence="{value} {clocks} started {when}",
        shown=("overview", "trends", "summary", "pack", "screens"),
    ),
    Indicator(
        key="stops",
        number=7,
        name="Clock stops",
        definition="Pathways completed, admitted and non-admitted, by treatment or a decision that ends "
        "the wait.",
        calculation="Part 1A plus part 1B, unknown clock starts included.",
        numerator="completed pathways",
        source=f"{G}, section 10.1; {TIME_SERIES}",
        good="higher",
        kind="flow",
        measure=lambda facts: count(calculations.stops(facts)),
        discloses=Disclosed("count", (Count("stops"),)),
        title="{value} clock stops",
        sentence="{value} {clocks} stopped {when}",
        shown=("overview", "trends", "summary", "pack", "screens"),
    ),
    Indicator(
        key="starts_less_stops",
        number=7,
        name="Starts less stops",
        definition="Clock starts less clock stops. The list does not grow by this much, because some "
        "pathways leave without a reported stop.",
        calculation="Part 3 less parts 1A and 1B.",
        numerator="clock starts less clock stops",
        source=TIME_SERIES,
        good="lower",
        kind="flow",
        measure=lambda facts: count(facts.starts - calculations.stops(facts)),
        discloses=Disclosed("difference", (Count("starts"), Count("stops"))),
        title="{signed} starts less stops",
        sentence="Starts less stops came to {signed} {when}",
    ),
    Indicator(
        key="unreported_removals",
        number=7,
        name="Unreported removals",
        definition="Pathways that left the list without a reported clock stop: validation, nullified "
        "clocks, transfers and revisions. Negative where more appeared than clock starts explain.",
        calculation="The list at the census before, plus clock starts, less clock stops, less the list now.",
        numerator="removals that no clock stop reports",
        source=f"{TIME_SERIES}, derived unreported removals",
        good=None,
        kind="flow",
        measure=calculations.unreported_removals,
        discloses=Disclosed(
            "difference", (Count("list", when="before"), Count("starts"), Count("stops"), Count("list"))
        ),
        title="{value} unreported removals",
        sentence="Unreported removals came to {value} {when}",
        needs="the list before, clock starts and clock stops",
        shown=("overview", "trends", "summary", "pack"),
    ),
    Indicator(
        key="list_change",
        number=7,
        name="Change in the list",
        definition="The list now less the list at the census before.",
        calculation="Clock starts less clock stops less unreported removals.",
        numerator="change in incomplete pathways",
        source=f"{G}, section 9.1",
        good="lower",
        kind="flow",
        measure=lambda facts: count(calculations.total(facts) - facts.opening),
        discloses=Disclosed("difference", (Count("list"), Count("list", when="before"))),
        title="List changed by {signed}",
        sentence="The list changed by {signed} {when}",
        shown=(),  # the chart of the list draws it
    ),
    Indicator(
        key="stops_admitted",
        number=8,
        name="Admitted clock stops",
        definition="Pathways completed by an admission for treatment, as in-patient or day case.",
        calculation="Part 1A, unknown clock starts included.",
        numerator="completed admitted pathways",
        source=f"{G}, section 10.1",
        good="higher",
        kind="flow",
        measure=lambda facts: count(facts.stops_admitted),
        discloses=Disclosed("count", (Count("admitted"),)),
        title="{value} admitted clock stops",
        sentence="{value} {clocks} stopped by admission {when}",
    ),
    Indicator(
        key="stops_non_admitted",
        number=8,
        name="Non-admitted clock stops",
        definition="Pathways completed without an admission: treatment as an out-patient, or a decision "
        "that ends the wait.",
        calculation="Part 1B, unknown clock starts included.",
        numerator="completed non-admitted pathways",
        source=f"{G}, section 10.1",
        good="higher",
        kind="flow",
        measure=lambda facts: count(facts.stops_non_admitted),
        discloses=Disclosed("count", (Count("non-admitted"),)),
        title="{value} non-admitted clock stops",
        sentence="{value} {clocks} stopped without admission {when}",
    ),
    Indicator(
        key="share_stops_admitted",
        number=8,
        name="Admitted share of stops",
        definition="The share of clock stops that were admissions.",
        calculation="Part 1A divided by parts 1A and 1B together.",
        unit="share",
        numerator="completed admitted pathways",
        denominator="completed pathways",
        source=f"{G}, section 10.1",
        good=None,
        kind="flow",
        measure=lambda facts: share(facts.stops_admitted, calculations.stops(facts)),
        discloses=Disclosed("share", (Count("admitted"), Count("non-admitted"))),
        title="{value} of stops were admissions",
        sentence="{value} of {denominator_number} clock stops were admissions {when}",
        empty="No clock stops",
    ),
    Indicator(
        key="with_decision_to_admit",
        number=8,
        name="With a decision to admit",
        definition="Pathways on the list whose patient waits for an admission that has been decided. They "
        "are part of the list, never added to it.",
        calculation="Part 2A.",
        numerator="incomplete pathways with a decision to admit",
        source=f"{G}, section 10.1",
        good=None,
        measure=lambda facts: count(facts.with_decision_to_admit),
        discloses=Disclosed("count", (Count("decided"),)),
        title="{value} with a decision to admit",
        sentence="{count} {were} waiting with a decision to admit {when}",
    ),
    Indicator(
        key="share_with_decision_to_admit",
        number=8,
        name="Share with a decision to admit",
        definition="The share of the list that has a decision to admit. The rest is not all non-admitted: "
        "it holds everyone for whom nothing has been decided.",
        calculation="Part 2A divided by part 2.",
        unit="share",
        numerator="incomplete pathways with a decision to admit",
        denominator="incomplete pathways",
        source=f"{G}, section 10.1",
        good=None,
        measure=lambda facts: share(facts.with_decision_to_admit, calculations.total(facts)),
        discloses=Disclosed("share", (Count("decided"), Count("list"))),
        title="{value} with a decision to admit",
        sentence="{value} of {denominator} {were_of} waiting with a decision to admit {when}",
    ),
)

INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in MINIMUM_SET}


def shown_in(place: Place) -> tuple[str, ...]:
    """The keys of the indicators that are shown in a place, in its order."""
    there = [each for each in MINIMUM_SET if place in each.shown]
    keys = [each.key for each in there]
    for each in there:
        if place in each.after:
            keys.remove(each.key)
            keys.insert(keys.index(each.after[place]) + 1, each.key)
    return tuple(keys)


DISCLOSED: dict[str, Disclosed] = {
    **{indicator.key: indicator.discloses for indicator in MINIMUM_SET},
    "within_18": Disclosed("count", (Count("list", 0, 18),)),
    "unknown_clock_start": Disclosed("count", (Count("list", up_to=0),)),
    **{
        f"passing_{weeks}": Disclosed("count", (Count("list", weeks - 4, weeks),))
        for weeks in (18, 26, 52, 65, 78)
    },
}
"""What every figure of a list discloses: the set, the other columns of `rtt figures`, and who passes a
threshold within four weeks. A count between other limits is shown to readers without access for a whole list
only."""

LIMITS: tuple[int, ...] = limits_asked(DISCLOSED.values())
"""The week limits at which anything is counted, the most wanted first."""

SIZES = sizes_asked(DISCLOSED.values())
"""The parts of the return, and the times, of which anything is counted."""
