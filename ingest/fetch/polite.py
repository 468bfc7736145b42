"""Asking the publisher: one request at a time, who we are, a pause between, and no more than is needed.

Redirects are followed by hand, each address checked before it is asked. A server that is busy or silent is
asked again, later each time, and when it says how long to wait, then.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ingest.fetch.publisher import NotAllowed, NotFetched, Publisher, Unreachable

TRIES = 4
LONGEST_WAIT = 120.0  # seconds; a server that asks for more is asked by the next run
LONGEST_ANSWER = 1800.0  # seconds that one answer may take in all; what came of it is gone on from
REDIRECTS = 5
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
_BUSY = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
T = TypeVar("T")


class TryAgain(Exception):
    """This answer is of no use, the next may be; `wait` is the server's own wish in seconds."""

    def __init__(self, sentence: str, *, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


class Polite:
    """A client of one publisher."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self._asked_at = 0.0
        try:
            self._client = httpx.Client(
                verify=_certificates(publisher),
                timeout=TIMEOUT,
                follow_redirects=False,
                headers={"User-Agent": publisher.user_agent, "Accept-Language": "en-GB"},
            )
        except (ValueError, httpx.InvalidURL, ImportError):
            raise Unreachable(
                "The proxy that the environment names (HTTPS_PROXY, ALL_PROXY) cannot be used: expected an "
                "address such as http://proxy.example:8080."
            ) from None

    def close(self) -> None:
        self._client.close()

    def get(
        self, address: str, headers: Callable[[], Mapping[str, str]], take: Callable[[httpx.Response], T]
    ) -> T:
        """What `take` makes of the answer; the headers are asked for anew before each try.

        Raises `NotFetched`.
        """
        for number in range(TRIES):
            try:
                with self._answer(address, headers()) as response:
                    if response.status_code in _BUSY:
                        raise TryAgain(f"It answered {response.status_code}.", wait=_retry_after(response))
                    return take(response)
            except (httpx.TransportError, TryAgain) as fault:
                self._wait_or_give_up(address, fault, number)
            except httpx.InvalidURL:
                raise NotFetched("It is no web address that can be asked.") from None
            except httpx.DecodingError:
                raise NotFetched("Its answer is damaged: it cannot be unpacked.") from None
        raise AssertionError("unreachable: the last try raises")

    def _wait_or_give_up(self, address: str, fault: Exception, number: int) -> None:
        wish = fault.wait if isinstance(fault, TryAgain) else None
        is_final = _is_of_certificate(fault) or _is_no_of_proxy(fault)
        if number == TRIES - 1 or is_final or (wish or 0) > LONGEST_WAIT:
            raise _in_words(address, fault) from None
        own = 4 * self.publisher.pause * 2**number
        time.sleep(own if wish is None else max(wish, own))

    @contextmanager
    def _answer(self, address: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The answer after redirects, its body still to be read."""
        for _ in range(REDIRECTS + 1):
            address = self.publisher.check(address)
            time.sleep(max(0.0, self._asked_at + self.publisher.pause - time.monotonic()))
            self._asked_at = time.monotonic()
            with self._client.stream("GET", address, headers=dict(headers)) as response:
                if response.status_code not in _MOVED or "location" not in response.headers:
                    yield response
                    return
                to, scheme = _redirected(address, response.headers["location"])
                if urlsplit(address).scheme == "https" and scheme == "http":
                    raise NotAllowed(
                        f"It was redirected from https to http ({to[:200]}), which was not asked."
                    )
                address = to
        raise NotFetched(f"It was redirected more than {REDIRECTS} times.")


def _redirected(address: str, location: str) -> tuple[str, str]:
    """Where an answer leads to, and its scheme. Raises `NotFetched` for what is no address."""
    try:
        to = urljoin(address, location)
        return to, urlsplit(to).scheme
    except ValueError:
        raise NotFetched("It was redirected to what is no web address.") from None


def read_within(response: httpx.Response, most: int, *, begun: int = 0) -> Iterator[bytes]:
    """The body, chunk by chunk, no more than `most` bytes with the `begun` that came before.

    Raises `NotFetched` for a larger one, `TryAgain` for one that takes too long.
    """
    until, size = time.monotonic() + LONGEST_ANSWER, begun
    if int(response.headers.get("content-length", "0") or 0) + begun > most:
        raise _too_large(most)
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        yield chunk
        if time.monotonic() > until:
            raise TryAgain("It took more than half an hour.")


def _too_large(most: int) -> NotFetched:
    return NotFetched(f"It is larger than {most / 1_000_000:,.0f} MB, the limit (RTT_FETCH_MB).")


def _certificates(publisher: Publisher) -> ssl.SSLContext:
    """Those that the system trusts, or SSL_CERT_FILE names, and those of the setting."""
    context = ssl.create_default_context()
    if publisher.certificates is not None:
        context.load_verify_locations(publisher.certificates)
    return context


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, as the server says them or the time until which it says to wait."""
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _is_through_proxy(address: str) -> bool:
    """Whether the environment names a proxy for it, as the client reads it."""
    parts = urlsplit(address)
    proxies = getproxies()
    return bool({parts.scheme, "all"} & proxies.keys()) and not proxy_bypass(parts.netloc)


def _is_no_of_proxy(fault: Exception) -> bool:
    """Whether a proxy refuses, and will again: its answer stands at the beginning of the fault's words."""
    return isinstance(fault, httpx.ProxyError) and str(fault).startswith("4")


def _is_of_certificate(fault: Exception) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(fault)


def _in_words(address: str, fault: Exception) -> NotFetched:
    place = urlsplit(address).hostname
    if isinstance(fault, TryAgain):
        later = (
            " It asks to be left alone for longer than a run waits."
            if (fault.wait or 0) > LONGEST_WAIT
            else ""
        )
        return NotFetched(f"{fault}{later}")
    if _is_of_certificate(fault):
        return Unreachable(
            f"The certificate of {place} is not one that this machine trusts. Behind a proxy that looks into "
            "https, name its certificates in RTT_FETCH_CERTIFICATES."
        )
    if isinstance(fault, httpx.ProxyError):
        if str(fault).startswith("407"):
            return Unreachable(
                "The proxy of this machine wants a name and password (407): put them into HTTPS_PROXY, as "
                "http://name:password@proxy.example:8080."
            )
        return Unreachable(
            f"The proxy of this machine (HTTPS_PROXY) does not let us reach {place} ({str(fault)[:100]})."
        )
    if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout):
        if _is_through_proxy(address):
            return Unreachable(
                f"{place} cannot be reached through the proxy that this machine names (HTTPS_PROXY)."
            )
        return Unreachable(f"{place} cannot be reached: there may be no way to the internet from here.")
    if isinstance(fault, httpx.TimeoutException):
        return NotFetched(f"{place} did not go on answering within {TIMEOUT.read:g} seconds.")
    return NotFetched(f"The connection to {place} was cut.")
