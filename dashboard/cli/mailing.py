"""`rtt mail`: the weekly email of the newest census, with the files it is given."""

import logging
from collections.abc import Sequence
from pathlib import Path

from dashboard.analysis.attention import JUDGED, attention
from dashboard.analysis.not_whole import not_judged_words, not_whole_words
from dashboard.analysis.report import report
from dashboard.cli import clock
from dashboard.cli.databases import opened, reading
from dashboard.cli.outcomes import DONE, FAULT, WrongUse, say
from dashboard.cli.recording import recorded
from dashboard.filters import Filters
from dashboard.mail.email import NotSent, Weekly, message, send
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import Settings, from_environment
from dashboard.store.served import served_url
from ingest.files.temporary import keep_temporary_files_in
from ingest.store.runs import FAILED, MAIL
from rtt.findings import sentences
from rtt.findings.attention import false_alarm_note, ranked, small_words
from rtt.measures.indicators import shown_in

log = logging.getLogger("rtt.mail")

HEADLINE = shown_in("mail")


def mail_weekly(attachments: Sequence[Path]) -> int:
    """Send it; 1 if the server did not take it."""
    settings = from_environment()
    keep_temporary_files_in(settings.home)
    with opened(served_url(settings)) as engine, recorded(engine, MAIL) as run:
        if settings.mail is None or not settings.mail.recipients:
            raise WrongUse(
                "No mail server is set: RTT_SMTP_HOST, RTT_MAIL_FROM and RTT_MAIL_TO say where it goes."
            )
        weekly = weekly_of(settings, attachments)
        try:
            send(message(weekly, settings.mail), settings.mail)
        except NotSent as fault:
            log.error("the weekly email was not sent: %s", fault)
            run.outcome, run.message = FAILED, f"The email was not sent: {fault}."
            say(run.message)
            return FAULT
        log.info("the weekly email was sent to %d", len(settings.mail.recipients))
        run.message = f"Sent to {len(settings.mail.recipients)}: {weekly.subject}"
    say(run.message)
    return DONE


def weekly_of(settings: Settings, attachments: Sequence[Path]) -> Weekly:
    """What the email says of the newest census, to readers of whom nothing is known: small numbers hidden."""
    with reading(settings) as connection:
        scope = resolve(connection, Filters(), Enquiry(ANYBODY, clock.today(), settings))
        if scope.census is None:
            raise WrongUse("There is nothing to write about. Load an extract first: rtt load PATH...")
        own = report(connection, scope, (*HEADLINE, *JUDGED))
        found = attention(connection, scope, own.figures, own.charts)
    items, more = ranked(found.items)
    # Judged as on the Overview: a small change may be the seventh in a row.
    headline = [own.charts[key].judged for key in HEADLINE]
    return Weekly(
        subject=_subject(scope, sentences.scope_words(headline[0].scope), sentences.when(headline[0])),
        headline=[
            *(f"{said}." for said in not_whole_words(scope)),
            *(sentences.paragraph(finding) for finding in headline),
        ],
        items=items,
        more=more,
        note=(
            not_judged_words(scope) or false_alarm_note(found.judged, period=found.period, rules=scope.rules)
        )
        + small_words(found.small),
        source=sentences.source_line(headline[0]),
        link=settings.link,
        attachments=attachments,
    )


def _subject(scope: Scope, words: str, when: str) -> str:
    sample = "SAMPLE DATA: " if scope.loaded.kind == "sample" else ""
    return f"{sample}RTT waiting times {when}: {words}"
