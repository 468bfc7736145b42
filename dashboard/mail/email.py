"""The weekly email: the headline, the items that need attention, and the pack attached or linked.

Plain text and HTML say the same. No pathway and no token is ever in it: it is made from the same aggregate
findings as the Overview, with small numbers hidden. Sending speaks SMTP and nothing else.
"""

import mimetypes
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path

from dashboard import PRODUCT
from dashboard.mail.delivery import connected
from dashboard.server.html import filled
from dashboard.settings.settings import Mail
from rtt.findings.attention import NOTHING, TITLE, Item
from rtt.terms.text_edges import one_line, xml_text
from rtt.terms.wording import plural

LINKED = "The figures behind each line:"


class NotSent(Exception):
    """The mail server could not be reached or refused the email; the message says which."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """What the email says. `link` is the dashboard's address as its readers know it; '' if there is none."""

    subject: str
    headline: Sequence[str]  # sentences of findings
    items: Sequence[Item]
    more: int  # items beyond those listed
    note: str  # false alarms to expect
    source: str
    link: str = ""
    attachments: Sequence[Path] = ()


def message(weekly: Weekly, mail: Mail) -> EmailMessage:
    """The email: plain text, the same as HTML, and the attachments."""
    made = EmailMessage()
    made["Date"] = formatdate(usegmt=True)
    # The sender's domain, so that the name of this machine is not disclosed.
    made["Message-ID"] = make_msgid(domain=parseaddr(mail.sender)[1].rpartition("@")[2] or None)
    made["Subject"] = one_line(weekly.subject)
    made["From"] = mail.sender
    made["To"] = ", ".join(mail.recipients)
    made["X-Mailer"] = PRODUCT
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = "en-GB"
    made.set_content("\n".join(map(xml_text, _plain(weekly))) + "\n")
    made.add_alternative(_html(weekly), subtype="html")
    for path in weekly.attachments:
        kind, _ = mimetypes.guess_type(path.name)
        main, _, sub = (kind or "application/octet-stream").partition("/")
        made.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=path.name)
    return made


def send(email: EmailMessage, mail: Mail) -> None:
    """Give the email to the server of the settings. Raises `NotSent`."""
    try:
        with connected(mail) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            refused = server.send_message(email)
    except (OSError, smtplib.SMTPException) as error:
        # Its class alone: what a server answers may quote the recipients.
        raise NotSent(
            f"the mail server {mail.host}:{mail.port} did not take it ({type(error).__name__})"
        ) from None
    if refused:
        raise NotSent(
            f"the mail server refused {len(refused)} of {plural(len(mail.recipients), 'recipient')}"
        )


def _plain(weekly: Weekly) -> list[str]:
    lines = [weekly.subject, "", *weekly.headline, "", TITLE, ""]
    lines += [f"{number}. {item.action}: {item.reason}" for number, item in enumerate(weekly.items, 1)]
    lines += [] if weekly.items else [NOTHING]
    lines += [_more(weekly)] if weekly.more else []
    linked = f"{LINKED} {weekly.link}" if weekly.link else ""
    where = " ".join(words for words in (_attached(weekly), linked) if words)
    return [*lines, "", weekly.note, "", where, weekly.source]


def _html(weekly: Weekly) -> str:
    return filled(
        "mail/weekly.html.jinja",
        weekly=weekly,
        title=TITLE,
        nothing=NOTHING,
        more=_more(weekly),
        attached=_attached(weekly),
        linked=LINKED,
    )


def _more(weekly: Weekly) -> str:
    return f"{weekly.more} more on the Overview."


def _attached(weekly: Weekly) -> str:
    if not weekly.attachments:
        return ""
    internal = any(path.stem.endswith("-internal") for path in weekly.attachments)
    return "The board pack is attached." + (
        " It is internal: do not publish or forward it." if internal else ""
    )
