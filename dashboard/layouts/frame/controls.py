"""The controls of the filters: native ones, labelled, applied at once, written to the address by url.js.

A page names the controls it offers. One appears only where there is a choice to make: a monthly return has no
sites, one trust's list no other trusts. "compare=year" offers the control `compare` with the year before as
the page's own choice, "compare=year/quarter" the quarter before for a tracking list.
"""

from collections.abc import Callable, Sequence
from typing import Any

from dash import html

from dashboard.analysis.benchmark import PEER_MEASURES
from dashboard.layouts.frame import ids, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.scope.nearest import KIND_NAMES
from dashboard.scope.scope import LEVEL_NAMES, Scope, compared_with
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

WHY_NO_SPLIT = (
    "The monthly return does not split waiting patients into admitted and non-admitted: those without a "
    "decision to admit include everyone for whom nothing is decided yet."
)
_CHOOSE = {
    "region": "Choose a region",
    "icb": "Choose an ICB",
    "provider": "Choose a trust or provider",
    "commissioner": "Choose a commissioner",
}


def filter_bar(scope: Scope, names: Sequence[str]) -> Component:
    """The controls a page offers, in order, with Reset and Copy link."""
    made = []
    for name in names:
        control, _, usual = name.partition("=")
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
    why = "pathway" in names and scope.source == "monthly"
    return html.Section(
        [
            html.Div([*(each for each in made if each is not None), buttons], className="rtt-filters"),
            *([html.P(WHY_NO_SPLIT, className="rtt-small")] if why else []),
        ],
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


def _source(scope: Scope, _usual: str) -> Component | None:
    if len(scope.loaded.sources) < 2:
        return None
    names = {"weekly": "Weekly PTL", "monthly": "Monthly return"}
    return select("source", "Data", [(s, names[s]) for s in scope.loaded.sources], scope.source)


def _level(scope: Scope, _usual: str) -> Component | None:
    held = {o.level for o in scope.organisations} | {"england"}
    if scope.source == "weekly":
        return None
    names = LEVEL_NAMES | {"england": scope.england.name}
    levels = [(level, name) for level, name in names.items() if level in held]
    return select("level", "Level", levels, scope.filters.level or "england")


def _organisation(scope: Scope, _usual: str) -> Component | None:
    weekly = scope.source == "weekly"
    level = "provider" if weekly else scope.filters.level
    kind = scope.filters.kind if level == "provider" else ""
    found = [
        (o.code, f"{o.name} ({o.code})")
        for o in scope.organisations
        if o.level == level and kind in ("", o.kind)
    ]
    if level in ("", "england") or not found or (weekly and len(found) < 2):
        return None
    chosen = scope.filters.org
    first = [] if chosen and weekly else [("", _CHOOSE[level])]
    return select("org", LEVEL_NAMES[level], first + found, chosen)


def _kind(scope: Scope, _usual: str) -> Component | None:
    among_providers = scope.filters.level == "provider" or scope.filters.compares_providers
    if scope.source == "weekly" or not among_providers or scope.organisation.kind == "group":
        return None
    return select("kind", "Kind of provider", [("", "All kinds"), *KIND_NAMES.items()], scope.filters.kind)


def _group(scope: Scope, _usual: str) -> Component | None:
    if not scope.groups:
        return None
    options = [(each.key, f"{each.name} ({each.kind})") for each in scope.groups]
    return select("group", "Saved group", [("", "None"), *options], scope.filters.group)


def _site(scope: Scope, _usual: str) -> Component | None:
    if len(scope.sites) < 2:
        return None
    options = [(code, name or code) for code, name in scope.sites]
    return select("site", "Site", [("", "All sites"), *options], scope.filters.site)


def _specialties(scope: Scope, _usual: str) -> Component:
    chosen = scope.functions
    said = short_name_of(chosen[0]) if len(chosen) == 1 else f"{len(chosen)} specialties"
    said = said if chosen else "All specialties"
    boxes = native.Checklist(
        id=ids.control("tf"),
        options=[{"value": code, "label": short_name_of(code)} for code in scope.offered_functions],
        value=list(chosen),
    )
    return html.Div(
        [
            html.Span("Specialty", className="rtt-label", **attributes(aria_hidden="true")),
            html.Details(
                [
                    html.Summary([html.Span("Specialty: ", className="nhsuk-u-visually-hidden"), said]),
                    html.Fieldset(
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
                        className="rtt-choices__panel",
                        # A press on its words gives the focus to the panel, not to the page behind it.
                        tabIndex=-1,
                    ),
                ],
                className="rtt-choices",
            ),
        ],
        className="rtt-filter",
    )


def _pathway(scope: Scope, _usual: str) -> Component:
    weekly = [("admitted", "Admitted"), ("non-admitted", "Non-admitted")] if scope.source == "weekly" else []
    options = [("", "All waiting"), *weekly, ("dta", "With decision to admit")]
    return select("pathway", "Pathways", options, scope.filters.pathway)


def _priority(scope: Scope, _usual: str) -> Component | None:
    if scope.source != "weekly":
        return None
    options = [(code, words[0].upper() + words[1:]) for code, words in PRIORITIES.items()]
    return select("priority", "Priority", [("", "All priorities"), *options], scope.filters.priority)


def _census(scope: Scope, _usual: str) -> Component | None:
    dates = reversed(scope.loaded.censuses(scope.source))
    newest, *_ = options = [(each.isoformat(), date_text(each)) for each in dates]
    value = scope.filters.census.isoformat() if scope.filters.census else ""
    return select("census", "Census date", [("", f"Newest: {newest[1]}"), *options], value)


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
    first = f"Default: {date_text(found)}" if not scope.filters.compare else "Default for this page"
    return select("compare", "Compare with", [("", first), *names.items()], scope.filters.compare)


def _band(scope: Scope, _usual: str) -> Component:
    last = min(scope.open_band, BANDS - 1)
    options = [(str(band), band_words(band, open_band=last)) for band in range(last + 1)]
    return select("band", "Weeks waited", [("", "No band chosen"), *options], scope.filters.band)


def _measure(scope: Scope, _usual: str) -> Component:
    options = [(key, INDICATORS[key].name) for key in PEER_MEASURES]
    value = scope.filters.measure
    return select("measure", "Measure", options, value if value in PEER_MEASURES else options[0][0])


def _peers(scope: Scope, _usual: str) -> Component | None:
    if scope.source == "weekly":
        return None
    options = [("specialties", "Specialties of this scope"), ("providers", "Providers of the same kind")]
    shown = "providers" if scope.filters.compares_providers else "specialties"
    return select("peers", "Benchmark", options, shown)


def _limits(scope: Scope, _usual: str) -> Component | None:
    if scope.source == "weekly":
        return None
    return select("limits", "Limits", [("99.8", "99.8%"), ("95", "95%")], scope.filters.limits or "99.8")


def _audience(scope: Scope, usual: str) -> Component | None:
    """On every page but the pack's only for those to whom it makes a difference."""
    if usual != "always" and not (scope.source == "weekly" and scope.reader.sees_some_pathways):
        return None
    options = [("public", "Public"), ("internal", "Internal")]
    return select("audience", "Files are for", options, scope.filters.audience or "public")


_CONTROLS: dict[str, Control] = {
    "audience": _audience,
    "source": _source,
    "level": _level,
    "kind": _kind,
    "org": _organisation,
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
