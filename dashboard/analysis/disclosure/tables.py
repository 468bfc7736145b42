"""The tables that suppression is judged on: each filter by itself with its waits, two together by their
sizes.

One statement reads those that a page needs and that are not kept yet, for every weekly census at once:
whatever filters are set, and whichever census is looked at, the same tables answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.disclosure.areas import boxes_of
from dashboard.settings.areas import Area
from dashboard.store.cache import cached, keeps
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.split_counts import FILTERS, SplitBy, split_counts
from ingest.store.schema import ENGLISH, WEEKLY
from rtt.disclosure.coupled import discloses_small, limits_suppressed, parts_suppressed
from rtt.disclosure.limits import Floats, Limits, limits_of
from rtt.disclosure.pairs import Pairs, pairs_of
from rtt.disclosure.small_numbers import Mask
from rtt.measures.indicators import LIMITS
from rtt.terms import parts
from rtt.terms.treatment_functions import TOTAL

FUNCTION, SITE, STAGE, PRIORITY, PART = "treatment_function", "site_code", "stage", "priority", "part"
LIST, STOPS, STARTS = "list", "stops", "starts"
_ALL = {FUNCTION: TOTAL, SITE: "", STAGE: "", PRIORITY: ""}
_TOGETHER = {LIST: (parts.INCOMPLETE,), STOPS: parts.COMPLETED, STARTS: (parts.NEW_PERIODS,)}
_PARTS = {**_TOGETHER, LIST: (parts.INCOMPLETE, parts.WITH_DECISION_TO_ADMIT)}
SPLITS = {
    LIST: (FUNCTION, SITE, STAGE, PRIORITY, PART),
    STOPS: (FUNCTION, SITE, PRIORITY, PART),
    STARTS: (FUNCTION, PRIORITY),
}
"""What each part is split by. Of stops, "admitted" is the part; a clock start has no site and no stage."""
EDGES = tuple(sorted(LIMITS))
ORDER = tuple(EDGES.index(limit) + 1 for limit in LIMITS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table: the part `of` a provider's list split by one filter or by two, less what the reader sees
    anyway.
    """

    provider: str
    of: str
    split: tuple[str, ...]
    areas: tuple[Area, ...] = ()
    basis: str = ENGLISH

    @property
    def waits(self) -> bool:
        """Whether waits are shown of it: of the list by one filter, and of both kinds of stops."""
        return len(self.split) == 1 and (self.of == LIST or self.split == (PART,))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The values along each filter of the split, and what may be seen at every census."""

    days: Mapping[date, int]
    values: tuple[tuple[str, ...], ...]
    shown: Limits | Pairs

    def chosen(self, axis: int, wanted: Iterable[str]) -> Mask:
        """Which values along an axis are asked for; the last is whoever has none of them."""
        asked = set(wanted)
        return np.array([*(value in asked for value in self.values[axis]), False], dtype=bool)


def tables(connection: Connection, wanted: Sequence[Wanted]) -> list[Table]:
    """Each of the tables; at most one statement for those not kept."""
    new = [
        each for each in dict.fromkeys(wanted) if not keeps(connection) or not _table.has(connection, each)
    ]
    made = dict(zip(new, _made(connection, new), strict=True)) if new else {}
    for each, table in made.items():
        if keeps(connection):
            _table.put(table, connection, each)
    return [made[each] if each in made else _table(connection, each) for each in wanted]


@cached
def _table(connection: Connection, wanted: Wanted) -> Table:
    return _made(connection, [wanted])[0]


def _made(connection: Connection, wanted: Sequence[Wanted]) -> list[Table]:
    days = {day: at for at, day in enumerate(loaded_extracts(connection).censuses(WEEKLY))}
    rows = split_counts(connection, [_asked(each) for each in wanted])
    return [_from(each, days, found) for each, found in zip(wanted, rows, strict=True)]


def _asked(wanted: Wanted) -> SplitBy:
    boxes = boxes_of(wanted.areas)
    # Whether a decision may be shown depends on the stage.
    split = (*wanted.split, STAGE) if (wanted.of, wanted.split[-1]) == (LIST, PART) else wanted.split
    return SplitBy(
        provider=wanted.provider,
        basis=wanted.basis,
        parts=_PARTS[wanted.of],
        split=split,
        functions=(TOTAL, *(box.function for box in boxes)),
        sites=("", *(box.site for box in boxes)),
        edges=EDGES if wanted.waits else (),
        width=len(EDGES),
    )


Key = tuple[str, ...]


def _from(wanted: Wanted, days: Mapping[date, int], rows: Sequence[Any]) -> Table:
    width = len(EDGES) + 1 if wanted.waits else 1
    rest = _Rest(wanted, _by_key(days, rows, width), np.zeros((len(days), width)))
    values = tuple(rest.values(name) for name in wanted.split)
    if len(wanted.split) == 1:
        cells = [rest.of(value) for value in (*values[0], "")]
        counts = _with_others(np.stack(cells, axis=1))
        shown = limits_of(counts, ORDER if wanted.waits else ())
        if wanted.split == (PART,) and wanted.of == LIST:
            stages = rest.by_stage()
            shown = _with_stages(shown, stages)
        return Table(days, values, shown)
    first, second = wanted.split
    rows_of = [[rest.of(one, other)[:, 0] for other in (*values[1], "")] for one in (*values[0], "")]
    sizes = np.moveaxis(np.array(rows_of), 2, 0)
    also = None
    if (wanted.of, second) == (LIST, PART) and first != STAGE:
        each = [rest.by_stage(value).sum(axis=1) for value in (*values[0], "")]
        also = parts_suppressed(_with_others(np.stack(each, axis=1)))
    return Table(
        days, values, pairs_of(_with_others(_with_others(sizes).swapaxes(1, 2)).swapaxes(1, 2), also)
    )


_DECIDED = np.array([True, False])


def _with_stages(shown: Limits, stages: Floats) -> Limits:
    """What may be seen by decision, once both stages, `stages` (dates, stages, waits), are told as well."""
    tiny = shown.tiny | discloses_small(stages.sum(axis=1))[:, None]
    shown = Limits(shown.whole, shown.suppressed, tiny)
    suppressed = shown.suppressed.copy()
    suppressed[:, :-1] |= limits_suppressed(stages, shown.seen(_DECIDED), ORDER)[:, None]
    return Limits(shown.whole, suppressed, tiny)


def _with_others(counts: Floats) -> Floats:
    """In place of the total, which is last, whoever has none of the values."""
    others = counts[:, -1:] - counts[:, :-1].sum(axis=1, keepdims=True)
    return np.concatenate([counts[:, :-1], np.maximum(others, 0.0)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """The counts (dates, waits) of a part less those that the reader sees anyway."""

    wanted: Wanted
    counts: Mapping[Key, Floats]
    nothing: Floats

    def of(self, *values: str) -> Floats:
        """Of a value along each filter, '' for all of them together."""
        named = dict(zip(self.wanted.split, values, strict=True))
        part = named.pop(PART, "")
        place = {name: named.get(name) or every for name, every in _ALL.items()}
        asked = (part,) if part else _TOGETHER[self.wanted.of]
        return np.asarray(np.add.reduce([self._less_own(place, each) for each in asked]))

    def _less_own(self, place: Mapping[str, str], part: str) -> Floats:
        found = self._at(place, part)
        for box in boxes_of(self.wanted.areas):
            common = box.within(place[FUNCTION], place[SITE])
            if common is not None:
                found = found - box.sign * self._at({**place, FUNCTION: common[0], SITE: common[1]}, part)
        return np.maximum(found, 0.0)

    def by_stage(self, *values: str) -> Floats:
        """(dates, waits, 4) The admitted decided and not, the others decided and not."""
        named = dict(zip(self.wanted.split, values, strict=False))
        cells: list[Floats] = []
        for stage in ("admitted", "non-admitted"):
            place = {**{name: named.get(name) or every for name, every in _ALL.items()}, STAGE: stage}
            everybody, decided = (self._less_own(place, part) for part in _PARTS[LIST])
            cells += [decided, np.maximum(everybody - decided, 0.0)]
        return np.stack(cells, axis=-1)

    def _at(self, place: Mapping[str, str], part: str) -> Floats:
        return self.counts.get((*(place[name] for name in FILTERS), part), self.nothing)

    def values(self, name: str) -> tuple[str, ...]:
        """The values along a filter. Whoever has no decision to admit is no part, but what is left."""
        if name == PART:
            return tuple(part for part in _PARTS[self.wanted.of] if part != parts.INCOMPLETE)
        place = FILTERS.index(name)
        return tuple(sorted({key[place] for key in self.counts} - {_ALL[name]}))


def _by_key(days: Mapping[date, int], rows: Sequence[Any], width: int) -> dict[Key, Floats]:
    """Counts (dates, waits) by the filters and part of a row."""
    # The drivers give a day as a date or as text.
    at_day = {key: at for day, at in days.items() for key in (day, day.isoformat())}
    keys: dict[Key, int] = {}
    places = [keys.setdefault(tuple(row[:5]), len(keys)) for row in rows]
    found = np.zeros((len(keys), len(days), width))
    if rows:
        at = [at_day[row[5]] for row in rows]
        np.add.at(found, (places, at), np.array([row[6 : 6 + width] for row in rows], dtype=np.float64))
    return {key: found[place] for key, place in keys.items()}
