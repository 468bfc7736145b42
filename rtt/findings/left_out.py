"""The sentence of a ranked or cut list about those it leaves out: how many, who, and why.

Without it a list that ends at twelve is read as the whole.
"""

from collections.abc import Iterable, Sequence

from rtt.terms.wording import list_text, number_text

MOST_NAMED = 6


def cut_words(shown: int, of: int, *, where: str = "") -> str:
    """ "12 of 22 are drawn; the table has the others."; "" where nothing is cut."""
    if shown >= of:
        return ""
    rest = f"; {where} the others" if where else f"; {number_text(of - shown)} more are not"
    return f"{number_text(shown)} of {number_text(of)} are shown{rest}."


def unranked_words(without: Iterable[tuple[str, str]], *, many: str = "specialties") -> str:
    """Of (name, the words in place of its figure): who is not ranked, and why; "" if there is nobody."""
    names: dict[str, list[str]] = {}
    for name, words in without:
        names.setdefault(words, []).append(name)
    return " ".join(f"Not ranked, {_lower(words)}: {_named(each, many)}." for words, each in names.items())


def left_out_words(
    shown: int, of: int, without: Sequence[tuple[str, str]], *, where: str = "", many: str = "specialties"
) -> str:
    return " ".join(filter(None, (cut_words(shown, of, where=where), unranked_words(without, many=many))))


def _named(names: Sequence[str], many: str) -> str:
    return list_text(list(names)) if len(names) <= MOST_NAMED else f"{number_text(len(names))} {many}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
