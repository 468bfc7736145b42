"""`rtt alerts`: write what is new about readers' places, and send what waits."""

import logging

from sqlalchemy import Engine

from dashboard.cli import clock
from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, FAULT, WrongUse, say
from dashboard.cli.recording import recorded
from dashboard.mail.alerting import write_alerts
from dashboard.mail.sending import send_due
from dashboard.settings.settings import Settings, from_environment
from dashboard.store.served import served_url
from ingest.store.runs import ALERTS, WARNED
from rtt.terms.wording import plural

log = logging.getLogger("rtt.mail")

NOT_SET = "Alerts need a mail server and the dashboard's address: RTT_SMTP_HOST, RTT_MAIL_FROM and RTT_LINK."


def send_alerts() -> int:
    """One round; 1 if something that was due still waits."""
    settings = from_environment()
    with opened(served_url(settings)) as engine, recorded(engine, ALERTS) as run:
        if not settings.sends_alerts:
            raise WrongUse(NOT_SET)
        run.message, good = alert_round(engine, settings)
        run.outcome = run.outcome if good else WARNED
    say(f"{run.message}.")
    return DONE if good else FAULT


def alert_round(engine: Engine, settings: Settings) -> tuple[str, bool]:
    """Write and send; what became of it in counts, and whether nothing that was due is left."""
    written = write_alerts(engine, settings, now=clock.now())
    found = send_due(engine, settings, now=clock.now(), clock=clock.now)
    words = [f"{plural(written, 'email')} written", f"{found.sent} sent"]
    words += [f"{found.waiting} waiting for the mail server"] if found.waiting else []
    words += [f"{found.unsure} may not have arrived"] if found.unsure else []
    return ", ".join(words), not (found.waiting or found.unsure)
