"""Which organisation became which: the facts by which months before a merger are added up."""

from itertools import groupby

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from ingest.store.successions import Facts
from rtt.terms.organisation_names import title_case
from rtt.terms.successions import Succession
from rtt.terms.wording import date_text, list_text

TITLE = "Organisations that merged"
COLUMNS = ("Ended on", "Code", "Name", "Became")


def mergers_section(facts: Facts) -> show.Card:
    """A row for each organisation that ended, the newest first."""
    ends = sorted(facts.successions.facts, key=lambda each: (-each.on.toordinal(), each.code))
    grouped = [list(group) for _, group in groupby(ends, key=lambda each: (each.on, each.code))]
    rows = [_row(group) for group in grouped]
    table = show.Table(
        TITLE,
        COLUMNS,
        rows,
        text_columns=4,
        label=f"{TITLE}, table",
        name="mergers",
        values=show.values_of(rows, text_columns=4, instead={0: [group[0].on for group in grouped]}),
    )
    return show.table_card(
        TITLE,
        html.P(
            "What an organisation had before is added to the one that it became. One that was divided is "
            "added to nobody; an ICB is the sum of its commissioners. "
            f"Source: {facts.source}, as of {date_text(facts.as_of)}."
        ),
        table,
        name="mergers",
        as_csv=True,
    )


def _row(facts: list[Succession]) -> list[str]:
    first = facts[0]
    became = list_text([each.successor for each in facts])
    return [date_text(first.on), first.code, title_case(first.name), became]
