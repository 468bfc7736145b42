"""Tokens out of a paste: by their shape alone, and never said back.

Whoever pastes may paste what must not be here, a hospital number or a name. It is told by its place in the
paste and goes nowhere: into no address, log, table or message.
"""

import re
from collections.abc import Sequence

from dashboard.store.selections import MOST_ENTRIES
from rtt.terms.wording import number_text

# As ingest.extracts.ptl.tokens makes them: base32, three characters of the key, then sixteen.
_TOKEN = re.compile(r"[A-Z2-7]{3}-[A-Z2-7]{16}")
_BETWEEN = re.compile(r"[\s,;|\"']+")


def entries_of(pasted: str) -> tuple[str | None, ...]:
    """What was pasted, entry by entry: a token, or None for what has not the shape of one."""
    words = [each.upper() for each in _BETWEEN.split(pasted) if each]
    return tuple(each if _TOKEN.fullmatch(each) else None for each in words)


def fault_of(entries: Sequence[str | None]) -> str:
    """Why nothing is looked for; '' where at least one token is."""
    if not entries:
        return "Paste one or more tokens from the first column of a list."
    if len(entries) > MOST_ENTRIES:
        return (
            f"You pasted {number_text(len(entries))} entries; {number_text(MOST_ENTRIES)} are the most at "
            "one time. Paste the list in parts."
        )
    if not any(entries):
        return (
            "No entry is a token. A token is 3 letters or digits, a hyphen and 16 more. NHS and hospital "
            "numbers are not held here and were not kept: your analyst can turn them into tokens, on the PC "
            "that holds the list."
        )
    return ""
