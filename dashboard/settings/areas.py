"""Which pathways a service lead may see: groups of the sign-in mapped to specialties and sites, from a file;
and, where the sign-in does not say them, people's email addresses. At which trusts rights hold stands in the
file too: `dashboard.settings.organisations`.

    [leads."ent-leads"]
    specialties = ["120"]         # treatment function codes, or rows of the return; "all" for every one
    sites = ["R9A01"]             # left out: every site

    [addresses]
    "jo.smith" = "jo.smith@trust.nhs.uk"

An unusable file is refused at the start: a mistyped code must not open more than was meant.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dashboard.settings import SettingError
from rtt.terms.treatment_functions import TOTAL, return_row

EVERY = "all"
_TABLES = {"leads", "organisations", "people", "addresses"}
MOST_OF_ADDRESS = 254  # RFC 5321
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Area:
    """Specialties (rows of the return) at sites of trusts; None for every one."""

    functions: frozenset[str] | None
    sites: frozenset[str] | None
    trusts: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all of its trusts' lists."""
        return self.functions is None and self.sites is None

    def holds(self, function: str, site: str) -> bool:
        """Whether everything of this specialty and site, TOTAL and '' for all, lies within."""
        return (self.functions is None or function in self.functions) and (
            self.sites is None or site in self.sites
        )


WHOLE = Area(None, None)
"""The whole of a list."""


def areas_at(areas: Sequence[Area], trusts: Collection[str]) -> tuple[Area, ...]:
    """The areas that hold in the list of every one of these trusts, without the names of trusts; `WHOLE`
    alone where each list is held as a whole.
    """
    asked = frozenset(trusts)
    held = [each for each in areas if each.is_whole]
    whole = frozenset().union(*(each.trusts or () for each in held))
    if any(each.trusts is None for each in held) or (asked and asked <= whole):
        return (WHOLE,)
    found = (replace(each, trusts=None) for each in areas if each.trusts is None or asked <= each.trusts)
    return tuple(dict.fromkeys(found)) if asked else ()


def areas_hold(areas: Sequence[Area], functions: Sequence[str], site: str) -> bool:
    """Whether a scope, () and '' for all, lies within the areas together."""
    return all(any(area.holds(code, site) for area in areas) for code in functions or (TOTAL,))


def read_areas(file: str) -> dict[str, Area]:
    """The area of each group. Raises `SettingError`."""
    where, given = access_tables(file)
    return {
        group: _area(f'{where}: [leads."{group}"]', group, said)
        for group, said in given.get("leads", {}).items()
    }


@dataclass(frozen=True, slots=True)
class Addresses:
    """People's email addresses by the name of the sign-in; printed they say nothing."""

    by_name: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of(self, name: str) -> str:
        """Where somebody is written to; '' if it is not known."""
        return self.by_name.get(name, "")


def read_addresses(file: str) -> Addresses:
    """The email address of each person, by the name of the sign-in. Raises `SettingError`."""
    where, given = access_tables(file)
    addresses = given.get("addresses", {})
    for name, address in addresses.items():
        if not isinstance(address, str) or not is_address(address):
            # The name alone: what stands beside it may be an address with a slip in it.
            raise SettingError(f"{where}: [addresses]: expected an email address for {name!r}")
    return Addresses(addresses)


def is_address(text: str) -> bool:
    """Whether a text can be one email address, and nothing more: it becomes a header of an email."""
    return len(text) <= MOST_OF_ADDRESS and _ADDRESS.fullmatch(text) is not None


def access_tables(file: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """How faults of the file begin, and its tables. Raises `SettingError`."""
    path = Path(file).expanduser()
    where = f"RTT_ACCESS_FILE: {path.name}"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SettingError(f"{where}: the file cannot be read") from None
    except tomllib.TOMLDecodeError as fault:
        if "overwrite" in str(fault) or "twice" in str(fault):
            raise SettingError(
                f"{where}: {fault}; a group or person stands there twice, expected once"
            ) from None
        raise SettingError(f"{where}: {fault}; expected TOML") from None
    if set(given) - _TABLES or not all(isinstance(each, dict) for each in given.values()):
        raise SettingError(
            f'{where}: expected tables such as [leads."ent-leads"], [organisations], [people] and '
            "[addresses], and nothing else"
        )
    return where, given


def _area(where: str, group: str, said: Any) -> Area:
    is_table = isinstance(said, dict) and not set(said) - {"specialties", "sites"}
    # The proxy parts its groups by commas.
    if not is_table or "," in group or not group.strip():
        raise SettingError(f"{where}: expected a group's name, specialties and sites")
    sites = _codes(where, "sites", said["sites"]) if "sites" in said else None
    if said.get("specialties") == EVERY:
        return Area(None, sites)
    rows = {code: return_row(code) for code in _codes(where, "specialties", said.get("specialties"))}
    unknown = sorted(code for code, row in rows.items() if row is None or row == TOTAL)
    if unknown:
        raise SettingError(f"{where}: {unknown[0]!r} is no treatment function")
    return Area(frozenset(row for row in rows.values() if row), sites)


def _codes(where: str, name: str, given: Any) -> frozenset[str]:
    if not isinstance(given, list) or not given or not all(isinstance(each, str) and each for each in given):
        raise SettingError(f'{where}: expected {name} as a list of codes, such as ["120"]')
    return frozenset(given)
