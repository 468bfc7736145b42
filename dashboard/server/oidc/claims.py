"""What the claims say of a person: their groups, organisations, name and address.

A path is a claim's name, or dotted names into it, and keeps of a list of objects those that match:

    groups                                            Entra ID, as ids
    realm_access.roles                                Keycloak
    nhsid_nrbac_roles[org_code=R9A].activity_codes    CIS2: those of one organisation
    nhsid_nrbac_roles[person_roleid=@selected_roleid].role_code    and of the role that was chosen
    nhsid_nrbac_roles[person_roleid=@selected_roleid].org_code     as an organisation

What is not of the shape that the path says is no group: a claim must not give more than was meant.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.server.oidc.refusals import TooManyGroups
from dashboard.server.oidc.sessions import Person, subject_of
from dashboard.settings.areas import is_address
from dashboard.settings.oidc import Oidc
from dashboard.settings.organisations import codes_told
from rtt.terms.text_edges import one_line, shortened

MOST_GROUPS = 2_000
NAME_LENGTH = 100
_STEP = re.compile(r"([^.\[\]]+)((?:\[[^\[\]]+\])*)(?:\.|$)")
_KEPT = re.compile(r"\[([^\[\]=]+)=([^\[\]]+)\]")


def person_of(claims: Mapping[str, Any], oidc: Oidc) -> Person:
    """Who was signed in. Raises `TooManyGroups`."""
    address = claims.get("email")
    # A person may write any address into a profile; only one that the provider has verified is theirs.
    verified = claims.get("email_verified") is True and isinstance(address, str) and is_address(address)
    return Person(
        subject=subject_of(claims),
        name=_name(claims, oidc.name_claim),
        groups=groups_of(claims, oidc.groups_claim),
        address=str(address) if verified else oidc.addresses_of.of(claims["sub"]),
        organisations=codes_told(each for path in oidc.organisations_claim for each in _at(claims, path)),
    )


def groups_of(claims: Mapping[str, Any], paths: Sequence[str]) -> frozenset[str]:
    """The groups at all the paths together. Raises `TooManyGroups` where the provider left them out."""
    for path in paths:
        first = re.split(r"[.\[]", path)[0]
        elsewhere = claims.get("_claim_names")
        left_out = isinstance(elsewhere, Mapping) and first in elsewhere
        if left_out or (first == "groups" and claims.get("hasgroups") is True):
            raise TooManyGroups("the token names no groups, for there are too many (group overage)")
    found = [group for path in paths for group in _at(claims, path)]
    return frozenset(found[:MOST_GROUPS])


def is_there(claims: Mapping[str, Any], path: str) -> bool:
    """Whether the claims have anything under the first name of a path."""
    return path in claims or re.split(r"[.\[]", path)[0] in claims


def _at(claims: Mapping[str, Any], path: str) -> list[str]:
    # Some providers take an address for the name of a claim, with dots of its own.
    reached: list[Any] = [claims[path]] if path in claims else [claims]
    for name, kept in () if path in claims else _STEP.findall(path):
        reached = [each[name] for each in reached if isinstance(each, Mapping) and name in each]
        reached = [one for each in reached for one in (each if isinstance(each, list) else [each])]
        for key, wanted in _KEPT.findall(kept):
            value = claims.get(wanted[1:]) if wanted.startswith("@") else wanted
            reached = [
                each
                for each in reached
                if isinstance(each, Mapping) and isinstance(value, str) and each.get(key) == value
            ]
    flat = [one for each in reached for one in (each if isinstance(each, list) else [each])]
    return [each.strip() for each in flat if isinstance(each, str) and each.strip()]


def _name(claims: Mapping[str, Any], wanted: str) -> str:
    for name in (wanted, "name", "preferred_username"):
        told = claims.get(name)
        if isinstance(told, str) and (said := shortened(one_line(told), NAME_LENGTH).strip()):
            return said
    return "A reader"
