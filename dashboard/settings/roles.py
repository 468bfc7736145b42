"""What the groups of a sign-in may do here, whether a proxy or a provider of OpenID Connect sends them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from dashboard.settings.areas import WHOLE, Addresses, Area, read_addresses, read_areas
from dashboard.settings.organisations import Codes, Organisations, read_organisations
from dashboard.settings.variables import Groups, OfVariables, of_text

Pathways = tuple[Area, ...] | None
"""The areas whose pathways may be seen; None for every pathway."""


class Roles(OfVariables):
    """Groups by what they may do. Nobody may write, see a pathway or audit unless a group is named."""

    # The groups that may load and annotate; see pathways and small numbers; see who looked.
    writers: Groups = frozenset()
    pathway_readers: Groups = frozenset()
    auditors: Groups = frozenset()
    # Service leads, who see the pathways of their own specialties and sites, and people's email addresses;
    # what the file holds is in dashboard/settings/areas.py.
    leads: Annotated[Mapping[str, Area], of_text(read_areas)] = Field(
        default={}, validation_alias="RTT_ACCESS_FILE"
    )
    addresses_of: Annotated[Addresses, of_text(read_addresses)] = Field(
        default=Addresses(), validation_alias="RTT_ACCESS_FILE"
    )
    # At which trusts those rights to pathways hold; without it at every one.
    organisations: Annotated[Organisations, of_text(read_organisations)] = Field(
        default=Organisations(), validation_alias="RTT_ACCESS_FILE"
    )

    @property
    def asks_where(self) -> str:
        """The claim or header that says a person's organisations; '' where none does."""
        return ""

    @property
    def bounds_pathways(self) -> bool:
        """Whether a right to pathways holds at named organisations alone."""
        return self.organisations.is_set or bool(self.asks_where)

    def with_pathways(self) -> frozenset[str]:
        """The groups that give a right to pathways."""
        return self.pathway_readers | self.leads.keys()

    def pathways_of(self, groups: frozenset[str], person: str, told: frozenset[str]) -> Pathways:
        """What somebody of these groups may see, whose sign-in told these organisations."""
        giving = self.with_pathways()
        home = self.organisations.home(groups - giving, person, told)
        found: list[Area] = []
        for group in sorted(groups & giving):
            trusts = self._where(group, home)
            if group in self.pathway_readers and trusts is None:
                return None
            # At no organisation there is nothing to see.
            if trusts is None or trusts:
                found.append(replace(self._area(group), trusts=trusts))
        return tuple(found)

    def _where(self, group: str, home: Codes) -> Codes:
        return self.organisations.of_group.get(group, home) if self.bounds_pathways else None

    def _area(self, group: str) -> Area:
        return WHOLE if group in self.pathway_readers else self.leads[group]
