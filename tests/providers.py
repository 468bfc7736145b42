"""A provider of OpenID Connect on the loopback interface that can be made to misbehave in one way at a time.

It keeps to the protocol by itself (it checks the client, PKCE and the redirect address, and takes a code
once); a test changes what it signs, with which key, or whether it answers. Written from the
specifications and not from the code under test. Browser tests use a provider of others as well:
`oidc_provider_mock`.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "rtt-client", "s3cret: of/the+client"
KEYS = [RSAKey.generate_key(2048, parameters={"kid": f"key-{at}", "use": "sig"}) for at in range(2)]


@dataclass
class Provider:
    """What it says and does; a test sets one of these."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1", "name": "Jo Smith"})
    claims: dict[str, Any] = field(default_factory=dict)  # of the id token, instead of the right ones
    userinfo: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEYS[0])
    published: list[Any] = field(default_factory=lambda: [KEYS[0].as_dict(private=False)])
    algorithm: str = "RS256"
    kid: str | None = "key-0"
    down: tuple[str, ...] = ()  # paths that answer with 500
    slow: float = 0.0
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    token_request: dict[str, str] = field(default_factory=dict)
    authorization: str = ""

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "sid": "provider-session",
            **self.person,
            **self.claims,
        }
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, **({"kid": self.kid} if self.kid else {})}
        if self.algorithm == "none":
            return ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims)) + "."
        if self.algorithm == "HS256":
            # The attack: the public key, which everybody has, taken for a shared secret.
            head, said = (_encoded(json.dumps(each).encode()) for each in (header, claims))
            public = KEYS[0].as_pem(private=False)
            return f"{head}.{said}.{_encoded(hmac.digest(public, f'{head}.{said}'.encode(), 'sha256'))}"
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def logout_token(self, **changed: Any) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
            "jti": secrets.token_hex(8),
            "sid": "provider-session",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            **changed,
        }
        return self.signed({name: value for name, value in claims.items() if value is not None})


@contextlib.contextmanager
def provider() -> Iterator[Provider]:
    """A provider that answers until the block is left."""
    told = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (_Answering,), {"told": told}))
    told.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answering(BaseHTTPRequestHandler):
    told: Provider

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def _answer(self, body: str) -> None:
        path, _, query = self.path.partition("?")
        self.told.asked.append(path)
        time.sleep(self.told.slow)
        given = dict(urllib.parse.parse_qsl(body or query))
        if path in self.told.down:
            self._send(500, {"error": "server_error"})
        elif path == "/authorize":
            self._authorize(given)
        elif path == "/token":
            self._send(*_tokens(self.told, given, self.headers.get("Authorization", "")))
        elif path == "/jwks":
            self._send(200, {"keys": self.told.published})
        elif path == "/userinfo":
            self._send(200, self.told.userinfo or {})
        elif path == "/.well-known/openid-configuration":
            self._send(200, _metadata(self.told))
        else:
            self._send(404, {})

    def _authorize(self, given: dict[str, str]) -> None:
        code = secrets.token_urlsafe(16)
        self.told.codes[code] = given
        back = urllib.parse.urlencode({"code": code, "state": given["state"]})
        self.send_response(303)
        self.send_header("Location", f"{given['redirect_uri']}?{back}")
        self.end_headers()

    def _send(self, status: int, what: Any) -> None:
        text = json.dumps(what).encode()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)


def _encoded(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def _metadata(told: Provider) -> dict[str, Any]:
    places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks",
              "userinfo_endpoint": "userinfo", "end_session_endpoint": "logout"}  # fmt: skip
    return {
        "issuer": told.issuer,
        **{name: f"{told.issuer}/{path}" for name, path in places.items()},
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "none", "HS256"],
        **told.metadata,
    }


def _tokens(told: Provider, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
    told.token_request, told.authorization = given, authorization
    asked = told.codes.pop(given.get("code", ""), None)
    hashed = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
    challenge = _encoded(hashed)
    if (
        asked is None
        or asked["code_challenge"] != challenge
        or asked["code_challenge_method"] != "S256"
        or asked["redirect_uri"] != given.get("redirect_uri")
    ):
        return 400, {"error": "invalid_grant"}
    basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    if authorization != f"Basic {basic}" and "client_assertion" not in given:
        return 401, {"error": "invalid_client"}
    id_token = told.id_token(asked["nonce"])
    return 200, {"access_token": "an-access-token", "token_type": "Bearer", "id_token": id_token}
