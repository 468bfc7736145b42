"""What is said of a plan: stops, chances, the answer in sentences, what is left out, how it is worked out.

Stops are rounded to two digits under 100 and to three above, and to no more digits than their range supports.
Every chance is "if things go on as they have".

Source: docs/planning.md; the words to use and never to use are held by tests/rtt/findings/test_plan_words.py.
"""

from datetime import date
from math import floor, log10

from rtt.planning.needs import Needed, Stops
from rtt.terms.printed import Printed, printed
from rtt.terms.wording import date_text, number_text, target_text

FEWEST = 8
"""Stops a week: fewer are not told apart."""
NOT_BY_DOUBLING = "not by doubling the stops"
NONE_NEEDED = "no more"
FEWER = f"fewer than {FEWEST}"
LONGEST_FIRST, TODAYS_ORDER = "longest waiters first", "today’s order"
EVEN, SAFE = "an even chance", "four chances in five"
AS_THINGS_GO = "if things go on as they have"

NOT_KNOWN = (
    "Whether there are theatres, staff or beds for more clock stops.",
    "Who is urgent. We assume that those treated in the first weeks today cannot wait.",
    "Queues within a specialty, and which consultant a patient chose.",
    (
        "Why pathways leave without a clock stop: checks of the list, transfers, deaths or coding. A change "
        "of specialty counts as one too."
    ),
    "Whether a reported stop was a treatment.",
    "Referrals. We take clock starts in their place.",
    "National drives and new policy. A chance tells what follows if things go on as they have.",
    "How ill the patients are, and how that changes.",
    (
        "What a stop costs. A stop is a pathway: it is neither a patient, nor an appointment, nor an "
        "operation. One takes about 1.4 outpatient appointments where nobody is admitted."
    ),
)
"""What these files cannot tell, for a service lead."""

METHOD = (
    (
        "Each month is an account: the list before, plus starts, less stops, less removals, is the list "
        "after. Removals are what is left over. They may be below zero, where pathways appeared without a "
        "start."
    ),
    (
        "From a year of accounts we take how many clocks start and stop in a working week. We also take what "
        "share of each week of waiting is treated. Newer months count more."
    ),
    (
        "Then the list is carried on, week by week: everybody waits a week longer, starts join, stops leave. "
        "A change is told as the difference that it makes to the forecast on the page of breaches."
    ),
    "A trust is the sum of its specialties, each given the same per cent more.",
)
"""How it is worked out, in four short paragraphs."""


def rounded(value: float, half_range: float = 0.0) -> float:
    """Two digits under 100, three above, none below the second digit of half its range."""
    if value <= 0:
        return 0.0
    step = 10.0 ** max(0, floor(log10(value)) - (1 if value < 100 else 2))
    if half_range > 0:
        step = max(step, 10.0 ** (floor(log10(half_range)) - 1))
    return float(round(value / step) * step)


def about(value: float, half_range: float = 0.0) -> str:
    """ "about 31"; "fewer than 8"."""
    return FEWER if value < FEWEST else f"about {number_text(rounded(value, half_range))}"


def percent_words(stops: Stops) -> str:
    """ " (3%)": of the stops of now; "" where there is none, or a small one."""
    if stops.percent is None or stops.a_week is None or stops.a_week < FEWEST:
        return ""
    return f" ({number_text(stops.percent, 0 if stops.percent >= 2 else 1)}%)"


def stops_text(stops: Stops, *, half_range: float = 0.0) -> str:
    """ "about 31 more clock stops a week (3%)", "no more clock stops", "not by doubling the stops"."""
    if stops.a_week is None:
        return NOT_BY_DOUBLING
    if stops.a_week <= 0:
        return f"{NONE_NEEDED} clock stops"
    return f"{about(stops.a_week, half_range)} more clock stops a week{percent_words(stops)}"


def in_short(stops: Stops) -> str:
    """ "about 51 a week (5%)", "none", "not by doubling the stops"."""
    if stops.a_week is None:
        return NOT_BY_DOUBLING
    if stops.a_week <= 0:
        return "none"
    return f"{about(stops.a_week)} a week{percent_words(stops)}"


def needed_cell(stops: Stops | None) -> str | Printed:
    """A cell of a table: "31 (3%)", "0", "under 8", "not by doubling"; "" where there is no plan."""
    if stops is None:
        return ""
    if stops.a_week is None:
        return "Not by doubling"
    if stops.a_week <= 0:
        return number_text(0)
    if stops.a_week < FEWEST:
        return f"under {FEWEST}"
    return printed(f"{number_text(rounded(stops.a_week))}{percent_words(stops)}", stops.a_week)


def chance_text(chance: float) -> str:
    """ "45 in 100"; beyond the interval of the forecast "under 1 in 40" and "over 39 in 40"."""
    if chance <= 0.025:
        return "under 1 in 40"
    if chance >= 0.975:
        return "over 39 in 40"
    return f"{round(100 * chance)} in 100"


def per_cent(value: float) -> Printed:
    """62.8%, of a figure in per cent."""
    return printed(f"{number_text(value, 1)}%", value / 100, places=1, unit="%")


def goal_words(target: float | None, due: date, most_over_52: float | None = None) -> str:
    """ "62.8% within 18 weeks by 31 Mar 2026", with the limit of over 52 weeks where there is one."""
    over = "" if most_over_52 is None else f"at most {target_text(most_over_52 / 100)} over 52 weeks"
    share = "" if target is None else f"{target_text(target / 100)} within 18 weeks"
    return f"{' and '.join(each for each in (share, over) if each)} by {date_text(due)}"


def needed_sentence(needed: Needed, goal: str, *, forecast: bool) -> str:
    """The answer itself. Where there is no forecast no chance is told."""
    stops = needed.longest_first
    aim = f"{EVEN} of {goal}" if forecast else goal
    if stops.a_week is None:
        return f"It takes more than twice today’s clock stops to reach {aim}: {NOT_BY_DOUBLING}."
    if stops.a_week <= 0:
        return f"No more clock stops are needed for {aim}."
    words = stops_text(stops, half_range=_half_range(needed))
    return f"{words[0].upper()}{words[1:]}, {LONGEST_FIRST}, {'give' if forecast else 'bring'} {aim}."


def _half_range(needed: Needed) -> float:
    low, high = needed.goal_low.a_week, needed.goal_high.a_week
    return abs(high - low) / 2 if low is not None and high is not None else 0.0


def other_order_sentence(needed: Needed) -> str:
    """The same in today's order; '' where neither order needs any."""
    todays, longest = needed.todays_order, needed.longest_first
    if longest.a_week == 0 and todays.a_week == 0:
        return ""
    if todays.a_week is None and longest.a_week is None:
        return ""
    if todays.a_week is None:
        return f"In {TODAYS_ORDER}: {NOT_BY_DOUBLING}, for short waiters are treated too."
    return f"In {TODAYS_ORDER}: {in_short(todays)}."


def safer_sentence(needed: Needed) -> str:
    """What four chances in five take."""
    return f"For {SAFE}: {in_short(needed.safer_longest_first)}, {LONGEST_FIRST}."


def months_sentence(needed: Needed) -> str:
    """How much hangs on which months are taken."""
    told = (needed.half_life_3, needed.longest_first, needed.half_life_none)
    known = sorted(each.a_week for each in told if each.a_week is not None)
    if len(known) < len(told) or known[-1] < FEWEST:
        return ""
    low = FEWER if known[0] < FEWEST else number_text(rounded(known[0]))
    if low == number_text(rounded(known[-1])):
        return "It hardly depends on which months are taken."
    return f"Depends on which months are taken: {low} to {number_text(rounded(known[-1]))} a week."


def outlook_sentence(name: str, share: float | None, chance: float | None) -> str:
    """ "Going on as now: 61.5%, chance 45 in 100."; '' where it is not known."""
    if share is None:
        return ""
    likely = f", chance {chance_text(chance)}" if chance is not None else ""
    return f"{name}: {per_cent(share)}{likely}."


def steady_sentence(list_now: float, list_then: float) -> str:
    """The list that 92% could be held at, in today's order."""
    then = number_text(rounded(list_then))
    return f"To hold 92% afterwards: a list of about {then} instead of {number_text(rounded(list_now))}."


_PARTS = ((0.1, "hardly any"), (0.3, "about a quarter"), (0.42, "about a third"), (0.58, "about half"),
          (0.7, "about two thirds"), (0.83, "about three quarters"), (1.1, "nearly all"))  # fmt: skip


def seen_sentence(seen: float) -> str:
    """How much of such effects was seen on past months: `seen` points for each that was worked out."""
    part = next((words for most, words in _PARTS if seen < most), "more than all")
    return f"On past months {part} of such effects were seen."
