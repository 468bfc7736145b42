"""The same bytes for the same contents: office files without the times at which their parts were made.

An office file is a zip of parts, some of them zips themselves; libraries write the time of day into both.
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


Change = Callable[[str, bytes], bytes]


def reproducible(package: bytes, moment: datetime, *, change: Change | None = None) -> bytes:
    """The package with `moment` as the time of everything in it; parts keep their order.

    `change` may rewrite a part, given its name and content.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as read, zipfile.ZipFile(written, "w") as out:
        for name in read.namelist():
            part = zipfile.ZipInfo(name, _EARLIEST)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            content = _timeless(name, read.read(name), moment)
            out.writestr(part, change(name, content) if change else content)
    return written.getvalue()


@lru_cache(maxsize=50)
def _workbook(content: bytes, moment: datetime) -> bytes:
    """The workbook of a chart, which stands in slides and in print alike."""
    return reproducible(content, moment)


def _timeless(name: str, content: bytes, moment: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return _workbook(content, moment)
    if name == "docProps/core.xml":
        return _TIMES.sub(rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<3>", content)
    return content
