"""Sign-in by OpenID Connect (RTT_ACCESS=oidc): the provider, how we prove to it who asks, and which of its
claims hold a person's groups. Worked examples for Entra ID, Keycloak and NHS CIS2: docs/operations.md.
"""

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from dashboard.settings import SettingError
from dashboard.settings.roles import Roles
from dashboard.settings.variables import Groups, Names, Whole, names, of_text, whole

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OWNERS_FILE = "a file that is there, with the secret alone, which only its owner can read (chmod 600)"
_CLAIM = re.compile(r"[^\[\]]+(\[[^\[\]=]+=[^\[\]]+\][^\[\]]*)*")


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or local) and not parts.username


def is_here(address: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(address).hostname in LOOPBACK


def hashed(issuer: str, subject: str) -> str:
    """Issuer and subject as one word, which tells neither."""
    return sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def _issuer(text: str) -> str:
    if not is_safe(text) or urlsplit(text).query or urlsplit(text).fragment:
        raise ValueError
    return text


def _owners_file(file: str) -> str:
    # What is wrong is not quoted: it may be the secret itself, set in the place of its file.
    try:
        path = Path(file).expanduser()
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ValueError from None
    if not text or (os.name == "posix" and mode & 0o077):
        raise ValueError
    return text


def _claims(text: str) -> tuple[str, ...]:
    found = names(text)
    if not found or not all(_CLAIM.fullmatch(each) for each in found):
        raise ValueError
    return found


class Oidc(Roles):
    """The provider that signs people in, and what it says of them."""

    # Its issuer, letter by letter as it names itself; its metadata lies below it.
    issuer: Annotated[str, of_text(_issuer)] = Field(
        validation_alias="RTT_OIDC_ISSUER", description="the https address of the provider"
    )
    client_id: str = Field(
        validation_alias="RTT_OIDC_CLIENT_ID", min_length=1, description="what the provider calls us"
    )
    # How we prove to be this client: one of a secret, a file with it, and a file with a private key (PEM).
    secret: str = Field(
        default="", validation_alias="RTT_OIDC_CLIENT_SECRET", repr=False, description="the client's secret"
    )
    kept_secret: Annotated[str, of_text(_owners_file)] = Field(
        default="",
        validation_alias="RTT_OIDC_CLIENT_SECRET_FILE",
        repr=False,
        description=OWNERS_FILE,
    )
    private_key: Annotated[str, of_text(_owners_file)] = Field(
        default="",
        validation_alias="RTT_OIDC_PRIVATE_KEY_FILE",
        repr=False,
        description=OWNERS_FILE,
    )
    key_id: str = Field(default="", validation_alias="RTT_OIDC_KEY_ID")
    key_algorithm: Literal["RS256", "RS512", "PS256", "ES256"] = Field(
        default="RS256",
        validation_alias="RTT_OIDC_KEY_ALGORITHM",
        description="one of RS256, RS512, PS256, ES256",
    )
    # What we ask to be told.
    scopes: Names = Field(default=("openid", "profile", "email"), validation_alias="RTT_OIDC_SCOPES")
    # Where a person's groups stand: a claim's name, a dotted path into it, and of a list of objects those
    # that match, as in roles[org_code=R9A].role_code; `@` before a value names another claim that has it.
    groups_claim: Annotated[tuple[str, ...], of_text(_claims)] = Field(
        default=("groups",),
        validation_alias="RTT_OIDC_GROUPS_CLAIM",
        description="a claim's name or path, such as realm_access.roles",
    )
    # Where a person's organisations stand, as codes; a path as those of groups. Pathways are then seen at
    # those alone (dashboard/settings/organisations.py).
    organisations_claim: Annotated[tuple[str, ...], of_text(_claims)] = Field(
        default=(),
        validation_alias="RTT_OIDC_ORGANISATIONS_CLAIM",
        description="a claim's name or path, such as nhsid_user_orgs.org_code",
    )
    name_claim: str = Field(default="name", validation_alias="RTT_OIDC_NAME_CLAIM")
    # Whether the claims are asked for at the provider's userinfo address too: some put groups there alone.
    userinfo: Literal["no", "yes"] = Field(
        default="no", validation_alias="RTT_OIDC_USERINFO", description="yes or no"
    )
    # Asked of the provider with the sign-in, as CIS2 has it: AAL2_OR_AAL3_ANY.
    acr: str = Field(default="", validation_alias="RTT_OIDC_ACR")
    # How far the provider's clock may be from ours.
    clock_seconds: Whole = Field(
        default=60,
        validation_alias="RTT_OIDC_CLOCK_SECONDS",
        ge=0,
        le=300,
        description="a whole number from 0 to 300",
    )
    # Who may read at all; empty: whoever the provider signs in. Those of a group above always may.
    readers: Groups = frozenset()
    # A session ends after so long without a request, and after so long in any case. What somebody may do
    # follows from the groups at sign-in: a short session is how soon a change there is felt here.
    session_idle_minutes: Whole = whole(30, 1, 480)
    session_minutes: Whole = whole(240, 5, 1440)

    @property
    def proof(self) -> str:
        """The secret or the private key, whichever is set."""
        return self.secret or self.kept_secret or self.private_key

    @property
    def asks_where(self) -> str:
        return ", ".join(self.organisations_claim)

    def person_named(self, subject: str) -> str:
        """Who of the access file has this hashed subject; '' for nobody."""
        named = (name for name in self.organisations.of_person if hashed(self.issuer, name) == subject)
        return next(named, "")

    def may_read(self, groups: frozenset[str]) -> bool:
        """Whether somebody of these groups may see the dashboard at all."""
        named = self.readers | self.writers | self.pathway_readers | self.auditors | self.leads.keys()
        return not self.readers or bool(groups & named)


def check_whole(oidc: Oidc, link: str) -> None:
    """Raises `SettingError` where settings that are right by themselves do not make a sign-in together."""
    if sum(map(bool, (oidc.secret, oidc.kept_secret, oidc.private_key))) != 1:
        raise SettingError(
            "RTT_ACCESS is oidc; set one of RTT_OIDC_CLIENT_SECRET, RTT_OIDC_CLIENT_SECRET_FILE and "
            "RTT_OIDC_PRIVATE_KEY_FILE"
        )
    if not is_safe(link):
        raise SettingError(
            "RTT_ACCESS is oidc; set RTT_LINK to the https address of the dashboard as its readers know it, "
            "to which the provider sends them back"
        )
    if "openid" not in oidc.scopes:
        raise SettingError("RTT_OIDC_SCOPES has no openid; without it no provider signs anybody in")
