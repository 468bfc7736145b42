"""The line of a place that others have merged into, and of one that has ended since."""

from typing import Any

from dashboard.analysis.through_time import became, became_sentence, history_words, predecessors
from dashboard.filters import to_query
from dashboard.layouts.frame import html
from dashboard.layouts.frame.components import link
from dashboard.scope.scope import Scope
from rtt.terms.lineage import SUMS

Component = Any
PAGES = ("/", "/trends", "/breaches", "/specialties", "/list", "/plan", "/pack")
"""Those of one place's figures."""
SWITCHED = ("/", "/trends", "/specialties", "/list", "/pack", "/screens")
"""Those on which months before a merger follow the switch; forecasts and plans do not."""


def history_line(scope: Scope) -> Component | None:
    """What became of what, with links; None for a place that has neither ended nor anybody before it."""
    said: list[Component] = []
    if words := became_sentence(scope):
        said += [words, " ", *_links(scope, [each.successor for each in became(scope)], "now", census=None)]
    if words := history_words(scope):
        before = [] if scope.organisation.level in SUMS else _predecessors(scope)
        said += [words, " ", *before]
    if not said:
        return None
    return html.P([*said, link("Which organisations merged", "/about#mergers-title")], className="rtt-small")


def _predecessors(scope: Scope) -> list[Component]:
    codes = [each.code for each in predecessors(scope)]
    return _links(scope, list(dict.fromkeys(codes)), "as it was", census=None)


def _links(scope: Scope, codes: list[str], when: str, **changes: Any) -> list[Component]:
    level, found = scope.organisation.level, []
    for code in codes:
        query = to_query(scope.filters, org=code, level=level, group="", history="", **changes)
        found += [link(f"See {code} {when}", query), ". "]
    return found
