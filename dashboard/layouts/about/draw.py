"""About: what each figure means, how it is made, whether it matches the published one, and for whom it works.

The definitions are those of the indicators themselves, so the page cannot say one thing and the figures
another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard import PRODUCT
from dashboard.analysis.reconciled import Month, Reconciled, reconciled
from dashboard.layouts.about import words as about_words
from dashboard.layouts.about.mergers import mergers_section
from dashboard.layouts.about.published_tables import tables_section
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.spc_notes import rule_words
from dashboard.scope.scope import Scope
from dashboard.store.cache import data_version
from dashboard.store.lineage import succession_facts
from dashboard.store.reconciliation import tables
from ingest.reconcile.england import Comparison
from ingest.reconcile.tables import TableReconciliation
from ingest.store.successions import Facts
from rtt.findings.left_out import cut_words
from rtt.findings.sentences import LICENCE
from rtt.measures.indicators import INDICATORS, MINIMUM_SET, Indicator
from rtt.measures.standards import Standard, every_standard, target_words
from rtt.spc import false_alarms
from rtt.spc.charts import Kind
from rtt.spc.settings import Rules
from rtt.terms.wording import date_text, month_text, number_text, plural

Component = Any
QUICK_GUIDE = "/quick-guide"
KIND = {"stock": "Counted at the census", "flow": "Counted over the period"}
UNIT = {"share": "%", "pathways": "Pathways", "weeks": "Weeks", "band": "Week band"}
MOST_MONTHS = 24
"""Months that are told one by one: those before them are told together."""


@dataclass(frozen=True, slots=True)
class About:
    """What the page asks the database for."""

    reconciled: Reconciled | None
    version: int
    tables: TableReconciliation
    facts: Facts  # which organisation became which


def load(connection: Connection, scope: Scope) -> About:
    """Our figures beside the published ones; four statements, none on sample data, three for each table."""
    real = scope.loaded.kind == "real"
    beside = tables(connection) if real else TableReconciliation((), (), {})
    compared = reconciled(connection) if real else None
    return About(compared, data_version(connection), beside, succession_facts(connection))


def draw(scope: Scope, found: About) -> Component:
    """The page."""
    return html.Div(
        [
            html.H1("About these figures"),
            html.P(
                "What each figure means, how it is calculated and how it was checked.",
                className="rtt-question",
            ),
            html.P(
                [
                    "New here? ",
                    html.A("The quick guide", href=QUICK_GUIDE, className="nhsuk-link"),
                    " is two pages, for ward managers and service leads.",
                ]
            ),
            _contents(),
            *show.placed(parts(scope, found), scope.filters),
            show.section(
                "Accessibility statement", _paragraphs(about_words.ACCESSIBILITY), name="accessibility"
            ),
            show.section(
                "Licence and version",
                html.P(LICENCE),
                html.P(f"{PRODUCT}; data version {number_text(found.version)}."),
                name="licence",
            ),
        ]
    )


def _contents() -> Component:
    names = {
        "definitions": "Definitions",
        "standards": "Standards",
        "method": "How the figures are calculated",
        "signals": "Signals",
        "benchmark": "Comparing providers",
        "mergers": "Organisations that merged",
        "published": "Against the published figures",
        "published-tables": "Against the published tables",
        "accessibility": "Accessibility",
        "licence": "Licence and version",
    }
    items = [html.Li(html.A(name, href=f"#{at}-title", className="nhsuk-link")) for at, name in names.items()]
    return html.Nav(html.Ul(items, className="rtt-contents"), **attributes(aria_label="On this page"))


def _paragraphs(texts: tuple[str, ...]) -> Component:
    return html.Div([html.P(text) for text in texts])


def parts(scope: Scope, found: About) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [
        _definitions(),
        _standards(),
        show.section("How the figures are calculated", _paragraphs(about_words.METHOD), name="method"),
        _signals(scope.rules),
        show.section("Comparing providers", _paragraphs(about_words.BENCHMARK), name="benchmark"),
        mergers_section(found.facts),
        _reconciliation(scope, found.reconciled),
        tables_section(found.tables),
    ]


def _definitions() -> show.Card:
    columns = ["Indicator", "What it means", "How it is calculated", "Unit", "Kind", "Source"]
    rows = [_definition(indicator) for indicator in MINIMUM_SET]
    return show.table_card(
        "Definitions",
        html.P(
            "The minimum set of key indicators. The Elective Care Intensive Support Team’s list of that "
            "name was not found in public sources, so each indicator gives its own source."
        ),
        show.Table(
            "The indicators",
            columns,
            rows,
            text_columns=6,
            label="Definitions, table",
            name="definitions",
            values=show.values_of(rows, text_columns=6),
        ),
        name="definitions",
        as_csv=True,
    )


def _definition(indicator: Indicator) -> list[Component]:
    return [
        indicator.name,
        indicator.definition,
        indicator.calculation,
        UNIT[indicator.unit],
        KIND[indicator.kind],
        indicator.source,
    ]


def _standards() -> show.Card:
    columns = ["From", "Until", "Measure", "Standard", "For", "Kind", "Source"]
    found = sorted(every_standard(), key=lambda each: each.starts, reverse=True)
    rows = [_standard(each) for each in found]
    return show.table_card(
        "Standards and milestones",
        show.Table(
            "Standards, newest first",
            columns,
            rows,
            text_columns=7,
            label="Standards, table",
            name="standards",
            values=show.values_of(
                rows,
                text_columns=7,
                instead={0: [each.starts for each in found], 1: [each.ends for each in found]},
            ),
        ),
        name="standards",
        as_csv=True,
    )


def _standard(standard: Standard) -> list[Component]:
    known = INDICATORS.get(standard.measure)
    return [
        date_text(standard.starts),
        date_text(standard.ends) if standard.ends else "Open",
        known.name if known else standard.measure.replace("_", " ").capitalize(),
        target_words(standard),
        f"{standard.scope}, {' and '.join(standard.levels)}",
        f"{standard.kind}, {standard.status}" if standard.status else standard.kind,
        standard.source,
    ]


def _signals(rules: Rules) -> Component:
    return show.section(
        "Signals on process control charts", _paragraphs(_signal_words(rules)), name="signals"
    )


def _signal_words(rules: Rules) -> tuple[str, ...]:
    """The rules as Trends tells them, and the rates at 24 points."""

    def rate(kind: Kind, correlation: float = 0.0) -> str:
        found = false_alarms.false_alarms(kind=kind, rules=rules, points=24, correlation=correlation)
        return f"{found.latest:.1%}"

    alarms = (
        "False alarms: when nothing has changed, the latest point of a 24-month series is still flagged "
        f"in {rate('flow')} of flows. Of stocks, it is flagged in {rate('stock', -0.1)} where their changes "
        f"are uncorrelated. It is {rate('stock', 0.1)} where the estimated correlation is 0.1. "
        "The Trends page gives the rate for the series it shows."
    )
    return (*rule_words(rules), *about_words.SIGNALS, alarms)


def _reconciliation(scope: Scope, found: Reconciled | None) -> show.Part:
    title = "Against the published figures, month by month"
    if found is None:
        why = (
            "Sample data is made up, so there are no published figures to compare it with."
            if scope.loaded.kind == "sample"
            else "No published time series is loaded. To compare: rtt load RTT-Overview-Timeseries.xlsx"
        )
        return show.section(title, html.P(why), name="published")
    columns = ["Month", "Compared", "Equal", "Different", "Not comparable", "Published in"]
    return show.table_card(
        title,
        html.P(f"{found.sentence}. Counts must be equal exactly, shares and weeks within a millionth."),
        show.Table(title, columns, month_rows(found.months), label="Reconciliation, table"),
        *([_differing(found.differing)] if found.differing else []),
        _reasons(found.reasons),
        name="published",
        as_csv=True,
    )


def month_rows(months: Sequence[Month]) -> list[list[str]]:
    """The newest two years month by month, and all before them together."""
    rows = [
        _row_of(month_text(each.month), [each], each.vintage or "no workbook loaded")
        for each in months[:MOST_MONTHS]
    ]
    if earlier := months[MOST_MONTHS:]:
        first, last = month_text(earlier[-1].month), month_text(earlier[0].month)
        rows.append(_row_of(f"{first} to {last}", earlier, plural(len(earlier), "month")))
    return rows


def _row_of(name: str, months: Sequence[Month], last: str) -> list[str]:
    equal, differ, not_comparable = (
        sum(counts)
        for counts in zip(*((each.equal, each.differ, each.not_comparable) for each in months), strict=True)
    )
    return [name, *map(number_text, (equal + differ, equal, differ, not_comparable)), last]


def _differing(found: Sequence[Comparison]) -> Component:
    rows = [
        [month_text(each.month), each.section, each.measure, str(each.ours), str(each.published)]
        for each in found[:50]
    ]
    columns = ["Month", "Section", "Measure", "Ours", "Published"]
    table = show.scrolling(
        show.table("Figures that differ", columns, rows, text_columns=3), label="Figures that differ, table"
    )
    cut = cut_words(len(rows), len(found))
    return html.Div([html.P(cut), table]) if cut else table


def _reasons(reasons: Sequence[tuple[str, int]]) -> Component:
    if not reasons:
        return html.Div()
    items = [html.Li(f"{plural(count, 'figure')}: {reason}.") for reason, count in reasons]
    return html.Div([html.P("Not comparable, and why:"), html.Ul(items)])
