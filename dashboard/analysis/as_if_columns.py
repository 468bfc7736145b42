"""The columns of the table of figures that tell a waiting list as if every trust had reported.

They stand after the reported ones and are empty where a month lacks nothing of the organisation. What is
added is decided in `dashboard.scope.returns`, as for pages.
"""

from collections.abc import Iterator
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from dashboard.filters import THEN
from dashboard.scope.absent_lists import Months, returns_of
from dashboard.scope.lineage import lineage_at
from dashboard.scope.returns import LONGEST_CARRIED, NOTHING_MISSING, Listed
from dashboard.scope.shortfall import shortfall_of
from dashboard.store.figures import FigureScope
from dashboard.store.loaded_extracts import loaded_extracts
from ingest.store.schema import ENGLAND, MONTHLY
from rtt.terms.calendar import add_months
from rtt.terms.parts import INCOMPLETE
from rtt.terms.treatment_functions import ROWS, TOTAL

COUNTS = ("total", "within_18", "over_52")
AS_IF_COLUMNS = ("as_if_total", "as_if_within_18", "as_if_over_52", "as_if_from")
LISTS, ESTIMATE = "last lists", "published estimate"

Key = tuple[str, str]  # organisation, treatment function


class AsIfColumns:
    """What each month of a table of figures lacks; nothing of tracking lists, nor with other commissioners,
    of whom no part of a list is kept.
    """

    def __init__(self, connection: Connection, scope: FigureScope, months: tuple[date, ...]) -> None:
        self._level, self._lineage, self._returns = scope.level, None, NOTHING_MISSING
        self._months: tuple[date, ...] = ()
        self._cut: set[date] = set()
        if months and scope.part in (None, INCOMPLETE) and not scope.include_nonc:
            # Older lists are not carried: one month asked for reads one year, and not all that is held.
            first = add_months(months[0], -LONGEST_CARRIED - 1)
            held = loaded_extracts(connection).censuses(MONTHLY)
            self._months = tuple(month for month in held if first <= month <= months[-1])
            uneven = shortfall_of(connection, months[-1]).uneven
            self._cut = {day for days in uneven.values() for day in days}
            functions = (scope.treatment_function,) if scope.treatment_function else tuple(ROWS)
            codes = (scope.organisation,) if scope.organisation else ()
            months_read = Months(self._months, self._months)
            self._returns = returns_of(connection, months_read, (scope.level, codes, functions))
            if scope.history != THEN:
                self._lineage = lineage_at(connection, months[-1], months[-1])

    def beside(self, frame: pd.DataFrame, month: date | None) -> pd.DataFrame:
        """The rows of a month (None: of a tracking list) with the columns AS_IF_COLUMNS."""
        lists = (frame["part"] == INCOMPLETE).tolist()
        keys = list(zip(frame["organisation_code"], frame["treatment_function_code"], strict=True))
        own_keys = [key for key, own in zip(keys, lists, strict=True) if own]
        added = dict(self._added(month, own_keys)) if month and month not in self._cut else {}
        found = [added.get(key) if own else None for key, own in zip(keys, lists, strict=True)]
        for column, name in zip(AS_IF_COLUMNS, COUNTS, strict=False):
            more = [pd.NA if each is None else getattr(each[0], name) for each in found]
            frame[column] = frame[name] + pd.array(more, dtype="Int64")
        frame[AS_IF_COLUMNS[-1]] = pd.array(
            [pd.NA if each is None else each[1] for each in found], dtype=object
        )
        return frame

    def _added(self, month: date, keys: list[Key]) -> Iterator[tuple[Key, tuple[Listed, str]]]:
        word = self._returns.estimates.get(month)
        for key in keys:
            if word is not None and key == (ENGLAND, TOTAL):
                if word.whole != word.reported:
                    yield key, (word.whole - word.reported, ESTIMATE)
            elif lists := self._carried(month, *key):
                yield key, (sum(lists, Listed()), LISTS)

    def _carried(self, month: date, code: str, function: str) -> list[Listed]:
        if month not in self._returns.absences:
            return []
        level: str = self._level
        codes: tuple[str, ...] = (code,)
        if self._lineage is not None:
            level, codes = self._lineage.joined(level, codes, self._months)
        if level == "provider" and len(codes) == 1:
            return []
        carried = self._returns.carried(month, level, codes, (function,), shown_as=self._level)
        return [each.listed for each in carried]
