"""How long a pack of twenty charts takes: office formats, and with PDF. Run: python -m benchmarks.pack

It needs a database with data; RTT_DATABASE_URL says which. The first PDF starts the browser, and is counted.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from time import perf_counter

from dashboard.analysis import pack
from dashboard.cli import clock
from dashboard.filters import Filters
from dashboard.packs.contents.pack import Contents, contents_of
from dashboard.packs.formats.made import made
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.served import served_engine

CHARTS = 20
OFFICE = ("pptx", "docx", "xlsx")


def twenty_charts() -> Contents:
    """The pack of the database's own scope, its pages with charts repeated until there are twenty."""
    settings = from_environment()
    with reading(served_engine(settings)) as connection:
        enquiry = Enquiry(ANYBODY, clock.today(), settings)
        found = pack.load(connection, resolve(connection, Filters(), enquiry), whole=True)
    assert found is not None, "nothing is loaded"
    contents = contents_of(found)
    drawn = [page for page in contents.pages if page.chart]
    others = [page for page in contents.pages if not page.chart]
    return replace(contents, pages=(*others, *islice(cycle(drawn), CHARTS)))


def main() -> None:
    """Prints the best of three, and of the PDF the first too."""
    contents = twenty_charts()
    made(contents, OFFICE)
    office = [_seconds(contents, OFFICE) for _ in range(3)]
    print(f"{CHARTS} charts, {'+'.join(OFFICE)}: {min(office):.2f} s (target 2 s)")
    every = [_seconds(contents, (*OFFICE, "pdf")) for _ in range(2)]
    print(
        f"{CHARTS} charts, with PDF: {every[0]:.1f} s with the browser's start, "
        f"then {every[1]:.1f} s (target 15 s)"
    )


def _seconds(contents: Contents, formats: tuple[str, ...]) -> float:
    started = perf_counter()
    found = made(contents, formats)
    assert set(found.files) == set(formats), found.sentences
    return perf_counter() - started


if __name__ == "__main__":
    main()
