"""Which publication of a file it is, told from its name."""

import re
from collections.abc import Iterable


def revision_of(names: Iterable[str]) -> int:
    """0 for a first publication, 1 for "revised" or "revision", N for "revised-N": the highest found."""
    ranks = [0]
    for name in names:
        for match in re.finditer(r"(?i)revis(?:ed|ion)(?:[-_ ]?(\d{1,2})(?!\d))?", name):
            ranks.append(int(match[1] or 1))
    return max(ranks)
