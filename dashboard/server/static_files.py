"""Scripts and style sheets: compressed once for every worker's life, and kept by browsers.

Left alone each answer would be compressed anew, and not at all for a browser that takes only gzip, as all do
over plain http: 1.5 MB of plotly instead of 0.5. One encoding that everybody takes is enough: brotli would
save 8%. Pages and figures are not touched here.
"""

import gzip

from flask import Flask, Response, request

PREFIXES = ("/assets/", "/_dash-component-suites/")
TYPES = ("text/javascript", "application/javascript", "text/css", "application/json", "image/svg+xml")
SMALLEST = 500
KEPT = "public, max-age=31536000, immutable"


def install(server: Flask) -> None:
    """Put this before the server's own compression, which leaves an encoded answer alone."""
    made: dict[tuple[str, str | None], bytes] = {}

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
        if (request.path, etag) not in made:
            made[request.path, etag] = gzip.compress(data, 9, mtime=0)
        response.set_data(made[request.path, etag])
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        if etag:
            # The same file in other bytes: a weak validator says so.
            response.set_etag(etag, weak=True)
        return response


def _is_fingerprinted(address: str) -> bool:
    """Whether the address changes with the file: "/assets/rtt.css?m=1795299589", "renderer.v4_4_1m179.js"."""
    path, _, query = address.partition("?")
    return query.startswith("m=") or ".v" in path.rpartition("/")[2]
