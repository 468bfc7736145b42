"""The weekly email, received by a real SMTP server on this machine."""

import re
from contextlib import contextmanager
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default as modern
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select

from dashboard.cli.mailing import weekly_of
from dashboard.mail.email import NotSent, Weekly, message, send
from dashboard.settings import SettingError
from dashboard.settings.settings import Mail, from_environment
from ingest.loading.load import load_path
from ingest.store import schema
from ingest.store.database import make_engine
from rtt.findings.attention import Item, small_words
from rtt.terms.calendar import month_ends
from tests import servers
from tests.dashboard.commands import Command

ITEMS = [Item("signal", 31, "Look into ENT", "over 52 weeks, 7 rises in a row & no fall.", "?tf=C_120")]
WEEKLY = Weekly(
    subject="RTT waiting times on 15 Nov 2026: R9A",
    headline=["65.6% of 5,597 pathways were within 18 weeks on 15 Nov 2026."],
    items=ITEMS,
    more=2,
    note="About one signal would stand here by chance.",
    source="Source: weekly patient tracking list of Sunday 15 Nov 2026, unvalidated.",
    link="https://rtt.example/?a=1&b=2",
)


class Letterbox(Message):
    """Keeps what arrives."""

    def __init__(self):
        super().__init__()
        self.letters = []

    def handle_message(self, message):
        self.letters.append(message_from_bytes(message.as_bytes(), policy=modern))


@contextmanager
def smtp_server():
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=servers.free_port())
    server.start()
    try:
        yield box, server.port
    finally:
        server.stop()


def mail_to(port, **said):
    told = {"security": "none", "sender": "rtt@trust.example", "recipients": ("a@x.example", "b@x.example")}
    return Mail(host="127.0.0.1", port=port, **{**told, **said})


def test_it_arrives_as_plain_text_and_html_that_say_the_same():
    with smtp_server() as (box, port):
        mail = mail_to(port)
        send(message(WEEKLY, mail), mail)
    [letter] = box.letters
    plain = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    assert letter["To"] == "a@x.example, b@x.example"
    for words in (
        WEEKLY.headline[0],
        "1. Look into ENT: over 52 weeks, 7 rises in a row & no fall.",
        "2 more",
        WEEKLY.note,
    ):
        assert words in plain
    shown = re.sub(r"<[^>]+>", "", html).replace("&amp;", "&")
    for words in (
        WEEKLY.headline[0],
        "Look into ENT: over 52 weeks, 7 rises in a row & no fall.",
        WEEKLY.note,
        WEEKLY.link,
    ):
        assert words in shown
    assert 'lang="en-GB"' in html


def test_it_has_a_date_and_an_identity_of_its_own_from_the_senders_domain():
    first, second = (message(WEEKLY, mail_to(25, sender="RTT <rtt@trust.example>")) for _ in range(2))
    assert parsedate_to_datetime(first["Date"]).utcoffset() == timedelta(0)
    assert first["Message-ID"].endswith("@trust.example>")
    assert first["Message-ID"] != second["Message-ID"]


def test_its_headline_is_judged_as_the_overview_judges_it(sqlite_url, make_extract, tmp_path):
    # Ten months without change; then eight in each of which the share within 18 weeks falls by a point.
    months = month_ends(date(2023, 8, 31), date(2025, 1, 31))
    engine = make_engine(sqlite_url)
    for at, census in enumerate(months):
        late = 30 + 10 * max(0, at - 9)
        facts = {("RTD", "01A", "2", "C_110"): {0: 1000 - late, 20: late}}
        (result,) = load_path(engine, make_extract(facts, census=census))
        assert result.state == "loaded", result.problems
    engine.dispose()
    settings = from_environment({"RTT_HOME": str(tmp_path), "RTT_DATABASE_URL": sqlite_url})
    partial, share, *_ = weekly_of(settings, []).headline
    assert partial.startswith("PARTIAL: this month’s file holds nothing of Part_1A")
    assert share.startswith("89.0% of 1,000 pathways were within 18 weeks on 31 Jan 2025")
    judgement = share.partition("Concerning: ")[2]
    assert "8 changes in a row downwards." in judgement


def test_markup_in_a_name_is_text_in_the_email():
    weekly = Weekly("s", [], [Item("signal", 1, "<script>x</script>", "y", "")], 0, "", "")
    html = message(weekly, mail_to(25)).get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_name_of_any_characters_is_one_line_of_subject_and_text():
    """Fault 7: a line break or a control character in a name broke the header of the email."""
    name = "R9A\r\nBcc: x@y.example\x00\u2028 \ud800Trust"
    weekly = Weekly(name, [name], [Item("signal", 1, name, name, "")], 0, "", "")
    made = message(weekly, mail_to(25))
    assert made["Subject"] == "R9A Bcc: x@y.example Trust"
    assert made["Bcc"] is None
    made.as_bytes()
    assert "1. R9A Bcc: x@y.example Trust" in made.get_body(("plain",)).get_content()


def test_what_is_left_out_of_the_items_is_told():
    """Fault 9: specialties whose numbers are small can give no item."""
    assert small_words([]) == ""
    assert small_words(["ENT", "Urology"]).strip() == (
        "Not ranked, numbers too small to show: ENT and Urology."
    )


@pytest.mark.parametrize(
    ("name", "told"), [("rtt-pack-r9a-internal.pptx", True), ("rtt-pack-r9a-public.pptx", False)]
)
def test_an_internal_pack_in_an_email_is_said_to_be_so(tmp_path, name, told):
    """Fault 10: a file that travels says for whom it is."""
    (tmp_path / name).write_bytes(b"x")
    made = message(Weekly("s", [], [], 0, "", "", attachments=[tmp_path / name]), mail_to(25))
    for kind in ("plain", "html"):
        assert ("do not publish" in made.get_body((kind,)).get_content()) is told


def test_the_pack_is_attached(tmp_path):
    pack = tmp_path / "pack.pptx"
    pack.write_bytes(b"PK slides")
    with smtp_server() as (box, port):
        mail = mail_to(port)
        weekly = Weekly("s", [], [], 0, "", "", attachments=[pack])
        send(message(weekly, mail), mail)
    [attached] = box.letters[0].iter_attachments()
    assert attached.get_filename() == "pack.pptx"
    assert attached.get_content() == b"PK slides"


def test_a_server_that_is_not_there_is_said_without_the_recipients():
    mail = mail_to(servers.free_port())
    with pytest.raises(NotSent, match=r"did not take it") as fault:
        send(message(WEEKLY, mail), mail)
    assert "x.example" not in str(fault.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"RTT_SMTP_HOST": "mail"}, "RTT_MAIL_FROM"),
        (
            {
                "RTT_SMTP_HOST": "mail",
                "RTT_MAIL_FROM": "a@b",
                "RTT_MAIL_TO": "c@d",
                "RTT_SMTP_SECURITY": "ssl",
            },
            "RTT_SMTP_SECURITY",
        ),
    ],
)
def test_half_a_setting_is_named(given, named):
    with pytest.raises(SettingError, match=named):
        from_environment(given)


@pytest.mark.parametrize("given", [{}, {"RTT_SMTP_HOST": "mail", "RTT_MAIL_FROM": "a@b", "RTT_MAIL_TO": ""}])
def test_without_a_server_or_recipients_the_command_says_what_to_set(tmp_path, given):
    ended = servers.rtt("mail", check=False, RTT_HOME=str(tmp_path), **given)
    assert ended.returncode == 2
    assert "RTT_SMTP_HOST" in ended.stderr
    assert "RTT_MAIL_TO" in ended.stderr
    ((outcome, message),) = runs(f"sqlite:///{tmp_path / 'rtt.db'}")
    assert outcome == "failed"
    assert "RTT_SMTP_HOST" in message


def runs(url):
    """How the emails of a database ended."""
    engine = make_engine(url)
    c = schema.run.c
    with engine.connect() as connection:
        rows = connection.execute(select(c.outcome, c.message).where(c.kind == "mail").order_by(c.id)).all()
    engine.dispose()
    return rows


def test_an_email_that_was_not_sent_leaves_a_failed_run(demo_url, tmp_path, monkeypatch, capsys):
    for name, value in {
        "RTT_HOME": str(tmp_path),
        "RTT_DATABASE_URL": demo_url,
        "RTT_SMTP_HOST": "127.0.0.1",
        "RTT_SMTP_PORT": str(servers.free_port()),
        "RTT_MAIL_FROM": "rtt@trust.example",
        "RTT_MAIL_TO": "a@x.example",
    }.items():
        monkeypatch.setenv(name, value)
    assert Command(monkeypatch, capsys)("mail").code == 1
    ((outcome, message),) = runs(demo_url)
    assert outcome == "failed"
    assert "did not take it" in message
    assert "x.example" not in message


@pytest.mark.slow
def test_the_weekly_email_of_the_sample_holds_no_pathway_and_no_small_number(demo_url, tmp_path):
    with smtp_server() as (box, port):
        ended = servers.rtt(
            "mail",
            check=False,
            RTT_HOME=str(tmp_path),
            RTT_DATABASE_URL=demo_url,
            RTT_SMTP_HOST="127.0.0.1",
            RTT_SMTP_PORT=str(port),
            RTT_SMTP_SECURITY="none",
            RTT_MAIL_FROM="rtt@trust.example",
            RTT_MAIL_TO="a@x.example",
        )
    assert ended.returncode == 0, ended.stderr
    assert [each.outcome for each in runs(demo_url)] == ["ok"]
    [letter] = box.letters
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].startswith("SAMPLE DATA: ")
    assert "within 18 weeks" in text
    engine = make_engine(demo_url)
    with engine.connect() as connection:
        tokens = connection.execute(select(schema.pathway.c.token)).scalars().all()
    engine.dispose()
    assert tokens
    assert not any(token in text for token in tokens)
