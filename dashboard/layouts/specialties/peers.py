"""Peers over time: the scope's line among the deciles of its peers, and the peers by name.

Deciles are of the peers that sent such a list that month, of 20 pathways or more; who is left out is counted
in the table of the chart.
"""

from collections.abc import Sequence
from typing import Any

from dash import dcc

from dashboard.analysis.peers import MIX, PeersOverTime, way_of, ways
from dashboard.figures.among_peers import among_peers
from dashboard.figures.side_by_side import Other
from dashboard.filters import each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.beside import beside_line
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.folded import folded
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.series import NAME_LENGTH
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label, short_name
from rtt.terms.wording import date_text, share_text

Component = Any
MOST_ROWS = 8
"""Peers that are shown before the fold, the worst and whoever is chosen."""
MOST_SAVED = 60
"""Peers that are offered to be saved as a group: more of them are a kind, not a choice."""


def peers_parts(scope: Scope, found: PeersOverTime, others: Sequence[Other]) -> list[show.Part]:
    """How peers are chosen, their chart with the places `others` beside the scope, and their table."""
    if not found.choice.units:
        said = "Nobody else is of this kind in this census: there is nothing to compare with."
        return [_settings(scope), show.empty(said)]
    return [
        _settings(scope),
        show.card("peers", among_peers(scope, found, others), foot=beside_line(scope, "/specialties")),
        _table(scope, found),
        *_saving(scope, found),
    ]


def _settings(scope: Scope) -> Component:
    control = select("among", "Peers", ways(scope), way_of(scope))
    return html.Section(
        html.Div([control], className="rtt-filters"), **attributes(aria_label="Choice of peers", id="peers")
    )


def _table(scope: Scope, found: PeersOverTime) -> show.Card:
    indicator, level = INDICATORS[found.measure], found.choice.level
    full = {each.code: short_name(each.name) for each in scope.organisations if each.level == level}
    before = compared_with(scope, "year")
    mixed = found.choice.way == MIX
    codes = [*found.choice.units, *(code for code in scope.codes if code in found.figures.facts.units)]
    hrefs = each_query(scope.filters, "org", codes, level=found.choice.level, group="", site="")
    rows: list[list[Component]] = []
    steady: list[float | None] = []
    faint: set[int] = set()
    for code, href in zip(codes, hrefs, strict=True):
        figure, total = found.of(code, before=before), found.of(code, "total")
        if figure is None or total is None or not total.value:
            continue
        few = total.value < FEWEST_FOR_RATE
        faint |= {len(rows)} if few else set()
        steady.append(None if few else figure.value)
        rows.append(
            [
                show.link(f"{full.get(code, code)} ({code})", href),
                display(figure),
                *([sentences.short_change(figure)] if before else []),
                display(total),
                *([_distance(found, code)] if mixed else []),
            ]
        )
    columns = [
        "Peer",
        indicator.head,
        *([f"Since {date_text(before)}"] if before else []),
        "Waiting",
        *(["Difference in specialty mix"] if mixed else []),
    ]
    table = show.Table(
        f"{indicator.name} of the peers, {date_text(found.days[-1])}",
        columns,
        rows,
        label="Peers, table",
        name="peers",
        values=show.values_of(rows, instead={1: steady}),
        worst=(1, "asc" if indicator.good == "higher" else "desc"),
        chosen={at for at, code in enumerate(_shown(rows)) if code in scope.codes},
        faint=faint,
        most=MOST_ROWS,
        folded_words="of other peers",
    )
    said = [html.P(_mix_words())] if mixed else []
    title = f"Peers of {short_label(scope.organisation.name)}, by name"
    return folded(title, show.table_card(title, *said, table, name="peer-table", as_csv=True))


def _shown(rows: Sequence[Sequence[Component]]) -> list[str]:
    """The code of each row, from the end of its name."""
    return [show.text(row[0]).rpartition("(")[2].removesuffix(")") for row in rows]


def _distance(found: PeersOverTime, code: str) -> str:
    return share_text(found.choice.distances[code]) if code in found.choice.distances else "Own list"


def _mix_words() -> str:
    return (
        "Difference in mix: the share of a list that would have to be in another specialty for the two to "
        "have the same mix. 0% is the same mix."
    )


def _saving(scope: Scope, found: PeersOverTime) -> list[Component]:
    """The form that keeps these peers, or others by their codes, as a group to choose again."""
    units = found.choice.units
    if not scope.reader.may_write or found.choice.level != "provider" or len(units) > MOST_SAVED:
        return []
    title = "Save these peers, or choose your own"
    fields = [
        _field("Name", dcc.Input(name="name", type="text", maxLength=NAME_LENGTH, required=True)),
        _field(
            "Codes of the peers, with commas between them",
            dcc.Input(name="members", type="text", value=", ".join(units), required=True),
        ),
    ]
    hidden = [
        dcc.Input(name=name, value=value, type="hidden")
        for name, value in (("kind", "trusts"), ("back", f"/specialties{to_query(scope.filters)}"))
    ]
    form = html.Form(
        [*hidden, *fields, html.Button("Save as a group", type="submit", className="rtt-button")],
        action="/groups",
        method="post",
        className="nhsuk-details__text rtt-form",
    )
    summary = html.Summary(
        html.Span(title, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
    )
    return [html.Details([summary, form], className="nhsuk-details")]


def _field(text: str, field: Component) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field], className="rtt-filter rtt-filter--wide"
    )
