"""What counts for whom in the months that forecasts and plans are made from, seen from the newest of them.

A trust's history has those that merged into it, an ICB's and a region's is the sum of the commissioners of
now: so no list jumps where organisations alone have changed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from ingest.store import parents
from ingest.store.schema import organisation
from ingest.store.successions import successions_held
from rtt.terms.lineage import WHOLE, Lineage


def lineage_of(connection: Connection, held: Sequence[Any]) -> Lineage:
    """Of the extracts of some months, oldest first. Four statements."""
    o = organisation.c
    codes = select(o.level, o.code).where(o.extract_id.in_([row.id for row in held]), o.level.in_(WHOLE))
    there = connection.execute(codes.distinct()).all()
    newest = select(o.level, o.code, o.parent_code).where(
        o.extract_id == held[-1].id, o.level.in_(("commissioner", "icb")), o.parent_code != ""
    )
    under = connection.execute(newest).all()
    return Lineage(
        at=held[-1].census_date,
        successions=successions_held(connection).successions,
        present={level: frozenset(code for of, code in there if of == level) for level in WHOLE},
        homes={code: parent for level, code, parent in under if level == "commissioner"},
        regions={code: parent for level, code, parent in under if level == "icb"},
        moved=parents.parents_of(connection.execute(parents.statement())),
    )
