"""Variation as shape and word, never colour alone: the same mark on tiles, in tables and on charts.

The shapes are characters that the style sheet sets before the word (rtt-mark--square and so on): they print,
survive high-contrast settings, and no screen reader spells them out.
"""

from typing import Any

from dashboard.layouts.frame import html
from rtt.findings.findings import Finding, remarks_of
from rtt.spc.reading import WORDS, Icon

Component = Any

ARROWS = {"up": "↑", "down": "↓", None: ""}
_LOOKS = {
    WORDS["improving"]: "improving",
    WORDS["concerning"]: "concerning",
    WORDS["common cause"]: "common",
    WORDS["neutral"]: "changed",
}


def signal(icon: Icon) -> Component:
    """Shape, word and the direction of the data, for a table cell."""
    arrow = (
        f" {ARROWS[icon.arrow]}" if icon.arrow and icon.shape not in ("triangle-up", "triangle-down") else ""
    )
    return _marked(icon.shape, icon.word + arrow, look=_LOOKS[icon.word])


def signal_line(finding: Finding) -> Component | None:
    """What the chart of a finding says, for a tile: shape and sentence, or that limits are still trial."""
    for remark in remarks_of(finding, "signal"):
        return _marked(remark.mark, remark.sentence, look=_LOOKS[remark.word])
    for remark in remarks_of(finding, "caveat"):
        return html.Span(remark.sentence, className="rtt-signal rtt-signal--common")
    return None


def assurance_line(finding: Finding) -> str:
    """In how many censuses the standard was met; '' where there is none."""
    return " ".join(remark.sentence for remark in remarks_of(finding, "assurance"))


def _marked(shape: str, words: str, *, look: str) -> Component:
    return html.Span(words, className=f"rtt-signal rtt-signal--{look} rtt-mark--{shape}")
