"""Since last week: who joined, who left and how, who crossed 18 and 52 weeks, who lost a date.

A bridge from the list before to the list now, and the same by specialty; every row adds up. It is told of
weekly lists alone.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.analysis.movements import BEFORE, COUNTED, CROSSING, JOINING, LEAVING, Movement, movement_of
from dashboard.figures.bridge import Step, bridge_chart, height
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from rtt.disclosure.limits import together
from rtt.disclosure.small_numbers import Mask, small
from rtt.findings.list_shape import count_words
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text, number_text, plural, signed_text

Component = Any

NAMES = {
    "joined": "Joined",
    "moved_in": "Moved in",
    "treated": "Treated",
    "other_stop": "Stopped otherwise",
    "removed": "Removed, no stop reported",
    "moved_out": "Moved out",
    "passed_18": "Breached 18 weeks",
    "passed_52": "Breached 52 weeks",
    "lost_date": "Lost their date",
}
MOVED = "“Moved” means to another specialty, site, stage or priority, so out of one row and into another."
NET = "Moved in less moved out"
NO_LIST_BEFORE = "There is no PTL for the week before, so the movement is not known."
WHOLE_LIST_ONLY = (
    "The movement is shown for the whole PTL of one trust only: figures for a part of it, or for a group of "
    "trusts, subtracted from each other, could reveal small numbers. Readers with access to pathways see it "
    "for every filter."
)
STEPS = (*JOINING, *LEAVING)


def load(connection: Connection, scope: Scope) -> Movement | None:
    """One statement; none for a monthly return, nor where it may not be shown."""
    return None if _tells(scope) else movement_of(connection, scope)


def _tells(scope: Scope) -> bool:
    """Whether the movement of a part of the list, taken from that of the whole, would tell small numbers; or
    that of one trust, taken from that of its group.
    """
    return scope.conceals and (not scope.is_one_whole or any(area.sites for area in scope.reader.areas))


def draw(scope: Scope, found: Movement | None) -> list[show.Part]:
    """The bridge and the table by specialty; nothing for a monthly return."""
    if scope.source != "weekly":
        return []
    if found is None:
        why = WHOLE_LIST_ONLY if _tells(scope) else NO_LIST_BEFORE
        return [show.section("Since last week", html.P(why), name="movement")]
    table = _table(found)
    hidden = _hidden(scope, found, table) if scope.conceals else np.zeros(table.shape, dtype=bool)
    return [_bridge(scope, found, table, hidden), *_specialties(scope, found, table, hidden)]


def _table(found: Movement) -> NDArray[np.float64]:
    """Counts (specialties and their total, COUNTED and the list now)."""
    counts = np.column_stack([found.counts, found.now]).astype(np.float64)
    return np.vstack([counts, counts.sum(axis=0)])


def _hidden(scope: Scope, found: Movement, table: NDArray[np.float64]) -> Mask:
    """All but the whole list's row, and of that the small numbers with what would give them away.

    The steps add up to the change between two lists that are shown elsewhere. What a service lead sees anyway
    is no part of what is judged.
    """
    own = np.array([scope.reader.sees_all_of((code,), "") for code in found.functions], dtype=bool)
    rest = table[:-1][~own].sum(axis=0)
    hidden = np.ones(table.shape, dtype=bool)
    hidden[:-1] = ~own[:, None]
    steps = [COUNTED.index(name) for name in STEPS]
    hidden[-1] = small(rest)
    hidden[-1, steps] = together(rest[None, steps])[0]
    if not found.whole_seen:
        # With other commissioners' patients: less the list shown elsewhere, how many those are.
        hidden[-1, [COUNTED.index(BEFORE), len(COUNTED)]] = True
    return hidden


def _bridge(scope: Scope, found: Movement, table: NDArray[np.float64], hidden: Mask) -> show.Card:
    total = dict(zip((*COUNTED, "now"), table[-1].tolist(), strict=True))
    gone = dict(zip((*COUNTED, "now"), hidden[-1].tolist(), strict=True))
    steps = [
        *(_step(NAMES[name], _signed(name, total[name]), bool(gone[name])) for name in STEPS if _own(name)),
        _step(NET, total["moved_in"] - total["moved_out"], bool(gone["moved_in"] or gone["moved_out"])),
    ]
    steps = [step for step in steps if step.change != 0]
    change = total["now"] - total[BEFORE]
    caption = f"The steps add up to the change in the list. {_crossed(total, gone)}"
    chart = bridge_chart(
        (f"List on {date_text(found.previous)}", total[BEFORE], _shown(total[BEFORE], gone[BEFORE])),
        (f"List on {date_text(found.census)}", total["now"], _shown(total["now"], gone["now"])),
        steps,
        title=_title(found, None if gone[BEFORE] or gone["now"] else change),
        caption=caption,
    )
    return show.card("movement", chart, height=height(steps), measures=("total",))


def _own(name: str) -> bool:
    """Whether a count is a step of its own: who moved in and out of the same scope is told as a net."""
    return name not in ("moved_in", "moved_out")


def _signed(name: str, count: float) -> float:
    return -count if name in LEAVING else count


def _step(name: str, change: float, hidden: bool) -> Step:
    if hidden:
        return Step(name, None, count_words(abs(change), hidden=True))
    return Step(name, change, signed_text(change))


def _title(found: Movement, change: float | None) -> str:
    days = (found.census - found.previous).days
    since = "last week" if days == 7 else date_text(found.previous)
    if change is None:
        return f"Since {since}"
    if not change:
        return f"Since {since} the list has stayed the same size"
    return (
        f"Since {since} the list is {plural(abs(change), 'pathway')} {'longer' if change > 0 else 'shorter'}"
    )


def _crossed(total: dict[str, float], gone: dict[str, Any]) -> str:
    said = {name: _shown(total[name], gone[name]) for name in CROSSING}
    return (
        f"Still waiting, {said['passed_18']} breached 18 weeks, {said['passed_52']} breached 52 weeks, "
        f"and {said['lost_date']} lost the date they had."
    )


def _shown(count: float, hidden: Any) -> str:
    return count_words(count, hidden=bool(hidden))


def _specialties(scope: Scope, found: Movement, table: NDArray[np.float64], hidden: Mask) -> list[show.Card]:
    """By specialty; those of which nothing may be seen are left out, and the card says so."""
    seen = [row for row in range(len(found.functions)) if not hidden[row].all()]
    if not seen:
        return []
    order = (BEFORE, *STEPS, "now", *CROSSING)
    places = [(*COUNTED, "now").index(name) for name in order]
    heads = {BEFORE: date_text(found.previous), "now": date_text(found.census), **NAMES}
    rows = [
        [
            _name(scope, code),
            *(_cell(table, hidden, row, place, order[at]) for at, place in enumerate(places)),
        ]
        for row, code in enumerate((*found.functions, TOTAL))
        if row in (*seen, len(found.functions))
    ]
    ways = []
    if scope.reader.sees_all_of(scope.functions, scope.filters.site):
        ways.append(html.P(show.link("See the pathways on this list", f"/ptl{to_query(scope.filters)}")))
    section = show.table_card(
        "Since last week, by specialty",
        show.Table(
            "Movement of the list by specialty",
            ["Specialty", *(heads[name] for name in order)],
            rows,
            label="Movement by specialty, table",
            name="movement",
            values=show.values_of(rows),
        ),
        html.P(f"{MOVED} {_note(scope)}".strip(), className="rtt-small"),
        *ways,
        name="movement-specialties",
        as_csv=True,
    )
    return [section]


def _note(scope: Scope) -> str:
    if scope.filters.pathway != "dta":
        return ""
    return "Movements are not counted by decision to admit, so those of all pathways are shown."


def _cell(table: NDArray[np.float64], hidden: Mask, row: int, place: int, name: str) -> str:
    count = float(table[row, place])
    if hidden[row, place]:
        return count_words(count, hidden=True)
    return number_text(_signed(name, count))


def _name(scope: Scope, code: str) -> Component:
    if code == TOTAL:
        return "Total" if scope.functions else "All specialties"
    return show.link(short_name_of(code), to_query(scope.filters, tf=(code,)))
