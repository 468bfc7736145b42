"""Writes the alerts of a round: for each reader who asked for them, what is new about their places.

One email a week, or one a load for who asked to be told at once, and of these a few a week. What is told and
that it is told are kept in one transaction with the email, so that nothing is told twice and nothing is lost
between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import make_msgid, parseaddr

from sqlalchemy import Engine

from dashboard.analysis.alerts import Stand, false_alarm_lines, stand_of
from dashboard.mail.alert import About, Alert
from dashboard.mail.sending import TO_CONFIRM
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import Settings
from dashboard.store import outbox
from dashboard.store.alerts import Choice, note_told, standing_choices, told_to
from dashboard.store.cache import data_kind, data_version, reading
from dashboard.store.kept_places import places_of
from ingest.store.database import writing
from rtt.findings.alerts import KINDS, News, Standing, news
from rtt.terms.calendar import LONDON
from rtt.terms.wording import date_text, plural

MOST_CHANGES = 20
SEVERAL = "Data"
WHY = "You get this because you asked the RTT dashboard to write to you about your services."


@dataclass(frozen=True, slots=True)
class Round:
    """What every reader's email of this round has in common."""

    settings: Settings
    now: datetime
    today: date
    version: int
    sample: bool

    @property
    def week(self) -> str:
        """The ISO week: 2026-W48."""
        year, week, _ = self.today.isocalendar()
        return f"{year}-W{week:02}"


def write_alerts(engine: Engine, settings: Settings, *, now: datetime) -> int:
    """Put what is new into the outbox; how many emails that is."""
    with reading(engine) as connection:
        this = Round(
            settings,
            now,
            now.astimezone(LONDON).date(),
            data_version(connection),
            data_kind(connection) == "sample",
        )
        choices = standing_choices(connection)
    return sum(_write(engine, this, choice) for choice in choices)


def confirmation(*, sample: bool = False) -> Alert:
    """The email that asks whether an address is the reader's."""
    return Alert(
        subject=f"{'SAMPLE DATA: ' if sample else ''}RTT dashboard: confirm your email address",
        intro="Somebody asked the RTT dashboard to send alerts about waiting times to this address. If it "
        "was you, confirm the address within seven days. If it was not, do nothing: no more will come.",
        about=(),
        more=0,
        notes=(),
        services="",
        why="This email was sent once, because the address was entered on My services.",
        action="Confirm this address",
        action_href=TO_CONFIRM,
    )


def message_id_of(settings: Settings) -> str:
    """A name for an email, of the sender's domain, so that this machine's is not disclosed."""
    sender = settings.mail.sender if settings.mail else ""
    return make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)


def _write(engine: Engine, this: Round, choice: Choice) -> int:
    with reading(engine) as connection:
        places = places_of(connection, choice.reader)
        if not places:
            return 0
        stand = stand_of(connection, places, Enquiry(ANYBODY, this.today, this.settings))
        told = told_to(connection, choice.reader)
    found = news(stand.standing, told, least=this.settings.alert_without_date)
    if not found.tell and not found.quietly:
        return 0
    with writing(engine) as connection:
        # Another round may have told of it since it was looked up: the two take turns, and look again.
        if told_to(connection, choice.reader) != told:
            return 0
        note_told(connection, choice.reader, found.quietly, at=this.now)
        emails = outbox.emails_of_week(connection, choice.reader, this.week)
        periods = [
            each
            for each in _periods(this, choice, found)
            if not outbox.has_email(connection, choice.reader, each)
        ]
        period = _period(this, choice, found, emails, periods)
        if not period:
            return 0
        late = outbox.last_unsure(connection, choice.reader)
        last = choice.pace == "at-once" and emails + 1 >= this.settings.alert_emails
        alert = _alert(this, found.tell, stand, unsure=late, is_last=last)
        outbox.put(
            connection,
            choice_id=choice.id,
            reader=choice.reader,
            period=period,
            week=this.week,
            message_id=message_id_of(this.settings),
            changes=len(found.tell),
            words=alert.values(),
            at=this.now,
        )
        note_told(connection, choice.reader, {each.topic: each.state for each in found.tell}, at=this.now)
    return 1


def _periods(this: Round, choice: Choice, found: News) -> list[str]:
    """The periods of which this may be the email, the usual one first: there is one email for each."""
    if choice.pace == "weekly":
        return [f"week {this.week}"]
    # Data becomes late without a load: then the day is the period.
    is_late = any(each.kind == "late" for each in found.tell)
    return [f"load {this.version}", *([f"day {this.today.isoformat()}"] if is_late else [])]


def _period(this: Round, choice: Choice, found: News, emails: int, periods: Sequence[str]) -> str:
    """The period of which to write an email now; '' for none: what is new then waits, untold."""
    if not found.tell:
        return ""
    if choice.pace == "weekly" and this.today.weekday() < this.settings.alert_weekday:
        return ""
    if emails >= (1 if choice.pace == "weekly" else this.settings.alert_emails):
        return ""
    return periods[0] if periods else ""


def _alert(
    this: Round, tell: Sequence[Standing], stand: Stand, *, unsure: datetime | None, is_last: bool
) -> Alert:
    # Of many, those of the first places: their reader put them in order.
    ordered = sorted(tell, key=lambda each: KINDS.index(each.kind))
    places = list(dict.fromkeys((each.place, each.query) for each in stand.standing if each.place))
    grouped: list[tuple[str, str, list[Standing]]] = [
        (name, query, [each for each in ordered if (each.place, each.query) == (name, query)])
        for name, query in places
    ]
    grouped.append((SEVERAL, "", [each for each in ordered if not each.place]))
    left, about = MOST_CHANGES, []
    for name, query, items in grouped:
        if items[:left]:
            href = f"{_link(this)}/{query}" if query else f"{_link(this)}/status"
            about.append(About(name, href, [each.sentence for each in items[:left]]))
            left -= len(items[:left])
    number = plural(len(tell), "change")
    sample = "SAMPLE DATA: " if this.sample else ""
    return Alert(
        subject=f"{sample}RTT dashboard: {number} in your services, {date_text(this.today)}",
        intro=f"{number} in the services that you keep.",
        about=about,
        more=max(0, len(tell) - MOST_CHANGES),
        notes=[
            *(_unsure_words(unsure) if unsure else ()),
            *(
                ["This is the last email of this week. Later changes are in the first of next week."]
                * is_last
            ),
            *false_alarm_lines(stand, this.settings.rules),
            *stand.sources,
        ],
        services=f"{_link(this)}/services",
        why=WHY,
    )


def _unsure_words(written: datetime) -> list[str]:
    day = date_text(written.astimezone(LONDON).date())
    return [f"The email of {day} may not have reached you. My services shows how things stand."]


def _link(this: Round) -> str:
    return this.settings.link.rstrip("/")
