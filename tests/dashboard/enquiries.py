"""Who asks, in tests that ask for a scope themselves."""

from datetime import date
from pathlib import Path

from dashboard.server.access import ANYBODY, Enquiry, Reader
from dashboard.settings.settings import Settings

# After every census of the sample data and of the lists that tests make.
TODAY = date(2026, 11, 16)


def by(reader: Reader = ANYBODY, today: date = TODAY, **settings) -> Enquiry:
    return Enquiry(reader, today, Settings(home=Path("nowhere"), **settings))
