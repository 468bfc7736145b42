"""At which organisations a right to pathways holds: of groups and of people, from the access file.

    [organisations]
    "r9a-booking" = ["R9A"]        # trusts, or an ICB for its trusts
    "icb-managers" = "all"

    [people]                       # by the name of the sign-in; with OpenID Connect by the subject
    "jo.smith" = ["R9A", "QHM"]

Once the file, a claim or a header says anything of organisations, a right to pathways holds at those alone.
Where the group that gives it is named here, there; else at the organisations of the person. Those are what
the sign-in says, what stands under the person's name, and what the person's groups without such a right are
named with. Who has none sees no pathway. Which trusts an ICB has, and which trust became which, is asked of
the database: `dashboard.scope.rights`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.settings import SettingError
from dashboard.settings.areas import EVERY, access_tables

Codes = frozenset[str] | None
"""Codes of organisations; None for every one."""
_CODE = re.compile(r"[A-Z0-9]{3,6}")
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Organisations:
    """The organisations of groups and people; people's names are not printed."""

    of_group: Mapping[str, Codes] = field(default_factory=dict)
    of_person: Mapping[str, Codes] = field(default_factory=dict, repr=False)

    @property
    def is_set(self) -> bool:
        """Whether the file says anything of organisations."""
        return bool(self.of_group or self.of_person)

    def home(self, groups: Collection[str], person: str, told: Iterable[str]) -> Codes:
        """Of a person: by their name, by what the sign-in told, and by their groups without a right."""
        said = [self.of_group[each] for each in groups if each in self.of_group]
        said += [self.of_person[person]] if person in self.of_person else []
        return together([*said, frozenset(told)])


def together(each: Iterable[Codes]) -> Codes:
    """All of them; None where one of them is every organisation."""
    found: set[str] = set()
    for codes in each:
        if codes is None:
            return None
        found |= codes
    return frozenset(found)


def codes_told(texts: Iterable[str]) -> frozenset[str]:
    """What a claim or a header says, as far as it has the shape of a code; never every organisation."""
    found = [each.strip() for each in texts if _CODE.fullmatch(each.strip())]
    return frozenset(found[:MOST_TOLD])


def read_organisations(file: str) -> Organisations:
    """The organisations of each group and person. Raises `SettingError`."""
    where, given = access_tables(file)
    return Organisations(
        _named(where, "organisations", "group", given), _named(where, "people", "person", given)
    )


def _named(where: str, table: str, what: str, given: Mapping[str, Any]) -> dict[str, Codes]:
    said = given.get(table)
    if said is None:
        return {}
    # An empty table would open everything to whoever meant to close it.
    if not said:
        raise SettingError(f"{where}: [{table}] names no {what}; expected one, or no such table")
    return {name: _codes(where, table, what, name, codes) for name, codes in said.items()}


def _codes(where: str, table: str, what: str, name: str, said: Any) -> Codes:
    # The proxy parts its groups by commas, and cuts off spaces.
    if not name.strip() or name != name.strip() or (what == "group" and "," in name):
        raise SettingError(
            f"{where}: [{table}]: expected the name of a {what}, without commas or spaces around it"
        )
    if said == EVERY:
        return None
    at = f"{where}: [{table}]" + (f": {name!r}" if what == "group" else "")
    if not isinstance(said, list) or not said:
        raise SettingError(f'{at}: expected a list of codes, such as ["R9A"], or "{EVERY}"')
    for code in said:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise SettingError(
                f"{at}: {code!r} is no code of a trust or ICB; expected 3 to 6 capitals and digits, as in R9A"
            )
    if len(set(said)) < len(said):
        raise SettingError(f"{at}: a code stands there twice; expected once")
    return frozenset(said)
