"""The question of a saved scenario, asked again of today's data: never in place of what was answered then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from dashboard.analysis.plan_kept import Kept, kept_of
from dashboard.analysis.planning.dial_words import dials_words
from dashboard.analysis.planning.work_out import answer_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.scope.start import with_source
from dashboard.server.access import Enquiry
from dashboard.store.scenarios import Saved
from ingest.store.schema import MONTHLY

MOST_COMPARED = 3


@dataclass(frozen=True, slots=True)
class Again:
    """Today's answer, or why there is none."""

    kept: Kept | None
    why_not: str = ""


def shown_again(saved: Sequence[Saved], asked: Sequence[str]) -> list[Saved]:
    """Those whose numbers an address names, in its order; one that is gone is left out."""
    by_number = {str(each.id): each for each in saved}
    return [by_number[number] for number in asked if number in by_number][:MOST_COMPARED]


def asked_again(connection: Connection, saved: Saved, enquiry: Enquiry) -> Again:
    """As an answer would be kept now. The scope must be the one that was saved, in its newest month."""
    filters = replace(from_query(saved.query)[0], census=None)
    scope = resolve(connection, with_source(connection, filters, MONTHLY), enquiry)
    if scope.notices:
        return Again(None, scope.notices[0])
    answer = answer_of(connection, scope)
    if answer.why_not or answer.census is None:
        return Again(None, answer.why_not)
    return Again(kept_of(answer, dials_words(answer.question)))
