"""Every setting, read once from the environment, each with its reason. Nothing else reads the environment.

A setting is the environment variable RTT_ and the field's name in capitals, unless its field names another.
An unusable value raises `SettingError` with the variable, its value and what was expected; the value of a
secret (`repr=False`) is never shown.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from dashboard.settings import SettingError
from dashboard.settings.fetching import Fetching
from dashboard.settings.oidc import Oidc, check_whole
from dashboard.settings.roles import Roles
from dashboard.settings.variables import Names, OfVariables, Whole, digits, names, of_text, whole
from rtt.spc.settings import Rules, TwoSigma

Access = Literal["none", "single-user", "proxy", "oidc"]

CHECKOUT = Path(__file__).resolve().parents[2]

PROOFS = "single-user"
"""The folder of RTT_HOME with the single user's proofs."""


def _moment(text: str) -> datetime:
    # An office file knows no time before 1980.
    if not 315_532_800 <= (seconds := digits(text)) < 4_102_444_800:
        raise ValueError
    return datetime.fromtimestamp(seconds, UTC)


def _prefix(text: str) -> str:
    prefix = text.rstrip("/")
    if prefix and (not re.fullmatch("(/[A-Za-z0-9._~-]+)+", prefix) or {".", ".."} & set(prefix.split("/"))):
        raise ValueError
    return prefix


def _template(text: str) -> Path:
    file = Path(text).expanduser()
    if file.suffix.lower() not in (".pptx", ".docx") or not file.is_file():
        expected = "expected a .pptx or .docx file that is there"
        raise SettingError(f"RTT_PACK_TEMPLATES names {file.name!r}; {expected}")
    return file


Network = Annotated[
    IPv4Network | IPv6Network, BeforeValidator(lambda address: ip_network(address, strict=False))
]
M = TypeVar("M", bound=OfVariables)


class Proxy(Roles):
    """The reverse proxy that signs people in, and what its groups may do (RTT_ACCESS=proxy)."""

    # Who may speak for others, as addresses or networks: 10.0.0.5, 10.1.0.0/24.
    addresses: Annotated[tuple[Network, ...], of_text(names)] = Field(
        validation_alias="RTT_PROXY_ADDRESSES",
        min_length=1,
        description="the proxy's addresses or networks, such as 10.1.0.0/24",
    )
    # What the proxy alone knows, and where it says it.
    secret: str = Field(
        validation_alias="RTT_PROXY_SECRET", min_length=16, repr=False, description="16 characters or more"
    )
    secret_header: str = Field(default="X-Proxy-Secret", validation_alias="RTT_PROXY_SECRET_HEADER")
    # Who is signed in; groups are separated by commas.
    user_header: str = "X-Remote-User"
    groups_header: str = "X-Remote-Groups"
    # Where it says a person's organisations, as codes separated by commas, if it does. Pathways are then seen
    # at those alone (dashboard/settings/organisations.py).
    organisations_header: str = ""
    # Where it says a person's email address, if it does: alerts then go there, and need not be confirmed.
    email_header: str = ""

    @property
    def asks_where(self) -> str:
        return self.organisations_header


class Mail(OfVariables):
    """The mail server, and who gets the weekly email."""

    # None is set by default and no email is sent. The port is 587, or 465 for tls.
    host: str = Field(validation_alias="RTT_SMTP_HOST")
    port: Whole = Field(
        validation_alias="RTT_SMTP_PORT", ge=1, le=65_535, description="a whole number from 1 to 65535"
    )
    # starttls, tls from the first byte, or none for a relay on this machine.
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", validation_alias="RTT_SMTP_SECURITY", description="starttls, tls or none"
    )
    # Addresses; several recipients of the weekly email are separated by commas. Alerts need none of these:
    # each goes to the reader who asked for it.
    sender: str = Field(validation_alias="RTT_MAIL_FROM", pattern="@", description="an email address")
    recipients: Names = Field(
        default=(), validation_alias="RTT_MAIL_TO", description="one email address or more"
    )
    # Only where the server asks for them.
    user: str = Field(default="", validation_alias="RTT_SMTP_USER")
    password: str = Field(default="", validation_alias="RTT_SMTP_PASSWORD", repr=False)


class Settings(Fetching):
    """What the person running the product decided; the defaults are right for one machine and one user."""

    # The folder of database, key file and logs. In the checkout it is var/, which git ignores.
    home: Path
    # One database for everything, such as a PostgreSQL server's; else files in RTT_HOME.
    database_url: str | None = Field(default=None, repr=False)
    # Nothing may be written, and no pathway seen, until somebody says who the readers are.
    access: Access = Field(default="none", description="one of none, single-user, proxy, oidc")
    proxy: Proxy | None = None
    oidc: Oidc | None = None
    # Where the single user's proofs are kept (dashboard/server/single_user.py); every server has it for
    # single-user access. None asks for no proof: for a program that builds its own settings and serves
    # nobody.
    proof: Path | None = None
    # The path below which a proxy shows the dashboard, such as /rtt; empty: the whole host.
    prefix: Annotated[str, of_text(_prefix)] = Field(
        default="", validation_alias="RTT_PATH_PREFIX", description="a path such as /rtt or /waits/rtt"
    )
    # The host names that the server answers to, without port; a name that is not ours is another
    # site's, made to point here. Default: the names of this machine for itself.
    hosts: Annotated[frozenset[str], of_text(lambda text: names(text.lower()))] = frozenset()
    # The largest file that a page takes; a national month is 4 MB packed and 85 MB as csv.
    upload_mb: Whole = whole(250, 1, 10_000)
    # The key that turns identifiers into tokens, where a secret store keeps it; else a key
    # file in RTT_HOME, made at first use.
    token_key: str | None = Field(default=None, repr=False)
    # Weekly snapshots of which pathways are kept; their counts are kept for ever.
    snapshots_kept: Whole = whole(8, 2, 520)
    # Days from a list's Sunday until it is due; the Monday after.
    weekly_due_days: Whole = whole(1, 0, 60)
    # Days from its census after which nobody should book from a tracking list: one that
    # arrives on the Monday is replaced on the next, eight days after its Sunday.
    list_days: Whole = whole(8, 1, 60)
    # Publication is on the second Thursday, two months
    # after the census; a trust that loads its own return has it earlier.
    monthly_due_nth: Whole = whole(2, 1, 4)
    monthly_due_weekday: Whole = whole(3, 0, 6)  # Monday = 0
    monthly_due_months: Whole = whole(2, 0, 12)
    # How many points in a row make a shift or trend; 6, 7 or 8, as an organisation's own board
    # papers have it.
    spc_shift: Whole = whole(7, 6, 8)
    # What "2 of 3 points" counts: "beyond" two sigma (Making Data Count since November
    # 2023) or "between" two sigma and the limit (before).
    spc_two_sigma: TwoSigma = Field(default="beyond", description="one of beyond, between")
    # The time written into the files of a pack, in seconds of 1970, as build tools set it;
    # else the day of its census. Either way the same data gives the same bytes.
    made_at: Annotated[datetime | None, of_text(_moment)] = Field(
        default=None,
        validation_alias="SOURCE_DATE_EPOCH",
        description="seconds since 1970, from 1980 to 2099",
    )
    # The trust's own templates for packs and charts, a .pptx, a .docx or both, separated
    # by commas; `rtt pack --template` goes before it.
    pack_templates: Annotated[tuple[Annotated[Path, of_text(_template)], ...], of_text(names)] = ()
    # Where the weekly email goes.
    mail: Mail | None = None
    # The address of the dashboard as its readers know it, for links in emails and packs. Alerts need it: an
    # email that cannot be stopped is not sent.
    link: str = ""
    # The day from which on the email of a week goes out, Monday = 0: by Tuesday the list of Sunday is loaded.
    alert_weekday: Whole = whole(1, 0, 6)
    # The most emails a reader gets in a week who asked to be told at once.
    alert_emails: Whole = whole(5, 1, 50)
    # Pathways about to breach without a date from which on a place is told of. Fewer come and go by chance.
    alert_without_date: Whole = whole(20, 10, 10_000)
    # Where readers may have themselves written to: trust.nhs.uk, nhs.net. Empty: where the sender is.
    alert_domains: Annotated[tuple[str, ...], of_text(lambda text: names(text.lower()))] = ()

    @property
    def rules(self) -> Rules:
        return Rules(length=self.spc_shift, two_sigma=self.spc_two_sigma)

    @property
    def sends_alerts(self) -> bool:
        """Whether readers can be written to."""
        return self.mail is not None and bool(self.link)

    def may_write_to(self, address: str) -> bool:
        """Whether a reader may have emails sent to an address: not to anybody's anywhere."""
        domain = address.lower().rpartition("@")[2]
        own = self.mail.sender.rpartition("@")[2].strip("> ").lower() if self.mail else ""
        return any(domain == each or domain.endswith(f".{each}") for each in self.alert_domains or (own,))

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
        return self.home / "logs"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `SettingError`."""
    environment = os.environ if environment is None else environment
    given: dict[str, Any] = {name: value for name, value in environment.items() if value}
    access, home = (
        given.get("RTT_ACCESS"),
        Path(given.get("RTT_HOME", CHECKOUT / "var")).expanduser().absolute(),
    )
    proof = home / PROOFS if access == "single-user" else None
    proxy = _checked(Proxy, given, "RTT_ACCESS is proxy") if access == "proxy" else None
    mail = None
    if "RTT_SMTP_HOST" in given:
        port = 465 if given.get("RTT_SMTP_SECURITY") == "tls" else 587
        mail = _checked(Mail, {"RTT_SMTP_PORT": port} | given, "RTT_SMTP_HOST is set")
    oidc = _checked(Oidc, given, "RTT_ACCESS is oidc") if access == "oidc" else None
    made = {"RTT_HOME": home, "RTT_PROOF": proof, "RTT_PROXY": proxy, "RTT_OIDC": oidc, "RTT_MAIL": mail}
    settings = _checked(Settings, given | made)
    if oidc:
        check_whole(oidc, settings.link)
    return settings


def _checked(model: type[M], given: Mapping[str, Any], why: str = "") -> M:
    """The settings of one model. Raises `SettingError`; `why` says why a missing one is needed."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
    variable = str(fault["loc"][0])
    field = next(each for each in model.model_fields.values() if each.validation_alias == variable)
    if fault["type"] == "missing" or not field.repr:
        raise SettingError(f"{why}; set {variable} to {field.description}")
    # Of several, separated by commas, the one that is wrong.
    value = fault["input"] if isinstance(fault["input"], str) else given[variable]
    raise SettingError(f"{variable} is {value[:200]!r}; expected {field.description}")
