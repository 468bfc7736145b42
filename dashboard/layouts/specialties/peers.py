"""Peers over time: the scope's line among the deciles of its peers, and the peers by name.

Deciles are of the peers that sent such a list that month, of 20 pathways or more; who is left out is counted
in the table of the chart.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from dash import dcc, html

from dashboard.analysis.peers import MIX, PeersOverTime, way_of, ways
from dashboard.figures.chart import Chart
from dashboard.figures.peers_chart import Counted, Own, decile_chart, few_peers_chart
from dashboard.figures.side_by_side import Other
from dashboard.filters import each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.beside import beside_line
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.folded import folded
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.series import NAME_LENGTH
from rtt.benchmark.deciles import place_words
from rtt.benchmark.funnel import FEWEST_PEERS
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label, short_name
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, number_text, plural, share_text, weeks_text

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
        show.card("peers", _chart(scope, found, others), foot=beside_line(scope, "/specialties")),
        _table(scope, found),
        *_saving(scope, found),
    ]


def _settings(scope: Scope) -> Component:
    control = select("among", "Peers", ways(scope), way_of(scope))
    return html.Section(
        html.Div([control], className="rtt-filters"), **attributes(aria_label="Choice of peers", id="peers")
    )


def _chart(scope: Scope, found: PeersOverTime, others: Sequence[Other]) -> Chart:
    indicator, own = INDICATORS[found.measure], _own(scope, found)
    what = indicator.name if not scope.functions else f"{indicator.name}, {_specialties(scope)}"
    last = found.deciles.values[:, -1]
    place = place_words(float(own.values[-1]), last)
    if np.isnan(last).any():
        chart = few_peers_chart(
            found.days,
            own,
            _each(scope, found),
            title=f"{own.name} {own.shown[-1]}, beside {_peers_words(found)}",
            caption=f"{what}. {_too_few(found)} {_left_out(found)}".strip(),
            measure=indicator.name,
            unit=indicator.unit,
            others=others,
        )
        return chart
    where = f", {place} of {_peers_words(found)}" if place else f", beside {_peers_words(found)}"
    return decile_chart(
        found.days,
        own,
        found.deciles.values,
        _counted(found),
        title=f"{own.name} {own.shown[-1]}{where}",
        caption=f"{what}. Thin lines: the deciles of the peers, without {own.name}; dashed: their median. "
        f"Each peer counts alike, whatever its size. {_left_out(found)}".strip(),
        measure=indicator.name,
        unit=indicator.unit,
        words=lambda value: _value_words(indicator.unit, value),
        others=others,
    )


def _own(scope: Scope, found: PeersOverTime) -> Own:
    return Own(
        short_label(scope.organisation.name),
        np.array([np.nan if each is None or each.value is None else each.value for each in found.own]),
        tuple("No such list" if each is None else display(each) for each in found.own),
    )


def _each(scope: Scope, found: PeersOverTime) -> list[tuple[str, Any, list[str]]]:
    """Name, values and words of each peer; of more than nine those with the longest history."""
    names = _names(scope, found)
    rows = sorted(range(len(found.choice.units)), key=lambda row: -int((~np.isnan(found.values[row])).sum()))
    chosen = sorted(rows[: FEWEST_PEERS - 1])
    unit = INDICATORS[found.measure].unit
    return [
        (
            names[found.choice.units[row]],
            found.values[row],
            [
                "Under 20 pathways" if few else _value_words(unit, value) or "No such list"
                for value, few in zip(found.values[row].tolist(), found.few[row].tolist(), strict=True)
            ],
        )
        for row in chosen
    ]


def _value_words(unit: str, value: float) -> str:
    if value != value:
        return ""
    return share_text(value) if unit == "share" else weeks_text(value)


def _counted(found: PeersOverTime) -> Counted:
    absent, few = found.absent.sum(axis=0).tolist(), found.few.sum(axis=0).tolist()
    return Counted(tuple(found.deciles.peers.tolist()), tuple(absent), tuple(few))


def _too_few(found: PeersOverTime) -> str:
    there = int(found.deciles.peers[-1])
    return f"{plural(there, 'peer')} with a figure: too few for deciles, so each has a line of its own."


def _left_out(found: PeersOverTime) -> str:
    """Who has no part in the newest deciles; the table has every month."""
    absent, few = int(found.absent[:, -1].sum()), int(found.few[:, -1].sum())
    said = [f"{number_text(absent)} sent no such list"] if absent else []
    said += [
        f"{number_text(few)} {'has' if few == 1 else 'have'} fewer than {FEWEST_FOR_RATE} pathways"
    ] * bool(few)
    gone = f"Left out on {date_text(found.days[-1])}: {list_text(said)}." if said else ""
    lost = f" Not in this census: {list_text(list(found.choice.left))}." if found.choice.left else ""
    return f"{gone}{lost}".strip()


def _peers_words(found: PeersOverTime) -> str:
    """ "140 NHS trusts of the same region"; one of them in the singular."""
    count, words = int(found.deciles.peers[-1]), found.choice.words
    if count == 1:
        head, _, rest = words.partition(" of ") if " of " in words else words.partition(" with ")
        joint = " of " if " of " in words else " with "
        words = head.removesuffix("s") + (f"{joint}{rest}" if rest else "")
    return f"{number_text(count)} {words}"


def _names(scope: Scope, found: PeersOverTime) -> dict[str, str]:
    level = found.choice.level
    absent = {code: short_label(name) for code, name in scope.returns.names.items()}
    return absent | {each.code: short_label(each.name) for each in scope.organisations if each.level == level}


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


def _specialties(scope: Scope) -> str:
    return list_text([short_name_of(code) for code in scope.functions])


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
