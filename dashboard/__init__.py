"""How people see it: the web pages, the command line, the exports."""

from importlib.metadata import version

# pyproject.toml alone holds it; `make setup` puts it where this reads it.
__version__ = version("rtt-dashboard")
PRODUCT = f"RTT dashboard {__version__}"
"""What made a page, a file or an email, as it is printed there."""
