"""The email of an alert: what changed about a reader's places, and how to stop it; and the email that asks
whether an address is the reader's.

Plain text and HTML say the same. The words are plain values, so that they can be kept until they are sent.
Anybody may read them: they were found as the public sees the figures.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from dashboard import PRODUCT
from dashboard.server.html import filled
from dashboard.settings.settings import Mail
from rtt.terms.text_edges import one_line, xml_text

LEGEND = (
    "Counts are of pathways as the public sees them: no small number and nobody’s pathway is in this email."
)


@dataclass(frozen=True, slots=True)
class About:
    """One place, or what concerns several: its name, the address of its Overview, and what changed."""

    name: str
    href: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Alert:
    """What an email says. `more`: changes beyond those listed."""

    subject: str
    intro: str
    about: Sequence[About]
    more: int
    notes: Sequence[str]
    services: str  # the address of My services
    why: str  # why the reader gets this
    action: str = ""  # the words of the one link that this email is about, and its address
    action_href: str = ""

    def values(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @staticmethod
    def of(values: dict[str, Any]) -> "Alert":
        """As it was kept."""
        about = [About(**each) for each in values["about"]]
        return Alert(**{**values, "about": about})


def message(
    alert: Alert, mail: Mail, *, to: str, message_id: str, stop: str, made_at: datetime
) -> EmailMessage:
    """The email. `stop`: the address of its link to stop, '' for one that asks for a confirmation.

    Date and Message-ID are those of when it was written, however often it is tried.
    """
    made = EmailMessage()
    made["Date"] = formatdate(made_at.timestamp(), usegmt=True)
    made["Message-ID"] = message_id
    made["Subject"] = one_line(alert.subject)
    made["From"] = mail.sender
    made["To"] = to
    made["X-Mailer"] = PRODUCT
    made["Auto-Submitted"] = "auto-generated"
    made["Precedence"] = "bulk"
    made["Content-Language"] = "en-GB"
    if stop:
        # One click (RFC 8058): the mail program asks by POST, and nobody has to sign in.
        made["List-Unsubscribe"] = f"<{stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content("\n".join(map(xml_text, _plain(alert, stop))) + "\n")
    html = filled("mail/alert.html.jinja", alert=alert, more=_more(alert), legend=LEGEND, stop=stop)
    made.add_alternative(html, subtype="html")
    return made


def _plain(alert: Alert, stop: str) -> list[str]:
    lines = [alert.subject, "", alert.intro, ""]
    for each in alert.about:
        lines += [each.name, *(f"- {sentence}" for sentence in each.sentences), *_if(each.href), ""]
    lines += [_more(alert), ""] if alert.more else []
    lines += [f"{alert.action}: {alert.action_href}", ""] if alert.action else []
    lines += [f"My services: {alert.services}", ""] if alert.services else []
    lines += [*alert.notes, *([LEGEND] if alert.about else []), alert.why]
    return [*lines, *([f"Stop these emails: {stop}"] if stop else [])]


def _if(text: str) -> list[str]:
    return [text] if text else []


def _more(alert: Alert) -> str:
    return (
        f"{alert.more} more {'change is' if alert.more == 1 else 'changes are'} not listed: see My services."
    )
