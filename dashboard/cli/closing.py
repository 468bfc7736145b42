"""`rtt closed`: note that a provider has closed or merged, so that it is missing no longer."""

import re
from collections.abc import Sequence
from datetime import date

from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, WrongUse, say
from dashboard.settings.settings import from_environment
from dashboard.store.served import served_url
from ingest.loading.words import in_full
from ingest.store.closures import forget_closure, record_closure

_CODE = re.compile(r"[0-9A-Z]{3,6}")


def note_closure(provider: str, closed_on: date | None, successors: Sequence[str], *, forget: bool) -> int:
    """Note it, or take the note back. Raises `WrongUse` for what is no code, and for a missing day."""
    codes = [each.strip().upper() for each in (provider, *successors)]
    wrong = [each for each in codes if not _CODE.fullmatch(each)]
    if wrong:
        raise WrongUse(f"{wrong[0][:20]} is not a provider code, such as RA9 or NT447.")
    with opened(served_url(from_environment())) as engine:
        if forget:
            there = forget_closure(engine, codes[0])
            say(f"{codes[0]}: {'the closure was removed' if there else 'no closure was noted'}.")
            return DONE
        if closed_on is None:
            raise WrongUse("Enter the first day without it: rtt closed RA9 2025-08-01")
        record_closure(engine, codes[0], closed_on, codes[1:])
    into = f", its patients with {' and '.join(codes[1:])}" if codes[1:] else ""
    say(f"{codes[0]}: closed from {in_full(closed_on)}{into}. Later months are complete without its return.")
    return DONE
