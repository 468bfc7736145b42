"""The benchmark's cards: one specialty across providers, the specialties of a scope, what the mix explains.

Providers are compared with those of their own kind. Within the limits nobody is ranked: tables go by size.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dashboard.analysis.benchmark import Peers
from dashboard.analysis.peers import kind_of
from dashboard.figures.differences import difference_chart, difference_height
from dashboard.figures.funnel import Unit, funnel_chart
from dashboard.filters import each_query, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.folded import folded
from dashboard.layouts.specialties.chosen import trusts_only
from dashboard.scope.nearest import KIND_NAMES
from dashboard.scope.scope import Scope
from rtt.benchmark.benchmark_words import (
    MOST_NAMED,
    difference_text,
    mix_sentence,
    outside_sentence,
    outside_title,
)
from rtt.benchmark.funnel import FEWEST_PEERS, difference_funnel, proportions_funnel, without_limits
from rtt.benchmark.standardisation import Standardised, standardised
from rtt.measures.indicators import INDICATORS
from rtt.terms.organisation_names import short_label, short_name
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import list_text, plural, share_text

Component = Any
USUAL_LEVEL = 99.8


def peer_level(scope: Scope) -> str:
    """The level whose units are compared: providers, or for a scope's specialties its own level."""
    own = scope.organisation.level
    return "provider" if scope.filters.compares_providers or own == "england" else own


def across_providers(scope: Scope, peers: Peers, england: Peers, measure: str) -> list[show.Part]:
    """The funnel of the specialties chosen, across every provider of one kind."""
    alike = _alike(scope, peers)
    counted, pathways = alike.of_functions(scope.functions)
    there = [int(row) for row in np.argsort(-pathways) if pathways[row] > 0]
    if not there:
        return [show.empty("No providers of this kind have such a list: nothing to compare.")]
    funnel = proportions_funnel(counted[there], pathways[there], level=_level(scope))
    few = len(there) < FEWEST_PEERS
    if few:
        funnel = without_limits(funnel)
    expected = _expected(alike, england)
    names = {each.code: each.name for each in scope.organisations if each.level == "provider"}
    own = _own_providers(scope)
    units = [
        Unit(
            label=_label(names, code, scope),
            name=f"{short_name(names[code])} ({code})" if code in names else code,
            size=float(pathways[row]),
            href=href if code in names else "",
            chosen=code in own,
            beside=code in scope.filters.beside,
            others=() if scope.functions else (share_text(float(expected.expected[row])),),
        )
        for row, href in zip(there, _to_providers(scope, [alike.units[row] for row in there]), strict=True)
        for code in (alike.units[row],)
    ]
    number = _kind_words(scope, len(there))
    found = "" if few else f"{outside_sentence(funnel.side, [unit.label for unit in units])} "
    chart = funnel_chart(
        units,
        funnel,
        title=f"{number}: too few for limits"
        if few
        else outside_title(funnel.side, _lower(KIND_NAMES[kind_of(scope)]), level=funnel.level),
        caption=f"{_specialty_words(scope)}. {found}Together they are at {share_text(funnel.target)}. "
        f"{_too_few(f'{number} with such a list') if few else _spread_words(funnel.tau_squared)}",
        measure=INDICATORS[measure].name,
        heads=() if scope.functions else ("Expected from its specialties",),
        marked="Chosen provider"
        if scope.organisation.level not in ("region", "icb")
        else f"In {short_label(scope.organisation.name)}",
    )
    return [show.card("funnel", chart, height=440, measures=(measure,)), *_mix_card(scope, expected, alike)]


def _own_providers(scope: Scope) -> set[str]:
    """The provider chosen; of a region or an ICB those that lie under it."""
    here, everybody = scope.organisation, scope.organisations
    if here.level not in ("region", "icb"):
        return {here.code}
    icbs = {
        each.code for each in everybody if each.level == "icb" and here.code in (each.code, each.parent_code)
    }
    return {each.code for each in everybody if each.level == "provider" and each.parent_code in icbs}


def _label(names: Mapping[str, str], code: str, scope: Scope) -> str:
    """The short name of a provider, or of the group that stands among them."""
    return short_label(names[code]) if code in names else scope.organisation.name


def across_specialties(scope: Scope, peers: Peers, england: Peers, measure: str) -> list[show.Part]:
    """Each specialty of the scope less its own national figure; for England there is nothing to subtract."""
    if scope.organisation.level == "england":
        way = to_query(scope.filters, peers="providers")
        return [
            show.notice(
                html.P(
                    [
                        "England is the benchmark. Choose a region, an ICB or a provider, or ",
                        show.link("compare providers with one another", way),
                        ".",
                    ]
                )
            )
        ]
    alike = _alike(scope, peers)
    functions, columns = _largest_first(scope, alike)
    if not functions:
        return [show.empty("This scope has no list at this census.", show.link("Show everything", "?"))]
    own = alike.units.index(scope.organisation.code)
    most = int((alike.denominators[:, columns] > 0).sum(axis=0).max())
    if most < FEWEST_PEERS:
        few = _too_few(f"{_peers_words(scope, most)} with such a list")
        return [
            show.notice(html.P(f"{few} The table compares each specialty with England.")),
            *_mix_card(scope, _expected(alike, england), alike),
        ]
    nation = [england.functions.index(code) for code in functions]
    funnel = difference_funnel(
        alike.numerators[:, columns],
        alike.denominators[:, columns],
        unit=own,
        national_numerators=england.numerators[0, nation],
        national_denominators=england.denominators[0, nation],
        level=_level(scope),
    )
    units = [
        Unit(
            label=short_name_of(code),
            name=short_name_of(code),
            size=float(alike.denominators[own, column]),
            href=to_query(scope.filters, tf=(code,), group=trusts_only(scope), peers="providers"),
            chosen=code in scope.functions,
        )
        for code, column in zip(functions, columns, strict=True)
    ]
    borrowed = [unit.name for unit, few in zip(units, funnel.borrowed, strict=True) if few]
    chart = difference_chart(
        units,
        funnel,
        title=outside_title(funnel.side, "specialties", level=funnel.level),
        caption=f"{outside_sentence(funnel.side, [unit.name for unit in units])} Each specialty is "
        "compared with its own national figure. The limits (grey) allow for chance and for the "
        f"usual variation between {_peers_words(scope, len(alike.units))}."
        f"{_borrowed_words(borrowed)}",
        measure=INDICATORS[measure].name,
    )
    expected = _expected(alike, england)
    return [
        show.card("differences", chart, height=difference_height(units), measures=(measure,)),
        *_mix_card(scope, expected, alike),
    ]


def _largest_first(scope: Scope, alike: Peers) -> tuple[list[str], list[int]]:
    """The specialties of the scope that anybody waits for, and their columns; none for a scope without."""
    if scope.organisation.code not in alike.units:
        return [], []
    mine = alike.denominators[alike.units.index(scope.organisation.code)]
    order = np.argsort(-mine)
    columns = [int(at) for at in order if mine[at] > 0 and alike.functions[at] != TOTAL]
    return [alike.functions[at] for at in columns], columns


def _too_few(peers: str) -> str:
    return (
        f"There {'is' if peers.startswith('1 ') else 'are'} only {peers}: too few to show the usual "
        "variation between them, so no limits are drawn."
    )


def _alike(scope: Scope, peers: Peers) -> Peers:
    """The units compared: of one kind, where they are providers; a group as one of them."""
    if peer_level(scope) != "provider":
        return peers
    kinds = {each.code: each.kind for each in scope.organisations if each.level == "provider"}
    wanted = kind_of(scope)
    keep = set(scope.codes) if scope.organisation.kind == "group" else set()
    alike = peers.only(lambda code: kinds.get(code) == wanted or code in keep)
    return alike.together(scope.codes, scope.organisation.code) if keep else alike


def _expected(alike: Peers, england: Peers) -> Standardised:
    functions = [code for code in alike.functions if code != TOTAL and code in england.functions]
    columns = [alike.functions.index(code) for code in functions]
    nation = [england.functions.index(code) for code in functions]
    return standardised(
        alike.numerators[:, columns],
        alike.denominators[:, columns],
        national_numerators=england.numerators[0, nation],
        national_denominators=england.denominators[0, nation],
    )


def _mix_card(scope: Scope, result: Standardised, alike: Peers) -> list[show.Card]:
    """The raw figure beside the one expected from the mix of specialties; of all specialties only."""
    if scope.functions or scope.organisation.code not in alike.units:
        return []
    own = alike.units.index(scope.organisation.code)
    if np.isnan(result.observed[own]):
        return []
    observed, expected = float(result.observed[own]), float(result.expected[own])
    rows = [
        ["Observed", share_text(observed)],
        ["Expected from national specialty rates", share_text(expected)],
        [scope.england.name, share_text(result.national)],
        ["Explained by the mix of specialties", difference_text(expected, result.national)],
        ["Not explained by the mix", difference_text(observed, expected)],
    ]
    left_out = float(result.left_out[own])
    return [
        folded(
            "What the mix of specialties explains",
            show.table_card(
                "What the mix of specialties explains",
                html.P(mix_sentence(result, own)),
                *(
                    [html.P(f"{plural(left_out, 'pathway')} without a national rate: left out.")]
                    if left_out
                    else []
                ),
                show.Table(
                    "All specialties together",
                    ("All specialties together", "Figure"),
                    rows,
                    label="Mix of specialties, table",
                ),
                name="mix",
            ),
        )
    ]


def _to_providers(scope: Scope, codes: Sequence[str]) -> list[str]:
    return each_query(scope.filters, "org", codes, level="provider", group="", site="")


def _level(scope: Scope) -> float:
    return float(scope.filters.limits) if scope.filters.limits else USUAL_LEVEL


def _specialty_words(scope: Scope) -> str:
    return list_text([short_name_of(code) for code in scope.functions]) or "All specialties together"


def _peers_words(scope: Scope, count: int) -> str:
    if peer_level(scope) == "provider":
        return _kind_words(scope, count)
    nouns = {"region": "region", "icb": "ICB", "commissioner": "commissioner"}
    return plural(count, nouns[peer_level(scope)])


def _kind_words(scope: Scope, count: int) -> str:
    return plural(count, _lower(KIND_NAMES[kind_of(scope)]).removesuffix("s"))


def _spread_words(tau_squared: float) -> str:
    if tau_squared > 0:
        return "The limits allow for the usual variation between them as well as for chance."
    return "Variation between them is consistent with chance."


def _borrowed_words(names: Sequence[str]) -> str:
    if not names:
        return ""
    named = list_text(list(names)) if len(names) <= MOST_NAMED else f"{len(names)} of the specialties"
    return f" Too few peers have {named}, so the variation between the other specialties is used."


def _lower(words: str) -> str:
    return words if words.startswith("NHS") else words[0].lower() + words[1:]
