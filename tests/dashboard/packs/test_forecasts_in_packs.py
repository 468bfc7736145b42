"""What a pack says of the projection of its scope: with its interval, or why there is none."""

import pytest
from sqlalchemy import delete, func, select, update

from ingest.store.database import make_engine
from ingest.store.dataset import raise_version
from ingest.store.schema import forecast_unit, forecast_value, pathway_counts
from rtt.forecast.monthly.forecast_words import figure_text
from rtt.terms.waits import BAND_COLUMNS
from tests.dashboard.packs import making

SCOPES = [("region", "Y99"), ("icb", "QZ9"), ("commissioner", "98A"), ("provider", "R9A")]


@pytest.fixture
def demo(demo_template, tmp_path):
    path = tmp_path / "demo.db"
    path.write_bytes(demo_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def told(engine, level, code):
    pack = making.contents(engine, f"?source=monthly&level={level}&org={code}")
    pages = ("18 weeks", "Predicted breaches", "Method")
    return " ".join(words for page in pack.pages if page.name in pages for words in page.paragraphs)


def of_scope(table, level, code):
    c = table.c
    return (c.level == level) & (c.organisation_code == code) & (c.treatment_function == "C_999")


@pytest.mark.parametrize(("level", "code"), SCOPES)
def test_every_level_is_told_what_was_forecast_three_months_ahead(sample, level, code):
    c = forecast_value.c
    with sample.connect() as connection:
        said = connection.execute(
            select(c.share_within_18, c.share_within_18_low_80, c.share_within_18_high_80).where(
                of_scope(forecast_value, level, code), c.horizon == 3
            )
        ).one()
    middle, low, high = (figure_text("share_within_18", value) for value in said)
    words = told(sample, level, code)
    assert f"{middle} forecast for" in words
    assert f"80% interval {low} to {high}" in words


@pytest.mark.parametrize(("level", "code"), SCOPES)
def test_a_list_that_may_not_be_forecast_is_told_why(demo, level, code):
    with demo.begin() as connection:
        connection.execute(delete(forecast_value).where(of_scope(forecast_value, level, code)))
        connection.execute(
            update(forecast_unit).where(of_scope(forecast_unit, level, code)).values(standing="under twenty")
        )
    assert "Fewer than 20 pathways: no forecast is made." in told(demo, level, code)


def test_a_list_that_had_just_jumped_is_named_in_the_pack(demo):
    """Fault 15: a reader of the pack is told as the reader of the page is."""
    assert "in the month to" not in told(demo, "provider", "R9A")
    c = pathway_counts.c
    with demo.begin() as connection:
        newest = connection.execute(select(func.max(c.census_date)).where(c.source == "monthly")).scalar_one()
        doubled = {name: c[name] * 2 for name in ("total", "total_known", *BAND_COLUMNS) if name in c}
        connection.execute(
            update(pathway_counts)
            .where(c.source == "monthly", c.census_date == newest, c.organisation_code == "R9A")
            .values(doubled)
        )
        raise_version(connection, kind=None)
    assert "The list grew by" in told(demo, "provider", "R9A")


def test_a_forecast_frozen_without_icbs_is_not_asked_for_again(demo):
    with demo.begin() as connection:
        for table in (forecast_unit, forecast_value):
            connection.execute(delete(table).where(table.c.level == "icb"))
    words = told(demo, "icb", "QZ9")
    assert "was made without ICBs, and is never rewritten" in words
    assert "rtt forecast" not in words
