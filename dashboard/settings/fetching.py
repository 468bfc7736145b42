"""The settings of `rtt fetch`: whom it asks, how, and where downloads are kept."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from dashboard.settings.variables import OfVariables, Whole, names, of_text, whole
from ingest.fetch.publisher import BASE, LOOPBACK


def _web_page(text: str) -> str:
    """An address as a folder; by plain http anybody on the way could change the figures."""
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/") + "/"


def _certificates(text: str) -> Path:
    import ssl

    file = Path(text).expanduser()
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError:
        raise ValueError from None
    return file


class Fetching(OfVariables):
    """NHS England's published files; the defaults are right for a machine with a way to the internet."""

    # Where `rtt fetch` begins: NHS England's page of RTT statistics, or a mirror of it.
    fetch_base: Annotated[str, of_text(_web_page)] = Field(default=BASE, description="an https address")
    # Hosts that may be asked beside that of the page, as host or host:port; a redirect or link elsewhere is
    # not followed.
    fetch_hosts: Annotated[frozenset[str], of_text(lambda text: names(text.lower()))] = frozenset()
    # An email address or page by which the publisher can reach whoever asks; it is sent with every request.
    fetch_contact: str = Field(
        default="", pattern="^[ -~]*$", max_length=200, description="an email address or a page, in ASCII"
    )
    # Where downloads are kept; 4 MB a month. Default: `fetch` in RTT_HOME.
    fetch_cache: Annotated[Path | None, of_text(lambda text: Path(text).expanduser().absolute())] = None
    # The largest file that is downloaded.
    fetch_mb: Whole = whole(100, 1, 1_000)
    # Certificates to trust beside the system's, where a proxy looks into https (PEM).
    fetch_certificates: Annotated[Path | None, of_text(_certificates)] = Field(
        default=None, description="a file of certificates that is there (PEM)"
    )
    # Milliseconds between two requests.
    fetch_pause_ms: Whole = whole(500, 0, 60_000)
