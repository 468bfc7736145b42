"""A made-up extract: published figures of a month as plain lines."""

from datetime import date

from ingest.extracts import Facts, Format, LoadOptions, Parsed
from ingest.files.archives import Content
from ingest.store.schema import PUBLISHED

HEADING = "made-up month,made-up measure,made-up value"


def recognises(content: Content) -> bool:
    """Whether it begins with the heading."""
    return not content.is_workbook and content.head().startswith(HEADING)


def read(content: Content, options: LoadOptions) -> Parsed:
    """Every line after the heading."""
    lines = [line.split(",") for line in content.data.decode().splitlines()[1:]]
    rows = [(date.fromisoformat(day), measure, float(value), "") for day, measure, value in lines]
    newest = max(row[0] for row in rows)
    return Parsed(
        source=PUBLISHED,
        census_date=newest,
        section=f"{newest:%Y-%m}",
        rows_read=len(rows),
        tables={"published": Facts(("month", "measure", "value", "shown"), rows)},
    )


FORMAT = Format(
    name="made up", title="a made-up record", accepted="plain lines", recognises=recognises, read=read
)
