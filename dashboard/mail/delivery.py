"""One email to one recipient over SMTP, step by step, so that it is known whether the server took it.

The words go out after `before_words`, and from then until its answer the server may have taken them. Where
the connection breaks in between nobody can know (RFC 1047): that is `Unknown`, every other fault `NotTaken`.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr

from dashboard.settings.settings import Mail

SECONDS_TO_ANSWER = 30
SECONDS_TO_TAKE = 600
"""For the words: RFC 5321 (4.5.3.2.6) asks a client to wait ten minutes, or it sends twice."""


class NotTaken(Exception):
    """The server did not take this email; the message is a code or a class and names nobody."""


class Unreachable(NotTaken):
    """Nor would it take any other now."""


class Unknown(Exception):
    """The server may have taken it."""


def connected(mail: Mail) -> smtplib.SMTP:
    """A connection as the settings have it, not signed in. Raises what `smtplib` raises."""
    context = ssl.create_default_context()
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS_TO_ANSWER, context=context)
    server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS_TO_ANSWER)
    if mail.security == "starttls":
        server.starttls(context=context)
    return server


def deliver(
    email: EmailMessage,
    recipient: str,
    mail: Mail,
    *,
    before_words: Callable[[], None],
    seconds: float = SECONDS_TO_TAKE,
) -> None:
    """Give an email to the server. Raises `NotTaken`, `Unreachable`, `Unknown`."""
    try:
        server = connected(mail)
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(fault_words(fault)) from None
    try:
        try:
            server.ehlo_or_helo_if_needed()
            if mail.user:
                server.login(mail.user, mail.password)
        except (OSError, smtplib.SMTPException) as fault:
            raise Unreachable(fault_words(fault)) from None
        _begin(server, parseaddr(mail.sender)[1], recipient)
        before_words()
        _words(server, email, seconds)
    finally:
        # Not quit: it would wait for an answer that no longer matters.
        server.close()


def _begin(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
        lambda: server.mail(sender),
        lambda: server.rcpt(recipient),
        lambda: server.docmd("DATA"),
    )
    for step in steps:
        try:
            code, _ = step()
        except (OSError, smtplib.SMTPException) as fault:
            raise NotTaken(fault_words(fault)) from None
        if code not in (250, 251, 354):
            raise NotTaken(f"code {code}")


def _words(server: smtplib.SMTP, email: EmailMessage, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)
    # A line that begins with a dot would end the words (RFC 5321, 4.5.2).
    words = re.sub(rb"(?m)^\.", b"..", email.as_bytes(policy=SMTP_POLICY))
    ending = b".\r\n" if words.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        server.send(words + ending)
    except (OSError, smtplib.SMTPException) as fault:
        # The dot that ends them is in the last bytes, which were not all handed on.
        raise NotTaken(fault_words(fault)) from None
    try:
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException) as fault:
        raise Unknown(fault_words(fault)) from None
    if code != 250:
        raise NotTaken(f"code {code}")


def fault_words(fault: Exception) -> str:
    """Its code, else its class: what a server answers may quote the recipient."""
    code = getattr(fault, "smtp_code", None)
    return f"code {code}" if isinstance(code, int) else type(fault).__name__
