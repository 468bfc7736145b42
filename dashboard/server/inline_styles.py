"""The styles that Dash and Plotly write into a page themselves, as hashes for the Content-Security-Policy.

Dash carries the style sheets of its components in its scripts, which put each into an element of its own;
they are read from the scripts that are served, and so change with Dash. Plotly fills an empty element rule by
rule, and sets bold words in a chart by an attribute. What a script sets on an element's `style`, as React and
Plotly do elsewhere, no policy restricts.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

EMPTY = ""
"""Every style element is empty when it comes into the page."""
BOLD = "font-weight:bold"
"""What Plotly makes of `<b>` in the text of a chart: the only style attribute there is."""

_STRING = r'"(?:[^"\\]|\\.)*"'
# How webpack packs a style sheet: its text, then where it came from, an object literal with bare names.
_SHEET = re.compile(rf'\.push\(\[\w+\.id,({_STRING}),""(?:,(\{{(?:[^"{{}}]|{_STRING})*\}}))?\]\)')
_NAME = re.compile(rf"({_STRING})|(\w+)(?=:)")


def hash_source(text: str) -> str:
    """The hash of an inline style as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def element_hashes(files: Iterable[Path]) -> tuple[str, ...]:
    """The hashes of all style elements; `files` are those that Dash serves, its scripts among them."""
    # Scripts that come later, for components of their own, are of none that is used.
    scripts = sorted(file for file in files if file.suffix == ".js" and not file.name.startswith("async-"))
    sheets = (sheet for script in scripts for sheet in written(script.read_text("utf-8")))
    return tuple(hash_source(text) for text in dict.fromkeys((EMPTY, *sheets)))


def written(script: str) -> Iterator[str]:
    """The text of each style element that the script makes, to the letter."""
    for css, source_map in _SHEET.findall(script):
        text = json.loads(css)
        yield f"{text}\n{_map_comment(source_map)}" if source_map else text


def _map_comment(literal: str) -> str:
    names_quoted = _NAME.sub(lambda found: found[1] or f'"{found[2]}"', literal)
    # As the browser's JSON.stringify has it, for that is what goes into the element.
    text = json.dumps(json.loads(names_quoted), ensure_ascii=False, separators=(",", ":"))
    encoded = base64.b64encode(text.encode()).decode()
    return f"/*# sourceMappingURL=data:application/json;base64,{encoded} */"
