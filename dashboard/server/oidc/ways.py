"""The addresses of the sign-in, and which way of ours a person may be sent back to."""

from urllib.parse import urlencode, urlsplit

SIGN_IN, BACK, AGAIN = "/sign-in", "/sign-in/back", "/sign-in/again"
SIGN_OUT, SIGNED_OUT, BY_PROVIDER = "/sign-out", "/signed-out", "/sign-in/ended"
OPEN = frozenset({SIGN_IN, BACK, SIGN_OUT, SIGNED_OUT, BY_PROVIDER})
"""What is answered without a sign-in. `AGAIN` is the page that a second tab ends on."""

LONGEST = 2_000


def own_way(given: str) -> str:
    """The path and query if they are of this dashboard; else the Overview. Another host's must not be."""
    plain = given.isascii() and given.isprintable() and "\\" not in given and len(given) <= LONGEST
    if not plain or not given.startswith("/") or given.startswith("//"):
        return "/"
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    ours = not parts.scheme and not parts.netloc and parts.path not in OPEN
    return given if ours else "/"


def sign_in_for(way: str) -> str:
    """The address of the sign-in that leads on to a way of ours."""
    way = own_way(way)
    return SIGN_IN if way == "/" else f"{SIGN_IN}?{urlencode({'to': way})}"
