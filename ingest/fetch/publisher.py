"""Whom we ask, and how: the publisher's first page, the hosts that may be asked, limits, the cache.

No request leaves for an address that `check` has not passed, redirects included.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit

BASE = "https://www.england.nhs.uk/statistics/statistical-work-areas/rtt-waiting-times/"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = {"https": 443, "http": 80}


class NotFetched(Exception):
    """One page or file could not be had; the sentence says why. The others go on."""


class NotAllowed(NotFetched):
    """An address leads where we do not go."""


class Unreachable(NotFetched):
    """Nobody answers: there may be no way to the internet."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """`hosts`: host or host:port, beside that of `base`. `pause`: seconds between two requests."""

    base: str
    cache: Path
    hosts: frozenset[str] = frozenset()
    contact: str = ""
    version: str = ""
    most_bytes: int = 100_000_000
    certificates: Path | None = None
    pause: float = 0.5

    @property
    def user_agent(self) -> str:
        contact = f" ({self.contact})" if self.contact else ""
        return f"rtt-dashboard/{self.version}{contact}"

    @property
    def may_be_plain(self) -> bool:
        """Whether http is spoken: only to a publisher on this very machine."""
        base = urlsplit(self.base)
        return base.scheme == "http" and base.hostname in LOOPBACK

    def check(self, address: str) -> str:
        """The address to ask, with https where it says http. Raises `NotAllowed`."""
        try:
            parts = urlsplit(address)
            place = _place(parts)
        except ValueError:
            raise NotAllowed(f"{address[:200]!r} is no web address.") from None
        if parts.scheme == "http" and not self.may_be_plain and parts.port is None:
            # Old pages of the publisher link to themselves by http.
            return self.check(urlunsplit(parts._replace(scheme="https")))
        if parts.scheme != "https" and not (parts.scheme == "http" and self.may_be_plain):
            raise NotAllowed(f"{address[:200]} is not https, so it was not asked.")
        if parts.username is not None or parts.password is not None:
            raise NotAllowed(f"An address at {parts.hostname} holds a name or password, so it was not asked.")
        if place not in self.hosts | {_place(urlsplit(self.base))}:
            raise NotAllowed(
                f"It leads to {place}, which is not among the hosts that may be asked (RTT_FETCH_HOSTS)."
            )
        return urlunsplit(parts._replace(fragment=""))


def _place(parts: SplitResult) -> str:
    """host, or host:port where the port is not that of the scheme."""
    host, port = parts.hostname or "", parts.port
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"
