"""Alerts as their reader meets them: choosing, confirming an address, stopping by one click."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from dashboard.application import create_app
from dashboard.settings.areas import is_address
from dashboard.settings.settings import Mail, Proxy, Settings
from dashboard.store.alerts import CONFIRM, STOP, choice_of, standing_choices
from ingest.store.schema import alert_choice, audit
from tests import servers
from tests.dashboard import drawing
from tests.dashboard.mail.post import html, plain, post_office
from tests.dashboard.test_services import SECRET, headers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
AT_THE_PROXY = {"X-Proxy-Secret": SECRET}  # as a program of a mail server comes: nobody signed in


@pytest.fixture
def post():
    with post_office() as made:
        yield made


@pytest.fixture
def client(demo, tmp_path, post):
    return client_of(demo, tmp_path, post.port)


def client_of(engine, home, port, **of_proxy):
    proxy = Proxy(addresses="127.0.0.1", secret=SECRET, **of_proxy)
    mail = Mail(host="127.0.0.1", port=port, security="none", sender="rtt@trust.example")
    settings = Settings(home=home, access="proxy", proxy=proxy, mail=mail, link="http://localhost")
    app = create_app(engine, settings, today=lambda: NOW.date(), now=lambda: NOW)
    return app.server.test_client()


def choose(client, name="ann", address="ann@trust.example", pace="weekly", **more):
    form = {"address": address, "pace": pace}
    answer = client.post("/services/alerts", data=form, headers=headers(name) | more)
    answer.close()  # the email goes out after the answer
    return answer


def link_in(letter):
    found = re.search(r"http://localhost/\S+", plain(letter))
    assert found
    parts = urlsplit(found[0])
    return f"{parts.path}?{parts.query}"


def confirmed(engine):
    with engine.connect() as connection:
        return [(each.reader, each.address) for each in standing_choices(connection)]


def choice(engine, name="ann"):
    with engine.connect() as connection:
        return choice_of(connection, name)


def test_a_typed_address_is_confirmed_by_a_press_on_the_page_of_its_link(client, demo, post):
    assert choose(client).status_code == 303
    (letter,) = post.letters
    assert letter["To"] == "ann@trust.example"
    assert "List-Unsubscribe" not in letter
    assert link_in(letter) in html(letter).replace("&amp;", "&")
    assert confirmed(demo) == []
    # A program that looks at mail follows the link, and nothing happens.
    page = client.get(link_in(letter), headers=AT_THE_PROXY)
    assert page.status_code == 200
    assert "Confirm this address" in page.text
    assert confirmed(demo) == []
    action = re.search(r'action="([^"]+)"', page.text)[1]
    assert client.post(action, data={"press": "yes"}, headers=headers()).status_code == 200
    assert confirmed(demo) == [("ann", "ann@trust.example")]


def test_the_page_says_what_was_chosen(client, demo, post):
    choose(client)
    page = drawing.draw(client, "/services", **headers("ann"))["page"]
    assert "We sent a link to ann@trust.example" in drawing.words(page)
    client.post(link_in(post.letters[0]), data={"press": "yes"}, headers=headers())
    page = drawing.draw(client, "/services", **headers("ann"))["page"]
    assert "Once a week, to ann@trust.example." in drawing.words(page)
    assert "ann@trust.example" not in drawing.words(
        drawing.draw(client, "/services", **headers("bob"))["page"]
    )


def test_an_old_link_confirms_nothing(client, demo, post):
    choose(client)
    with demo.begin() as connection:
        connection.execute(update(alert_choice).values(written_at=NOW - timedelta(days=8)))
    answer = client.post(link_in(post.letters[0]), data={"press": "yes"}, headers=headers())
    assert answer.status_code == 410
    assert confirmed(demo) == []


def test_a_mail_server_that_is_down_keeps_the_confirmation_for_later(demo, tmp_path):
    from tests.dashboard.mail.test_alerts import round_of, settings_of

    port = servers.free_port()
    client = client_of(demo, tmp_path, port)
    assert choose(client).status_code == 303
    with post_office(port) as post:
        round_of(demo, settings_of(tmp_path, port), NOW + timedelta(hours=1))
        assert [each["To"] for each in post.letters] == ["ann@trust.example"]


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@elsewhere.example", "a@trust.example, b@trust.example", "<a@trust.example>",
     "a@trust.example\r\nBcc: b@x.example", "a@eviltrust.example", "x" * 260 + "@trust.example"],
)  # fmt: skip
def test_an_address_that_is_none_or_anywhere_is_refused_and_nothing_is_sent(client, demo, post, address):
    assert choose(client, address=address).status_code == 400
    assert choice(demo) is None
    assert post.letters == []


def test_addresses():
    assert is_address("jo.smith+rtt@sub.trust.nhs.uk")
    assert not any(map(is_address, ("a@b c", "a@", "@b", "a@b,c@d", "a@b\nx", "ä@b.example", "a@b@c")))


def test_the_address_of_the_sign_in_needs_no_confirmation(demo, tmp_path, post):
    client = client_of(demo, tmp_path, post.port, email_header="X-Remote-Email")
    assert (
        choose(client, address="typed@trust.example", **{"X-Remote-Email": "ann@nhs.example"}).status_code
        == 303
    )
    assert confirmed(demo) == [("ann", "ann@nhs.example")]
    assert post.letters == []


def test_the_access_file_knows_addresses(demo, tmp_path, post):
    (tmp_path / "access.toml").write_text('[addresses]\n"ann" = "ann@nhs.example"\n')
    file = str(tmp_path / "access.toml")
    client = client_of(demo, tmp_path, post.port, leads=file, addresses_of=file)
    choose(client, address="")
    assert confirmed(demo) == [("ann", "ann@nhs.example")]
    assert choose(client, "bob", address="").status_code == 400


def test_somebody_who_types_addresses_all_day_is_stopped(client, post):
    codes = [choose(client, address=f"a{at}@trust.example").status_code for at in range(7)]
    assert codes == [303] * 5 + [400] * 2
    assert len(post.letters) == 5


def test_nobody_in_particular_can_choose_nothing(demo, tmp_path):
    app = create_app(demo, Settings(home=tmp_path, access="none"), today=lambda: NOW.date())
    answer = app.server.test_client().post(
        "/services/alerts",
        data={"address": "a@b.example", "pace": "weekly"},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 403


# One click


@pytest.fixture
def ann(client, demo, post):
    choose(client)
    client.post(link_in(post.letters[0]), data={"press": "yes"}, headers=headers())
    return choice(demo)


def test_one_click_stops_without_a_sign_in_a_cookie_or_a_page_of_ours(client, demo, ann):
    """RFC 8058: the mail program asks by POST, with this body and nothing else."""
    way = f"/alerts/stop?token={ann.token(STOP)}"
    answer = client.post(way, data={"List-Unsubscribe": "One-Click"}, headers=AT_THE_PROXY)
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert confirmed(demo) == []
    # A second one is as good.
    assert client.post(way, data={"List-Unsubscribe": "One-Click"}, headers=AT_THE_PROXY).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_to_follow_the_link_stops_nothing(client, demo, ann, method):
    for _ in range(3):
        getattr(client, method)(f"/alerts/stop?token={ann.token(STOP)}", headers=AT_THE_PROXY)
    assert confirmed(demo) == [("ann", "ann@trust.example")]


def test_the_page_of_the_link_has_a_button_that_stops(client, demo, ann):
    page = client.get(f"/alerts/stop?token={ann.token(STOP)}", headers=AT_THE_PROXY)
    assert "<h1>Stop alerts by email?</h1>" in page.text
    action = re.search(r'action="([^"]+)"', page.text)[1]
    assert client.post(action, data={"press": "yes"}, headers=headers()).status_code == 200
    assert confirmed(demo) == []


def test_a_link_opens_its_own_address_and_nothing_else(client, ann):
    stop, confirm = ann.token(STOP), ann.token(CONFIRM)
    wrong = [
        f"/alerts/stop?token={confirm}",
        f"/alerts/confirm?token={stop}",
        f"/?token={stop}",
        f"/services?token={stop}",
        f"/status.json?token={stop}",
        f"/alerts/stop?token={stop[:-1]}x",
        f"/alerts/stop?token={ann.id + 1}{stop[stop.index('.') :]}",
        "/alerts/stop?token=1.",
        "/alerts/stop?token=x",
        "/alerts/stop",
    ]
    assert [client.get(each, headers=headers("ann")).status_code for each in wrong] == [403] * len(wrong)
    assert client.post("/alerts/stop", data={"x": "y"}, headers=AT_THE_PROXY).status_code in (401, 403)
    # And not past the proxy.
    assert client.get(f"/alerts/stop?token={stop}").status_code == 403


def test_a_change_is_audited_and_an_address_that_is_over_is_forgotten(client, demo, ann):
    choose(client, pace="at-once")
    client.post("/services/alerts/stop", data={"x": "y"}, headers=headers("ann"))
    with demo.connect() as connection:
        lines = connection.execute(
            select(audit.c.reader, audit.c.action, audit.c.scope)
            .where(audit.c.reader == "ann")  # others look at the sample too
            .order_by(audit.c.id)
        ).all()
        kept = connection.execute(select(alert_choice.c.address, alert_choice.c.withdrawn_by)).all()
    assert [tuple(line) for line in lines] == [
        ("ann", "alerts chosen", "weekly"),
        ("ann", "alerts stopped", ""),
        ("ann", "alerts chosen", "at-once"),
        ("ann", "alerts stopped", ""),
    ]
    assert [tuple(row) for row in kept] == [("", "ann"), ("", "ann")]


def test_another_pace_for_a_confirmed_address_needs_no_new_confirmation(client, demo, ann, post):
    choose(client, pace="at-once")
    assert len(post.letters) == 1
    assert confirmed(demo) == [("ann", "ann@trust.example")]


def test_data_status_counts_emails_and_names_nobody(client, demo, ann):
    page = drawing.draw(client, "/status", **headers("bob"))["page"]
    rows = dict(drawing.table(page, "Alerts by email")[1:])
    assert rows["Readers who get alerts"] == "1"
    assert rows["Sent in the last four weeks"] == "1"
    assert "ann" not in drawing.words(page).replace("planned", "").replace("scann", "")
    assert client.get("/status.json", headers=headers("bob")).json["alerts"]["sent"] == 1
