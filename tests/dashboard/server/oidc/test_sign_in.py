"""There and back: what is asked of the provider, what a browser keeps, and where it ends."""

import base64
import sqlite3
import stat
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from dashboard.server.oidc.ways import own_way
from dashboard.store.sign_ins import FILE
from tests import providers
from tests.dashboard.server.oidc.signing_in import (
    LINK,
    PERSON,
    answered_by_provider,
    client_as,
    go_there,
    served,
    settings_for,
    sign_in,
    sign_in_anew,
)
from tests.servers import ROOT


@pytest.fixture
def provider():
    with providers.provider() as made:
        yield made


@pytest.fixture
def app(sqlite_engine, provider, tmp_path):
    return served(sqlite_engine, settings_for(provider, tmp_path))


def test_whoever_opens_a_page_signs_in_and_comes_back_to_it(app, provider):
    client = app.test_client()
    assert (
        sign_in(client, "/trends?org=R9A&measure=total").headers["Location"]
        == "/trends?org=R9A&measure=total"
    )
    assert client.get("/version").status_code == 200
    assert provider.token_request["code_verifier"]
    assert base64.b64decode(provider.authorization.split()[1]).decode().endswith(providers.SECRET)


def test_the_provider_is_asked_for_what_the_protocol_says_and_nothing_secret_goes_along(app, provider):
    client = app.test_client()
    sent = client.get(client.get("/", headers=PERSON).headers["Location"]).headers["Location"]
    asked = {name: value for name, (value,) in parse_qs(urlsplit(sent).query).items()}
    assert sent.startswith(f"{provider.issuer}/authorize?")
    assert {name: asked.pop(name) for name in ("response_type", "client_id", "redirect_uri", "scope")} == {
        "response_type": "code",
        "client_id": providers.CLIENT,
        "redirect_uri": f"{LINK}/sign-in/back",
        "scope": "openid profile email",
    }
    assert asked.pop("code_challenge_method") == "S256"
    assert set(asked) == {"state", "nonce", "code_challenge"}
    assert all(len(value) >= 43 for value in asked.values())


def test_nothing_is_asked_of_the_provider_before_somebody_signs_in(app, provider):
    assert app.test_client().get("/health").status_code == 200
    assert provider.asked == []


def test_the_session_cookie_is_new_at_each_sign_in_and_the_one_before_is_worth_nothing(app, provider):
    """Session fixation: what an attacker put there, or knew before, is not the key of a session."""
    client = app.test_client()
    client.set_cookie("rtt-session", "planted", domain="localhost")
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    first = client.get_cookie("rtt-session").value
    assert first != "planted"
    sign_in_anew(client)
    second = client.get_cookie("rtt-session").value
    assert first != second
    other = app.test_client()
    other.set_cookie("rtt-session", first, domain="localhost")
    assert other.get("/version").status_code == 401
    assert client.get("/version").status_code == 200


@pytest.mark.parametrize(
    ("link", "name", "path"),
    [
        ("https://rtt.trust.nhs.uk", "__Host-rtt-session", "Path=/"),
        ("https://apps.trust.nhs.uk/rtt", "__Secure-rtt-session", "Path=/rtt"),
    ],
)
def test_over_https_the_cookie_is_bound_to_the_host(sqlite_engine, provider, tmp_path, link, name, path):
    settings = settings_for(provider, tmp_path).model_copy(
        update={"link": link, "prefix": urlsplit(link).path, "hosts": frozenset({"localhost"})}
    )
    client = served(sqlite_engine, settings).test_client()
    below = settings.prefix
    there = client.get(f"{below}/sign-in", base_url="https://localhost").headers["Location"]
    answer = client.get(answered_by_provider(there), base_url="https://localhost")
    parts = answer.headers["Set-Cookie"].split("; ")
    assert parts[0].startswith(f"{name}=")
    assert {"Secure", "HttpOnly", path, "SameSite=Lax"} <= set(parts)
    assert answer.headers["Location"] == f"{below}/"


def test_no_cookie_and_no_file_holds_a_token_or_a_key_of_a_browser(app, provider, tmp_path):
    provider.person["email"] = "jo@example.org"
    client = app.test_client()
    sign_in(client)
    key = client.get_cookie("rtt-session").value
    files = [tmp_path / f"{FILE}{end}" for end in ("", "-wal") if (tmp_path / f"{FILE}{end}").exists()]
    kept = b"".join(file.read_bytes() for file in files)
    for secret in (key, "an-access-token", provider.person["sub"] + "\0", "provider-session", "eyJ"):
        assert secret.encode() not in kept
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"jo@example.org" not in kept  # not verified by the provider: it is nobody's


def test_a_session_ends_unused_and_ends_in_any_case(app, provider, tmp_path):
    client = client_as(app, provider, "viewer")
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE session SET seen = seen - 1799")
    assert client.get("/version").status_code == 200  # and is seen again
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE session SET seen = seen - 1801")
    assert client.get("/version").status_code == 401
    client = client_as(app, provider, "viewer")
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE session SET ends = ?", (int(time.time()) - 1,))
    assert client.get("/version").status_code == 401


@pytest.mark.parametrize(
    "way",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "\\/evil.example", "javascript:alert(1)",
     "/%0d%0aSet-Cookie:x\r\n", "///evil.example", "/\tevil", "evil", "", "/sign-in", "/sign-in/back?code=x",
     "/sign-out", "/" + "x" * 3000, "/é"],
)  # fmt: skip
def test_nobody_is_sent_to_another_place_than_ours(app, way):
    assert own_way(way) == "/"


@pytest.mark.parametrize(
    "way", ["/trends?org=R9A", "/?x=https://evil.example/", "/card.csv?a=b&c=d", "/a//b"]
)
def test_ways_of_ours_are_kept_whole(way):
    assert own_way(way) == way


def test_two_tabs_may_sign_in_at_once(app):
    client = app.test_client()
    first, second = go_there(client, "/trends"), go_there(client, "/status")
    assert client.get(second).headers["Location"] == "/status"
    assert client.get(first).headers["Location"] == "/trends"


def test_a_private_key_proves_who_asks(sqlite_engine, provider, tmp_path):
    key = RSAKey.generate_key(2048)
    file = tmp_path / "key.pem"
    file.write_bytes(key.as_pem(private=True))
    file.chmod(0o600)
    settings = settings_for(provider, tmp_path, private_key=str(file), key_id="ours")
    client = served(sqlite_engine, settings).test_client()
    assert sign_in(client).status_code == 303
    token = jwt.decode(provider.token_request["client_assertion"], key, algorithms=["RS256"])
    assert token.header["kid"] == "ours"
    said = token.claims
    assert (said["iss"], said["sub"]) == (providers.CLIENT, providers.CLIENT)
    assert said["aud"] == f"{provider.issuer}/token"
    assert 0 < said["exp"] - time.time() <= 120
    assert "client_secret" not in provider.token_request
    assert not provider.authorization


def test_a_provider_that_takes_the_secret_by_post_alone_gets_it_so(sqlite_engine, provider, tmp_path):
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    sign_in(served(sqlite_engine, settings_for(provider, tmp_path)).test_client())
    assert provider.token_request["client_secret"] == providers.SECRET
    assert not provider.authorization


@pytest.mark.parametrize("access", ["none", "single-user", "proxy"])
def test_whoever_has_no_provider_does_not_load_its_libraries(access, tmp_path):
    told = {"RTT_PROXY_ADDRESSES": "127.0.0.1", "RTT_PROXY_SECRET": "x" * 16} if access == "proxy" else {}
    said = "import app, sys; print({'authlib', 'joserfc'} & sys.modules.keys())"
    ran = subprocess.run(
        [sys.executable, "-c", said],
        cwd=ROOT,
        env={"PATH": "/usr/bin", "RTT_HOME": str(tmp_path), "RTT_ACCESS": access, **told},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "set()"
