"""What people write beside the pages of a pack: which pages ask for it, what is missing, how it is printed.

What is not written leaves nothing behind: no empty box, no placeholder.
"""

from dataclasses import dataclass

from dashboard.analysis.pack import PackFacts
from dashboard.packs.contents.page import Box
from dashboard.store.series import BOARD_ASK, LINE_BREAK
from dashboard.store.written import Narrative
from rtt.findings import sentences
from rtt.findings.attention import Item, ranked
from rtt.findings.findings import Finding, remarks_of
from rtt.terms.wording import date_text, list_text

PAGES = {"share_within_18": "18 weeks", "passing_18_in_4_weeks": "Predicted breaches"}
"""The measures with a page in every pack, and its name: their commentary stands there, flagged or not."""
MOST_ASKS = 4
NOTHING_TO_DECIDE = "Note this report: no item in it calls for a decision."


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that asks for commentary: its measure and name, why the board will ask, what is written."""

    measure: str
    name: str
    reason: str
    narrative: Narrative | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of why, action, owner and date nobody has written."""
        told = self.narrative
        if told is None:
            return ("why", "action", "owner", "date")
        have = {"why": told.why, "action": told.actions, "owner": told.owner, "date": told.due}
        return tuple(name for name, words in have.items() if not words)


def asked_of(found: PackFacts) -> tuple[Asked, ...]:
    """The pages that ask for commentary, in the order of the pack."""
    flagged = {chart.indicator.key: finding for chart, finding in found.exceptions}
    return tuple(
        Asked(
            key,
            PAGES.get(key) or sentences.name(flagged[key]),
            why_flagged(flagged[key]) if key in flagged else sentences.sentence(found.charts[key].last),
            found.narratives.get(key),
        )
        for key in dict.fromkeys((*PAGES, *flagged))
    )


def why_flagged(finding: Finding) -> str:
    """The reason it has a page, generated."""
    reasons = remarks_of(finding, "exception")
    return reasons[0].sentence if reasons else "No longer flagged; its actions are still open."


def boxes_of(narrative: Narrative | None) -> tuple[Box, ...]:
    """What was typed on the page: why; the action with its owner and date."""
    if narrative is None:
        return ()
    due = f"by {date_text(narrative.due)}" if narrative.due else ""
    who = ", ".join(words for words in (narrative.owner, due) if words)
    opened = f"Open since the census of {date_text(narrative.opened_on)}"
    action = narrative.actions + (f" ({who}; {opened[0].lower()}{opened[1:]})" if who else "")
    boxes = (Box("Why", narrative.why), Box("Action", action if narrative.actions else ""))
    owner = Box("Owner", f"{who}. {opened}." if who and not narrative.actions else "")
    return tuple(box for box in (*boxes, owner) if box.text)


def asks_of(found: PackFacts) -> tuple[str, ...]:
    """What the board is asked to do: as somebody wrote it, a line each, or from what needs attention."""
    own = found.narratives.get(BOARD_ASK)
    if own is not None and own.why:
        return tuple(own.why.split(LINE_BREAK))
    # Whether data are late depends on the day; the cover says so, and the rest of a pack does not change.
    items = [item for item in found.attention.items if item.href != "/status"]
    said = tuple(dict.fromkeys(_ask(item) for item in ranked(items)[0][: MOST_ASKS - 1]))
    return said or (NOTHING_TO_DECIDE,)


def _ask(item: Item) -> str:
    """An action of the list "Do next" as a board asks for it: it books nobody itself."""
    action = f"{item.action[0].lower()}{item.action[1:]}"
    if item.kind == "breaches":
        return f"Ask for the {'' if action.startswith('plan') else 'plan to '}{action}: {item.reason}"
    return f"{item.action}: {item.reason}"


def missing_words(asked: Asked) -> str:
    """ "Missing: owner and date"; "Complete"."""
    return f"Missing: {list_text(list(asked.missing))}" if asked.missing else "Complete"
