"""NHS England's statistics site in small, on the loopback interface: pages, files, and what goes wrong.

Pages are written from what is published, links as the publisher words them, addresses with a random suffix in
a folder by the year and month of publication. Every request is counted. What a path is told to do (`slow`,
`cut`, `busy`, `moved`) it does until it is told otherwise.
"""

import hashlib
import io
import ssl
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from rtt.terms.calendar import add_months
from tests import makers

BASE = "/statistics/statistical-work-areas/rtt-waiting-times/"
UPLOADS = "/statistics/wp-content/uploads/sites/2"
FACTS = {
    ("RA1", "00R", "1A", "C_100"): {3: 30, 20: 10},
    ("RA1", "00R", "1B", "C_100"): {2: 50, 19: 10},
    ("RA1", "00R", "2", "C_100"): {1: 100, 10: 60, 30: 40},
    ("RA1", "00R", "3", "C_100"): 110,
    ("RA2", "91Q", "2", "C_110"): {1: 100, 10: 60, 30: 40},
}


def extract(month: date, facts: makers.Facts = FACTS, *, revised: bool = False) -> bytes:
    """The zip of a month's full extract."""
    text = makers.as_csv(makers.table(facts, census=month))
    return zipped({makers.file_name(month, revised=revised): text.encode()})


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()


@dataclass
class File:
    """A published file: its link's words, its path and its bytes."""

    month: date
    text: str
    path: str
    data: bytes


@dataclass
class Publisher:
    """What stands on the site, and what was asked of it."""

    files: list[File] = field(default_factory=list)
    series: list[File] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)  # paths that are linked and answer 404
    cut: dict[str, list[int]] = field(default_factory=dict)  # path -> bytes after which the next answers end
    slow: dict[str, float] = field(default_factory=dict)  # path -> seconds before each kilobyte
    busy: dict[str, list[tuple[int, str]]] = field(
        default_factory=dict
    )  # path -> status, Retry-After; in turn
    moved: dict[str, str] = field(default_factory=dict)  # path -> where it is redirected to
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(
        default_factory=dict
    )  # path -> a whole answer in place of ours
    pages: dict[str, str] = field(default_factory=dict)  # path -> a page in place of ours
    kinds: dict[str, str] = field(default_factory=dict)  # path -> content type
    marks: bool = True  # ETag and Last-Modified
    requests: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    at_request: Callable[[str], None] = lambda _path: None
    root: str = ""

    @property
    def base(self) -> str:
        return self.root + BASE

    def publish(
        self, month: date, data: bytes | None = None, *, text: str = "", revised: bool = False
    ) -> File:
        """Put the month's file on the page of its year, in the folder of two months later."""
        words = text or f"Full CSV data file {month:%b%y}{' revised' if revised else ''} (ZIP, 3M)"
        folder = add_months(month, 2 + 6 * revised)
        data = extract(month, revised=revised) if data is None else data
        suffix = hashlib.sha256(f"{words}{len(self.files)}".encode()).hexdigest()[:6]
        name = f"Full-CSV-data-file-{month:%b%y}-ZIP-3M-{suffix}.zip"
        file = File(month, words, f"{UPLOADS}/{folder:%Y/%m}/{name}", data)
        self.files.append(file)
        return file

    def publish_months(self, newest: date, number: int) -> list[date]:
        """The newest months, the oldest first."""
        months = [add_months(newest, -back) for back in reversed(range(number))]
        for month in months:
            self.publish(month)
        return months

    def asked(self, of: str = "") -> Counter[int]:
        """The answers by status, of paths that hold `of`."""
        return Counter(status for path, status, _ in self.requests if of in path)

    def path_of_year(self, year: int) -> str:
        return f"{BASE}rtt-data-{year}-{(year + 1) % 100:02d}/"

    def body(self, path: str) -> tuple[bytes, str] | None:
        """What stands at a path, and its type; None for nothing."""
        if path in self.absent:
            return None
        if path in self.pages:
            return self.pages[path].encode(), "text/html; charset=UTF-8"
        for file in (*self.files, *self.series):
            if file.path == path:
                return file.data, self.kinds.get(path, "application/octet-stream")
        years = sorted({_year(file.month) for file in self.files}, reverse=True)
        if path == BASE:
            return self._page([*map(self._year_link, years), *map(_link, self.series)])
        for year in years:
            if path == self.path_of_year(year):
                return self._page([_link(file) for file in self.files if _year(file.month) == year])
        return None

    def _year_link(self, year: int) -> str:
        # The publisher writes whole addresses there.
        return f'<a href="{self.root}{self.path_of_year(year)}">RTT data {year}-{(year + 1) % 100:02d}</a>'

    def _page(self, links: list[str]) -> tuple[bytes, str]:
        others = '<a href="/x.xlsx">Incomplete Provider Apr26 (XLSX, 9M)</a> <a href="#top">Top</a>'
        items = "".join(f"<p>{each}<br></p>" for each in links)
        return f"<!doctype html><title>RTT</title><div>{others}{items}</div>".encode(), "text/html"


def _link(file: File) -> str:
    return f'<a class="xls-link" href="{file.path}">{file.text}</a>'


def _year(month: date) -> int:
    return month.year if month.month > 3 else month.year - 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        site, path = self.publisher, urlsplit(self.path).path
        site.at_request(path)
        if turns := site.busy.get(path):
            status, after = turns.pop(0)
            return self._say(status, b"busy", {"Retry-After": after} if after else {})
        if path in site.answers:
            return self._say(*site.answers[path])
        if path in site.moved:
            return self._say(302, b"", {"Location": site.moved[path]})
        found = site.body(path)
        if found is None:
            return self._say(404, b"<p>nothing here", {"Content-Type": "text/html"})
        data, kind = found
        mark = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        headers = {"Content-Type": kind}
        if site.marks:
            headers |= {"ETag": mark, "Last-Modified": formatdate(1_700_000_000, usegmt=True)}
            if self.headers.get("If-None-Match") == mark:
                return self._say(304, b"", headers)
        begun = 0
        if (asked := self.headers.get("Range")) and self.headers.get("If-Range") == mark:
            begun = int(asked.removeprefix("bytes=").rstrip("-"))
            if begun >= len(data):
                return self._say(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            headers["Content-Range"] = f"bytes {begun}-{len(data) - 1}/{len(data)}"
        return self._say(206 if begun else 200, data[begun:], headers)

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        site, path = self.publisher, urlsplit(self.path).path
        site.requests.append((path, status, dict(self.headers)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304 and not {"Content-Length", "Transfer-Encoding"} & headers.keys():
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        turns = site.cut.get(path) if status in (200, 206) else None
        most = turns.pop(0) if turns else len(body)
        try:
            for start in range(0, min(most, len(body)), 1024):
                time.sleep(site.slow.get(path, 0))
                self.wfile.write(body[start : min(start + 1024, most)])
            self.wfile.flush()
        except OSError:
            self.close_connection = True  # who asked has gone
        if most < len(body):
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # a client that ends in the middle is what is tested


@contextmanager
def served(publisher: Publisher, *, tls: ssl.SSLContext | None = None) -> Iterator[Publisher]:
    """The site on a free port; its `root` is then its address."""
    handler = type("Handler", (_Handler,), {"publisher": publisher})
    server = _Server(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    publisher.root = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
