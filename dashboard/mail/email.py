"""The weekly email: the headline, the items that need attention, and the pack attached or linked.

Plain text and HTML say the same. No pathway and no token is ever in it: it is made from the same aggregate
findings as the Overview, with small numbers hidden. Sending speaks SMTP and nothing else.
"""

from __future__ import annotations

import mimetypes
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path

from dashboard import PRODUCT
from dashboard.settings.settings import Mail
from rtt.findings.attention import Item
from rtt.terms.text_edges import html_text, one_line, xml_text
from rtt.terms.wording import plural

SECONDS_TO_ANSWER = 30


class NotSent(Exception):
    """The mail server could not be reached or would not take it; the message says which."""


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
    # Of the sender's domain: the name of this machine is nobody's business.
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
        with _connected(mail) as server:
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


def _connected(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS_TO_ANSWER, context=context)
    server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS_TO_ANSWER)
    if mail.security == "starttls":
        server.starttls(context=context)
    return server


def _plain(weekly: Weekly) -> list[str]:
    lines = [weekly.subject, "", *weekly.headline, "", "Needs attention", ""]
    lines += [f"{number}. {item.name}: {item.sentence}" for number, item in enumerate(weekly.items, 1)]
    lines += [] if weekly.items else ["Nothing stands out at this setting."]
    lines += [f"{weekly.more} more on the Overview."] if weekly.more else []
    lines += ["", weekly.note, "", _whereabouts(weekly), weekly.source]
    return lines


def _html(weekly: Weekly) -> str:
    items = "".join(
        f"<li><strong>{html_text(item.name)}</strong>: {html_text(item.sentence)}</li>"
        for item in weekly.items
    )
    listed = f"<ol>{items}</ol>" if items else "<p>Nothing stands out at this setting.</p>"
    more = f"<p>{weekly.more} more on the Overview.</p>" if weekly.more else ""
    headline = "".join(f"<p>{html_text(sentence)}</p>" for sentence in weekly.headline)
    where = html_text(_whereabouts(weekly))
    if weekly.link:
        where = where.replace(
            html_text(weekly.link), f'<a href="{html_text(weekly.link)}">{html_text(weekly.link)}</a>'
        )
    title = html_text(weekly.subject)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title></head>'
        '<body style="font-family: Arial, sans-serif; color: #212b32">'
        f'<h1 style="font-size: 20px">{title}</h1>{headline}'
        f'<h2 style="font-size: 17px">Needs attention</h2>{listed}{more}'
        f"<p>{html_text(weekly.note)}</p><p>{where}</p>"
        f'<p style="color: #4c6272">{html_text(weekly.source)}</p></body></html>'
    )


def _whereabouts(weekly: Weekly) -> str:
    attached = "The board pack is attached." if weekly.attachments else ""
    if any(path.stem.endswith("-internal") for path in weekly.attachments):
        attached += " It is internal: do not publish it or send it on."
    linked = f"The figures behind each line: {weekly.link}" if weekly.link else ""
    return " ".join(words for words in (attached, linked) if words)
