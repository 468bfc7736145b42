"""Who is signed in, in the request under way: what the guard asks before it answers anything."""

import time
from collections.abc import Mapping
from typing import Any

from dashboard.server.oidc.cookies import SESSION, Cookies
from dashboard.server.oidc.sessions import Person, Sessions
from dashboard.server.oidc.ways import BY_PROVIDER, OPEN
from dashboard.settings.settings import Settings


class Entrance:
    """The sessions of a server, and the addresses that need none."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        assert settings.oidc is not None
        self.oidc, self.link, self.sessions = settings.oidc, settings.link.rstrip("/"), sessions
        self.cookies = Cookies(settings.link)

    def person(self, environ: Mapping[str, Any]) -> Person | None:
        """Whose session the request has; None for nobody's."""
        key = self.cookies.read(environ, SESSION)
        idle = 60 * self.oidc.session_idle_minutes
        return self.sessions.of(key, at=now(), idle=idle) if key else None

    def is_open(self, path: str) -> bool:
        """Whether an address is answered before anybody has signed in."""
        return path in OPEN

    def proves_itself(self, path: str) -> bool:
        """Whether what is posted there is signed by the provider, and comes from no page of ours."""
        return path == BY_PROVIDER


def now() -> int:
    """Seconds of 1970."""
    return int(time.time())
