"""The two cookies: of a session, and of a browser with a sign-in under way. Each holds a random key.

Where the address is https their names bind them: `__Host-` to this host alone, and below a path of a host,
where that prefix would give them to its other paths too, `__Secure-`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response

SESSION, BEGUN = "rtt-session", "rtt-begun"


class Cookies:
    """As the address of the dashboard, as readers know it, has them."""

    def __init__(self, link: str) -> None:
        parts = urlsplit(link)
        self._secure = parts.scheme == "https"
        self._path = parts.path.rstrip("/") or "/"
        self._prefix = "" if not self._secure else "__Host-" if self._path == "/" else "__Secure-"

    def read(self, environ: Mapping[str, Any], kind: str) -> str:
        """The key; '' for none. One that comes twice is none: somebody may have put one before ours."""
        found = parse_cookie(str(environ.get("HTTP_COOKIE", ""))).getlist(self._prefix + kind)
        return found[0] if len(found) == 1 and len(found[0]) <= 100 else ""

    def give(self, response: Response, kind: str, key: str, *, seconds: int | None = None) -> None:
        """Without `seconds` it goes with the browser's own session."""
        response.set_cookie(self._prefix + kind, key, max_age=seconds, **self._bounds())

    def take_back(self, response: Response, kind: str) -> None:
        response.delete_cookie(self._prefix + kind, **self._bounds())

    def _bounds(self) -> dict[str, Any]:
        return {"path": self._path, "secure": self._secure, "httponly": True, "samesite": "Lax"}
