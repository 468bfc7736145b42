"""The addresses of the sign-in: there, back, out, and the provider's word that somebody is out.

State, nonce and the verifier of PKCE belong to one sign-in of one browser and are used once. A new session
has a new key, whatever the browser had before.
"""

import logging
from hmac import compare_digest
from secrets import token_urlsafe
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.server import guard
from dashboard.server.oidc import exchange
from dashboard.server.oidc.asking import turn
from dashboard.server.oidc.claims import is_there, person_of
from dashboard.server.oidc.cookies import BEGUN, SESSION
from dashboard.server.oidc.entrance import Entrance, now
from dashboard.server.oidc.id_tokens import logout_of
from dashboard.server.oidc.provider import Provider
from dashboard.server.oidc.refusals import NoAccess, Refused, Stopped, TooManyGroups, TooOld, Unreachable
from dashboard.server.oidc.sessions import LIFE_OF_A_BEGUN, Begun, Person, hash_of, subject_of
from dashboard.server.oidc.ways import (
    AGAIN,
    BACK,
    BY_PROVIDER,
    SIGN_IN,
    SIGN_OUT,
    SIGNED_OUT,
    own_way,
    sign_in_for,
)

log = logging.getLogger("rtt.access")


def register(server: Flask, entrance: Entrance) -> None:
    """Put the addresses on the server. `Refused` ends in a page that says what to do."""
    provider = Provider(entrance.oidc.issuer)

    server.register_error_handler(Refused, _refuse)

    @server.get(SIGN_IN, endpoint="sign-in")
    def there() -> AnyResponse:
        return _there(entrance, provider)

    @server.get(BACK, endpoint="sign-in-back")
    def back() -> AnyResponse:
        return _back(entrance, provider)

    @server.get(AGAIN, endpoint="sign-in-again")
    def again() -> Response:
        return guard.answer(200, "You are signed in again", "Close this tab and go on where you were, or")

    @server.post(SIGN_OUT, endpoint="sign-out")
    def out() -> Response:
        return _out(entrance, provider)

    @server.get(SIGNED_OUT, endpoint="signed-out")
    def signed_out() -> Response:
        return _signed_out()

    @server.post(BY_PROVIDER, endpoint="sign-in-ended")
    def by_provider() -> tuple[Response, int]:
        return _by_provider(entrance, provider)


def _refuse(refused: Refused) -> Response:
    """The page that says what to do; the reason is for the log."""
    log.warning("sign-in refused: %s", refused.reason)
    link, words = sign_in_for(request.args.get("to", "/")), "sign in again."
    if isinstance(refused, NoAccess | TooManyGroups):
        link, words = f"{SIGN_IN}?as=other", "sign in with another account."
    if isinstance(refused, Unreachable):
        words = "try again."
    answer = guard.answer(refused.status, refused.title, refused.sentence, link=link, link_text=words)
    if isinstance(refused, Unreachable):
        answer.headers["Retry-After"] = "60"
    return answer


def _there(entrance: Entrance, provider: Provider) -> AnyResponse:
    browser = entrance.cookies.read(request.environ, BEGUN) or token_urlsafe(32)
    state, way = token_urlsafe(32), own_way(request.args.get("to", "/"))
    begun = Begun(nonce=token_urlsafe(32), verifier=token_urlsafe(48), way=way)
    prompt = "login" if "as" in request.args else ""
    with turn():
        address = exchange.way_there(
            provider, entrance.oidc, back=entrance.link + BACK, state=state, begun=begun, prompt=prompt
        )
    entrance.sessions.begin(state, browser, begun, at=now())
    answer = redirect(address, 303)
    entrance.cookies.give(answer, BEGUN, browser, seconds=LIFE_OF_A_BEGUN)
    return answer


def _back(entrance: Entrance, provider: Provider) -> AnyResponse:
    begun = _what_was_begun(entrance)
    with turn():
        claims = exchange.claims_for(
            provider,
            entrance.oidc,
            back=entrance.link + BACK,
            code=request.args.get("code", ""),
            begun=begun,
        )
    person = person_of(claims, entrance.oidc)
    if not entrance.oidc.may_read(person.groups):
        raise NoAccess("signed in, and in no group that may read")
    _tell_of_missing_groups(entrance, claims, person)
    at = now()
    entrance.sessions.end(entrance.cookies.read(request.environ, SESSION))
    sid = claims.get("sid")
    key = entrance.sessions.start(
        person,
        sid=sid if isinstance(sid, str) else "",
        at=at,
        ends=at + 60 * entrance.oidc.session_minutes,
    )
    answer = redirect(begun.way, 303)
    entrance.cookies.give(answer, SESSION, key)
    return answer


def _what_was_begun(entrance: Entrance) -> Begun:
    """What this browser began under the state that came back. Raises `Refused`."""
    given = request.args.get("state", "")
    taken = entrance.sessions.take(given, at=now()) if given else None
    if taken is None:
        raise TooOld("no sign-in is under way with this state")
    browser, begun = taken
    if not compare_digest(browser, hash_of(entrance.cookies.read(request.environ, BEGUN))):
        raise TooOld("the sign-in was not begun in this browser")
    if request.args.get("iss", entrance.oidc.issuer) != entrance.oidc.issuer:
        raise Refused("the answer is of another issuer")
    if "error" in request.args:
        raise Stopped(f"the provider answers {exchange.word(request.args['error'])}")
    if not request.args.get("code"):
        raise Refused("the answer has no code")
    return begun


def _tell_of_missing_groups(entrance: Entrance, claims: dict[str, object], person: Person) -> None:
    missing = [path for path in entrance.oidc.groups_claim if not is_there(claims, path)]
    if missing and not person.groups:
        log.warning("signed in without groups: the provider sends no claim %s", ", ".join(missing))
    if entrance.oidc.asks_where and not person.organisations:
        asked = entrance.oidc.asks_where
        log.warning("signed in without an organisation: the provider sends no code in %s", asked)


def _by_provider(entrance: Entrance, provider: Provider) -> tuple[Response, int]:
    """Back-channel logout: the provider says that a session of its own, or all of a subject, are over."""
    try:
        with turn():
            claims = logout_of(request.form.get("logout_token"), provider=provider, oidc=entrance.oidc)
    except Refused as refused:
        log.warning("sign-out by the provider refused: %s", refused.reason)
        return jsonify(error="invalid_request"), 400
    subject = subject_of(claims) if isinstance(claims.get("sub"), str) else ""
    sid = claims.get("sid")
    ended = entrance.sessions.end_of_provider(subject=subject, sid=sid if isinstance(sid, str) else "")
    log.info("the provider ended %d sessions", ended)
    return jsonify(ended=ended), 200


def _out(entrance: Entrance, provider: Provider) -> Response:
    """Signed out here at once, and on the way to be signed out at the provider too."""
    entrance.sessions.end(entrance.cookies.read(request.environ, SESSION))
    try:
        with turn():
            address = provider.end_session_address()
    except Unreachable:
        address = ""
    if address:
        said = {"client_id": entrance.oidc.client_id, "post_logout_redirect_uri": entrance.link + SIGNED_OUT}
        address += ("&" if "?" in address else "?") + urlencode(said)
        sentence = "You are signed out of the dashboard. If the sign-in service does not open by itself,"
        answer = guard.answer(
            200, "You are signing out", sentence, link=address, link_text="sign out there too."
        )
        # A redirect would be refused: our forms lead to our own addresses alone (form-action).
        answer.headers["Refresh"] = f"0; url={address}"
    else:
        answer = _signed_out()
    entrance.cookies.take_back(answer, SESSION)
    return answer


def _signed_out() -> Response:
    sentence = "On a shared computer, close the browser too. You can"
    return guard.answer(200, "You are signed out", sentence, link=SIGN_IN, link_text="sign in again.")
