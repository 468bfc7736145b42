"""Who asks, and what they may see and change. Denied by default; nothing that a page says is trusted.

Every request passes `reader` before anything else looks at it. RTT_ACCESS has four settings: `none`
(everybody reads, nobody writes), `single-user` (the person at this machine, who opened the link printed at
start), `proxy` (a reverse proxy signs people in; its address and a secret prove that it is the one), `oidc`
(a provider of OpenID Connect signs people in: `dashboard.server.oidc`). There are no passwords of our own, on
purpose. Nothing here depends on a page or a table.
"""

from __future__ import annotations

import getpass
import hmac
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from werkzeug.http import parse_cookie

from dashboard.server import repeated_headers, single_user
from dashboard.server.oidc.sessions import Person
from dashboard.settings.areas import WHOLE, Area, areas_at, areas_hold, is_address
from dashboard.settings.organisations import codes_told
from dashboard.settings.roles import Roles
from dashboard.settings.settings import Proxy, Settings

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
NAME_LENGTH = 120

# Style sheets and scripts hold no figure, and the page of a refusal needs them.
_LOOKS = "/assets/"

# What proxies add. Whoever comes through one is not the person at this machine, whatever the peer's address.
_FORWARDING = re.compile(
    r"HTTP_(FORWARDED|VIA|X_FORWARDED.*|X_REAL_IP|X_ORIGINAL_.*|X_PROXY.*|X_CLIENT_IP|X_CLUSTER_CLIENT_IP|"
    r"TRUE_CLIENT_IP|CLIENT_IP|CF_.*|X_ENVOY_.*|X_ARR_.*|X_AMZN_TRACE_ID|FASTLY_CLIENT_IP|PROXY_.*)"
)
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")

Environ = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who asks. The name is that of whoever is signed in, never one typed into a form."""

    name: str = ""  # '' for nobody in particular
    may_write: bool = False
    may_see_pathways: bool = False  # every one
    may_audit: bool = False
    areas: tuple[Area, ...] = ()  # the pathways of these specialties and sites, at these trusts
    address: str = field(
        default="", repr=False
    )  # their email address, where the sign-in or its file knows it
    has_session: bool = False  # one of ours, which they can end

    @property
    def sees_some_pathways(self) -> bool:
        return self.may_see_pathways or bool(self.areas)

    def at(self, trusts: Collection[str]) -> Reader:
        """With the rights that hold in the list of every one of these trusts. Whoever has them whole is there
        as those who see every pathway; a right at one trust of a group is none in the group.
        """
        # What nobody bounded holds everywhere.
        if all(area.trusts is None for area in self.areas):
            return self
        areas = areas_at(self.areas, trusts)
        return replace(self, may_see_pathways=WHOLE in areas, areas=() if WHOLE in areas else areas)

    def areas_in(self, trust: str) -> tuple[Area, ...]:
        """What of the list of a trust this reader sees anyway."""
        return (WHOLE,) if self.may_see_pathways else areas_at(self.areas, (trust,))

    def sees_all_of(self, functions: Sequence[str], site: str) -> bool:
        """Whether every pathway of these specialties and this site, () and '' for all, may be seen."""
        return self.may_see_pathways or areas_hold(self.areas, functions, site)


ANYBODY = Reader()


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What a request brings that its address does not say: who asks, on which day in London, under what
    settings."""

    reader: Reader
    today: date
    settings: Settings


class Denied(Exception):
    """The request is refused; `sentence` may be shown, and names no secret and no setting's value."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class NotSignedIn(Denied):
    """Nobody is signed in, or no longer; whoever signs in may be answered."""

    def __init__(self) -> None:
        super().__init__(401, "You are not signed in, or your session has ended. You can")


def nobody_signed_in(_environ: Environ) -> Person | None:
    """Of a server that has no sessions."""
    return None


def reader(
    environ: Environ,
    settings: Settings,
    signed_in: Callable[[Environ], Person | None] = nobody_signed_in,
) -> Reader:
    """Who sends this WSGI request. Raises `Denied` for one that must not be answered.

    `signed_in`: whose session it has, under RTT_ACCESS=oidc.
    """
    if _is_own_health_check(environ):
        return ANYBODY
    _check_host(environ, settings)
    if settings.access == "single-user":
        who = _person_here(environ)
        _check_proof(environ, settings)
        return who
    if settings.access == "proxy":
        return _person_signed_in(environ, settings)
    if settings.access == "oidc":
        return _person_of_session(environ, settings, signed_in)
    return ANYBODY


def check_route(environ: Environ, settings: Settings) -> None:
    """Raises `Denied` for a request that must not be answered although it needs no signing in: that of a wall
    screen, whose token says what it may see, and that of the single user's link.
    """
    _check_host(environ, settings)
    if settings.access == "single-user":
        _person_here(environ)
    if settings.access == "proxy":
        _check_proxy(environ, settings)


def check_origin(environ: Environ, *, writes: bool) -> None:
    """Raises `Denied` for a request that another site's page makes in the reader's name.

    One that writes must prove that it comes from a page of ours; one that reads must not say otherwise.
    """
    origin = environ.get("HTTP_ORIGIN")
    fetched = environ.get("HTTP_SEC_FETCH_SITE")
    # A form of ours says "null" because our pages send no referrer; the browser's own word then decides.
    foreign = origin not in (None, "null") and _origin_host(str(origin)) != _plain_host(environ)
    ours = origin not in (None, "null") or fetched == "same-origin"
    if foreign or fetched in ("cross-site", "same-site") or (writes and not ours):
        raise Denied(403, "This request did not come from a page of this dashboard.")


def check_writer(who: Reader) -> None:
    """Raises `Denied` unless this reader may write."""
    if not who.may_write:
        raise Denied(403, "You can view this dashboard but not change it.")


def check_is_somebody(who: Reader) -> None:
    """Raises `Denied` for nobody in particular: places and alerts belong to a person."""
    if not who.name:
        raise Denied(403, "Nobody signs in to this dashboard, so it cannot keep anything of yours.")


def check_sees_pathways(who: Reader) -> None:
    """Raises `Denied` unless this reader may see at least some pathways."""
    if not who.sees_some_pathways:
        raise Denied(403, "You do not have access to pathways.")


def check_audits(who: Reader) -> None:
    """Raises `Denied` unless this reader may see who looked."""
    if not who.may_audit:
        raise Denied(403, "Only auditors can see the audit trail.")


def _is_own_health_check(environ: Environ) -> bool:
    # A container asks itself whether it is well. The answer tells nobody anything.
    return environ.get("PATH_INFO") == "/health" and _is_loopback(environ.get("REMOTE_ADDR"))


def _check_host(environ: Environ, settings: Settings) -> None:
    """Refuses a host name that is not ours: another site's, made to point here (DNS rebinding)."""
    host = _host(environ)
    allowed = LOCAL_HOSTS
    if settings.access != "single-user":
        allowed = settings.hosts or LOCAL_HOSTS | _bound_address(environ, settings) | _linked(settings)
    if host is None or host not in allowed:
        raise Denied(421, "This dashboard does not recognise that host name.")


def _host(environ: Environ) -> str | None:
    found = _HOST.fullmatch(str(environ.get("HTTP_HOST", "")).lower())
    return found[1] if found else None


def _bound_address(environ: Environ, settings: Settings) -> frozenset[str]:
    """The address that the server listens on: a number, so no name was made to point at it."""
    address = _ip(name := str(environ.get("SERVER_NAME", "")))
    if settings.access != "none" or address is None or address.is_unspecified:
        return frozenset()
    return frozenset({f"[{name}]" if address.version == 6 else name})


def _linked(settings: Settings) -> frozenset[str]:
    """The host to which the provider sends people back."""
    host = urlsplit(settings.link).hostname if settings.access == "oidc" else None
    return frozenset({f"[{host}]" if ":" in host else host}) if host else frozenset()


def _plain_host(environ: Environ) -> tuple[str | None, int | None]:
    return _origin_host(f"//{environ.get('HTTP_HOST', '')}")


def _origin_host(origin: str) -> tuple[str | None, int | None]:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None, -1
    # Behind a proxy the page's scheme is not known here; a default port goes without saying.
    return parts.hostname, None if port in (80, 443) else port


def _person_here(environ: Environ) -> Reader:
    if not _is_loopback(environ.get("REMOTE_ADDR")):
        raise Denied(403, "This dashboard can be used only on the machine that runs it.")
    if any(_FORWARDING.fullmatch(name) for name in environ):
        raise Denied(403, "This request came through a proxy. To allow that, set RTT_ACCESS=proxy.")
    return person_here()


def person_here() -> Reader:
    """The person at this machine, who has the database itself."""
    return Reader(_system_user(), may_write=True, may_see_pathways=True, may_audit=True)


def _check_proof(environ: Environ, settings: Settings) -> None:
    """A request from this machine may come from a proxy for others: only the cookie proves who asks."""
    if settings.proof is None or str(environ.get("PATH_INFO", "")).startswith(_LOOKS):
        return
    cookies = parse_cookie(str(environ.get("HTTP_COOKIE", "")))
    if not single_user.admits(settings.proof, cookies.get(single_user.cookie_name(settings.proof), "")):
        raise Denied(
            401,
            "Open the link printed when this dashboard was started. It works once; "
            "for a new one, run rtt link on the same machine.",
        )


def _is_loopback(address: object) -> bool:
    peer = _ip(address)
    return bool(peer and (getattr(peer, "ipv4_mapped", None) or peer).is_loopback)


def _ip(address: object) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(str(address))
    except ValueError:
        return None


def _system_user() -> str:
    try:
        return getpass.getuser()[:NAME_LENGTH]
    except (KeyError, OSError):
        # A container may run as a number that has no name.
        return "single user"


def _check_proxy(environ: Environ, settings: Settings) -> Proxy:
    proxy, peer = settings.proxy, _ip(environ.get("REMOTE_ADDR"))
    if proxy and peer and any(peer in network for network in proxy.addresses):
        given = _header(environ, proxy.secret_header).encode("utf-8", "surrogateescape")
        if hmac.compare_digest(given, proxy.secret.encode()):
            return proxy
    raise Denied(403, "Use the sign-in page to reach this dashboard.")


def _person_signed_in(environ: Environ, settings: Settings) -> Reader:
    proxy = _check_proxy(environ, settings)
    for header in (
        proxy.secret_header,
        proxy.user_header,
        proxy.groups_header,
        proxy.organisations_header,
        proxy.email_header,
    ):
        if header and repeated_headers.is_repeated(environ, header):
            raise Denied(401, "You are not signed in: the sign-in page sent your details more than once.")
    name = _header(environ, proxy.user_header).strip()
    # Two headers of one name arrive joined by a comma: one of them is not the proxy's.
    if not name or "," in name or not name.isprintable() or len(name) > NAME_LENGTH:
        raise Denied(401, "You are not signed in.")
    groups = frozenset(
        group for each in _header(environ, proxy.groups_header).split(",") if (group := each.strip())
    )
    where = proxy.organisations_header
    told = codes_told(_header(environ, where).split(",") if where else ())
    who = Reader(name, address=_address(environ, proxy, name))
    return _with_roles(who, proxy, groups, name, told)


def _person_of_session(
    environ: Environ, settings: Settings, signed_in: Callable[[Environ], Person | None]
) -> Reader:
    """Whoever the session says. What they may do is asked of the settings at each request, so that a group
    that loses a right loses it in every session.
    """
    path = str(environ.get("PATH_INFO", ""))
    if path == "/health" or path.startswith(_LOOKS):
        return ANYBODY
    person = signed_in(environ)
    if person is None or settings.oidc is None or not settings.oidc.may_read(person.groups):
        raise NotSignedIn
    who = Reader(person.name, address=person.address, has_session=True)
    named = settings.oidc.person_named(person.subject)
    return _with_roles(who, settings.oidc, person.groups, named, person.organisations)


def _with_roles(
    who: Reader, roles: Roles, groups: frozenset[str], person: str, told: frozenset[str]
) -> Reader:
    """With what the groups give; `person`: the name in the access file, `told`: organisations."""
    pathways = roles.pathways_of(groups, person, told)
    return replace(
        who,
        may_write=bool(groups & roles.writers),
        may_see_pathways=pathways is None,
        may_audit=bool(groups & roles.auditors),
        areas=pathways or (),
    )


def _address(environ: Environ, proxy: Proxy, name: str) -> str:
    """Where a person is written to; '' where neither the proxy nor the access file says so."""
    told = _header(environ, proxy.email_header).strip() if proxy.email_header else ""
    return told if is_address(told) else proxy.addresses_of.of(name)


def _header(environ: Environ, name: str) -> str:
    return str(environ.get("HTTP_" + name.upper().replace("-", "_"), ""))
