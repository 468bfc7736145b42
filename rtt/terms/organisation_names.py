"""Names of organisations as people write them: the extracts have them in capitals.

`title_case` is the whole name, for pages, packs and screens; `short_name` the same with the usual initials,
for the header and the breadcrumb; `short_label` what is left of it for a label of a chart. `rtt figures` and
the API keep the name as published.
"""

import re
from functools import lru_cache

_DROPPED = re.compile(
    r"^NHS (?=.*(INTEGRATED CARE BOARD|\(SUB ICB LOCATION\))$)|\s+(INTEGRATED CARE BOARD|"
    r"\(SUB ICB LOCATION\)|COMMISSIONING REGION|"
    r"(UNIVERSITY )?(HOSPITALS? )?(NHS|NATIONAL HEALTH SERVICE) (FOUNDATION )?TRUST)$",
    re.IGNORECASE,
)
LONGEST = 34
_NEAR = 12  # letters
_LOOSE = re.compile(r"[\s,-]+(and|of|for|the)?$")

_SMALL = frozenset(
    {"a", "and", "at", "by", "de", "for", "in", "le", "next", "of", "on", "or", "the", "to", "under", "upon"}
    | {"with"}
)
# Initials that hold a vowel; those without one are known by that (NHS, FT, LLP, GP, HCRG).
_INITIALS = frozenset(
    {"BMI", "BPAS", "CIC", "CIO", "ENT", "HCA", "ICB", "ICS", "II", "III", "KIMS", "NHSE", "UCLH", "UK"}
)
# Words without a vowel that are no initials, and firms that write themselves in a way of their own.
_WORDS = {
    "DR": "Dr",
    "INHEALTH": "InHealth",
    "ISIGHT": "iSight",
    "LTD": "Ltd",
    "MR": "Mr",
    "MRS": "Mrs",
    "SPAMEDICA": "SpaMedica",
    "ST": "St",
}
_SHORTER = (
    (re.compile(r"\bNHS Foundation Trust$"), "NHS FT"),
    (re.compile(r"\bIntegrated Care Board$"), "ICB"),
    (re.compile(r" \(Sub ICB Location\)$"), ""),
    (re.compile(r" Commissioning Region$"), ""),
)
_PART = re.compile(r"[^\s(/-]+")


@lru_cache(maxsize=16_384)
def title_case(name: str) -> str:
    """ "KING'S COLLEGE HOSPITAL NHS FOUNDATION TRUST" -> "King's College Hospital NHS Foundation Trust".

    A name that has small letters is somebody's own way of writing it and stays; so does one word without a
    vowel or with a digit, for a code stands in the place of a name that is not known.
    """
    name = " ".join(name.split())
    if not name.isupper():
        return name
    return _PART.sub(lambda found: _word(found[0], before=name[: found.start()]), name)


def short_name(name: str) -> str:
    """ "DORSET COUNTY HOSPITAL NHS FOUNDATION TRUST" -> "Dorset County Hospital NHS FT"."""
    short = title_case(name)
    for long, initials in _SHORTER:
        short = long.sub(initials, short)
    return short


def short_label(name: str) -> str:
    """ "NHS KENT AND MEDWAY INTEGRATED CARE BOARD" -> "Kent and Medway"; at most 34 letters."""
    short = title_case(_DROPPED.sub("", _DROPPED.sub("", name.strip())).rstrip(",") or name)
    if len(short) > LONGEST:
        # As these trusts write it themselves: UH Derby and Burton.
        short = re.sub(r"^University Hospitals (of )?", "UH ", short)
    if len(short) <= LONGEST:
        return short
    # At the end of a word, where one is near.
    cut, next_letter = short[: LONGEST - 1], short[LONGEST - 1]
    whole = cut if next_letter == " " else cut.rpartition(" ")[0]
    return f"{_LOOSE.sub('', whole if len(whole) >= LONGEST - _NEAR else cut)}…"


def _word(word: str, *, before: str) -> str:
    bare = word.strip(".,;:)'")
    lower = word.lower()
    if bare.lower() in _SMALL and before.strip():
        # "Nuffield Health, The Grosvenor Hospital": a second name begins there.
        return lower if bare != "THE" or before.rstrip()[-1].isalnum() else word.capitalize()
    if _is_initials(bare):
        return word
    if bare in _WORDS:
        return word.replace(bare, _WORDS[bare])
    # O'BRIEN and D'ARCY, but CHILDREN'S.
    return re.sub(r"^([A-Z]')?([A-Z])", lambda found: found[0].upper(), lower, flags=re.IGNORECASE)


def _is_initials(word: str) -> bool:
    """Whether it is said letter by letter: no vowel, known to be so, or a digit or sign in it (N2S, H&J)."""
    if word in _WORDS:
        return False
    return word in _INITIALS or not re.search("[AEIOUY]", word) or bool(re.search(r"\d|&.", word))
