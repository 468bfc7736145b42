"""What must not become a session: each is refused with its reason in the log and a page that says what to do.

The reasons hold no token, no code and nothing of whoever it was.
"""

import shutil
import time

import pytest
from joserfc.jwk import RSAKey

from dashboard.server.oidc import asking
from dashboard.server.oidc import provider as of_provider
from ingest.store.database import make_engine
from tests import providers
from tests.dashboard.server.oidc.signing_in import (
    PERSON,
    answered_by_provider,
    client_as,
    go_there,
    served,
    settings_for,
    sign_in,
)
from tests.providers import CLIENT, KEYS


@pytest.fixture(scope="module")
def one_provider():
    with providers.provider() as made:
        yield made


@pytest.fixture
def provider(one_provider):
    """As it is meant to be, whatever the test before made of it."""
    issuer = one_provider.issuer
    one_provider.__dict__.update(providers.Provider(issuer=issuer).__dict__)
    one_provider.__dict__.pop("id_token", None)
    return one_provider


@pytest.fixture(scope="module")
def shared(sqlite_template, one_provider, tmp_path_factory):
    """The application of those tests that leave nothing behind in what it knows of its provider."""
    home = tmp_path_factory.mktemp("signing-in")
    shutil.copy(sqlite_template, home / "rtt.db")
    return served(make_engine(f"sqlite:///{home / 'rtt.db'}"), settings_for(one_provider, home))


@pytest.fixture
def app(sqlite_engine, provider, tmp_path):
    """One that knows nothing yet."""
    return served(sqlite_engine, settings_for(provider, tmp_path))


NOW = int(time.time())
STRANGER = RSAKey.generate_key(2048)
# What the provider is made to do -> the reason in the log.
BAD_TOKENS = {
    "expired": ({"claims": {"iat": NOW - 7200, "exp": NOW - 3600}}, "the id token has expired"),
    "of the future": ({"claims": {"iat": NOW + 9000, "exp": NOW + 9999}}, "invalid_claim iat"),
    "not yet": ({"claims": {"nbf": NOW + 9000}}, "invalid_claim nbf"),
    "another audience": ({"claims": {"aud": "another"}}, "invalid_claim aud"),
    "ours among others, for another": ({"claims": {"aud": [CLIENT, "x"], "azp": "x"}}, "invalid_claim azp"),
    "ours among others, for nobody": ({"claims": {"aud": [CLIENT, "x"]}}, "missing_claim azp"),
    "another issuer": ({"claims": {"iss": "https://evil.example"}}, "invalid_claim iss"),
    "no issuer": ({"claims": {"iss": None}}, "missing_claim iss"),
    "another nonce": ({"claims": {"nonce": "another"}}, "invalid_claim nonce"),
    "no nonce": ({"claims": {"nonce": None}}, "missing_claim nonce"),
    "no subject": ({"claims": {"sub": None}}, "missing_claim sub"),
    "an empty subject": ({"claims": {"sub": ""}}, "names no usable subject"),
    "another access token": ({"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "invalid_claim at_hash"),
    "no signature": ({"algorithm": "none", "kid": None}, "unsupported_algorithm"),
    "the public key as a secret": ({"algorithm": "HS256"}, "unsupported_algorithm"),
    "a stranger's key": ({"key": STRANGER}, "bad_signature"),
    "an unknown key": ({"key": STRANGER, "kid": "unknown"}, "invalid_key_id"),
    "no token": ({"id_token": lambda _nonce: None}, "there is no id token"),
    "no JWT": ({"id_token": lambda _nonce: "a.b.c"}, "the id token is refused"),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_token_that_is_not_right_in_every_part_signs_nobody_in(name, shared, provider, caplog):
    change, reason = BAD_TOKENS[name]
    for what, value in change.items():
        setattr(provider, what, value)
    refused(shared.test_client(), caplog, reason)


def refused(client, caplog, reason, *, status=401, back=None):
    answer = sign_in(client) if back is None else client.get(back, headers=PERSON)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    assert "rtt-session" not in str(answer.headers.getlist("Set-Cookie"))
    said = " ".join(caplog.messages)
    assert reason in said
    for secret in ("eyJ", "s-1", "Jo Smith", "code=", "state="):
        assert secret not in said
    assert client.get("/version").status_code == 401
    return answer


def test_a_code_signs_in_once(shared, provider, caplog):
    client, other = shared.test_client(), shared.test_client()
    back = go_there(client)
    assert client.get(back).status_code == 303
    # The same way back again: its state was used up.
    assert client.get(back).status_code == 401
    assert "no sign-in is under way with this state" in caplog.messages[-1]
    # The code with the state of another sign-in: the provider took it already.
    code = back.partition("code=")[2].partition("&")[0]
    mine = go_there(other)
    stolen = mine.replace(mine.partition("code=")[2].partition("&")[0], code)
    refused(other, caplog, "the provider does not take the code: invalid_grant", back=stolen)


def test_a_code_that_somebody_else_was_given_is_of_no_use_to_whoever_injects_it(shared, caplog):
    """PKCE and nonce: the victim's fresh code, put into the attacker's own way back."""
    victim, attacker = shared.test_client(), shared.test_client()
    code = go_there(victim).partition("code=")[2].partition("&")[0]
    mine = go_there(attacker)
    injected = mine.replace(mine.partition("code=")[2].partition("&")[0], code)
    refused(attacker, caplog, "invalid_grant", back=injected)


def test_a_way_back_that_this_browser_did_not_begin_signs_nobody_in(shared, caplog):
    """Login CSRF: an attacker's own way back, which a victim is made to follow."""
    attacker, victim = shared.test_client(), shared.test_client()
    back = go_there(attacker)
    refused(victim, caplog, "the sign-in was not begun in this browser", back=back)
    go_there(victim)
    refused(victim, caplog, "no sign-in is under way with this state", back=back)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "no sign-in is under way"),
        ("?state=made-up&code=x", "no sign-in is under way"),
        ("?code=x", "no sign-in is under way"),
    ],
)
def test_a_way_back_without_a_state_of_ours_is_none(shared, caplog, query, reason):
    refused(shared.test_client(), caplog, reason, back=f"/sign-in/back{query}")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("error=access_denied&error_description=Jo%20Smith", "the provider answers access_denied"),
        ("error=%3Cscript%3E", "the provider answers (no known word)"),
        ("iss=https://evil.example&code=x", "the answer is of another issuer"),
        ("", "the answer has no code"),
    ],
)
def test_an_answer_without_a_code_of_the_provider_ends_in_a_page(shared, caplog, more, reason):
    client = shared.test_client()
    state = go_there(client).partition("state=")[2]
    answer = refused(client, caplog, reason, back=f"/sign-in/back?state={state}&{more}")
    assert "<script>" not in answer.text


def test_a_sign_in_that_took_too_long_is_begun_again(shared, caplog, monkeypatch):
    client = shared.test_client()
    back = go_there(client)
    monkeypatch.setattr("dashboard.server.oidc.routes.now", lambda: int(time.time()) + 601)
    refused(client, caplog, "no sign-in is under way", back=back)


def test_keys_that_the_provider_changed_are_fetched_and_no_oftener_than_they_may_be(app, provider):
    client_as(app, provider, "viewer")
    provider.key, provider.kid = KEYS[1], "key-1"
    provider.published = [KEYS[1].as_dict(private=False)]
    # A moment after the first keys were fetched nobody fetches them again, whatever tokens come.
    for _ in range(3):
        assert sign_in(app.test_client()).status_code == 401
    assert provider.asked.count("/jwks") == 1


def test_changed_keys_sign_in_once_a_while_has_passed(sqlite_engine, provider, tmp_path, monkeypatch):
    monkeypatch.setattr(of_provider, "APART", 0.0)
    app = served(sqlite_engine, settings_for(provider, tmp_path))
    client_as(app, provider, "viewer")
    provider.key, provider.kid = KEYS[1], "key-1"
    provider.published = [{"kty": "AKP", "pub": "x"}, {"kty": "RSA"}, KEYS[1].as_dict(private=False)]
    client_as(app, provider, "viewer")
    assert provider.asked.count("/jwks") == 2
    # The one that was withdrawn signs nobody in any more.
    provider.key, provider.kid = KEYS[0], "key-0"
    assert sign_in(app.test_client()).status_code == 401


def test_clocks_a_minute_apart_do_not_matter(shared, provider):
    provider.claims = {"iat": int(time.time()) + 50, "exp": int(time.time()) + 300}
    assert sign_in(shared.test_client()).status_code == 303
    provider.claims = {"iat": int(time.time()) - 900, "exp": int(time.time()) - 30}
    assert sign_in(shared.test_client()).status_code == 303


@pytest.mark.parametrize(
    "down",
    [("/.well-known/openid-configuration",), ("/token",), ("/jwks",)],
    ids=["metadata", "token", "keys"],
)
def test_while_the_provider_is_down_those_signed_in_go_on_and_others_are_told(
    sqlite_engine, app, provider, caplog, tmp_path, down
):
    inside = client_as(app, provider, "viewer")
    # A worker that starts now knows nothing of the provider, and has the sessions all the same.
    app = served(sqlite_engine, settings_for(provider, tmp_path))
    provider.down = down
    outside = app.test_client()
    answer = outside.get("/sign-in", headers=PERSON)
    if answer.status_code == 303:
        answer = outside.get(answered_by_provider(answer.headers["Location"]), headers=PERSON)
    assert answer.status_code == 503
    assert "The sign-in service does not answer" in answer.text
    assert answer.headers["Retry-After"]
    assert "the provider answered with 500" in " ".join(caplog.messages) or "HTTPStatus" in caplog.text
    assert inside.get("/version").status_code == 200


def test_a_provider_that_nobody_answers_for_costs_the_second_who_asks_nothing(
    sqlite_engine, provider, tmp_path
):
    settings = settings_for(provider, tmp_path, issuer="http://127.0.0.1:9")
    client = served(sqlite_engine, settings).test_client()
    for _ in range(2):
        assert client.get("/sign-in").status_code == 503
    assert client.get("/health").status_code == 200


def test_a_slow_provider_is_not_waited_for_without_end(app, provider, monkeypatch, caplog):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    provider.slow = 1.0
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert "ReadTimeout" in caplog.text


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"issuer": "https://evil.example"}, "names another issuer"),
        ({"token_endpoint": "http://evil.example/token"}, "token_endpoint is missing or not https"),
        ({"jwks_uri": None}, "jwks_uri is missing"),
        ({"end_session_endpoint": "javascript:alert(1)"}, "end_session_endpoint is missing or not https"),
    ],
)
def test_metadata_that_leads_elsewhere_is_not_believed(app, provider, caplog, metadata, reason):
    provider.metadata = metadata
    assert app.test_client().get("/sign-in").status_code == 503
    assert reason in caplog.text


def test_an_answer_without_end_is_not_read_to_its_end(app, provider, monkeypatch, caplog):
    monkeypatch.setattr(asking, "LARGEST", 100)
    assert app.test_client().get("/sign-in").status_code == 503
    assert "too large" in caplog.text
