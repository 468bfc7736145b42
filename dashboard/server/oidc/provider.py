"""What the provider says of itself, asked for when it is first needed and kept: its addresses and its keys.

A worker starts without it, and goes on with what it knows while it is down. Keys are asked for again when a
token names one that is not among them, as providers change theirs; not more than once in a while, or whoever
sends made-up tokens could have us ask without end.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from dashboard.server.oidc.asking import ask_for_object
from dashboard.server.oidc.refusals import Unreachable
from dashboard.settings.oidc import is_safe

GOOD_FOR = 24 * 3600.0
APART = 30.0
"""Seconds between two requests for keys, or for metadata that is known from before."""
FAILED_FOR = 5.0
"""Seconds after a failure in which nobody else waits for the same."""
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})


class Provider:
    """One provider, as a worker knows it."""

    def __init__(self, issuer: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._clock = clock
        self._metadata: dict[str, Any] | None = None
        self._asked_at, self._keys_asked_at, self._failed_at = -GOOD_FOR, -APART, -FAILED_FOR
        self._keys: KeySet | None = None
        self._lock = Lock()

    def metadata(self) -> dict[str, Any]:
        """Its metadata (OpenID Connect Discovery). Raises `Unreachable`."""
        with self._lock:
            age = self._clock() - self._asked_at
            if self._metadata is not None and age <= GOOD_FOR:
                return self._metadata
            if self._metadata is None and self._clock() - self._failed_at < FAILED_FOR:
                raise Unreachable("the provider did not answer a moment ago")
            try:
                self._metadata = self._read_metadata()
                self._asked_at = self._clock()
            except Unreachable:
                self._failed_at = self._clock()
                if self._metadata is None:
                    raise
                # What was true yesterday most likely still is; ask again soon.
                self._asked_at = self._clock() - GOOD_FOR + APART
            return self._metadata

    def end_session_address(self) -> str:
        """Where its own session is ended; '' where it has no such place, or cannot be asked."""
        try:
            return str(self.metadata().get("end_session_endpoint") or "")
        except Unreachable:
            return ""

    def algorithms(self) -> list[str]:
        """With what it signs: never with a secret that we share, and never with nothing."""
        told = self.metadata().get("id_token_signing_alg_values_supported")
        known = (
            ASYMMETRIC & {each for each in told if isinstance(each, str)} if isinstance(told, list) else ()
        )
        return sorted(known or {"RS256"})

    def keys(self, *, beyond: KeySet | None = None) -> KeySet | None:
        """Its keys; with `beyond`, others than these, or None if there are none or it is too soon to ask.

        Raises `Unreachable`.
        """
        address = str(self.metadata()["jwks_uri"])
        with self._lock:
            if self._keys is not beyond and self._keys is not None:
                return self._keys
            if self._clock() - self._keys_asked_at < APART:
                if beyond is None:
                    raise Unreachable("the provider's keys could not be read a moment ago")
                return None
            self._keys_asked_at = self._clock()
            self._keys = _key_set(ask_for_object(address))
            return self._keys

    def _read_metadata(self) -> dict[str, Any]:
        found = ask_for_object(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise Unreachable("the provider names another issuer than RTT_OIDC_ISSUER")
        for name in (*_NEEDED, *_OPTIONAL):
            address = found.get(name)
            if address is None and name in _OPTIONAL:
                continue
            if not isinstance(address, str) or not is_safe(address):
                raise Unreachable(f"the provider's {name} is missing or not https")
        return found


def _key_set(told: dict[str, Any]) -> KeySet:
    """Each key that can be read, for one of an unknown kind must not cost the others."""
    listed, keys = told.get("keys"), list[Key]()
    for each in listed if isinstance(listed, list) else ():
        try:
            key = JWKRegistry.import_key(each)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if key.key_type in ("RSA", "EC") and each.get("use", "sig") == "sig":
            keys.append(key)
    if not keys:
        raise Unreachable("the provider has no key that can be read")
    return KeySet(keys)
