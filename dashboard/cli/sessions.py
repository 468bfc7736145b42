"""`rtt sessions`: who is signed in (RTT_ACCESS=oidc), and the end of their sessions at once."""

import sys
import time

from dashboard.cli.outcomes import DONE, WrongUse, say
from dashboard.settings.settings import from_environment
from rtt.terms.calendar import moment_text
from rtt.terms.wording import plural


def sessions(*, end: str | None, end_all: bool) -> int:
    """List the open sessions, or end those of a name, or all."""
    settings = from_environment()
    if settings.oidc is None:
        raise WrongUse("RTT_ACCESS is not oidc: there are no sessions of ours")
    from dashboard.store.sign_ins import end_sessions, open_sessions, sign_ins

    engine = sign_ins(settings.home)
    if end is not None or end_all:
        ended = end_sessions(engine, None if end_all else end)
        if not ended and not end_all:
            raise WrongUse(f"{end!r} has no session; rtt sessions lists the names")
        say(f"Ended {plural(ended, 'session')}. Whoever it was must sign in again.")
        return DONE
    found = open_sessions(engine, at=int(time.time()), idle=60 * settings.oidc.session_idle_minutes)
    for each in found:
        groups = ", ".join(sorted(each.groups)) or "no groups"
        seen = f"since {moment_text(each.began)}, seen {moment_text(each.seen)}"
        sys.stdout.write(f"{each.name}: {seen} ({groups})\n")
    if not found:
        say("Nobody is signed in.")
    return DONE
