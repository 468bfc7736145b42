"""The card of alerts by email on the status page: counts and days, nobody's name and no address."""

from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.store.outbox import NO_ALERTS, Counts
from rtt.terms.calendar import moment_text
from rtt.terms.wording import number_text, plural

Component = Any


def alerts_section(found: Counts) -> show.Part:
    """None where nobody has asked for alerts and none was ever sent."""
    if found == NO_ALERTS:
        return None
    rows = [
        ["Readers who get alerts", number_text(found.choices)],
        ["Emails waiting to be sent", number_text(found.waiting)],
        ["Sent in the last four weeks", number_text(found.sent)],
        ["May not have arrived", number_text(found.unsure)],
        ["Given up after a week", number_text(found.failed)],
        ["Last sent", moment_text(found.last_sent) if found.last_sent else "Never"],
    ]
    return show.table_card(
        "Alerts by email",
        html.P(verdict(found)),
        show.Table("Alerts by email", ("What", "Number"), rows),
        name="alerts",
    )


def verdict(found: Counts) -> str:
    """The card in a sentence."""
    if found.failed or found.unsure:
        lost = found.failed + found.unsure
        return f"{plural(lost, 'email')} of the last four weeks may not have reached a reader."
    return "Every email of the last four weeks was taken by the mail server or still waits to be sent."
