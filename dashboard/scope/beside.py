"""The places that a reader puts beside the scope: up to three, of any level, by their codes in the address.

One more is added by its code or by some of its name; what fits nobody, or several, is said and not guessed.
"""

from collections.abc import Sequence

from dashboard.filters import Filters
from dashboard.store.loaded_extracts import Organisation
from rtt.terms.wording import list_text

MOST = 3
"""Places beside the scope: of more lines nobody tells which is whose."""
_LEVELS = ("provider", "icb", "region", "england", "commissioner")
_NAMED = 4
_NOBODY = "-"  # NHS England's own commissioning is both an ICB and a region, and neither


def codes(
    filters: Filters,
    source: str,
    own: Organisation,
    listed: Sequence[Organisation],
    notices: list[str],
) -> tuple[str, ...]:
    """The codes that stand beside the scope, those asked for and the one added."""
    asked = [*filters.beside, *([filters.add] if filters.add.strip() else [])]
    if not asked:
        return ()
    if source != "monthly":
        notices.append("The PTL covers only its own trust, so no other place is shown beside it.")
        return ()
    found: list[str] = []
    for text in asked:
        place = _place(text, own, listed, notices)
        if place is not None and place.code not in (*found, own.code):
            found.append(place.code)
    if len(found) > MOST:
        notices.append(f"At most {MOST} places are shown beside this one; the others were left out.")
    return tuple(found[:MOST])


def organisations_of(wanted: Sequence[str], listed: Sequence[Organisation]) -> list[Organisation]:
    """The organisations of these codes, each of the first level that has it."""
    return [each for code in wanted if (each := _by_code(code, listed)) is not None]


def _by_code(code: str, listed: Sequence[Organisation]) -> Organisation | None:
    there = [each for each in listed if each.code == code.upper() and each.level in _LEVELS]
    return min(there, key=lambda each: _LEVELS.index(each.level), default=None)


def _place(
    text: str, own: Organisation, listed: Sequence[Organisation], notices: list[str]
) -> Organisation | None:
    """The place that a text means: its code, or the one name that has its words, of the own level first."""
    text = text.strip()
    if text == _NOBODY:
        return None
    if (exact := _by_code(text, listed)) is not None:
        return exact
    # As the list of suggestions writes it: "Dorset (QVV)".
    if text.endswith(")") and (exact := _by_code(text.rpartition("(")[2][:-1], listed)) is not None:
        return exact
    words = text.casefold().split()
    there = [
        each
        for each in listed
        if each.level in _LEVELS
        and each.code != _NOBODY
        and all(word in each.name.casefold() for word in words)
    ]
    alike = [each for each in there if each.level == own.level] or there
    if len(alike) == 1:
        return alike[0]
    if alike:
        named = [f"{each.name} ({each.code})" for each in alike[:_NAMED]]
        if len(alike) > _NAMED:
            named.append(f"{len(alike) - _NAMED} more")
        notices.append(
            f"“{text}” fits {len(alike)} places: {list_text(named)}. Give more of the name, or the code."
        )
    else:
        notices.append(f"There is no place “{text}” in this census; nothing was put beside this one.")
    return None
