"""Every address, callback and page as each role of a session, against the table of `test_roles`, by hand.

The roles are those of its table; `nobody` has no session. What the sign-in adds to the addresses stands here.
"""

import pytest

from dashboard.callbacks import fetching
from dashboard.pages import PAGES
from tests import providers
from tests.dashboard import tracked
from tests.dashboard.server import test_roles as table
from tests.dashboard.server.oidc.signing_in import PERSON, client_as

SIGN_IN = {"/sign-in", "/sign-in/back", "/sign-out", "/signed-out", "/sign-in/ended"}
AFTERWARDS = {"/sign-in/again"}
# Which pathways a page may show to (viewer, writer, auditor, lead of one specialty, booking team).
PATHWAYS = {
    "/ptl": (table.NONE, table.NONE, table.NONE, table.ENT, table.ALL),
    "/book-next": (table.NONE, table.NONE, table.NONE, table.ENT, table.ALL),
}
WHO = ("viewer", "writer", "auditor", "lead", "booking")


@pytest.fixture(scope="module")
def provider():
    with providers.provider() as made:
        yield made


@pytest.fixture
def everything(app, provider):
    """The tokens of the list by specialty: that of ENT and the others are told apart by the table alone."""
    client = client_as(app, provider, "booking")
    found = {}
    for query, function in (("?tf=C_120", "C_120"), ("?tf=C_100", "C_100"), ("?tf=C_130", "C_130")):
        for at in range(1, 9):
            text = tracked.draw(client, "/ptl", f"{query}&page={at}").text
            found |= dict.fromkeys(table.TOKEN.findall(text), function)
    return found


def test_the_sign_in_adds_these_addresses_and_no_other(app):
    known = table.READS | table.WRITES | table.SAVES | table.OWN | table.OF_EMAILS | table.OF_SCREENS
    known |= table.NEEDS_PATHWAYS | table.AUDITS
    assert set(table.rules(app.test_client())) == known | SIGN_IN | AFTERWARDS


def test_nobody_is_answered_anywhere_but_at_the_sign_in(app):
    client = app.test_client()
    for name, path, method in table.requests(client):
        form = table.FORM if method == "POST" else None
        answer = client.open(path, method=method, headers=tracked.OURS, data=form)
        if name in SIGN_IN or path == "/health" or path.startswith("/assets/"):
            assert "page" not in answer.text or table.shown(answer.text, {}) == table.NONE
        else:
            assert answer.status_code == 401, (name, method)
        answer.close()
        if method == "GET" and name not in SIGN_IN and not path.startswith("/assets/") and path != "/health":
            sent = client.get(path, headers=PERSON)
            is_page = sent.status_code == 303 and sent.headers["Location"].startswith("/sign-in")
            assert is_page or sent.status_code == 401, name
    for page in PAGES:
        assert tracked.draw(client, page.path, "").status_code == 401


@pytest.mark.parametrize(("who", "column"), [(who, at) for at, who in enumerate(WHO)])
def test_each_address_and_page_answers_each_role_as_the_table_says(
    who, column, app, provider, everything, monkeypatch
):
    monkeypatch.setattr(fetching, "_start", lambda _: "")
    client = client_as(app, provider, who)
    may_write, sees = who == "writer", who in ("lead", "booking")
    for name, path, method in table.requests(client):
        if name in SIGN_IN:
            continue
        form = table.FORM if method == "POST" else None
        answer = client.open(path, method=method, headers=tracked.OURS, data=form)
        allowed = (
            name in table.READS | table.OF_SCREENS | AFTERWARDS | table.OWN
            or (name in table.WRITES and may_write)
            or (name in table.SAVES and (may_write or sees))
            or (name in table.NEEDS_PATHWAYS and sees)
            or (name in table.AUDITS and who == "auditor")
        )
        assert (answer.status_code not in (401, 403)) is allowed, (name, method, answer.status_code)
        expected = table.ENT if name == "/ptl/export" and sees else table.NONE
        assert table.shown(answer.data.decode(errors="ignore"), everything) == expected, name
    for page in PAGES:
        for query, allowed in (("", None), (f"?{table.BOOKING}", table.ENT), ("?tf=C_100", None)):
            found = table.shown(tracked.draw(client, page.path, query).text, everything)
            most = PATHWAYS.get(page.path, (table.NONE,) * len(WHO))[column]
            if most == table.NONE or (most == table.ENT and "C_100" in query):
                assert found == table.NONE, (page.path, query)
            elif allowed:
                assert found == allowed, (page.path, query)
