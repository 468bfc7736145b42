"""The dashboard below a path of its host (RTT_PATH_PREFIX), such as https://host.nhs.uk/rtt/.

A proxy may pass the path on as it is or cut the prefix off; either way the application sees the address
below it, as WSGI's PATH_INFO, and the prefix as SCRIPT_NAME. All code names addresses from "/" on. What
leaves for a browser gets the prefix at the edge: redirects here, the components of a page in
`layouts.below_prefix`, and plain pages of our own by asking `root`. The scripts of a page read it from
Dash's configuration.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def mounted(application: Application, prefix: str) -> Application:
    """The WSGI application below the prefix; without one, the application itself."""
    if not prefix:
        return application

    def below_prefix(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"] = prefix
        return application(environ, start_response)

    return below_prefix


def install(server: Flask, prefix: str) -> None:
    if not prefix:
        return

    @server.after_request
    def lead_below(response: Response) -> Response:
        to = response.headers.get("Location", "")
        if to.startswith("/") and not _is_below(to, prefix):
            response.headers["Location"] = prefix + to
        return response


def root() -> str:
    """The prefix in the request that is being answered: '' or such as '/rtt'."""
    return request.script_root


def path_below(path: str, prefix: str) -> str:
    """The path as our code names it, of one that a browser shows."""
    return (path[len(prefix) :] or "/") if _is_below(path, prefix) else path


def _is_below(path: str, prefix: str) -> bool:
    return bool(prefix) and (path == prefix or path.startswith((f"{prefix}/", f"{prefix}?")))
