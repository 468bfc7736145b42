"""Who will breach, by hand: one pathway and one date at a time, with no windows, bands or arrays."""

from datetime import timedelta

from rtt.measures.will_breach import WillBreach


def naive(pathways: list[dict], passing: WillBreach) -> dict[tuple[int, int, str], int]:
    """(place, week, booking) to a count; dates of a pathway are days after the census."""
    census = passing.census
    counts: dict[tuple[int, int, str], int] = {}
    for each in pathways:
        start = census - timedelta(days=each["waited"])
        last_day_within = start + timedelta(weeks=passing.weeks)
        first_day_over = last_day_within + timedelta(days=1)
        if not census < first_day_over <= census + timedelta(days=passing.days):
            continue
        ahead = each["tci"] if each["decided"] else each["appointment"]
        when = None if ahead is None else census + timedelta(days=ahead)
        if when is None:
            state = "no date"
        elif when < census:
            state = "date past"
        else:
            state = "" if each["decided"] else "appointment "
            state += "in time" if when <= last_day_within else "too late"
        week = 0
        while first_day_over > census + timedelta(weeks=week + 1):
            week += 1
        key = each["place"], week, state
        counts[key] = counts.get(key, 0) + 1
    return counts
