"""Short names of organisations for chart labels: published names are long and in capitals.

Tables and files keep the name as published; only where a label would not fit is it shortened, and a board
pack says it without the capitals.
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


def plain_name(name: str) -> str:
    """ "THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST" as it is written in a sentence.

    A name that is not all capitals stays as it is.
    """
    if not name.isupper():
        return name
    words = name.split()
    return " ".join(_word(word, first=not position) for position, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    if word in _KEPT:
        return word
    lower = word.lower()
    if lower in _SMALL and not first:
        return lower
    return re.sub(r"(^|[-(/])([a-z])", lambda found: found[1] + found[2].upper(), lower)
