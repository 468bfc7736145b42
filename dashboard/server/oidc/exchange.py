"""The way to the provider and back: authorisation code with PKCE (RFC 7636), by Authlib."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from dashboard.server.oidc.asking import Answer, ask, ask_for_object
from dashboard.server.oidc.id_tokens import claims_of
from dashboard.server.oidc.provider import Provider
from dashboard.server.oidc.refusals import Refused, Unreachable
from dashboard.server.oidc.sessions import Begun
from dashboard.settings.oidc import Oidc

PROOF_SECONDS = 120


class _Asking:
    """What Authlib posts through: it signs with the client's proof and asks as we ask."""

    def post(self, address: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> Answer:
        to, signed, body = auth.prepare("POST", address, dict(headers), urlencode(data))
        return ask("POST", str(to), headers=signed, body=str(body))


def way_there(
    provider: Provider, oidc: Oidc, *, back: str, state: str, begun: Begun, prompt: str = ""
) -> str:
    """The address of the provider's page. Raises `Unreachable`."""
    address = provider.metadata()["authorization_endpoint"]
    more = {"acr_values": oidc.acr} if oidc.acr else {}
    if prompt:
        more["prompt"] = prompt
    made, _ = _client(provider, oidc, back).create_authorization_url(
        address, state=state, code_verifier=begun.verifier, nonce=begun.nonce, **more
    )
    return str(made)


def claims_for(provider: Provider, oidc: Oidc, *, back: str, code: str, begun: Begun) -> dict[str, Any]:
    """What the provider says of whoever comes back with a code. Raises `Refused`, `Unreachable`."""
    address = provider.metadata()["token_endpoint"]
    try:
        tokens = _client(provider, oidc, back).fetch_token(
            address, grant_type="authorization_code", code=code, code_verifier=begun.verifier
        )
    except OAuth2Error as fault:
        # A word of the protocol; what stands beside it may say who it is.
        raise Refused(f"the provider does not take the code: {word(fault.error)}") from None
    except (JoseError, ValueError, TypeError) as fault:
        raise Unreachable(f"the provider's answer cannot be used ({type(fault).__name__})") from None
    access = tokens.get("access_token")
    claims = claims_of(
        tokens.get("id_token"), provider=provider, oidc=oidc, nonce=begun.nonce, access_token=access
    )
    more = _userinfo(provider, claims["sub"], access) if oidc.userinfo == "yes" else {}
    return {**more, **claims}


def _userinfo(provider: Provider, subject: str, access_token: object) -> dict[str, Any]:
    address = provider.metadata().get("userinfo_endpoint")
    if not address or not isinstance(access_token, str):
        raise Refused("the provider has no userinfo to ask for")
    told = ask_for_object(address, headers={"Authorization": f"Bearer {access_token}"})
    if told.get("sub") != subject:
        raise Refused("the userinfo is of another subject than the id token")
    return told


def _client(provider: Provider, oidc: Oidc, back: str) -> OAuth2Client:
    told = provider.metadata().get("token_endpoint_auth_methods_supported")
    by_post = isinstance(told, list) and "client_secret_basic" not in told and "client_secret_post" in told
    method = "client_secret_post" if by_post else "client_secret_basic"
    client = OAuth2Client(
        _Asking(),
        client_id=oidc.client_id,
        client_secret=oidc.proof,
        token_endpoint_auth_method="private_key_jwt" if oidc.private_key else method,
        scope=" ".join(oidc.scopes),
        redirect_uri=back,
        code_challenge_method="S256",
    )
    if oidc.private_key:
        kind = "EC" if oidc.key_algorithm.startswith("ES") else "RSA"
        client.client_secret = JWKRegistry.import_key(oidc.private_key, kind)
        header = {"kid": oidc.key_id} if oidc.key_id else {}
        # Authlib's own would be good for an hour; what is used at once need not be.
        until = {"exp": int(time.time()) + PROOF_SECONDS}
        client.register_client_auth_method(
            PrivateKeyJWT(headers=header, claims=until, alg=oidc.key_algorithm)
        )
    return client


def word(told: object) -> str:
    """A code of an error, if it has the form of one."""
    known = isinstance(told, str) and told.replace("_", "").isalpha() and told.islower() and len(told) < 40
    return str(told) if known else "(no known word)"
