"""What the groups of a sign-in may do here, whether a proxy or a provider of OpenID Connect sends them."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from dashboard.settings.areas import Addresses, Area, read_addresses, read_areas
from dashboard.settings.variables import Groups, OfVariables, of_text


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
