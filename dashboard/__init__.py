"""How people see it: the web pages, the command line, the exports."""

from functools import cache

__version__: str
PRODUCT: str
"""What made a page, a file or an email, as it is printed there."""


@cache
def __getattr__(name: str) -> str:
    # pyproject.toml alone holds the version, and `make setup` puts it where this reads it. To read it costs
    # more than all that `rtt --help` does, which need not know it.
    if name not in ("__version__", "PRODUCT"):
        raise AttributeError(name)
    from importlib.metadata import version

    held = version("rtt-dashboard")
    return held if name == "__version__" else f"RTT dashboard {held}"
