"""The peers of an organisation, chosen in one of five ways, and their figures over the newest months.

Ways: all of the same kind, those of the same region, those with lists of similar size, the ten nearest in
their mix of specialties, or the trusts of a saved group. Size and mix are those of the whole list at the
census chosen, whichever specialty is looked at, so that the peers stay while the reader moves among
specialties. Peers are known from the monthly return alone; England and a group of trusts stand among trusts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.benchmark import Peers, peers_of
from dashboard.analysis.facts import COUNTED, counted_facts, facts_of, listed
from dashboard.analysis.findings import Figures, figures_of
from dashboard.scope.nearest import KIND_NAMES
from dashboard.scope.scope import Scope
from dashboard.store.loaded_extracts import Organisation
from ingest.extracts.organisations import kind_of as kind_of_code
from rtt.benchmark.case_mix import NEAREST, mix_distances, nearest, similar_sizes
from rtt.benchmark.deciles import Deciles, deciles
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE
from rtt.findings.findings import Finding
from rtt.terms.arrays import Bools, Floats
from rtt.terms.treatment_functions import TOTAL

KIND, REGION, SIZE, MIX = "kind", "region", "size", "mix"
PLURALS = {"region": "regions", "icb": "ICBs", "commissioner": "commissioners"}
MONTHS = 24  # drawn: of everybody of a kind, ten years would be twenty thousand lists
_NOBODY = "-"
"""NHS England's own commissioning: it stands in the return as an ICB and a region, and is neither."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The peers, without the organisation itself: nearest first by size and mix, else by name.

    `words` say who they are; `left` the codes of a saved group that this census does not have; `distances`
    of the mix, by code, where that is the way.
    """

    way: str
    level: str
    units: tuple[str, ...]
    words: str
    left: tuple[str, ...]
    distances: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class PeersOverTime:
    """Figures of the peers and of the organisation itself, one measure, at the newest months held.

    `values` (peer, month) is nan where a peer sent no such list, and where it has too few pathways: `few`.
    """

    choice: Choice
    measure: str
    days: tuple[date, ...]
    figures: Figures
    own: tuple[Finding | None, ...]
    values: Floats
    few: Bools
    deciles: Deciles

    @property
    def absent(self) -> Bools:
        """(peer, month) who sent no such list."""
        return np.asarray(np.isnan(self.values) & ~self.few)

    def of(self, code: str, key: str = "", *, before: date | None = None) -> Finding | None:
        """The newest finding of a peer, of the measure or of another that was asked for."""
        return self.figures.find(key or self.measure, unit=code, before=before)


def level_of(scope: Scope) -> str:
    """The level whose organisations are the peers."""
    own = scope.organisation.level
    return "provider" if own == "england" else own


def ways(scope: Scope) -> list[tuple[str, str]]:
    """The ways to choose peers that this scope has, and their names; saved groups of trusts by their key."""
    level, own = level_of(scope), scope.organisation
    names = _kind_name(scope) if level == "provider" else f"All {PLURALS[level]}"
    found = [(KIND, names)]
    alone = own.level != "england" and own.kind != "group"
    if alone and level in ("provider", "icb"):
        found.append((REGION, "Same region"))
    if own.level != "england" and level != "region":
        found += [(SIZE, "Similar size of list"), (MIX, f"Nearest {NEAREST} in specialty mix")]
    if level == "provider":
        found += [(each.key, each.name) for each in scope.groups if each.kind == "trusts"]
    return found


def way_of(scope: Scope) -> str:
    """The way asked for, where the scope has it; else everybody of the same kind."""
    return scope.filters.among if scope.filters.among in dict(ways(scope)) else KIND


def lists_needed(scope: Scope) -> tuple[str, ...]:
    """The level whose lists the choice needs, for who reads several levels at once; none for most ways."""
    return (level_of(scope),) if way_of(scope) in (SIZE, MIX) else ()


def choose(connection: Connection, scope: Scope) -> Choice:
    """The peers of a scope of the monthly return; one statement where they are chosen by size or mix."""
    way, level = way_of(scope), level_of(scope)
    alike = _alike(scope, level)
    names = {each.code: each.name for each in alike}
    distances: dict[str, float] = {}
    left: tuple[str, ...] = ()
    if way in (SIZE, MIX):
        lists = peers_of(connection, scope, level, "share_over_52")
        codes, distances = _by_lists(way, lists, list(names), scope.codes)
    elif way == REGION:
        codes = [each.code for each in alike if _region(scope, each) == _region(scope, scope.organisation)]
    elif way == KIND:
        codes = [*names, *_absent(scope, level)]
    else:
        group = next(each for each in scope.groups if each.key == way)
        there = {each.code for each in scope.organisations if each.level == level} | {*_absent(scope, level)}
        codes = [code for code in group.members if code in there and code not in scope.codes]
        left = tuple(code for code in group.members if code not in there)
    return Choice(way, level, tuple(codes), _words(scope, way, level), left, distances)


def peers_over_time(
    connection: Connection, scope: Scope, choice: Choice, measure: str, *, months: int = MONTHS
) -> PeersOverTime:
    """Their figures at the newest months up to the one chosen; one statement, two for England or a group."""
    days = scope.dates[-months:]
    among = scope.organisation.level == choice.level and len(scope.codes) == 1
    codes = (*choice.units, *scope.codes) if among else choice.units
    selection = scope.selection(days, by=choice.level, only=codes)
    keys = (measure, "total")
    if set(keys) <= set(COUNTED):
        facts = counted_facts(connection, selection, by="organisation_code")
    else:
        facts = facts_of(connection, selection, by="organisation_code", flows=False)
    figures = figures_of(scope, facts, apart=choice.level, keys=keys)
    own, unit = figures, scope.organisation.code
    if not among:
        own, unit = figures_of(scope, listed(connection, scope, days), keys=keys), ""
    rows = [facts.unit(code) for code in choice.units]
    values, totals = (_rows(figures.measures[key].value, rows, len(days)) for key in keys)
    few = (totals > 0) & (totals < FEWEST_FOR_RATE)
    values = np.where(few, np.nan, values)
    return PeersOverTime(
        choice=choice,
        measure=measure,
        days=days,
        figures=figures,
        own=tuple(own.find(measure, unit=unit, at=day) for day in days),
        values=values,
        few=few,
        deciles=deciles(values),
    )


def _rows(values: Floats, rows: Sequence[int | None], days: int) -> Floats:
    gone = np.full(days, np.nan)
    return np.stack([gone if row is None else values[row] for row in rows]) if rows else np.empty((0, days))


def kind_of(scope: Scope) -> str:
    """The kind of provider compared: the one asked for, else that of the provider chosen, else NHS trusts."""
    own = scope.organisation.kind
    return scope.filters.kind or (own if own in KIND_NAMES else "nhs")


def _kind_name(scope: Scope) -> str:
    return KIND_NAMES[kind_of(scope)]


def _alike(scope: Scope, level: str) -> list[Organisation]:
    """Everybody of the level, and of the kind where they are providers, but the organisation itself."""
    return [
        each
        for each in scope.organisations
        if each.level == level
        and each.code not in (*scope.codes, _NOBODY)
        and (level != "provider" or each.kind == kind_of(scope))
    ]


def _absent(scope: Scope, level: str) -> list[str]:
    """Providers of the kind that sent no list this month, but sent one before: they are peers still."""
    if level != "provider" or scope.census is None:
        return []
    gone = scope.returns.absences.get(scope.census, {})
    return [
        code
        for code in gone
        if code not in scope.codes and kind_of_code(code, scope.census) == kind_of(scope)
    ]


def _by_lists(
    way: str, lists: Peers, codes: list[str], own: tuple[str, ...]
) -> tuple[list[str], dict[str, float]]:
    """Those nearest to the organisation in the size or the mix of their lists, of those large enough."""
    columns = [at for at, code in enumerate(lists.functions) if code != TOTAL]
    mine = lists.denominators[[row for row, unit in enumerate(lists.units) if unit in own]].sum(axis=0)
    large = lists.denominators[:, lists.functions.index(TOTAL)] >= FEWEST_FOR_RATE
    rows = [row for row, unit in enumerate(lists.units) if unit in codes and large[row]]
    if not mine.any() or not rows:
        return [], {}
    units = [lists.units[row] for row in rows]
    if way == SIZE:
        sizes = lists.denominators[rows, lists.functions.index(TOTAL)]
        return [units[at] for at in similar_sizes(sizes, float(mine[lists.functions.index(TOTAL)]))], {}
    distances = mix_distances(lists.denominators[np.ix_(rows, columns)], mine[columns])
    chosen = nearest(units, distances)
    return [units[at] for at in chosen], {units[at]: float(distances[at]) for at in chosen}


def _region(scope: Scope, of: Organisation) -> str:
    """The region of a provider, by way of its ICB, or of an ICB."""
    if of.level == "icb":
        return of.parent_code
    icbs = {each.code: each.parent_code for each in scope.organisations if each.level == "icb"}
    return icbs.get(of.parent_code, "")


def _words(scope: Scope, way: str, level: str) -> str:
    """Who the peers are: "NHS trusts of the same region"."""
    whole = _kind_name(scope) if level == "provider" else PLURALS[level]
    whole = whole if whole.startswith(("NHS", "ICB")) else whole[0].lower() + whole[1:]
    ends = {
        KIND: "",
        REGION: " of the same region",
        SIZE: " with lists from half to twice as long",
        MIX: " nearest in their mix of specialties",
    }
    if way in ends:
        return f"{whole}{ends[way]}"
    return f"providers of the group “{dict(ways(scope))[way]}”"
