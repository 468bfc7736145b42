"""Scripts and style sheets: compressed once, and kept by browsers.

Left alone each answer would be compressed anew, and not at all for a browser that takes only gzip, as all do
over plain http. Brotli takes a sixth less than gzip, but its best takes seconds of a processor. So it is made
in the background from the first request on and kept in a folder, for all workers and the next server; until
it is there gzip is given. Pages and figures are not touched here.
"""

import gzip
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import brotli
from flask import Flask, Response, request

log = logging.getLogger("rtt.static")
PREFIXES = ("/assets/", "/_dash-component-suites/")
TYPES = ("text/javascript", "application/javascript", "text/css", "application/json", "image/svg+xml")
SMALLEST = 500
KEPT = "public, max-age=31536000, immutable"
Name = tuple[str, str | None]


class Packed:
    """The files that were asked for, packed in each way; `folder` keeps what takes long to make."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gzip: dict[Name, bytes] = {}
        self._brotli: dict[Name, Future[bytes]] = {}
        self._behind = ThreadPoolExecutor(max_workers=1, thread_name_prefix="brotli")

    def best(self, name: Name, data: bytes, *, takes_brotli: bool) -> tuple[str, bytes]:
        """The encoding and the bytes; brotli once it is made."""
        if name not in self._brotli:
            self._brotli[name] = self._kept(data) or self._behind.submit(self._made, data)
        made = self._brotli[name]
        if takes_brotli and made.done():
            return "br", made.result()
        if name not in self._gzip:
            self._gzip[name] = gzip.compress(data, 9, mtime=0)
        return "gzip", self._gzip[name]

    def _kept(self, data: bytes) -> Future[bytes] | None:
        try:
            packed = self._place(data).read_bytes()
        except OSError:
            return None
        found: Future[bytes] = Future()
        found.set_result(packed)
        return found

    def _made(self, data: bytes) -> bytes:
        packed = bytes(brotli.compress(data))
        try:
            self._folder.mkdir(exist_ok=True)  # within a home that is there
            with NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(packed)
            Path(file.name).replace(self._place(data))
        except OSError:  # a folder that may not be written to costs the next server the time again
            log.info("compressed files are not kept: %s cannot be written to", self._folder.name)
        return packed

    def _place(self, data: bytes) -> Path:
        return self._folder / f"{sha256(data).hexdigest()}.br"


def install(server: Flask, folder: Path) -> None:
    """Put this before the server's own compression, which leaves an encoded answer alone."""
    packed = Packed(folder)

    @server.after_request
    def once(response: Response) -> Response:
        if not request.path.startswith(PREFIXES) or response.status_code != 200:
            return response
        if _is_fingerprinted(request.full_path):
            response.headers["Cache-Control"] = KEPT
        if not request.accept_encodings.quality("gzip") or response.mimetype not in TYPES:
            return response
        response.direct_passthrough = False
        data = response.get_data()
        if len(data) < SMALLEST:
            return response
        etag, _ = response.get_etag()
        takes_brotli = bool(request.accept_encodings.quality("br"))
        encoding, sent = packed.best((request.path, etag), data, takes_brotli=takes_brotli)
        response.set_data(sent)
        response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        if etag:
            # The same file in other bytes: a weak validator says so.
            response.set_etag(etag, weak=True)
        return response


def _is_fingerprinted(address: str) -> bool:
    """Whether the address changes with the file: "/assets/rtt.css?m=1795299589", "renderer.v4_4_1m179.js"."""
    path, _, query = address.partition("?")
    return query.startswith("m=") or ".v" in path.rpartition("/")[2]
