"""The way from a figure to why it differs from another published one."""

from collections.abc import Sequence
from typing import Any

from dashboard.filters import to_query
from dashboard.layouts.frame import html
from dashboard.layouts.frame.components import link
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY
from rtt.measures.bases import FORMULAS
from rtt.measures.indicators import INDICATORS
from rtt.terms.parts import INCOMPLETE

Component = Any

WORDS = "Why does this differ from another figure?"


def has_bases(scope: Scope, key: str) -> bool:
    """Whether a measure of a scope can be held against another basis: of a month, all its pathways."""
    return scope.source == MONTHLY and key in FORMULAS and scope.part == INCOMPLETE and not scope.is_part


def way_to_why(scope: Scope, key: str) -> str:
    """The address of the page for a measure."""
    return f"/why{to_query(scope.filters, measure=key, view='', since='', points='', tab=())}"


def why_line(scope: Scope, key: str) -> list[Component]:
    """The link under a chart; [] where there is one basis alone."""
    return [html.P(link(WORDS, way_to_why(scope, key)))] if has_bases(scope, key) else []


def why_links(scope: Scope, keys: Sequence[str]) -> list[Component]:
    """A link for each of several figures of a page, in a sentence; [] where none has another basis."""
    links = [link(INDICATORS[key].name, way_to_why(scope, key)) for key in keys if has_bases(scope, key)]
    told = [part for each in links for part in (", ", each)][1:]
    return [html.P(["Why does it differ from another figure? ", *told])] if links else []
