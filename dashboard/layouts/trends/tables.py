"""The tables of Trends: all measures of the scope, and the signals among its parts. Both lead to charts."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.parts_over_time import MEASURES, Latest
from dashboard.analysis.scope_parts import Part, Parts, offered
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.signals import signal, signal_line
from dashboard.scope.scope import Scope
from rtt.findings.findings import Finding, display
from rtt.findings.sentences import name, short_change
from rtt.measures.indicators import INDICATORS
from rtt.spc.assurance import met_words
from rtt.spc.reading import WORDS
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, share_text

Component = Any


def summary_section(scope: Scope, charts: Sequence[tuple[Charted, Finding | None]]) -> show.Card:
    """Every measure of the scope: variation, standard, figure, changes; `charts` with the year before."""
    before = date_text(scope.previous) if scope.previous else "the census before"
    columns = ["Measure", "Variation", "Standard met", "Latest", f"Since {before}", _year_words(scope)]
    rows = [_summary_row(scope, chart, year) for chart, year in charts]
    return show.table_card(
        "All measures",
        show.Table("All measures of this scope", columns, rows, text_columns=3, label="All measures, table"),
        name="measures",
    )


def _year_words(scope: Scope) -> str:
    return "Since 52 weeks before" if scope.source == "weekly" else "Since a year before"


def _summary_row(scope: Scope, chart: Charted, year: Finding | None) -> list[Component]:
    last = chart.judged
    return [
        show.link(name(last), to_query(scope.filters, measure=chart.indicator.key)),
        signal_line(last) if chart.variation else "Not judged yet",
        met_words(chart.met) if chart.met else "No standard",
        display(last),
        short_change(last),
        short_change(year) if year else NOT_KNOWN,
    ]


def parts_section(scope: Scope, found: Parts) -> show.Card:
    """The signals among the parts, concerning ones first; the rest is a count and no line each."""
    options = offered(scope)
    control = [select("rows", "Rows", options, found.rows)] if len(options) > 1 else []
    at = {unit: position for position, unit in enumerate(found.signals.units)}
    cells = [
        (part, key, found.signals.cells[key][at[part.code]])
        for part in found.parts
        if part.code in at
        for key in MEASURES
    ]
    signals = sorted(
        ((part, key, cell) for part, key, cell in cells if cell.icon is not None and cell.icon.arrow),
        key=lambda each: _RANK.get(each[2].icon.word if each[2].icon else "", len(_RANK)),
    )
    rows = [_signal_row(scope, *each) for each in signals]
    columns = [_HEADS.get(found.title, found.title), "Measure", "Latest", "Signal"]
    table = show.Table(
        f"Signals among {found.title[0].lower()}{found.title[1:]}",
        columns,
        rows,
        text_columns=2,
        name="signals",
        values=show.values_of(rows, text_columns=2, instead={3: [show.text(row[3]) for row in rows]}),
    )
    return show.table_card(
        f"{found.title}: signals",
        *([html.Div(control, className="rtt-filters")] if control else []),
        html.P(_count_words([cell for _, _, cell in cells])),
        *([table] if rows else []),
        name="parts",
        as_csv=bool(rows),
    )


_RANK = {WORDS["concerning"]: 0, WORDS["improving"]: 1, WORDS["neutral"]: 2}
_HEADS = {"Specialties": "Specialty", "Regions": "Region", "ICBs": "ICB", "Trusts and providers": "Provider"}


def _signal_row(scope: Scope, part: Part, key: str, latest: Latest) -> list[Component]:
    way = part.href(scope)
    assert latest.icon is not None
    return [
        show.link(part.name, way),
        show.link(INDICATORS[key].name, f"{way}{'' if way == '?' else '&'}measure={key}"),
        _figure(key, latest),
        signal(latest.icon),
    ]


def _figure(key: str, latest: Latest) -> str:
    if latest.words or latest.value is None:
        return latest.words or NOT_KNOWN
    return share_text(latest.value) if INDICATORS[key].unit == "share" else number_text(latest.value)


def _count_words(cells: Sequence[Latest]) -> str:
    """ "6 of 144 series show a signal: 4 concerning, 2 improving. 120 show no significant change." """
    judged = [cell.icon for cell in cells if cell.icon is not None]
    if not judged:
        return f"None of {number_text(len(cells))} series can be judged yet: too few points."
    found = [icon.word for icon in judged if icon.arrow]
    kinds = [f"{found.count(word)} {word}" for word in dict.fromkeys(found)]
    told = f"{number_text(len(found))} of {number_text(len(cells))} series "
    told += f"{'shows' if len(found) == 1 else 'show'} a signal"
    told += f": {', '.join(kinds)}." if kinds else "."
    same, waiting = len(judged) - len(found), len(cells) - len(judged)
    told += f" {number_text(same)} {'shows' if same == 1 else 'show'} no significant change."
    return f"{told} {number_text(waiting)} cannot be judged yet." if waiting else told
