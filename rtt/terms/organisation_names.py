"""Short names of organisations for chart labels: published names are long and in capitals.

Tables, titles and files keep the name as published; only where a label would not fit is it shortened.
"""

import re

_DROPPED = re.compile(
    r"^NHS (?=.*INTEGRATED CARE BOARD$)|\s+(INTEGRATED CARE BOARD|COMMISSIONING REGION|"
    r"(UNIVERSITY )?(HOSPITALS? )?NHS (FOUNDATION )?TRUST)$",
    re.IGNORECASE,
)
_SMALL = {"and", "of", "the", "upon", "in", "for", "on", "at", "to", "with", "by", "under", "de"}
_KEPT = {"NHS", "ICB", "UK", "CIC", "LLP", "GP", "PLC", "ENT", "NHSE"}
LONGEST = 34


def short_label(name: str) -> str:
    """ "NHS KENT AND MEDWAY INTEGRATED CARE BOARD" -> "Kent and Medway"; at most 34 letters."""
    short = _DROPPED.sub("", _DROPPED.sub("", name.strip())) or name
    if short.isupper():
        short = " ".join(_word(word, first=not position) for position, word in enumerate(short.split()))
    return short if len(short) <= LONGEST else f"{short[: LONGEST - 1].rstrip()}…"


def _word(word: str, *, first: bool) -> str:
    if word in _KEPT:
        return word
    lower = word.lower()
    if lower in _SMALL and not first:
        return lower
    return re.sub(r"(^|[-(/])([a-z])", lambda found: found[1] + found[2].upper(), lower)
