"""Which headers a request brought more than once: WSGI joins their values by a comma, and hides it.

A proxy that adds its X-Remote-Groups to one that a browser sent, where it should replace it, would give the
browser's groups to its user. Gunicorn still has the headers apart. The names of those that came twice are
passed on in a header of our own, and `dashboard.server.access` refuses a request that repeats one of its
sign-in.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

HEADER = "X-RTT-REPEATED"
_IN_ENVIRON = "HTTP_X_RTT_REPEATED"


def note(_worker: object, request: Any) -> None:
    """Gunicorn's `pre_request`: whatever a browser says in our header is replaced by what was counted."""
    brought = [(name, value) for name, value in request.headers if name.upper() != HEADER]
    times = Counter(name.upper() for name, _ in brought)
    repeated = ",".join(name for name, number in times.items() if number > 1)
    request.headers = [*brought, (HEADER, repeated)]


def is_repeated(environ: Mapping[str, Any], name: str) -> bool:
    """Whether the request brought this header more than once."""
    return name.upper() in str(environ.get(_IN_ENVIRON, "")).split(",")
