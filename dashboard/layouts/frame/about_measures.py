"""The About of a card: what its measures mean, what is counted out of what, and where that is laid down."""

from collections.abc import Iterable, Sequence

from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import Component, link
from rtt.measures.indicators import INDICATORS, Indicator

KIND = {"stock": "Counted at the census", "flow": "Counted over the period"}
LEFT_OUT = "Pathways whose clock start is not known."
KNOWN_STARTS = "pathways with a known clock start"


def about(title: str, measures: Iterable[str], method: Sequence[str]) -> list[Component]:
    """The definitions of the measures named, and `method`, paragraphs on what is special to this card."""
    known = [INDICATORS[key] for key in dict.fromkeys(measures) if key in INDICATORS]
    more = link(
        "All definitions and methods", "/about", **attributes(aria_label=f"About the figures of {title}")
    )
    return [
        *(html.P(each) for each in method),
        *(part for indicator in known for part in _definition(indicator)),
        html.P(more),
    ]


def _definition(indicator: Indicator) -> list[Component]:
    told = {
        "Meaning": indicator.definition,
        "Counted": f"{_capital(indicator.numerator)}. {KIND[indicator.kind]}." if indicator.numerator else "",
        "Out of": f"{_capital(indicator.denominator)}." if indicator.denominator else "",
        "Left out": LEFT_OUT if indicator.denominator == KNOWN_STARTS else "",
        "Calculation": indicator.calculation,
        "Source": indicator.source,
    }
    terms = [part for term, words in told.items() if words for part in (html.Dt(term), html.Dd(words))]
    return [html.H3(indicator.name), html.Dl(terms, className="rtt-terms")]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
