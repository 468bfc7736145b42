"""One run: find what the publisher offers, download what is not here, check it, and load it month by month.

The newest month comes first: whoever waits sees it first, and a run that is stopped leaves the months that
people ask for. Each month is a transaction of its own (`ingest.loading.load`). What follows once at the end,
reconciliation and forecast, is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine

from ingest.extracts import LoadOptions
from ingest.fetch import downloads
from ingest.fetch.cache import Cache, Known
from ingest.fetch.contents import extract_inside, series_inside
from ingest.fetch.find import Asked, Found, find
from ingest.fetch.held import Loaded, is_loaded, loaded_months
from ingest.fetch.journal import SERIES, Fate, Item, Journal
from ingest.fetch.links import Offered, folder_of
from ingest.fetch.polite import Polite
from ingest.fetch.publisher import NotFetched, Publisher, Unreachable
from ingest.loading.incoming import LoadResult, Progress
from ingest.loading.load import load_path

Tell = Callable[[Item, LoadResult | None], None]


@dataclass(frozen=True, slots=True)
class _Means:
    """What a run works with."""

    engine: Engine
    client: Polite
    cache: Cache
    journal: Journal
    options: LoadOptions
    tell: Tell


def run(
    engine: Engine, publisher: Publisher, asked: Asked, journal: Journal, *, options: LoadOptions, tell: Tell
) -> None:
    """Load what the publisher offers; the journal has each item's fate, `tell` hears of it at once.

    Raises `Unreachable` if nobody answers, and what `load_path` raises.
    """
    cache, client = Cache(publisher.cache), Polite(publisher)
    means = _Means(engine, client, cache, journal, options, tell)
    try:
        found = find(client, cache, asked)
        journal.run.looked_for, journal.run.of = found.looked_for, len(found.months) + bool(found.series)
        if found.series is not None:
            _one(means, SERIES, found.series, _series)
        for offered in found.months:
            _one(means, f"{offered.month:%B %Y}", offered, _month)
        for missing in found.missing:
            _kept(means, missing, None)
        _forget_older(cache, found)
    finally:
        client.close()


def check(engine: Engine, publisher: Publisher, asked: Asked) -> list[Item]:
    """What a run would do: the pages are asked for, no file is, and nothing is written."""
    cache, client = Cache(publisher.cache), Polite(publisher)
    try:
        found = find(client, cache, asked)
    finally:
        client.close()
    with engine.connect() as connection:
        months = loaded_months(connection)
        items = [
            _foreseen(cache, f"{each.month:%B %Y}", each, months.get(each.month)) for each in found.months
        ]
        if found.series is not None:
            known = cache.known(found.series.link.address)
            held = Loaded(0, known.content) if known and is_loaded(connection, known.content) else None
            items.insert(0, _foreseen(cache, SERIES, found.series, held))
    return [*items, *found.missing]


def _foreseen(cache: Cache, what: str, offered: Offered, held: Loaded | None) -> Item:
    known = cache.known(offered.link.address)
    fate: Fate = "to load" if held is None else "to replace"
    reason = ""
    if held is not None and known is not None and known.content == held.content:
        fate = "in place"
    elif held is not None and offered.revision <= held.revision:
        fate, reason = "to load", "It is loaded from elsewhere: it would be downloaded and compared."
    return _item(what, offered, fate, reason)


def _one(
    means: _Means, what: str, offered: Offered, load: Callable[..., tuple[Fate, str, LoadResult | None]]
) -> None:
    """Download and load one file; that it fails stops no other, but a way that is gone stops all."""
    journal = means.journal
    journal.at("downloading", what)
    try:
        known, _ = downloads.file(means.client, means.cache, offered.link, journal.part)
        fate, reason, result = load(means, what, offered, known)
    except NotFetched as fault:
        _kept(means, _item(what, offered, "refused", str(fault)), None)
        if isinstance(fault, Unreachable) and _is_of_base(means.client.publisher, offered):
            raise
        return
    _kept(means, _item(what, offered, fate, reason), result)


def _kept(means: _Means, item: Item, result: LoadResult | None) -> None:
    means.journal.run.done += item.fate != "not found"
    means.journal.keep(item)
    means.tell(item, result)


def _month(means: _Means, what: str, offered: Offered, known: Known) -> tuple[Fate, str, LoadResult | None]:
    cache, address = means.cache, offered.link.address
    with means.engine.connect() as connection:
        held = loaded_months(connection).get(offered.month)
    # Where the one that is loaded came from is asked before this address is known by its new content.
    content = known.content or extract_inside(cache.path(known), offered.month).sha256
    if held is not None and held.content == content:
        cache.remember(address, known, month=_iso(offered), content=content)
        return "in place", "", None
    revision = _revision(cache, offered, held)
    if revision is None:
        cache.remember(address, known, month=_iso(offered), content=content)
        return "left", f"Revision {held.revision if held else 0} is loaded, which is newer.", None
    fate, reason, result = _loaded(means, what, cache.path(known), revision)
    if fate != "refused":
        cache.remember(address, known, month=_iso(offered), content=content)
    return fate, reason, result


def _revision(cache: Cache, offered: Offered, held: Loaded | None) -> int | None:
    """The rank to load a file with; None if the one that is loaded ranks above it.

    A file that took the place of the one we loaded, without the word "revised", is the next revision: at the
    same address, or in a later folder of publication.
    """
    if held is None or offered.revision > held.revision:
        return offered.revision
    origin = cache.origin(held.content)
    if origin is not None and (origin == offered.link.address or folder_of(origin) < offered.published):
        return held.revision + 1
    return None if offered.revision < held.revision else offered.revision


def _series(means: _Means, what: str, offered: Offered, known: Known) -> tuple[Fate, str, LoadResult | None]:
    path, address = means.cache.path(known), offered.link.address
    content = known.content or series_inside(path).sha256
    with means.engine.connect() as connection:
        if is_loaded(connection, content):
            means.cache.remember(address, known, month="series", content=content)
            return "in place", "", None
    fate, reason, result = _loaded(means, what, path, None)
    if fate != "refused":
        means.cache.remember(address, known, month="series", content=content)
    return fate, reason, result


def _loaded(
    means: _Means, what: str, path: Path, revision: int | None
) -> tuple[Fate, str, LoadResult | None]:
    journal = means.journal
    journal.at("loading", what)
    # Before the load: a run that is killed between the two leaves a forecast to be made by the next.
    was_due = journal.run.forecast_due
    journal.forecast_due(True)

    def report(progress: Progress) -> None:
        waits = progress.step == "waiting"
        if waits != (journal.run.step == "waiting"):
            journal.at("waiting" if waits else "loading", what)
        journal.part(progress.rows, progress.of)

    (result,) = load_path(
        means.engine, path, options=replace(means.options, revision=revision), report=report
    )
    if result.state in ("refused", "unchanged"):
        journal.forecast_due(was_due)
    if result.state == "refused":
        return "refused", " ".join(map(str, result.problems[:3])), result
    if result.state == "unchanged":
        return "in place", "", result
    return ("replaced" if result.replaced else "loaded"), "", result


def _forget_older(cache: Cache, found: Found) -> None:
    """Delete the downloads of vintages that newer ones took the place of."""
    offered = [*found.months, *([found.series] if found.series else [])]
    good = [each for each in offered if cache.known(each.link.address)]
    keeping = {each.link.address for each in good} | found.pages.keys()
    months = {_iso(each) for each in good if each is not found.series} | (
        {"series"} if found.series in good else set()
    )
    cache.forget(keeping=keeping, months=months, offered={each.link.address for each in offered})


def _item(what: str, offered: Offered, fate: Fate, reason: str = "") -> Item:
    return Item(what, fate, offered.link.text, offered.link.address, reason)


def _iso(offered: Offered) -> str:
    return f"{offered.month:%Y-%m}"


def _is_of_base(publisher: Publisher, offered: Offered) -> bool:
    return urlsplit(offered.link.address).hostname == urlsplit(publisher.base).hostname


def wanted(asked: Asked) -> str:
    """What was asked for, in words."""
    since: date | None = asked.since
    months = f"every month since {since:%B %Y}" if since else f"the newest {asked.months} months"
    return f"{months}{' and the overview time series' if asked.series else ''}"
