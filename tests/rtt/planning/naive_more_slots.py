"""More slots a week, by hand: one pathway, one day and one slot at a time, with no groups or arrays."""

from dataclasses import dataclass


@dataclass
class One:
    """A pathway: days waited (None: not known), decision to admit, days to its date (None: no date)."""

    key: int
    waited: int | None
    decided: bool
    ahead: int | None
    slot_on: int | None = None

    def last_day(self, weeks):
        return 7 * weeks - self.waited

    def date_in_time(self, weeks):
        return self.ahead is not None and self.ahead >= 0 and self.ahead <= self.last_day(weeks)

    def passes(self, weeks, days):
        return self.waited is not None and 0 <= self.last_day(weeks) < days

    def may_have_a_slot(self):
        if self.waited is None:
            return False
        if self.ahead is None or self.ahead < 0:
            return True
        return any(0 <= self.last_day(weeks) < self.ahead for weeks in (18, 26, 52, 65, 78))


def run(pathways, slots, order, weeks, days):
    """Each pathway's slot; `slots` a week, spread over its days, until the horizon has passed."""
    waiting = [each for each in pathways if each.may_have_a_slot()]
    waiting.sort(key=lambda each: (-each.waited, each.key))
    soon = [each for each in waiting if each.passes(weeks, days) and not each.date_in_time(weeks)]
    given = 0
    for day in range(1, days + 7):
        while given < slots * day // 7 and waiting:
            alive = [each for each in soon if each.slot_on is None and day <= each.last_day(weeks)]
            if order == "next" and alive:
                one = min(alive, key=lambda each: (each.last_day(weeks), each.key))
            else:
                one = waiting[0]
            one.slot_on = day
            waiting.remove(one)
            given += 1
        given = max(given, slots * day // 7)
    return pathways


def counted(pathways, weeks, days):
    """(week, state) to a count, of those who pass."""
    found = {}
    for each in pathways:
        if not each.passes(weeks, days):
            continue
        if each.date_in_time(weeks):
            state = "booked" if each.decided else "appointment"
        else:
            in_time = each.slot_on is not None and each.slot_on <= each.last_day(weeks)
            state = "prevented" if in_time else "still"
        key = each.last_day(weeks) // 7, state
        found[key] = found.get(key, 0) + 1
    return found


def still(pathways, slots, order, weeks, days):
    done = run(
        [One(each.key, each.waited, each.decided, each.ahead) for each in pathways], slots, order, weeks, days
    )
    return sum(count for (_, state), count in counted(done, weeks, days).items() if state == "still")
