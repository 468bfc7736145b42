"""What day it is, in London: where the commands learn it, to pass it on as an argument."""

from datetime import UTC, date, datetime

from rtt.terms.calendar import LONDON


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The date in London, by which a census is judged."""
    return now().astimezone(LONDON).date()
