"""Our own scripts and our own style sheets, each kind sent as one file.

A file more costs a first load some 700 bytes of headers, and small files pack badly. In `assets/` each stays
a file of one idea; a page asks for them joined, in the order of their names.
"""

import re
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request

TYPES = {"js": "text/javascript", "css": "text/css"}


def joined(assets: Path, *, apart: str) -> Mapping[str, bytes]:
    """What is sent of each kind, "js" and "css"; without the files whose name the pattern `apart` finds."""
    return {
        kind: b"\n".join(
            path.read_bytes() for path in sorted(assets.glob(f"*.{kind}")) if not re.search(apart, path.name)
        )
        for kind in TYPES
    }


def address(kind: str, sent: Mapping[str, bytes], *, prefix: str) -> str:
    """Where a page finds them; it changes when one of the files does, so that browsers may keep it."""
    return f"{prefix}/assets/joined.{kind}?m={_mark(sent[kind])}"


def register(server: Flask, sent: Mapping[str, bytes]) -> None:
    for kind, type_ in TYPES.items():
        server.add_url_rule(
            f"/assets/joined.{kind}", f"joined-{kind}", partial(_file, sent[kind], type_), methods=("GET",)
        )


def _file(data: bytes, type_: str) -> Response:
    response = Response(data, mimetype=type_)
    response.set_etag(_mark(data))
    response.make_conditional(request)
    return response


def _mark(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
