"""What a page of the publisher offers, known by the words of its links and the month in them.

Addresses end in a random suffix and lie in a folder by the month of publication, so none is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from ingest.extracts.monthly.period import month_in_words
from ingest.files.revisions import NO_DATE, revision_of

EXTRACT_WORDS = "Full CSV data file"
SERIES_WORDS = "RTT Overview Timeseries"
YEAR_WORDS = "rtt-data-2025-26"

_LONGEST = 1_000  # characters
_EXTRACT = re.compile(r"\bfull\b.{0,20}\bcsv\b", re.IGNORECASE)
_SERIES = re.compile(r"\boverview\b.{0,10}\btime\s?-?series\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d\d)[-‐-―/](?:20)?(\d\d)(?!\d)")
_SUBJECT = re.compile(r"\brtt\b|waiting|referral", re.IGNORECASE)
_PUBLISHED = re.compile(r"/(20\d\d)/(0[1-9]|1[0-2])/")
# A random suffix may begin with a digit: "revised-7xKq" is no seventh revision.
_REVISED = re.compile(rf"revis(?:ed|ion)(?:[-_](\d{{1,2}})(?=[-_.]|$){NO_DATE})?", re.IGNORECASE)
# What stands in brackets is the kind of file, its size, or a day.
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a reader sees it, and where it leads."""

    text: str
    address: str

    @property
    def file_name(self) -> str:
        return unquote(urlsplit(self.address).path.rsplit("/", 1)[-1])


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that a page offers. `published`: the year and month of its folder, (0, 0) if it names none."""

    month: date  # month end
    link: Link
    revision: int
    published: tuple[int, int]


def links_of(page: bytes, address: str) -> list[Link]:
    """Every link that leads away from a page, its words with single spaces, its address whole."""
    tree = LexborHTMLParser(page, encoding=True)
    for line_end in tree.css("a br"):
        line_end.replace_with(" ")
    base = tree.css_first("base[href]")
    root = (base and _whole(address, base.attributes.get("href"))) or address
    found = []
    for node in tree.css("a[href]"):
        whole = _whole(root, node.attributes.get("href"))
        # A list of contents leads down its own page.
        if whole is None or whole == urldefrag(address).url:
            continue
        text = "".join(each for each in " ".join(node.text().split()) if each.isprintable())
        # Both are told to people, on pages and in a terminal.
        if whole.isprintable() and len(whole) <= _LONGEST:
            found.append(Link(text[:_LONGEST], whole))
    return found


def _whole(root: str, reference: str | None) -> str | None:
    """Where a reference leads, without the place on the page; None for what is no address, as http://[ is."""
    try:
        whole = urldefrag(urljoin(root, (reference or "").strip())).url
        return whole if urlsplit(whole).scheme in ("https", "http") else None
    except ValueError:
        return None


def year_pages(links: Iterable[Link]) -> list[tuple[int, Link]]:
    """What may be the pages of financial years by the year they begin in, the newest first; of a year those
    whose address says so first: an annual report or press notices may be worded like one.
    """
    found: dict[tuple[int, str], tuple[int, Link]] = {}
    for link in links:
        path = urlsplit(link.address).path.rstrip("/")
        last = path.rsplit("/", 1)[-1]
        if "." in last:
            continue  # a file
        for rank, words in enumerate((last, link.text)):
            match = _YEAR.search(words)
            is_year = match and (int(match[1]) + 1) % 100 == int(match[2])
            if match and is_year and (_SUBJECT.search(words.replace("-", " "))):
                found.setdefault((int(match[1]), link.address), (rank, link))
                break
    ordered = sorted(found.items(), key=lambda each: (-each[0][0], each[1][0]))
    return [(year, link) for (year, _), (_, link) in ordered]


def extracts(links: Iterable[Link]) -> list[Offered]:
    """The full extracts that links offer by their words and month, in the page's order."""
    return _offered(links, _EXTRACT)


def time_series(links: Iterable[Link]) -> Offered | None:
    """The newest overview time series."""
    found = _offered(links, _SERIES)
    return best(found) if found else None


def best(offered: Sequence[Offered]) -> Offered:
    """Of several vintages the newest: by month, revision, folder of publication, then place on the page."""
    return max(enumerate(offered), key=lambda each: (*_rank(each[1]), each[0]))[1]


def _rank(offered: Offered) -> tuple[date, int, tuple[int, int]]:
    return offered.month, offered.revision, offered.published


def _offered(links: Iterable[Link], words: re.Pattern[str]) -> list[Offered]:
    found: dict[str, Offered] = {}
    for link in links:
        name = _BRACKETS.sub(" ", link.text)
        month = month_in_words(name) if words.search(name) else None
        if month is None:
            continue
        offered = Offered(month, link, _revision(link), folder_of(link.address))
        found.setdefault(link.address, offered)
    return list(found.values())


def folder_of(address: str) -> tuple[int, int]:
    """The year and month of publication that an address names, (0, 0) if none."""
    folder = _PUBLISHED.search(urlsplit(address).path)
    return (int(folder[1]), int(folder[2])) if folder else (0, 0)


def _revision(link: Link) -> int:
    said = _REVISED.search(link.file_name)
    return max(revision_of([link.text]), int(said[1] or 1) if said else 0)
