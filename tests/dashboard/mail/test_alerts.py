"""Alerts by email, taken by a real SMTP server: none twice, one a week, none lost, no small number."""

import logging
import os
import random
import re
import signal
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select, update

from dashboard.filters import from_query
from dashboard.mail.alerting import write_alerts
from dashboard.mail.delivery import NotTaken, Unknown, Unreachable, deliver
from dashboard.mail.sending import send_due
from dashboard.places import place_of
from dashboard.server.access import Reader
from dashboard.settings.settings import Mail, Settings
from dashboard.store import alerts, kept_places, outbox
from dashboard.store.alerts import STOP
from ingest.store.schema import alert_email, dataset, pathway
from rtt.findings.alerts import Standing, news
from tests import servers
from tests.dashboard.mail.post import html, plain, post_office

# Tuesday 3 March 2026: the list of 22 February is the newest, and the next was due on the Monday.
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
LIST, TRUST = "?source=weekly&org=R9A", "?source=monthly&level=provider&org=R9B"
WHOLE = [LIST, TRUST, "?source=monthly&tf=C_110", "?source=monthly"]


def settings_of(home, port=25, **more):
    mail = Mail(host="127.0.0.1", port=port, security="none", sender="RTT <rtt@trust.example>")
    return Settings(home=home, mail=mail, link="https://rtt.example/", **more)


def asks(engine, name, pace="weekly", places=(LIST, TRUST), at=TUESDAY, address=""):
    """A reader who keeps places and has confirmed an address."""
    reader = Reader(name)
    for query in places:
        kept_places.keep(engine, reader, place_of(from_query(query)[0]), at=at)
    return alerts.choose(
        engine, reader, address=address or f"{name}@trust.example", pace=pace, is_confirmed=True, at=at
    )


def round_of(engine, settings, now=TUESDAY):
    """What `rtt alerts` does."""
    write_alerts(engine, settings, now=now)
    return send_due(engine, settings, now=now, clock=lambda: now)


def states(engine):
    with engine.connect() as connection:
        return [
            row.state for row in connection.execute(select(alert_email.c.state).order_by(alert_email.c.id))
        ]


def load_again(engine, **told):
    """As if data had been loaded that changes what was told: the states then are others."""
    with engine.begin() as connection:
        connection.execute(update(dataset).values(version=dataset.c.version + 1))
        for reader in told:
            alerts.note_told(connection, reader, dict.fromkeys(told[reader], ""), at=TUESDAY)


def topics(engine, reader):
    with engine.connect() as connection:
        return alerts.told_to(connection, reader)


# What is new


def standing(kind="signal", state="concerning up", topic="signal total ?"):
    return Standing(kind, topic, state, "Sentence.", "Place", "?")


def test_a_state_is_told_once_and_again_when_it_came_anew():
    told = {}
    for state, is_told in (
        ("", False),
        ("concerning up", True),
        ("concerning up", False),
        ("improving down", True),
        ("", False),
        ("improving down", True),
    ):
        found = news([standing(state=state)], told, least=20)
        assert bool(found.tell) is is_told, state
        told |= found.quietly | {each.topic: each.state for each in found.tell}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([5, 19], [0, 0]),
        ([20, 21, 25, 28], [1, 0, 0, 0]),
        ([20, 29], [1, 1]),  # 20 + 2 * sqrt(20) is 28.9
        ([20, 19, 20, 13, 20, 12, 19], [1, 0, 0, 0, 0, 0, 0]),  # hovering about the threshold
        ([20, 3, 20], [1, 0, 1]),
        ([100, 90, 105, 110], [1, 0, 0, 1]),  # told anew from where it fell to: 90 + 2 * sqrt(90) is 109
    ],
)
def test_a_count_is_told_at_the_threshold_and_when_it_rose_by_more_than_chance(counts, told):
    known, found = {}, []
    for count in counts:
        new = news([standing("undated", str(count))], known, least=20)
        found.append(len(new.tell))
        known |= new.quietly | {each.topic: each.state for each in new.tell}
    assert found == told


def test_what_is_not_known_now_is_left_as_it_was_told():
    assert news([], {"signal total ?": "concerning up"}, least=20) == news([], {}, least=20)


# One a week, none twice


def test_one_email_a_week_says_what_changed_and_nothing_is_told_twice(demo, tmp_path):
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        asks(demo, "ann")
        round_of(demo, settings, TUESDAY - timedelta(days=1))
        assert post.letters == [], "not before the day of the week"
        for day in range(5):
            round_of(demo, settings, TUESDAY + timedelta(days=day))
        (letter,) = post.letters
        # The week after nothing is new, though everything still stands.
        round_of(demo, settings, TUESDAY + timedelta(days=7))
        assert len(post.letters) == 1
    text = plain(letter)
    assert letter["To"] == "ann@trust.example"
    assert "The PTL of R9A is late: the one after 22 Feb 2026 was due on 2 Mar 2026." in text
    assert re.search(r"\d+ pathways will breach 18 weeks by 22 Mar 2026 and have no date\.", text)
    assert letter["Subject"].startswith("SAMPLE DATA: RTT dashboard: ")


def test_what_is_new_later_in_the_week_waits_for_the_next(demo, tmp_path):
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        asks(demo, "ann")
        round_of(demo, settings)
        ended = [topic for topic in topics(demo, "ann") if topic.startswith("undated 18")]
        load_again(demo, ann=ended)
        round_of(demo, settings, TUESDAY + timedelta(days=2))
        assert len(post.letters) == 1
        round_of(demo, settings, TUESDAY + timedelta(days=7))
    first, second = post.letters
    assert "will breach 18 weeks" in plain(first)
    assert "will breach 18 weeks" in plain(second)
    assert "is late" not in plain(second)


def test_at_once_is_one_email_a_load_and_one_for_data_that_became_late(demo, tmp_path):
    monday = TUESDAY - timedelta(days=1)
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        asks(demo, "ann", "at-once")
        round_of(demo, settings, monday)
        round_of(demo, settings, monday + timedelta(hours=3))
        assert len(post.letters) == 1
        assert "The PTL of R9A is late" not in plain(post.letters[0])
        round_of(demo, settings)
        assert len(post.letters) == 2, "late, without a load"
        load_again(demo, ann=[topic for topic in topics(demo, "ann") if topic.startswith("undated 18")])
        round_of(demo, settings, TUESDAY + timedelta(hours=1))
        round_of(demo, settings, TUESDAY + timedelta(hours=2))
    _, second, third = map(plain, post.letters)
    assert "The PTL of R9A is late" in second
    assert "will breach" not in second
    assert "will breach" in third


def test_a_week_has_so_many_emails_at_most_and_the_rest_comes_in_the_next(demo, tmp_path):
    with post_office() as post:
        settings = settings_of(tmp_path, post.port, alert_emails=2)
        asks(demo, "ann", "at-once")
        for hour in range(6):
            round_of(demo, settings, TUESDAY + timedelta(hours=hour))
            load_again(demo, ann=[topic for topic in topics(demo, "ann") if topic.startswith("undated")])
        assert len(post.letters) == 2
        assert "last email of this week" in plain(post.letters[1])
        assert "last email of this week" not in plain(post.letters[0])
        round_of(demo, settings, TUESDAY + timedelta(days=6))
        assert "will breach" in plain(post.letters[2])


def test_many_changes_are_listed_up_to_a_number_and_the_rest_is_counted(demo, tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.mail.alerting.MOST_CHANGES", 2)
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        asks(demo, "ann", places=WHOLE)
        round_of(demo, settings)
        (letter,) = post.letters
    listed = [line for line in plain(letter).splitlines() if line.startswith("- ")]
    told = int(re.search(r": (\d+) changes", letter["Subject"])[1])
    assert told == len(topics(demo, "ann"))
    assert told > 2, "the sample has so many, or this test says nothing"
    assert len(listed) == 2
    assert f"{told - 2} more" in plain(letter)


def test_two_rounds_at_once_write_one_email(demo, tmp_path):
    asks(demo, "ann")
    settings = settings_of(tmp_path)
    begin = threading.Barrier(4)

    def run():
        begin.wait()
        write_alerts(demo, settings, now=TUESDAY)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(demo) == ["waiting"]
    with post_office() as post:
        sending = settings_of(tmp_path, post.port)
        threads = [
            threading.Thread(target=lambda: send_due(demo, sending, now=TUESDAY, clock=lambda: TUESDAY))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(post.letters) == 1


def test_nobody_who_did_not_confirm_or_keeps_no_place_is_written_to(demo, tmp_path):
    asks(demo, "empty", places=())
    kept_places.keep(demo, Reader("bob"), place_of(from_query(LIST)[0]), at=TUESDAY)
    alerts.choose(
        demo, Reader("bob"), address="bob@trust.example", pace="weekly", is_confirmed=False, at=TUESDAY
    )
    kept_places.keep(demo, Reader("cat"), place_of(from_query(LIST)[0]), at=TUESDAY)
    assert write_alerts(demo, settings_of(tmp_path), now=TUESDAY) == 0


# What is in it


def test_plain_text_and_html_say_the_same_and_lead_to_the_places(demo, tmp_path):
    with post_office() as post:
        asks(demo, "ann")
        round_of(demo, settings_of(tmp_path, post.port))
    (letter,) = post.letters
    shown = re.sub(r"<[^>]+>", "", html(letter)).replace("&amp;", "&")
    sentences = [line.removeprefix("- ") for line in plain(letter).splitlines() if line.startswith("- ")]
    assert len(sentences) >= 2
    assert all(sentence in shown for sentence in sentences)
    for words in ("would still be flagged", "My services", "Stop these emails", "You get this because"):
        assert words in plain(letter)
        assert words in shown
    assert 'lang="en-GB"' in html(letter)
    assert f"https://rtt.example/{LIST}" in plain(letter)
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", ["ann", "lead"])
def test_it_holds_no_pathway_and_no_small_number_whoever_it_is_for(demo, tmp_path, name):
    """It is drawn as the public sees it: what the reader may see on pages does not matter."""
    parts = [f"{LIST}&tf={code}" for code in ("C_130", "C_120", "C_340")] + [f"{LIST}&site=R9A01"]
    with post_office() as post:
        asks(demo, name, places=[*WHOLE, *parts])
        round_of(demo, settings_of(tmp_path, post.port, alert_without_date=10))
    (letter,) = post.letters
    said = plain(letter) + html(letter) + letter["Subject"]
    with demo.connect() as connection:
        tokens = connection.execute(select(pathway.c.token)).scalars().all()
    assert tokens
    assert not any(token in said for token in tokens)
    assert not re.search(r"(?<![\d.,%])[1-7] (?:pathways?|people|patients)\b", said)
    # Who has a date is told of the whole list alone, as on Breaches.
    blocks = plain(letter).replace("\r\n", "\n").split("\n\n")
    undated = [block.splitlines()[-1] for block in blocks if "no date" in block]
    assert undated == [f"https://rtt.example/{LIST}"]


def test_the_email_is_the_same_as_for_a_reader_without_any_right(demo, tmp_path):
    with post_office() as post:
        asks(demo, "ann")
        asks(demo, "bob")
        round_of(demo, settings_of(tmp_path, post.port))
    first, second = (plain(each).partition("Stop these emails")[0] for each in post.letters)
    assert first == second


# Stopping


def test_the_headers_offer_one_click_and_the_link_is_the_readers_own(demo, tmp_path):
    with post_office() as post:
        choice = asks(demo, "ann")
        round_of(demo, settings_of(tmp_path, post.port))
    (letter,) = post.letters
    link = f"https://rtt.example/alerts/stop?token={choice.token(STOP)}"
    assert letter["List-Unsubscribe"].replace("\n", "").replace(" ", "") == f"<{link}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in plain(letter).replace("=\n", "")
    assert link in html(letter)


def test_an_email_that_waits_when_its_reader_stops_is_not_sent(demo, tmp_path):
    asks(demo, "ann")
    write_alerts(demo, settings_of(tmp_path), now=TUESDAY)
    alerts.stop(demo, "ann", by="ann", at=TUESDAY)
    with post_office() as post:
        round_of(demo, settings_of(tmp_path, post.port))
        assert post.letters == []
    assert states(demo) == ["dropped"]


# The mail server


def test_a_server_that_is_down_loses_none_and_is_tried_less_and_less_often(demo, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    port = servers.free_port()
    settings = settings_of(tmp_path, port)
    for name in ("ann", "bob", "cat"):
        asks(demo, name)
    found = round_of(demo, settings)
    assert (found.sent, found.waiting) == (0, 3)
    waits, now = [], TUESDAY
    for _ in range(10):
        with demo.connect() as connection:
            first = (
                connection.execute(select(alert_email.c.next_at).order_by(alert_email.c.id)).scalars().first()
            )
        first = first.replace(tzinfo=UTC) if first.tzinfo is None else first
        waits.append((first - now).total_seconds() / 60)
        now = first
        round_of(demo, settings, now)
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) <= 12 * 60
    with post_office(port) as post:
        round_of(demo, settings, now + timedelta(hours=13))
        round_of(demo, settings, now + timedelta(hours=26))
        assert sorted(each["To"] for each in post.letters) == [
            "ann@trust.example",
            "bob@trust.example",
            "cat@trust.example",
        ]
        assert set(post.times().values()) == {1}
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("rtt")]
    assert ours
    assert not any(re.search(r"@|ann|bob|cat", line) for line in ours)


def test_a_server_that_refuses_one_recipient_serves_the_others_and_that_one_later(demo, tmp_path):
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        for name in ("ann", "bob", "cat"):
            asks(demo, name)
        post.refused["bob@trust.example"] = "550 no such bob"
        found = round_of(demo, settings)
        assert (found.sent, found.waiting) == (2, 1)
        post.refused["bob@trust.example"] = "451 later"
        round_of(demo, settings, TUESDAY + timedelta(hours=1))
        del post.refused["bob@trust.example"]
        round_of(demo, settings, TUESDAY + timedelta(hours=2))
        assert [len(post.to(f"{name}@trust.example")) for name in ("ann", "bob", "cat")] == [1, 1, 1]
    with demo.connect() as connection:
        faults = connection.execute(select(alert_email.c.fault)).scalars().all()
    assert not any("bob" in fault or "@" in fault for fault in faults)


def test_an_address_that_is_refused_for_a_week_is_given_up_and_counted(demo, tmp_path):
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        asks(demo, "ann")
        post.refused["ann@trust.example"] = "550 no"
        for day in range(9):
            round_of(demo, settings, TUESDAY + timedelta(days=day))
    assert states(demo)[0] == "failed"
    with demo.connect() as connection:
        assert outbox.counts(connection, until=TUESDAY.date() + timedelta(days=9)).failed == 1


@pytest.mark.parametrize("way", ["hang up", "no answer"])
def test_words_that_were_given_and_not_answered_are_not_sent_again_and_the_reader_is_told(
    demo, tmp_path, way
):
    with post_office() as post:
        settings = settings_of(tmp_path, post.port)
        asks(demo, "ann")
        post.hang_up, post.hold = way == "hang up", 0 if way == "hang up" else 1.5

        def give(*asked, **how):
            deliver(*asked, **how, seconds=0.3)

        write_alerts(demo, settings, now=TUESDAY)
        found = send_due(demo, settings, now=TUESDAY, clock=lambda: TUESDAY, give=give)
        assert found.unsure == 1
        post.hang_up, post.hold = False, 0.0
        round_of(demo, settings, TUESDAY + timedelta(hours=2))
        assert set(post.times().values()) == {1}
        load_again(demo, ann=[topic for topic in topics(demo, "ann") if topic.startswith("undated 18")])
        round_of(demo, settings, TUESDAY + timedelta(days=7))
        assert "The email of 3 Mar 2026 may not have reached you." in plain(post.letters[-1])
    assert states(demo) == ["unsure", "sent"]


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from dashboard.mail.alerting import write_alerts
from dashboard.mail.sending import send_due
from ingest.store.database import make_engine
from tests.dashboard.mail.test_alerts import settings_of, TUESDAY

url, home, port, left = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
OURS = ("mail/sending.py", "mail/delivery.py", "store/outbox.py", "mail/alerting.py", "smtplib.py")

def count(frame, what, _):
    global left
    if not frame.f_code.co_filename.endswith(OURS):
        return None
    if what == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return count

engine, settings = make_engine(url), settings_of(home, port)
sys.settrace(count)
write_alerts(engine, settings, now=TUESDAY)
send_due(engine, settings, now=TUESDAY, clock=lambda: TUESDAY)
sys.settrace(None)
print(left)
"""


@pytest.mark.slow
def test_a_run_that_is_killed_at_any_point_sends_none_twice_and_loses_none(demo_template, tmp_path):
    """Ten random lines of a round: what is killed there is taken up by the next, an hour later."""
    import shutil

    from ingest.store.database import make_engine

    chance, lines = random.Random(8058), 0
    for point in range(11):
        shutil.copy(demo_template, tmp_path / f"{point}.db")
        url = f"sqlite:///{tmp_path / f'{point}.db'}"
        engine = make_engine(url)
        for name in ("ann", "bob", "cat"):
            asks(engine, name, places=[LIST])
        with post_office() as post:
            left = chance.randrange(1, lines) if point else 10**9
            ran = subprocess.run(
                [sys.executable, "-c", KILLED, url, str(tmp_path), str(post.port), str(left)],
                capture_output=True,
                text=True,
                cwd=Path(__file__).parents[3],
                env={**os.environ, "RTT_HOME": str(tmp_path)},
                check=False,
            )
            if point == 0:  # the first runs through, and counts the lines there are
                assert ran.returncode == 0, ran.stderr
                lines = 10**9 - int(ran.stdout)
            else:
                assert ran.returncode == -signal.SIGKILL, ran.stderr
            later = TUESDAY + timedelta(hours=1)
            round_of(engine, settings_of(tmp_path, post.port), later)
            assert all(times == 1 for times in post.times().values()), (point, left)
            arrived = {each["X-Envelope-To"] for each in post.letters}
        with engine.connect() as connection:
            rows = connection.execute(select(alert_email.c.reader, alert_email.c.state)).all()
        engine.dispose()
        assert len(rows) == 3
        unsure = {f"{row.reader}@trust.example" for row in rows if row.state == "unsure"}
        assert {row.state for row in rows} <= {"sent", "unsure"}
        assert len(unsure) <= 1
        assert arrived | unsure == {f"{name}@trust.example" for name in ("ann", "bob", "cat")}, (point, left)


def certificate(folder):
    """A certificate for this machine's own name, and its key."""
    files = folder / "server.crt", folder / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-out", str(files[0]), "-keyout", str(files[1])],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return files


def test_starttls_and_a_login_are_used_as_the_settings_say(tmp_path, monkeypatch):
    made, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made, key)
    asked = []

    def check(_server, _session, _envelope, _mechanism, given):
        asked.append((given.login, given.password))
        return AuthResult(success=given.password == b"right", handled=False)

    email = message_of()
    with post_office(
        tls_context=context, require_starttls=True, authenticator=check, auth_required=True
    ) as post:

        def send(password, host="localhost"):
            mail = Mail(host=host, port=post.port, sender="rtt@trust.example", user="rtt", password=password)
            deliver(email, "ann@trust.example", mail, before_words=lambda: None)

        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            send("right")
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
        with pytest.raises(Unreachable, match="code 535"):
            send("wrong")
        assert post.letters == []
        send("right")
        assert [letter["Subject"] for letter in post.letters] == ["Words"]
        assert asked[-1] == (b"rtt", b"right")


def message_of(words="one\n.two\n..three\n"):
    from email.message import EmailMessage

    email = EmailMessage()
    email["Subject"], email["From"], email["To"] = "Words", "rtt@trust.example", "ann@trust.example"
    email.set_content(words)
    return email


def test_lines_that_begin_with_a_dot_arrive_as_they_are():
    with post_office() as post:
        mail = Mail(host="127.0.0.1", port=post.port, security="none", sender="rtt@trust.example")
        deliver(message_of(), "ann@trust.example", mail, before_words=lambda: None)
    assert plain(post.letters[0]).replace("\r\n", "\n") == "one\n.two\n..three\n"


def test_what_cannot_be_written_down_before_the_words_stops_them():
    """A database that is busy just then: the server has got nothing, so the email waits."""

    def busy():
        raise RuntimeError

    with post_office() as post:
        mail = Mail(host="127.0.0.1", port=post.port, security="none", sender="rtt@trust.example")
        with pytest.raises(RuntimeError):
            deliver(message_of(), "ann@trust.example", mail, before_words=busy)
        assert post.letters == []
    assert NotTaken is not Unknown
