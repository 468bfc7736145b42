"""The rows of a database, told by whose list they are of and not by number: to hold two together."""

from collections import Counter

from sqlalchemy import Engine, select

from ingest.store import schema

FACTS = ("pathway_counts", "movement", "quality", "organisation")


def rows_of(engine: Engine, *tables: str) -> dict[str, Counter]:
    """Table -> its rows with the key of their extract, and how often each is there. Without sums."""
    extract = schema.extract.c
    key = (extract.source, extract.census_date, extract.provider_code, extract.section)
    found = {}
    with engine.connect() as connection:
        for name in tables or FACTS:
            table = schema.metadata.tables[name]
            columns = [column for column in table.c if column.name != "extract_id"]
            chosen = select(*key, *columns).join(schema.extract, extract.id == table.c.extract_id)
            rows = connection.execute(chosen.where(extract.section != "sums")).all()
            found[name] = Counter(tuple(row) for row in rows)
        loaded = [*key, extract.revision, extract.rows, extract.providers, extract.open_band]
        found["extract"] = Counter(
            tuple(row) for row in connection.execute(select(*loaded).where(extract.section != "sums"))
        )
    return found
