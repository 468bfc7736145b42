"""The scope's own line among the deciles of its peers, or beside the lines of too few of them, in words too.

Deciles are of the peers that sent such a list that month, of 20 pathways or more; who is left out is counted
in the table.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard.analysis.peers import PeersOverTime
from dashboard.figures.chart import Chart
from dashboard.figures.notes import mergers, with_notes
from dashboard.figures.peers_chart import Counted, Own, decile_chart, few_peers_chart
from dashboard.figures.side_by_side import Other
from dashboard.scope.scope import Scope
from rtt.benchmark.deciles import place_words
from rtt.benchmark.funnel import FEWEST_PEERS
from rtt.disclosure.small_numbers import FEWEST_FOR_RATE
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, number_text, plural, share_text, weeks_text


def among_peers(scope: Scope, found: PeersOverTime, others: Sequence[Other] = ()) -> Chart:
    """The chart, with the places `others` beside the scope and the mergers marked; its title says where the
    scope lies.
    """
    return with_notes(_lines(scope, found, others), mergers(scope), found.days[::-1])


def _lines(scope: Scope, found: PeersOverTime, others: Sequence[Other]) -> Chart:
    indicator, own = INDICATORS[found.measure], _own(scope, found)
    what = indicator.name if not scope.functions else f"{indicator.name}, {_specialties(scope)}"
    if np.isnan(found.deciles.values[:, -1]).any():
        return few_peers_chart(
            found.days,
            own,
            _each(scope, found),
            title=f"{own.name} {own.shown[-1]}, beside {_peers_words(found)}",
            caption=f"{what}. {_too_few(found)} {_left_out(found)}".strip(),
            measure=indicator.name,
            unit=indicator.unit,
            others=others,
        )
    where = f", {place_among(found) or f'beside {_peers_words(found)}'}"
    return decile_chart(
        found.days,
        own,
        found.deciles.values,
        _counted(found),
        title=f"{own.name} {own.shown[-1]}{where}",
        caption=f"{what}. {lines_told(found, own.name)}",
        measure=indicator.name,
        unit=indicator.unit,
        words=lambda value: _value_words(indicator.unit, value),
        others=others,
    )


def place_among(found: PeersOverTime) -> str:
    """ "below the 1st decile of 151 NHS trusts", at the newest census; '' where it is not known."""
    now = found.own[-1]
    value = np.nan if now is None or now.value is None else now.value
    place = place_words(value, found.deciles.values[:, -1])
    return f"{place} of {_peers_words(found)}" if place else ""


def lines_told(found: PeersOverTime, without: str) -> str:
    """What the lines are, and who has no part in them besides `without`."""
    return (
        f"Thin lines: the deciles of the peers, without {without}; dashed: their median. "
        f"Each peer counts alike, whatever its size. {_left_out(found)}"
    ).strip()


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


def _specialties(scope: Scope) -> str:
    return list_text([short_name_of(code) for code in scope.functions])
