"""A browser without a screen that signs in: it goes where it is sent, and keeps its cookies."""

import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import urlsplit

from dashboard.application import create_app
from dashboard.settings.oidc import Oidc
from dashboard.settings.settings import Settings
from tests import providers
from tests.dashboard import tracked
from tests.tracking_lists import CENSUS

LINK = "http://localhost"
PERSON = {"Accept": "text/html"}
GROUPS = {
    "viewer": [],
    "writer": ["writers"],
    "lead": ["ent-leads"],
    "auditor": ["ig"],
    "booking": ["booking"],
}


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_Stays, urllib.request.ProxyHandler({}))


def settings_for(provider, folder, **more):
    """As an operator sets them; what is given instead is one of the sign-in's own."""
    roles = {
        name: getattr(tracked.PROXY, name) for name in ("writers", "pathway_readers", "auditors", "leads")
    }
    proof = {} if "private_key" in more else {"secret": providers.SECRET}
    oidc = Oidc(**({"issuer": provider.issuer, "client_id": providers.CLIENT} | proof | roles | more))
    return Settings(home=folder, access="oidc", oidc=oidc, link=LINK)


def served(engine, settings):
    """The application of these settings."""
    return create_app(engine, settings, today=lambda: CENSUS + timedelta(1)).server


def go_there(client, to="/version"):
    """To the provider's page, which sends everybody back at once: the address of the way back."""
    sent = client.get(to, headers=PERSON)
    assert sent.status_code == 303, sent.text
    there = client.get(sent.headers["Location"])
    assert there.status_code == 303, there.text
    return answered_by_provider(there.headers["Location"])


def answered_by_provider(address):
    try:
        _opener.open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        answer.close()
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider sends nobody back")


def sign_in(client, to="/version"):
    """There and back; the last answer."""
    return client.get(go_there(client, to), headers=PERSON)


def sign_in_anew(client):
    """The same for whoever is signed in already."""
    return client.get(answered_by_provider(client.get("/sign-in").headers["Location"]), headers=PERSON)


def client_as(app, provider, role, **person):
    """A client with the session of somebody of a role."""
    provider.person = {"sub": f"s-{role}", "name": role, "groups": GROUPS[role], **person}
    client = app.test_client()
    assert sign_in(client).status_code == 303
    return client
