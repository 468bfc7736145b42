"""Whether a token is the provider's and meant for us, now: signature, issuer, audience, times, nonce.

Authlib's own check of claims does the work (OpenID Connect Core 3.1.3.7); what is added is said beside it.
"""

import time
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry, Token

from dashboard.server.oidc.provider import Provider
from dashboard.server.oidc.refusals import Refused
from dashboard.settings.oidc import Oidc

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_SUBJECT = 255


def claims_of(token: object, *, provider: Provider, oidc: Oidc, nonce: str, access_token: object) -> Any:
    """The claims of an id token that answers our nonce. Raises `Refused`, `Unreachable`."""
    read = _signed(token, provider, "id token")
    claims = CodeIDToken(
        read.claims,
        read.header,
        _expected(oidc),
        {"nonce": nonce, "client_id": oidc.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(time.time()), leeway=oidc.clock_seconds)
    except JoseError as fault:
        raise Refused(f"the id token {_said(fault)}") from None
    # Authlib compares the nonce only where one was sent; that of a token must be there in any case.
    if not nonce or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise Refused("the id token names no usable subject")
    return claims


def logout_of(token: object, *, provider: Provider, oidc: Oidc) -> Any:
    """The claims of a logout token (OpenID Connect Back-Channel Logout 2.6). Raises `Refused`,
    `Unreachable`."""
    claims = _signed(token, provider, "logout token").claims
    needed: Any = {each: {"essential": True} for each in ("iat", "jti", "exp")}
    try:
        JWTClaimsRegistry(int(time.time()), oidc.clock_seconds, **{**_expected(oidc), **needed}).validate(
            claims
        )
    except JoseError as fault:
        raise Refused(f"the logout token {_said(fault)}") from None
    events = claims.get("events")
    if not isinstance(events, dict) or LOGOUT not in events or "nonce" in claims:
        raise Refused("the logout token is a token of another kind")
    if not any(isinstance(claims.get(each), str) for each in ("sub", "sid")):
        raise Refused("the logout token names nobody")
    return claims


def _expected(oidc: Oidc) -> Any:
    return {
        "iss": {"essential": True, "value": oidc.issuer},
        "aud": {"essential": True, "value": oidc.client_id},
    }


def _signed(token: object, provider: Provider, what: str) -> Token:
    """The token, signed with a key of the provider; where none of those known fits, with a newer one."""
    if not isinstance(token, str):
        raise Refused(f"there is no {what}")
    keys = provider.keys()
    assert keys is not None
    try:
        return _read(token, keys, provider)
    except (InvalidKeyIdError, BadSignatureError) as unknown:
        newer, fault = provider.keys(beyond=keys), unknown
    except (JoseError, ValueError) as unreadable:
        raise Refused(f"the {what} {_said(unreadable)}") from None
    try:
        if newer is not None:
            return _read(token, newer, provider)
    except (JoseError, ValueError) as again:
        raise Refused(f"the {what} {_said(again)}") from None
    raise Refused(f"the {what} {_said(fault)}")


def _read(token: str, keys: KeySet, provider: Provider) -> Token:
    return jwt.decode(token, keys, algorithms=provider.algorithms())


def _said(fault: Exception) -> str:
    """Why, by the library's word for it and, of a claim, its name: never a value."""
    if isinstance(fault, ExpiredTokenError):
        return "has expired"
    word = getattr(fault, "error", "") or type(fault).__name__
    claim = getattr(fault, "claim", "")
    return f"is refused: {word}{f' {claim}' if claim else ''}"
