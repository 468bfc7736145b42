"""The quick guide at /quick-guide: docs/quick-guide.md as a plain page, with the pictures that it shows.

The text is written once. No other document and no other file is served: an address names a picture, and it is
looked for among those of the guide.
"""

import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, send_file
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from dashboard.layouts.about.draw import QUICK_GUIDE as ADDRESS
from dashboard.server import guard
from dashboard.server.html import filled
from dashboard.server.path_prefix import root
from dashboard.settings.settings import CHECKOUT

_DOCUMENTS = CHECKOUT / "docs"


def register(server: Flask) -> None:
    @server.get(ADDRESS, endpoint="quick-guide")
    def page() -> Response:
        page = filled(
            "callbacks/quick_guide.html.jinja", title="Quick guide", guide=_guide(root()), root=root()
        )
        return Response(page, mimetype="text/html")

    @server.get(f"{ADDRESS}/<name>.png", endpoint="quick-guide-picture")
    def picture(name: str) -> Response:
        path = _pictures().get(f"{name}.png")
        return guard.not_found() if path is None else send_file(path)


@cache
def _guide(prefix: str) -> Markup:
    made: str = MarkdownIt("commonmark").enable("table").render(_text())
    return Markup(made.replace('<img src="', f'<img src="{escape(prefix)}{ADDRESS}/'))


@cache
def _pictures() -> dict[str, Path]:
    return {name: _DOCUMENTS / name for name in re.findall(r"\]\(([\w-]+\.png)\)", _text())}


def _text() -> str:
    return (_DOCUMENTS / "quick-guide.md").read_text(encoding="utf-8")
