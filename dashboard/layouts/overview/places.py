"""The places below the scope: by share within 18 weeks, lowest first, beside England's own figure.

NHS providers and independent ones stand apart: an independent that treats a few hundred within 18 weeks is no
peer of a trust. What lies under a handful of pathways is grey.
"""

from typing import Any

from dashboard.analysis.findings import Figures
from dashboard.figures.bars import Bar, bar_chart, height
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.drill_down import BASIS_CHANGES, BELOW, KEYS, TITLES, head_of, parts_of
from dashboard.layouts.overview.load import HERO, Overview
from dashboard.scope.scope import Scope
from dashboard.store.loaded_extracts import Organisation
from rtt.findings import sentences
from rtt.findings.findings import Finding, display
from rtt.measures.indicators import INDICATORS
from rtt.measures.percentiles import FEWEST_PATHWAYS
from rtt.terms.organisation_names import short_label

Component = Any
INDEPENDENT = "independent"


def cards(scope: Scope, found: Overview) -> list[show.Part]:
    """The chart of the places, and where there are independent providers their table, folded."""
    if found.below is None:
        return []
    below, level = found.below, BELOW[scope.organisation.level]
    bars = {each: bar for each in parts_of(scope) if (bar := _bar(scope, below, each)) is not None}
    apart = [each for each in bars if each.kind == INDEPENDENT] if level == "provider" else []
    if len(apart) == len(bars):
        apart = []  # nothing else was asked for
    listed = _by_value([bar for each, bar in bars.items() if each not in apart])
    if not listed:
        return []
    return [
        _chart(scope, listed, level, _england(found)),
        *([_independents(_by_value([bars[each] for each in apart]))] if apart else []),
    ]


def _by_value(bars: list[Bar]) -> list[Bar]:
    return sorted(bars, key=lambda bar: (bar.value is None, bar.value or 0.0, bar.name))


def _england(found: Overview) -> Finding | None:
    """England's own figure: of the page itself, or read beside the scope."""
    if found.figures.scope.organisation.level == "england":
        return found.figures.find(HERO)
    return found.england.find(HERO) if found.england else None


def _chart(scope: Scope, bars: list[Bar], level: str, england: Finding | None) -> show.Card:
    told = [BASIS_CHANGES] if level == "provider" else []
    line = None
    if england is not None and england.value is not None:
        name = scope.england.name
        line = (england.value, f"{name} {display(england)}")
        told.insert(0, f"Lowest first; the line is {name}, {display(england)}.")
    if any(bar.few for bar in bars):
        told.append(f"Grey: fewer than {FEWEST_PATHWAYS} pathways.")
    chart = bar_chart(
        bars,
        unit=INDICATORS[HERO].unit,
        title=TITLES[level],
        caption=" ".join(told),
        what=f"the share within 18 weeks, {TITLES[level][0].lower()}{TITLES[level][1:]}",
        columns=_columns(level),
        line=line,
    )
    return show.card(f"next-{level}", chart, height=height(bars), measures=KEYS)


def _columns(level: str) -> tuple[str, ...]:
    heads = (INDICATORS[key].head for key in KEYS[1:])
    return head_of(level), INDICATORS[KEYS[0]].head, "Change", *heads


def _independents(bars: list[Bar]) -> show.Card:
    """Their table, folded: there can be a hundred, most of them far within the standard."""
    rows: list[list[Component]] = [[show.link(bar.name, bar.href), bar.shown, *bar.others] for bar in bars]
    table = show.Table(
        "Independent providers",
        _columns("provider"),
        rows,
        name="independent",
        values=show.values_of(rows),
        worst=(1, "asc"),
        faint=[at for at, bar in enumerate(bars) if bar.few],
        folded=range(len(bars)),
        folded_words="of independent providers",
    )
    return show.table_card("Independent providers", table, name="next-independent", as_csv=True)


def _bar(scope: Scope, figures: Figures, each: Organisation) -> Bar | None:
    found = {key: figures.find(key, unit=each.code, before=scope.previous) for key in KEYS}
    share, total = found[HERO], found["total"]
    if share is None or total is None or not total.value:
        return None
    return Bar(
        label=f"{short_label(each.name)}, {display(total)} waiting",
        name=f"{each.name} ({each.code})" if each.level == "provider" else each.name,
        value=share.value,
        shown=display(share),
        href=to_query(scope.filters, level=each.level, org=each.code, group="", band="", site="", since=""),
        others=(
            sentences.short_change(share),
            *(display(finding) for key in KEYS[1:] if (finding := found[key]) is not None),
        ),
        few=total.value < FEWEST_PATHWAYS,
    )
