"""One page or file from the publisher into the cache, or known to be there as it is.

A download that is cut is gone on from where it stopped, if the server says by a mark that it is still the
same file. A file is remembered by its address only after it was found to be what its link says: one that was
refused is asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

from ingest.fetch.cache import Cache, Known
from ingest.fetch.links import Link
from ingest.fetch.polite import Polite, TryAgain, read_within
from ingest.fetch.publisher import NotFetched

LARGEST_PAGE = 5_000_000
_LONGEST_MARK = 200
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
Report = Callable[[int, int], None]
"""Bytes that came, and of how many; 0 where that is not known."""


def page(client: Polite, cache: Cache, address: str) -> tuple[bytes, str]:
    """The body of a page, from the cache if it has not changed, and where it stands, which is elsewhere if it
    was redirected. Raises `NotFetched`.
    """
    known = cache.known(address)

    def take(response: httpx.Response) -> tuple[bytes, str]:
        at = str(response.url)
        if response.status_code == 304 and known is not None:
            return cache.path(known).read_bytes(), at
        _refuse_status(response)
        body = b"".join(read_within(response, LARGEST_PAGE))
        part = cache.part(address)
        cache.begin(part, "")
        part.path.write_bytes(body)
        cache.remember(address, cache.keep(part, name="page.html", **_marks(response)))
        return body, at

    return client.get(address, lambda: known.conditions if known else {}, take)


def file(client: Polite, cache: Cache, link: Link, report: Report) -> tuple[Known, bool]:
    """The file behind a link, and whether it was downloaded now. Raises `NotFetched`.

    One that came without any mark by which a change could be told is not asked for again.
    """
    address = link.address
    known = cache.known(address)
    if known is not None and not known.conditions:
        return known, False

    def headers() -> dict[str, str]:
        # The bytes as they lie there: a range of packed ones would be a range of something else.
        asked = {"Accept-Encoding": "identity"}
        return asked | (cache.part(address).rest or (known.conditions if known else {}))

    def take(response: httpx.Response) -> tuple[Known, bool]:
        if response.status_code == 304 and known is not None:
            return known, False
        return _received(client, cache, link, response, report), True

    try:
        return client.get(address, headers, take)
    except NotFetched as fault:
        begun = cache.part(address).size
        raise type(fault)(
            f"{fault} {begun:,} bytes came; the next run goes on from there." if begun else str(fault)
        ) from None


def _received(client: Polite, cache: Cache, link: Link, response: httpx.Response, report: Report) -> Known:
    part = cache.part(link.address)
    begun = 0
    if response.status_code == 206:
        said = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if said is None or int(said[1]) != part.size or not part.size:
            cache.drop(part)
            raise TryAgain("It answered another part than was asked for.")
        begun = part.size
    elif response.status_code == 416:
        cache.drop(part)
        raise TryAgain("It has no such part.")
    else:
        _refuse_status(response)
        if "text/html" in response.headers.get("content-type", ""):
            raise NotFetched("Expected a file, found a web page.")
        cache.begin(part, _validator(response))
    whole = int(response.headers.get("content-length", "0") or 0) + begun
    try:
        with part.path.open("ab") as kept:
            size = begun
            for chunk in read_within(response, client.publisher.most_bytes, begun=begun):
                kept.write(chunk)
                size += len(chunk)
                report(size, whole if whole > begun else 0)
    except NotFetched:
        cache.drop(part)  # too large: there is nothing to go on with
        raise
    return cache.keep(part, name=link.file_name, **_marks(response))


def _refuse_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in (401, 403):
        raise NotFetched(
            f"It does not let this machine have it (it answered {status}). Save it in a browser, and load it."
        )
    if status in (404, 410):
        raise NotFetched(f"There is nothing at that address (it answered {status}).")
    if status != 200:
        raise NotFetched(f"It answered {status}.")


def _marks(response: httpx.Response) -> dict[str, str]:
    headers = response.headers
    return {"etag": _mark(headers.get("etag")), "modified": _mark(headers.get("last-modified"))}


def _mark(said: str | None) -> str:
    """What can be sent back as it came; '' for anything else."""
    return said if said and len(said) <= _LONGEST_MARK and said.isascii() and said.isprintable() else ""


def _validator(response: httpx.Response) -> str:
    """The mark for going on after a cut: a strong ETag, else the time of change; none for packed bytes."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return ""
    marks = _marks(response)
    etag = marks["etag"]
    return etag if etag and not etag.startswith("W/") else marks["modified"]
