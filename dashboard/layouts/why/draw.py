"""Why does this figure differ from another published one? Two bases, the steps between, every other basis.

The bases and their figures are `dashboard.analysis.bases`, the steps `rtt.measures.bases`.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.bases import Bases, bases_of, not_offered, offered, other_than
from dashboard.analysis.findings import scope_of
from dashboard.figures.bridge import Step, bridge_chart, height
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY
from rtt.findings import sentences
from rtt.findings.bases_words import MEANING, basis_words, figure_words, size_words, step_words
from rtt.measures.bases import FORMULAS, OWN, Amount, Basis, Bridge, basis_of, bridge
from rtt.measures.indicators import INDICATORS
from rtt.terms.wording import date_text, number_text

Component = Any
USUAL = "total"
HOW = (
    "What the first basis adds to this dashboard’s own figure is taken off, then what the second adds is put "
    "on, one at a time. The steps add up to the difference exactly. Counts are whole pathways. Shares are "
    "fractions and are rounded only where they are printed. The size of a step of a share depends on this "
    "order."
)
KEPT = (
    "Only the newest file of a month is kept: an earlier publication can be chosen where a workbook that "
    "prints the month is loaded."
)
NOBODY = "This figure is not known: nobody is counted in this scope."
OWN_TEXT = "own"


@dataclass(frozen=True, slots=True)
class Found:
    """The bases of the scope, the measure, and the two that are asked for; `ignored`: what was not known."""

    bases: Bases
    key: str
    first: Basis
    last: Basis
    ignored: tuple[str, ...] = ()


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database and of a tracking list; two statements beside those of the shell."""
    bases = bases_of(connection, scope)
    if bases is None:
        return None
    key = scope.filters.measure if scope.filters.measure in FORMULAS else USUAL
    ignored: list[str] = []
    first = _asked(bases, key, scope.filters.basis, OWN, ignored)
    last = _asked(bases, key, scope.filters.against, other_than(bases, key, first), ignored)
    return Found(bases, key, first, last, tuple(ignored))


def _asked(bases: Bases, key: str, text: str, usual: Basis, ignored: list[str]) -> Basis:
    """The basis of an address, where there is such a figure; "own" names this dashboard's in an address."""
    if not text:
        return usual
    try:
        found = OWN if text == OWN_TEXT else basis_of(text)
    except ValueError:
        found = None
    if found is None or not bases.offers(key, found):
        ignored.append(text)
        return usual
    return found


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if scope.census is None:
        return nothing_loaded(scope)
    where = sentences.scope_words(scope_of(scope))
    if found is None:
        way = show.link("Show the monthly return", to_query(scope.filters, source=MONTHLY))
        words = "A PTL has one basis alone. The monthly return has several."
        return html.Div([html.H1(f"Why it differs: {where}"), show.empty(words, way)])
    name = INDICATORS[found.key].name
    return html.Div(
        [
            html.H1(f"Why it differs: {name.lower()}, {where}"),
            html.P(_lead(scope, found), className="rtt-question"),
            *(show.notice(f"“{each}” is no basis of this figure and was ignored.") for each in found.ignored),
            _choices(found),
            *show.placed(parts(scope, found), scope.filters),
        ],
        className="rtt-overview",
    )


def _lead(scope: Scope, found: Found) -> str:
    """The two figures, before anything else."""
    made, share = _bridge(found), _is_share(found)
    if made is None or scope.census is None:
        return NOBODY
    first, last = (figure_words(value, share=share) for value in (made.start, made.end))
    told = f"{first} or {last}?" if made.difference else f"{first} on both bases."
    return f"{INDICATORS[found.key].name}, {date_text(scope.census)}: {told}"


def _bridge(found: Found) -> Bridge | None:
    return bridge(found.first, found.last, lambda basis: found.bases.figure(found.key, basis))


def _choices(found: Found) -> Component:
    bases = [(each.text or OWN_TEXT, basis_words(each)) for each in offered(found.bases, found.key)]
    measures = [(key, INDICATORS[key].name) for key in FORMULAS if found.bases.offers(key, OWN)]
    return html.Div(
        [
            select("measure", "Measure", measures, found.key),
            select("basis", "From", bases, found.first.text or OWN_TEXT),
            select("against", "To", bases, found.last.text or OWN_TEXT),
        ],
        className="rtt-filters rtt-why",
    )


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The bridge, its steps, and every basis with its figure."""
    made = _bridge(found)
    if made is None:
        return []
    chart = [_chart(found, made)] if made.difference else []
    return [*chart, _steps(found, made), _every(scope, found)]


def _is_share(found: Found) -> bool:
    return bool(FORMULAS[found.key].denominator)


def _sentence(found: Found, made: Bridge) -> str:
    share = _is_share(found)
    first, last = (
        f"{figure_words(value, share=share)} ({words[0].lower()}{words[1:]})"
        for value, words in ((made.start, basis_words(made.first)), (made.end, basis_words(made.last)))
    )
    if not made.difference:
        return f"From {first} to {last} there is no difference."
    return f"From {first} to {last} the difference is {size_words(made.difference, share=share)}."


def _chart(found: Found, made: Bridge) -> show.Card:
    share = _is_share(found)
    steps = [
        Step(step_words(step), float(step.size), size_words(step.size, share=share))
        for step in made.steps
        if step.size
    ]
    chart = bridge_chart(
        (basis_words(made.first), float(made.start), figure_words(made.start, share=share)),
        (basis_words(made.last), float(made.end), figure_words(made.end, share=share)),
        steps,
        title=f"The two figures differ by {size_words(made.difference, share=share)}",
        caption=f"{_sentence(found, made)} The steps add up to it.",
        share=share,
    )
    return show.card("bridge", chart, height=height(steps), measures=(found.key,), method=(HOW, KEPT))


def _steps(found: Found, made: Bridge) -> show.Card:
    share = _is_share(found)
    of = ["Pathways", "Of"] if share else []
    columns = ["Step", "What it is", "Size", "Figure then", *of]
    rows = [
        [basis_words(made.first), "", "", *_figure(found, made.first)],
        *(
            [
                step_words(step),
                MEANING[step.dimension],
                size_words(step.size, share=share),
                *_figure(found, step.after),
            ]
            for step in made.steps
        ),
        [basis_words(made.last), "", size_words(made.difference, share=share), *_figure(found, made.last)],
    ]
    return show.table_card(
        "Step by step",
        *([] if made.difference else [html.P(_sentence(found, made))]),
        show.Table(
            "From one figure to the other", columns, rows, text_columns=2, label="Step by step, table"
        ),
        name="steps",
        as_csv=True,
        measures=(found.key,),
        method=(HOW, KEPT),
    )


def _figure(found: Found, basis: Basis) -> list[str]:
    amount = found.bases.figure(found.key, basis)
    assert amount is not None
    share = _is_share(found)
    parts = [number_text(amount.numerator), number_text(amount.denominator or 0)] if share else []
    return [figure_words(_value(amount), share=share), *parts]


def _value(amount: Amount) -> Fraction:
    value = amount.value
    assert value is not None
    return value


def _every(scope: Scope, found: Found) -> show.Card:
    """Every basis with its figure and its difference from the first; what there is none of, and why."""
    share = _is_share(found)
    own = _value(found.bases.figure(found.key, found.first) or Amount(0))
    rows = []
    for basis in offered(found.bases, found.key):
        value = _value(found.bases.figure(found.key, basis) or Amount(0))
        way = to_query(scope.filters, basis=found.first.text or OWN_TEXT, against=basis.text or OWN_TEXT)
        name: Component = basis_words(basis)
        rows.append(
            [
                name if basis == found.first else show.link(name, way),
                figure_words(value, share=share),
                size_words(value - own, share=share),
            ]
        )
    columns = ["Basis", "Figure", f"From: {basis_words(found.first).lower()}"]
    absent = [html.Li(f"{name}: {why}") for name, why in not_offered(found.bases, scope, found.key)]
    none: list[Component] = []
    if absent:
        words = html.P("There is no figure on these bases:", className="rtt-small")
        none = [words, html.Ul(absent, className="rtt-small")]
    return show.table_card(
        "Every basis of this figure",
        show.Table("Every basis of this figure", columns, rows, label="Every basis, table"),
        *none,
        name="bases",
        as_csv=True,
    )
