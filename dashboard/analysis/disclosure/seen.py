"""What the reader of a choice may see of its scope, or of each specialty in it: every count, at every date.

With one filter a scope shows its waits at the declared limits, with two its size alone, with more nothing. A
saved group of trusts shows what each of its trusts shows, less what the reader sees anyway of that trust: so
what is left when the reader takes own lists off its total is shown of the other trusts, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.disclosure.bands import own_bands
from dashboard.analysis.disclosure.tables import (
    EDGES,
    FUNCTION,
    LIST,
    PART,
    PRIORITY,
    SITE,
    SPLITS,
    STAGE,
    STARTS,
    STOPS,
    Table,
    Wanted,
    tables,
)
from dashboard.scope.scope import Scope
from dashboard.settings.areas import Area
from dashboard.store.cache import cached
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLISH, NONC, WEEKLY
from rtt.disclosure.limits import Limits, visible
from rtt.disclosure.seen import Seen, joined
from rtt.disclosure.small_numbers import Mask
from rtt.measures.band_facts import BandFacts
from rtt.measures.disclosed import END, START
from rtt.measures.indicators import LIMITS, SIZES
from rtt.terms import parts
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import BANDS

RECENT_WEEKS = 13

Asked = Mapping[str, tuple[str, ...]]
"""The values asked for along each filter in use."""


@dataclass(frozen=True, slots=True)
class List:
    """A provider's list as somebody may see it: of which areas they see everything anyway."""

    provider: str
    areas: tuple[Area, ...] = ()
    basis: str = ENGLISH

    def table(self, of: str, *split: str) -> Wanted:
        """One of its tables."""
        return Wanted(self.provider, of, split, self.areas, self.basis)

    def needed(self, asked: Iterable[tuple[str, Asked]]) -> list[Wanted]:
        """The tables that say what may be seen: each filter's own, and those of two together.

        With those by decision and kind, which most pages ask for: so they come in one statement.
        """
        own = [self.table(of, name) for of, names in SPLITS.items() for name in names]
        own += [self.table(of, name, PART) for of in (LIST, STOPS) for name in SPLITS[of] if name != PART]
        pairs = [self.table(of, *_split(of, filters)) for of, filters in asked if len(filters) == 2]
        return list(dict.fromkeys((*own, *pairs)))


def _split(of: str, filters: Asked) -> tuple[str, ...]:
    return tuple(name for name in SPLITS[of] if name in filters)


def seen_of(
    connection: Connection,
    scope: Scope,
    units: Sequence[str],
    dates: Sequence[date],
    facts: BandFacts | None = None,
) -> Seen:
    """What may be seen of the scope itself (`units` is ('',)), or of specialties in it; units by dates.

    `facts` of the scope: the single week bands of a whole list are judged by them.
    """
    seen = _seen(connection, scope, [_filters(scope, unit) for unit in units], dates)
    if facts is None or not scope.is_whole or len(scope.codes) > 1 or tuple(units) != ("",):
        return seen
    of_days = _bands_seen(connection, scope, dates, facts)
    return Seen(seen.limits, seen.sizes, of_days.reshape(*facts.unknown_clock_start.shape, -1))


def _bands_seen(connection: Connection, scope: Scope, dates: Sequence[date], facts: BandFacts) -> Mask:
    """(dates, 107) the limits of single week bands that may be seen of one whole list."""
    own = List(scope.codes[0], scope.areas_in(scope.codes[0]))
    bands = np.concatenate([facts.unknown_clock_start[..., None], facts.bands], axis=-1)
    rest = np.nan_to_num(bands.reshape(len(dates), -1))
    rest = np.maximum(rest - own_bands(connection, own.provider, own.areas, tuple(dates)), 0.0)
    known, keys = _known(connection, own).bands, [row.tobytes() for row in rest]
    new = {key: at for at, key in enumerate(keys) if key not in known}
    if new:
        known.update(zip(new, visible(rest[list(new.values())], _EVERY_LIMIT), strict=True))
    return np.stack([known[key] for key in keys])


def seen_of_sites(connection: Connection, scope: Scope, sites: Sequence[str], dates: Sequence[date]) -> Seen:
    """The same of sites of the scope."""
    return _seen(connection, scope, [{**_filters(scope, ""), SITE: (site,)} for site in sites], dates)


def seen_of_providers(
    connection: Connection, scope: Scope, codes: Sequence[str], dates: Sequence[date]
) -> Seen:
    """The same of the scope at single trusts."""
    each = [_seen(connection, scope.of_trust(code), [_filters(scope, "")], dates) for code in codes]
    return joined(each, np.concatenate)


def seen_of_whole_lists(
    connection: Connection, scope: Scope, codes: Sequence[str], dates: Sequence[date]
) -> Seen:
    """What may be seen of the lists of trusts, (trusts, dates), all specialties or those of the scope; of the
    list alone: flows are taken for hidden. One statement for all that are not kept.
    """
    wanted = [List(code, scope.areas_in(code)).table(LIST, FUNCTION) for code in codes]
    limits = np.stack([_limits_of(table, scope.functions) for table in tables(connection, wanted)])
    days = loaded_extracts(connection).censuses(WEEKLY)
    at = [days.index(day) for day in dates]
    nothing = np.zeros((len(codes), len(dates)), dtype=bool)
    # Unknown to everybody where there was no list before.
    before = np.concatenate([np.ones_like(limits[:, :1, -1]), limits[:, :-1, -1]], axis=1)
    of_list = {("list", "now"): limits[:, at, -1], ("list", "before"): before[:, at]}
    return Seen(
        {limit: limits[:, at, EDGES.index(limit) + 1] for limit in LIMITS},
        {name: of_list.get(name, nothing) for name in _SIZES},
    )


def _limits_of(table: Table, functions: tuple[str, ...]) -> Mask:
    assert isinstance(table.shown, Limits)
    return table.shown.seen(table.chosen(0, functions) if functions else None)


def _seen(connection: Connection, scope: Scope, scopes: Sequence[Asked], dates: Sequence[date]) -> Seen:
    found = [
        _seen_of_provider(connection, List(code, scope.areas_in(code)), scopes, dates) for code in scope.codes
    ]
    return replace(joined(found, np.logical_and.reduce), known_in_part=scope.is_known_in_part)


_EVERY_LIMIT = tuple(
    limit + 1 for limit in (*LIMITS, *(limit for limit in range(BANDS) if limit not in LIMITS))
)


def _filters(scope: Scope, unit: str) -> dict[str, tuple[str, ...]]:
    functions = scope.functions if unit == "" else () if unit == TOTAL else (unit,)
    filters = {
        FUNCTION: functions,
        SITE: (scope.filters.site,),
        STAGE: (scope.stage,),
        PRIORITY: (scope.filters.priority,),
        PART: (scope.part,) if scope.part == parts.WITH_DECISION_TO_ADMIT else (),
    }
    return {name: values for name, values in filters.items() if any(values)}


def _seen_of_provider(
    connection: Connection, own: List, scopes: Sequence[Asked], dates: Sequence[date]
) -> Seen:
    if not scopes:
        nothing = np.zeros((0, len(dates)), dtype=bool)
        return Seen(dict.fromkeys(LIMITS, nothing), dict.fromkeys(SIZES, nothing))
    known = _known(connection, own)
    each = known.scopes(connection, own, scopes)
    at = [known.days[day] for day in dates]
    columns = np.moveaxis(np.stack(each)[:, at], -1, 0)
    return Seen(
        dict(zip(LIMITS, columns, strict=False)),
        dict(zip(_SIZES, columns[len(LIMITS) :], strict=True)),
    )


@cached
def _known(connection: Connection, _own: List) -> "Known":
    days = loaded_extracts(connection).censuses(WEEKLY)
    return Known({day: at for at, day in enumerate(days)})


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What may be seen of the scopes of a list that were asked about, at every census held.

    Pages ask about the same specialties of it again and again. Each is (dates, limits and sizes).
    """

    days: Mapping[date, int]
    bands: dict[bytes, Mask] = field(default_factory=dict)  # counts of the whole list -> (107,)
    _found: dict[frozenset[tuple[str, tuple[str, ...]]], Mask] = field(default_factory=dict)

    def scopes(self, connection: Connection, own: List, scopes: Sequence[Asked]) -> list[Mask]:
        """One for each scope; those not known are worked out together."""
        asked = {frozenset(scope.items()): scope for scope in scopes}
        # Read once: another thread may let them go meanwhile.
        known = {key: self._found.get(key) for key in asked}
        new = {key: asked[key] for key, mask in known.items() if mask is None}
        made = self._judged(connection, own, list(new.values()))
        if len(self._found) + len(new) > _SCOPES_KNOWN:
            self._found.clear()
        self._found.update(zip(new, made, strict=True))
        known.update(zip(new, made, strict=True))
        return [mask for scope in scopes if (mask := known[frozenset(scope.items())]) is not None]

    def _judged(self, connection: Connection, own: List, scopes: Sequence[Asked]) -> list[Mask]:
        if not scopes:
            return []
        asked = [each for scope in scopes for each in _questions(scope).values() if each is not None]
        judged = judged_of(connection, own, tuple(self.days), asked)
        return [judged.scope(scope) for scope in scopes]


_SCOPES_KNOWN = 2_000
_SIZES = tuple(SIZES)


def _questions(scope: Asked) -> dict[str, tuple[str, Asked] | None]:
    """What is asked of each part of the list, by part; None where extracts do not hold it for the scope."""
    flows = {name: values for name, values in scope.items() if name not in (STAGE, PART)}
    kind = _KINDS[scope[STAGE][0]] if STAGE in scope else ""
    of_kind = {**flows, PART: (kind,)} if kind else flows
    kinds = {
        name: None if kind and kind != part else {**flows, PART: (part,)} for name, part in _KINDS.items()
    }
    return {
        "list": (LIST, scope),
        "decided": (LIST, {**scope, PART: (parts.WITH_DECISION_TO_ADMIT,)}),
        "stops": (STOPS, of_kind),
        "starts": (STARTS, flows) if not {SITE, STAGE} & set(scope) else None,
        **{name: None if filters is None else (STOPS, filters) for name, filters in kinds.items()},
    }


_KINDS = {"admitted": parts.ADMITTED, "non-admitted": parts.NON_ADMITTED}


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The tables of a list, asked for one scope at a time; every mask is (dates)."""

    tables: Mapping[Wanted, Table]
    whole: List
    dates: tuple[date, ...]

    def scope(self, scope: Asked) -> Mask:
        """What may be seen of a scope: (every date held, LIMITS and SIZES in their order)."""
        asked = {
            name: self._limits(*question) if question else self._everything()
            for name, question in _questions(scope).items()
        }
        sizes = {(name, "now"): limits[:, -1] for name, limits in asked.items()}
        # Unknown to everybody where there was no list before.
        sizes["list", "before"] = np.concatenate([[True], asked["list"][:-1, -1]])
        hidden = np.cumsum(~asked["stops"][:, -1])
        earlier = np.concatenate([np.zeros(RECENT_WEEKS, dtype=hidden.dtype), hidden])[: len(hidden)]
        sizes["stops", "recent"] = hidden == earlier  # every one of the last weeks may be seen
        limits = [asked["list"][:, EDGES.index(limit) + 1] for limit in LIMITS]
        return np.column_stack([*limits, *(sizes[name] for name in _SIZES)])

    def counts(self, of: str, filters: Asked) -> dict[int, Mask]:
        """The limits that may be seen of a part of the list, START and END for its size."""
        limits = self._limits(of, filters)[self._at()]
        edges = (START, *EDGES, END) if limits.shape[1] > 2 else (START, END)
        return dict(zip(edges, limits.T, strict=True))

    def _at(self) -> list[int]:
        days = next(iter(self.tables.values())).days
        return [days[day] for day in self.dates]

    def _everything(self) -> Mask:
        return np.ones((len(next(iter(self.tables.values())).days), 2), dtype=bool)

    def _limits(self, of: str, filters: Asked) -> Mask:
        """(every date held, limits); the size alone, as two limits, where waits are not shown."""
        split = _split(of, filters)
        if len(split) < 2:
            table = self.tables[self.whole.table(of, *(split or SPLITS[of][:1]))]
            assert isinstance(table.shown, Limits)
            seen = table.shown.seen(table.chosen(0, filters[split[0]]) if split else None)
            # Where no table of waits is kept of a part, `seen` has its two ends.
            return seen
        nothing = np.zeros((len(self._everything()), len(EDGES) + 2), dtype=bool)
        if len(split) > 2 or (SITE not in SPLITS[of] and SITE in filters):
            return nothing
        return self._size(of, split, filters, nothing)

    def _size(self, of: str, split: tuple[str, ...], filters: Asked, nothing: Mask) -> Mask:
        table = self.tables[self.whole.table(of, *split)]
        assert not isinstance(table.shown, Limits)
        rows, columns = (table.chosen(axis, filters[name]) for axis, name in enumerate(split))
        places = np.flatnonzero(columns)
        # A value that no list has holds nobody.
        size = table.shown.seen(rows, int(places[0])) if len(places) else ~nothing[:, 0]
        ends = nothing.copy()
        ends[:, 0] = ends[:, -1] = size
        return ends


def judged_of(
    connection: Connection, own: List, dates: Sequence[date], asked: Iterable[tuple[str, Asked]]
) -> Judged:
    """The tables of a list, to ask about (part, filters)."""
    wanted = own.needed(asked)
    return Judged(dict(zip(wanted, tables(connection, wanted), strict=True)), own, tuple(dates))


def both_bases_seen(
    connection: Connection, scope: Scope, provider: str, filters: Asked, dates: Sequence[date]
) -> Mask:
    """Whether the size of a list with other commissioners' patients (NONC) may be seen, (dates).

    With and without them are two figures, and their difference is a third: both must be fit to be seen.
    """
    asked = ((LIST, filters),)
    lists = [List(provider, scope.areas_in(provider), basis) for basis in (ENGLISH, NONC)]
    sizes = [judged_of(connection, each, dates, asked).counts(LIST, filters)[END] for each in lists]
    return np.asarray(sizes[0] & sizes[1])
