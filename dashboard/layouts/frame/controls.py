"""The filters of a page as one row of chips: native controls, labelled, applied at once, written to the
address by url.js. A chip says what is chosen.

A page names the controls it offers. One appears only where there is a choice to make: a monthly return has no
sites, one trust's list no other trusts. "compare=year" offers the control `compare` with the year before as
the page's own choice, "compare=year/quarter" the quarter before for a tracking list.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from dashboard.analysis.benchmark import PEER_MEASURES
from dashboard.filters import THEN, to_query
from dashboard.layouts.frame import html, ids, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.scope.nearest import KIND_NAMES
from dashboard.scope.scope import Scope, compared_with
from rtt.findings.list_shape import band_words
from rtt.findings.sentences import PRIORITIES
from rtt.measures.indicators import INDICATORS
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.waits import BANDS
from rtt.terms.wording import date_text

Component = Any
Control = Callable[[Scope, str], Component | None]
Options = Sequence[tuple[str, str]]
ALL = "*"

ELSEWHERE = ("source", "level", "org")
"""Declared by a page like the others; chosen by the switch of Week and Month, and by Find a place."""


def filter_bar(scope: Scope, names: Sequence[str], *, has_history: bool) -> Component:
    """The controls a page offers, in order, with Reset and Copy link. `has_history`: its months before a
    merger follow the switch.
    """
    made = []
    for name in (*names, *(["history"] if has_history else [])):
        control, _, usual = name.partition("=")
        if control not in ELSEWHERE:
            made.append(_CONTROLS[control](scope, usual))
    buttons = html.Div(
        [
            link("Reset", "?", **attributes(data_replace="yes")),
            html.Button(
                "Copy link", className="rtt-button", type="button", **attributes(data_copy="address")
            ),
        ],
        className="rtt-buttons",
    )
    return html.Section(
        html.Div([*(each for each in made if each is not None), buttons], className="rtt-filters"),
        **attributes(aria_label="Filters"),
    )


def select(name: str, label: str, options: Options, value: str) -> Component:
    """A native select of one filter, with its label."""
    # The label holds its control: an id made of a pattern cannot be the target of a label.
    return html.Label(
        [
            html.Span(label, className="rtt-label"),
            native.Select(
                id=ids.control(name),
                # The component shows nothing for an empty value, so "all" has a value of its own.
                options=[{"value": code or ALL, "label": text} for code, text in options],
                value=value or ALL,
            ),
        ],
        className="rtt-filter",
    )


def chip(scope: Scope, name: str, label: str, options: Options, value: str) -> Component:
    """One filter of the row, "Census: 31 Dec 2025"; a press opens its own menu. The first option is usual."""
    # The label holds its control: an id made of a pattern cannot be the target of a label.
    menu = html.Label(
        [
            html.Span(label, className="rtt-label"),
            native.Select(
                id=ids.control(name),
                # The component shows nothing for an empty value, so "all" has a value of its own.
                options=[{"value": code or ALL, "label": text} for code, text in options],
                value=value or ALL,
            ),
        ]
    )
    return marked(scope, name, label, menu, chosen=value != options[0][0])


def marked(scope: Scope, name: str, label: str, menu: Component, *, chosen: bool) -> Component:
    """A chip; one that is not as usual is bold, has a thick edge and a link that clears it."""
    if not chosen:
        return html.Div(menu, className="rtt-pick")
    usual: Any = {"tf": (), "census": None}.get(name, "")
    together = {"group": ""} if name == "tf" else {"tf": ()} if name == "group" and scope.functions else {}
    clear = link(
        "×",
        to_query(scope.filters, **{name: usual}, **together) or "?",
        className="rtt-pick__clear",
        **attributes(data_replace="yes", aria_label=f"Clear {label}"),
    )
    return html.Div([menu, clear], className="rtt-pick rtt-pick--chosen")


def _kind(scope: Scope, _usual: str) -> Component | None:
    lists_providers = scope.organisation.level == "icb" or scope.filters.compares_providers
    if scope.source == "weekly" or not lists_providers or scope.organisation.kind == "group":
        return None
    return chip(scope, "kind", "Kind of provider", [("", "All"), *KIND_NAMES.items()], scope.filters.kind)


def _group(scope: Scope, _usual: str) -> Component | None:
    if not scope.groups:
        return None
    options = [(each.key, f"{each.name} ({each.kind})") for each in scope.groups]
    return chip(scope, "group", "Saved group", [("", "None"), *options], scope.filters.group)


def _site(scope: Scope, _usual: str) -> Component | None:
    if len(scope.sites) < 2:
        return None
    options = [(code, name or code) for code, name in scope.sites]
    return chip(scope, "site", "Site", [("", "All"), *options], scope.filters.site)


def _specialties(scope: Scope, _usual: str) -> Component:
    chosen = scope.functions
    said = short_name_of(chosen[0]) if len(chosen) == 1 else f"{len(chosen)} specialties"
    boxes = native.Checklist(
        id=ids.control("tf"),
        options=[{"value": code, "label": short_name_of(code)} for code in scope.offered_functions],
        value=list(chosen),
    )
    panel = html.Fieldset(
        [
            html.Legend("Specialties", className="nhsuk-u-visually-hidden"),
            html.Button(
                "All specialties",
                type="button",
                className="rtt-link-button",
                **attributes(data_clear="tf"),
            ),
            boxes,
        ],
        className="rtt-popup__panel rtt-choices__panel",
        # A press on its words gives the focus to the panel, not to the page behind it.
        tabIndex=-1,
    )
    summary = html.Summary([html.Span("Specialty", className="rtt-label"), said if chosen else "All"])
    menu = html.Details([summary, panel], className="rtt-popup rtt-choices")
    return marked(scope, "tf", "Specialty", menu, chosen=bool(chosen))


def _pathway(scope: Scope, _usual: str) -> Component:
    weekly = [("admitted", "Admitted"), ("non-admitted", "Non-admitted")] if scope.source == "weekly" else []
    options = [("", "All"), *weekly, ("dta", "With decision to admit")]
    return chip(scope, "pathway", "Pathways", options, scope.filters.pathway)


def _priority(scope: Scope, _usual: str) -> Component | None:
    if scope.source != "weekly":
        return None
    options = [(code, words[0].upper() + words[1:]) for code, words in PRIORITIES.items()]
    return chip(scope, "priority", "Priority", [("", "All"), *options], scope.filters.priority)


def _census(scope: Scope, _usual: str) -> Component | None:
    newest, *_ = options = _census_options(tuple(scope.loaded.censuses(scope.source)))
    value = scope.filters.census.isoformat() if scope.filters.census else ""
    return chip(scope, "census", "Census", [("", newest[1]), *options], value)


@lru_cache(maxsize=8)
def _census_options(dates: tuple[date, ...]) -> tuple[tuple[str, str], ...]:
    """Newest first."""
    return tuple((each.isoformat(), date_text(each)) for each in reversed(dates))


def _compare(scope: Scope, usual: str) -> Component | None:
    weekly = scope.source == "weekly"
    monthly_usual, _, weekly_usual = usual.partition("/")
    names = {
        "previous": "Previous week" if weekly else "Previous month",
        "quarter": "12 weeks before" if weekly else "Three months before",
        "year": "52 weeks before" if weekly else "Same month a year before",
    }
    found = compared_with(scope, weekly_usual if weekly and weekly_usual else monthly_usual)
    if found is None:
        return None
    first = date_text(found) if not scope.filters.compare else "Default for this page"
    return chip(scope, "compare", "Compare", [("", first), *names.items()], scope.filters.compare)


def _history(scope: Scope, _usual: str) -> Component | None:
    if not scope.has_predecessors:
        return None
    options = [("", "As now"), (THEN, "As it was then")]
    value = THEN if scope.filters.history == THEN else ""
    return chip(scope, "history", "Before mergers", options, value)


def _band(scope: Scope, _usual: str) -> Component:
    last = min(scope.open_band, BANDS - 1)
    options = [(str(band), band_words(band, open_band=last)) for band in range(last + 1)]
    return chip(scope, "band", "Weeks waited", [("", "All"), *options], scope.filters.band)


def _measure(scope: Scope, _usual: str) -> Component:
    options = [(key, INDICATORS[key].name) for key in PEER_MEASURES]
    value = scope.filters.measure
    return chip(scope, "measure", "Measure", options, value if value in PEER_MEASURES else options[0][0])


def _peers(scope: Scope, _usual: str) -> Component | None:
    if scope.source == "weekly":
        return None
    options = [("specialties", "Specialties of this scope"), ("providers", "Providers of the same kind")]
    shown = "providers" if scope.filters.compares_providers else "specialties"
    return chip(scope, "peers", "Benchmark", options, shown)


def _limits(scope: Scope, _usual: str) -> Component | None:
    if scope.source == "weekly":
        return None
    return chip(scope, "limits", "Limits", [("99.8", "99.8%"), ("95", "95%")], scope.filters.limits or "99.8")


def _audience(scope: Scope, usual: str) -> Component | None:
    """On every page but the pack's only for those to whom it makes a difference."""
    if usual != "always" and not (scope.source == "weekly" and scope.reader.sees_some_pathways):
        return None
    options = [("public", "Public"), ("internal", "Internal")]
    return chip(scope, "audience", "Files for", options, scope.filters.audience or "public")


_CONTROLS: dict[str, Control] = {
    "audience": _audience,
    "history": _history,
    "kind": _kind,
    "group": _group,
    "site": _site,
    "tf": _specialties,
    "pathway": _pathway,
    "priority": _priority,
    "census": _census,
    "compare": _compare,
    "band": _band,
    "benchmark_measure": _measure,
    "peers": _peers,
    "limits": _limits,
}
