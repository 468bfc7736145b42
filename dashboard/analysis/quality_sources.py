"""What the sources say of each other: every provider's list of a month, and the trust that sends both a PTL
and a monthly return.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from dashboard.analysis.disclosure.sources import list_share_instead
from dashboard.analysis.quality import BothSources, Providers, both_sources, provider_lists
from dashboard.scope.scope import Scope
from ingest.store.schema import MONTHLY, WEEKLY


@dataclass(frozen=True, slots=True)
class Sources:
    """Every provider's list of the month, None for a tracking list; the trust that both sources hold."""

    providers: Providers | None
    both: BothSources | None


def sources_of(connection: Connection, scope: Scope) -> Sources:
    """At most two statements."""
    assert scope.census is not None
    monthly = scope.source == MONTHLY
    providers = provider_lists(connection, scope.census, scope.previous) if monthly else None
    trust = _trust_of_both(scope)
    # A list of the first days of a month is held against the return of the month before.
    both = both_sources(connection, trust, _name(scope, trust), scope.census) if trust else None
    instead = list_share_instead(connection, scope, both) if both else None
    return Sources(providers, replace(both, share_instead=instead) if both and instead is not None else None)


def _trust_of_both(scope: Scope) -> str:
    """The trust whose tracking list is held: that of the scope, else the only one; '' if there is none."""
    listed = sorted({held.provider_code for held in scope.loaded.of(WEEKLY)})
    here = [code for code in scope.codes if code in listed]
    england = scope.organisation.level == "england" and len(listed) == 1
    return here[0] if here else listed[0] if england else ""


def _name(scope: Scope, code: str) -> str:
    return next((o.name for o in scope.organisations if (o.level, o.code) == ("provider", code)), code)
