"""Every knob, read once from the environment, each with its reason. Nothing else reads the environment.

A value that cannot be meant raises `SettingError` with the name, the value's place and what was expected; the
values of secrets are never shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, cast, get_args

from dashboard.settings.areas import Area, UnusableFile, read_areas
from rtt.spc.settings import Rules, TwoSigma

Access = Literal["none", "single-user", "proxy"]

CHECKOUT = Path(__file__).resolve().parents[2]


SHORTEST_SECRET = 16
PROOFS = "single-user"
"""The folder of RTT_HOME with the single user's proofs."""

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")


class SettingError(ValueError):
    """An environment variable holds something that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """The reverse proxy that signs people in, and what its groups may do (RTT_ACCESS=proxy)."""

    # RTT_PROXY_ADDRESSES: who may speak for others, as addresses or networks: 10.0.0.5, 10.1.0.0/24.
    addresses: tuple[str, ...]
    # RTT_PROXY_SECRET: what the proxy alone knows; RTT_PROXY_SECRET_HEADER: where it says it.
    secret: str = field(repr=False)
    secret_header: str = "X-Proxy-Secret"
    # RTT_USER_HEADER, RTT_GROUPS_HEADER: who is signed in; groups are separated by commas.
    user_header: str = "X-Remote-User"
    groups_header: str = "X-Remote-Groups"
    # RTT_WRITERS, RTT_PATHWAY_READERS, RTT_AUDITORS: the groups that may load and annotate; see pathways and
    # small numbers; see who looked. Nobody may unless a group is named.
    writers: frozenset[str] = frozenset()
    pathway_readers: frozenset[str] = frozenset()
    auditors: frozenset[str] = frozenset()
    # RTT_ACCESS_FILE: service leads, who see the pathways of their own specialties and sites; what the file
    # holds is in dashboard/settings/areas.py.
    leads: Mapping[str, Area] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server for the weekly email, and who gets it."""

    # RTT_SMTP_HOST, RTT_SMTP_PORT: the server; none is set by default and no email is sent.
    host: str
    port: int
    # RTT_SMTP_SECURITY: starttls (default), tls from the first byte, or none for a relay on this machine.
    security: Literal["starttls", "tls", "none"]
    # RTT_MAIL_FROM, RTT_MAIL_TO: addresses; several recipients are separated by commas.
    sender: str
    recipients: tuple[str, ...]
    # RTT_SMTP_USER, RTT_SMTP_PASSWORD: only where the server asks for them.
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person running the product decided; the defaults are right for one machine and one user."""

    # RTT_HOME: the folder of database, key file and logs. In the checkout it is var/, which git ignores.
    home: Path
    # RTT_DATABASE_URL: one database for everything, such as a PostgreSQL server's; else files in RTT_HOME.
    database_url: str | None = field(default=None, repr=False)
    # RTT_ACCESS: nothing may be written, and no pathway seen, until somebody says who the readers are.
    access: Access = "none"
    proxy: Proxy | None = None
    # Where the single user's proofs are kept (dashboard/server/single_user.py); every server has it for
    # single-user access. None asks for no proof: for a program that builds its own settings and serves
    # nobody.
    proof: Path | None = None
    # RTT_PATH_PREFIX: the path below which a proxy shows the dashboard, such as /rtt; empty: the whole host.
    prefix: str = ""
    # RTT_HOSTS: the host names that the server answers to, without port; a name that is not ours is another
    # site's, made to point here. Default: the names of this machine for itself.
    hosts: frozenset[str] = frozenset()
    # RTT_UPLOAD_MB: the largest file that a page takes; a national month is 4 MB packed and 85 MB as csv.
    upload_mb: int = 250
    # RTT_TOKEN_KEY: the key that turns identifiers into tokens, where a secret store keeps it; else a key
    # file in RTT_HOME, made at first use.
    token_key: str | None = field(default=None, repr=False)
    # RTT_SNAPSHOTS_KEPT: weekly snapshots of which pathways are kept; their counts are kept for ever.
    snapshots_kept: int = 8
    # RTT_WEEKLY_DUE_DAYS: days from a list's Sunday until it is due; the Monday after.
    weekly_due_days: int = 1
    # RTT_LIST_DAYS: days from its census after which nobody should book from a tracking list: one that
    # arrives on the Monday is replaced on the next, eight days after its Sunday.
    list_days: int = 8
    # RTT_MONTHLY_DUE_NTH, _WEEKDAY (Monday = 0), _MONTHS: publication is on the second Thursday, two months
    # after the census; a trust that loads its own return has it earlier.
    monthly_due_nth: int = 2
    monthly_due_weekday: int = 3
    monthly_due_months: int = 2
    # RTT_SPC_SHIFT: how many points in a row make a shift or trend; 6, 7 or 8, as an organisation's own board
    # papers have it.
    spc_shift: int = 7
    # RTT_SPC_TWO_SIGMA: what "2 of 3 points" counts: "beyond" two sigma (Making Data Count since November
    # 2023) or "between" two sigma and the limit (before).
    spc_two_sigma: TwoSigma = "beyond"
    # SOURCE_DATE_EPOCH: the time written into the files of a pack, in seconds of 1970, as build tools set it;
    # else the day of its census. Either way the same data gives the same bytes.
    made_at: datetime | None = None
    # RTT_PACK_TEMPLATES: the trust's own templates for packs and charts, a .pptx, a .docx or both, separated
    # by commas; `rtt pack --template` goes before it.
    pack_templates: tuple[Path, ...] = ()

    # RTT_SMTP_*, RTT_MAIL_*: where the weekly email goes; see Mail.
    mail: Mail | None = None
    # RTT_LINK: the address of the dashboard as its readers know it, for links in emails and packs.
    link: str = ""

    @property
    def rules(self) -> Rules:
        """The rules of every process control chart."""
        return Rules(length=self.spc_shift, two_sigma=self.spc_two_sigma)

    @property
    def real_url(self) -> str:
        """The database that `rtt load` writes to."""
        return self.database_url or f"sqlite:///{self.home / 'rtt.db'}"

    @property
    def demo_url(self) -> str:
        """The database that `rtt demo` writes to: sample and real never share one."""
        return self.database_url or f"sqlite:///{self.home / 'demo.db'}"

    @property
    def logs(self) -> Path:
        """The folder of log files."""
        return self.home / "logs"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `SettingError`."""
    given = os.environ if environment is None else environment
    access = _access(given.get("RTT_ACCESS") or "none")
    home = Path(given.get("RTT_HOME") or CHECKOUT / "var").expanduser().absolute()
    return Settings(
        home=home,
        database_url=given.get("RTT_DATABASE_URL") or None,
        access=access,
        proxy=_proxy(given) if access == "proxy" else None,
        proof=home / PROOFS if access == "single-user" else None,
        prefix=_prefix(given.get("RTT_PATH_PREFIX") or ""),
        hosts=frozenset(host.lower() for host in _names(given, "RTT_HOSTS")),
        upload_mb=_whole(given, "RTT_UPLOAD_MB", 250, least=1, most=10_000),
        token_key=given.get("RTT_TOKEN_KEY") or None,
        snapshots_kept=_whole(given, "RTT_SNAPSHOTS_KEPT", 8, least=2, most=520),
        weekly_due_days=_whole(given, "RTT_WEEKLY_DUE_DAYS", 1, least=0, most=60),
        list_days=_whole(given, "RTT_LIST_DAYS", 8, least=1, most=60),
        monthly_due_nth=_whole(given, "RTT_MONTHLY_DUE_NTH", 2, least=1, most=4),
        monthly_due_weekday=_whole(given, "RTT_MONTHLY_DUE_WEEKDAY", 3, least=0, most=6),
        monthly_due_months=_whole(given, "RTT_MONTHLY_DUE_MONTHS", 2, least=0, most=12),
        spc_shift=_whole(given, "RTT_SPC_SHIFT", 7, least=6, most=8),
        spc_two_sigma=_two_sigma(given.get("RTT_SPC_TWO_SIGMA") or "beyond"),
        made_at=_moment(given.get("SOURCE_DATE_EPOCH")),
        pack_templates=_files(given, "RTT_PACK_TEMPLATES"),
        mail=_mail(given) if given.get("RTT_SMTP_HOST") else None,
        link=given.get("RTT_LINK") or "",
    )


def _access(text: str) -> Access:
    if text not in get_args(Access):
        raise SettingError(f"RTT_ACCESS is {text!r}; expected one of {', '.join(get_args(Access))}")
    return cast(Access, text)


def _prefix(text: str) -> str:
    prefix = text.rstrip("/")
    if prefix and (not _PREFIX.fullmatch(prefix) or {".", ".."} & set(prefix.split("/"))):
        raise SettingError(f"RTT_PATH_PREFIX is {text!r}; expected a path such as /rtt or /waits/rtt")
    return prefix


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    # An office file knows no time before 1980.
    if not text.isascii() or not text.isdigit() or not 315_532_800 <= int(text) < 4_102_444_800:
        raise SettingError(f"SOURCE_DATE_EPOCH is {text[:20]!r}; expected seconds of 1970, from 1980 to 2099")
    return datetime.fromtimestamp(int(text), UTC)


def _two_sigma(text: str) -> TwoSigma:
    if text not in get_args(TwoSigma):
        raise SettingError(f"RTT_SPC_TWO_SIGMA is {text!r}; expected one of {', '.join(get_args(TwoSigma))}")
    return cast(TwoSigma, text)


def _mail(given: Mapping[str, str]) -> Mail:
    security = given.get("RTT_SMTP_SECURITY") or "starttls"
    if security not in ("starttls", "tls", "none"):
        raise SettingError(f"RTT_SMTP_SECURITY is {security!r}; expected starttls, tls or none")
    recipients, sender = _names(given, "RTT_MAIL_TO"), given.get("RTT_MAIL_FROM") or ""
    if not recipients or "@" not in sender:
        raise SettingError("RTT_SMTP_HOST is set; expected an address in RTT_MAIL_FROM and in RTT_MAIL_TO")
    return Mail(
        host=given["RTT_SMTP_HOST"],
        port=_whole(given, "RTT_SMTP_PORT", 465 if security == "tls" else 587, least=1, most=65_535),
        security=cast(Literal["starttls", "tls", "none"], security),
        sender=sender,
        recipients=recipients,
        user=given.get("RTT_SMTP_USER") or "",
        password=given.get("RTT_SMTP_PASSWORD") or "",
    )


def _proxy(given: Mapping[str, str]) -> Proxy:
    addresses = _names(given, "RTT_PROXY_ADDRESSES")
    if not addresses:
        raise SettingError("RTT_ACCESS is proxy; expected the proxy's address in RTT_PROXY_ADDRESSES")
    for address in addresses:
        try:
            ip_network(address, strict=False)
        except ValueError:
            raise SettingError(
                f"RTT_PROXY_ADDRESSES holds {address!r}; expected addresses or networks, 10.1.0.0/24"
            ) from None
    secret = given.get("RTT_PROXY_SECRET") or ""
    if len(secret) < SHORTEST_SECRET:
        raise SettingError(
            f"RTT_ACCESS is proxy; expected {SHORTEST_SECRET} characters or more in RTT_PROXY_SECRET"
        )
    return Proxy(
        addresses=addresses,
        secret=secret,
        secret_header=given.get("RTT_PROXY_SECRET_HEADER") or "X-Proxy-Secret",
        user_header=given.get("RTT_USER_HEADER") or "X-Remote-User",
        groups_header=given.get("RTT_GROUPS_HEADER") or "X-Remote-Groups",
        writers=frozenset(_names(given, "RTT_WRITERS")),
        pathway_readers=frozenset(_names(given, "RTT_PATHWAY_READERS")),
        auditors=frozenset(_names(given, "RTT_AUDITORS")),
        leads=_leads(given.get("RTT_ACCESS_FILE")),
    )


def _leads(file: str | None) -> Mapping[str, Area]:
    try:
        return read_areas(Path(file).expanduser()) if file else {}
    except UnusableFile as fault:
        raise SettingError(f"RTT_ACCESS_FILE: {fault}") from None


def _names(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in given.get(name, "").split(",") if each.strip())


def _files(given: Mapping[str, str], name: str) -> tuple[Path, ...]:
    files = tuple(Path(each).expanduser() for each in _names(given, name))
    for file in files:
        if file.suffix.lower() not in (".pptx", ".docx") or not file.is_file():
            raise SettingError(f"{name} names {file.name!r}; expected a .pptx or .docx file that is there")
    return files


def _whole(given: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    text = given.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingError(f"{name} is {text!r}; expected a whole number from {least} to {most}")
    return int(text)
