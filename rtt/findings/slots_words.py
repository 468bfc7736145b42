"""What is said of more slots a week on a PTL: the answer in sentences, what is assumed, what is left out.

Counts come as they are printed. The words to use and never to use are those of a plan (`plan_words`).
"""

from datetime import date

from rtt.disclosure.small_numbers import WITHHELD
from rtt.measures.will_breach import THRESHOLDS
from rtt.planning.more_slots import LONGEST, NEXT
from rtt.terms.wording import date_text, list_text, number_text, plural

ORDER_NAMES = {LONGEST: "Longest wait first", NEXT: "Next to breach first"}
_ORDERS = {LONGEST: "longest wait first", NEXT: "next to breach first"}
COST_OF_NEXT = (
    "This order is told in counts alone, to compare: it leaves those who have waited longest until last. "
    "Nobody is listed by it, for Book next orders nobody by a target."
)
NO_DATES = (
    "Who has a date is not told here, so a slot may go to a pathway that has one. The days of each week band "
    "are taken as evenly filled."
)
TOLD_AHEAD = (
    "Without access to pathways this is told four weeks ahead, as if those who will breach were spread "
    "evenly over them. Who has a date is not told, so a slot may go to a pathway that has one."
)
WAY_HERE = "Who no longer breaches with more slots a week? See it on this trust’s PTL"
NOT_SAVED = (
    "This question is not saved as a scenario, because a PTL is replaced every week. The link of this page "
    "keeps it: copy it to send it."
)
METHOD = (
    (
        "Slots start on the day after the list and are spread evenly over each week. They come on top of the "
        "dates that are booked. Each slot is taken to stop one clock."
    ),
    (
        "Whoever has a date before the next threshold they would pass keeps it and takes no slot. "
        f"Thresholds are {list_text([str(weeks) for weeks in THRESHOLDS])} weeks. Whoever has no date, or "
        "one that comes too late, takes a slot in turn. A later date that this frees is not given to anybody."
    ),
    (
        "Longest wait first goes by the clock start. Pathways that started on one day go by their token, "
        "which means nothing. Next to breach first serves those who would breach by the date, the next to do "
        "so first. Whoever cannot be reached in time is passed over. What is left goes to the longest waits."
    ),
    "A slot prevents a breach if it comes on or before the last day within the threshold.",
    "In a trust each specialty has its own slots and its own order; the trust is their sum.",
)
"""How it is worked out, in short paragraphs."""

NOT_KNOWN = (
    "Whether there are theatres, staff or beds for the slots, or patients who can come at short notice.",
    "Who is urgent. Here slots go by wait alone; clinical priority comes first when you book.",
    (
        "Usual treatment of pathways without a date, and checks that take pathways off. Both go on, so fewer "
        "will breach than are counted here. Breaches has an estimate of how many."
    ),
    "Dates that are booked, moved, cancelled or missed after the list was made.",
    "Whether an appointment stops a clock. Those with an appointment in time are counted by themselves.",
    (
        "New referrals. They wait behind everybody on this list, and none of them can breach 18 weeks within "
        "18 weeks."
    ),
    (
        "Planned care that is not due yet has no clock and is not on the list. Clocks are not paused for "
        "patients who choose to wait, so nobody is left out for that."
    ),
    (
        "Pathways that commissioners outside England pay for. No figure counts them, and slots for them come "
        "on top."
    ),
)
"""What a PTL cannot tell, for a service lead."""


def order_words(order: str) -> str:
    """ "longest wait first"."""
    return _ORDERS[order]


def answer_sentence(
    *, slots: int, each: bool, order: str, weeks: int, by: date, prevented: str, still: str
) -> str:
    """ "With 12 more slots a week, longest wait first, 34 fewer pathways breach 18 weeks by 7 Feb 2027; 61
    still do."
    """
    prevented, still = _named(prevented), _named(still)
    where = " in each specialty" if each else ""
    fewer = "no fewer pathways" if prevented == "0" else f"{prevented} fewer {_pathways(prevented)}"
    verb = "breaches" if prevented == "1" else "breach"
    return (
        f"With {plural(slots, 'more slot')} a week{where}, {order_words(order)}, {fewer} {verb} {weeks} "
        f"weeks by {date_text(by)}; {_still(still)}."
    )


def nobody_sentence(weeks: int, by: date) -> str:
    return f"Nobody on this list can breach {weeks} weeks by {date_text(by)}."


def dates_sentence(passing: str, booked: str, appointment: str) -> str:
    """Of those who would breach, who has a date in time."""
    return (
        f"Of {passing} who will breach unless treated, {booked} {_be(booked)} booked in time; {appointment} "
        f"{'has' if appointment == '1' else 'have'} an appointment in time, which may not be treatment."
    )


def over_sentence(over: str, slots: int, weeks: int, turns: int, *, dates_known: bool = True) -> str:
    """ "First come 243 already over 18 weeks without a date in time: at 12 a week that takes 21 weeks." """
    come = "comes" if over == "1" else "come"
    without = " without a date in time" if dates_known else ""
    return (
        f"First {come} {over} already over {weeks} weeks{without}: at {number_text(slots)} a week that takes "
        f"{plural(turns, 'week')}."
    )


def none_after_sentence(last: date | None) -> str:
    """The end of the last week in which anybody breaches; None: the last week has some."""
    if last is None:
        return "There are still new breaches in the last of these weeks."
    return f"Nobody breaches after {date_text(last)}."


def needed_sentence(
    longest: int, soonest: int, *, most: int, each: bool, too_late: str, weeks: int, by: date
) -> str:
    """The way back: the least slots a week, in both orders."""
    whom = (
        f"at most {number_text(most)}{' in each specialty are' if each else ' are'}" if most else "nobody is"
    )
    own = " Each specialty has its own number." if each else ""
    but = (
        f" Not counted in this: {too_late} whose last day in time was the day of the list."
        if too_late != "0"
        else ""
    )
    return (
        f"If {whom} to breach {weeks} weeks by {date_text(by)}, it takes {plural(longest, 'more slot')} a "
        f"week, {order_words(LONGEST)}, or {number_text(soonest)}, {order_words(NEXT)}.{own}{but}"
    )


def to_end_sentence(slots: int, by: date) -> str:
    """How many slots end new breaches by the date, though some breach before."""
    return (
        f"With {plural(slots, 'more slot')} a week, {order_words(LONGEST)}, nobody breaches in the last "
        f"week, to {date_text(by)}."
    )


def other_sentence(weeks: int, passing: str, prevented: str, still: str) -> str:
    """The same slots at another threshold."""
    for_whom = "none" if prevented == "0" else prevented
    left = "none" if still == "0" else still
    return (
        f"At {weeks} weeks: of {passing} who will breach unless treated, a slot comes in time for "
        f"{for_whom}; {left} still {'breaches' if still == '1' else 'breach'}."
    )


def last_week_sentence(stopped: int, removed: int) -> str:
    """What leaves the list anyway."""
    return (
        f"In the week before the list {plural(stopped, 'clock')} stopped here and "
        f"{plural(removed, 'pathway')} left without a stop. That goes on and is not taken off here."
    )


def withheld_sentence(specialties: int) -> str:
    """'' where every specialty is shown."""
    if not specialties:
        return ""
    one = specialties == 1
    return (
        f"{plural(specialties, 'specialty').replace('specialtys', 'specialties')} with small numbers "
        f"{'is' if one else 'are'} left out of all figures here."
    )


def worked_steps(
    *,
    census: date,
    weeks: int,
    by: date,
    slots: int,
    given: str,
    passing: str,
    held: tuple[str, str] | None,
    left: str,
    over: str,
    prevented: str,
    still: str,
) -> list[str]:
    """The answer step by step with its own numbers; `held`: those booked, and those with an appointment."""
    dates = (
        f"{held[0]} of them are booked in time and {held[1]} have an appointment in time. That leaves {left}."
        if held
        else "Who of them has a date is not told here."
    )
    return [
        (
            f"On the list of {date_text(census)} {passing} will pass {weeks} weeks by {date_text(by)} unless "
            "treated. Breaches counts the same."
        ),
        dates,
        f"{over} are over {weeks} weeks already and take slots too. Longest wait first, they come first.",
        f"At {number_text(slots)} a week {given} slots have gone to somebody by {date_text(by)}.",
        f"Of the {left}, {prevented} have theirs on or before the last day in time; {still} do not.",
    ]


def old_sentence(census: date, days: int) -> str:
    """Of a list that is too old to book from."""
    if days < 0:
        return f"This list is dated {date_text(census)}, after today."
    return (
        f"This list is {plural(days, 'day')} old. Its slots would have begun on the day after "
        f"{date_text(census)}: choose a newer list to plan from."
    )


def no_start_sentence(pathways: int) -> str:
    """'' where every clock start is known."""
    if not pathways:
        return ""
    if pathways == 1:
        return (
            "1 pathway without a date has no known clock start: it stands in no order and takes no slot here."
        )
    return (
        f"{number_text(pathways)} pathways without a date have no known clock start: they stand in no order "
        "and take no slot here."
    )


def _named(count: str) -> str:
    """Of a count that is withheld, that it is one."""
    return "a withheld number" if count == WITHHELD else count


def _still(still: str) -> str:
    return "none still do" if still == "0" else f"{still} still {'does' if still == '1' else 'do'}"


def _be(count: str) -> str:
    return "is" if count == "1" else "are"


def _pathways(count: str) -> str:
    return "pathway" if count == "1" else "pathways"
