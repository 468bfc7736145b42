"""Which publication of a file it is, told from its name."""

import re
from collections.abc import Iterable

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
NO_DATE = rf"(?!(?:st|nd|rd|th)?[-_ ]*(?:{_MONTHS})|\s*[/.]\s*\d|-\d\d?-\d\d)"
"""Not the day of a date: "revised 3 Oct 2026" and "revised 03/10/26" are no third revision."""
_REVISED = re.compile(rf"revis(?:ed|ion)(?:[-_ ]?(\d{{1,2}})(?!\d){NO_DATE})?", re.IGNORECASE)


def revision_of(names: Iterable[str]) -> int:
    """0 for a first publication, 1 for "revised" or "revision", N for "revised-N": the highest found."""
    ranks = [0]
    for name in names:
        for match in _REVISED.finditer(name):
            ranks.append(int(match[1] or 1))
    return max(ranks)
