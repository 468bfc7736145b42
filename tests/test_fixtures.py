"""The databases that the other tests are given are real, fresh and migrated."""

from sqlalchemy import inspect, text


def test_the_engine_is_a_migrated_database_of_each_kind(engine, database_url):
    assert engine.dialect.name in database_url
    assert "pathway_counts" in inspect(engine).get_table_names()


def test_the_engine_is_fresh_for_each_test(engine):
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM extract")).scalar_one() == 0
