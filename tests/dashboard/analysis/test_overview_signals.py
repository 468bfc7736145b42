"""The Overview's tiles say what the charts of Trends say, from the same readings, and lead to them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from dashboard.analysis.control_charts import series_of
from dashboard.server.access import Reader
from dashboard.store import writing
from rtt.findings.findings import remarks_of
from tests.dashboard.months import database, drawn, graph, kind, looks, months_from, parts_of, prop, text_of

GENERAL = "C_100"


def month(at: int) -> dict:
    """A list that grows by 10 and by 90 in turn; a tenth of it over 18 weeks."""
    listed = 900 + 50 * at - 40 * (at % 2)
    return {GENERAL: ({3: listed * 9 // 10, 30: listed // 10, 70: 12}, 50, 100, 200)}


@pytest.fixture(scope="module", params=[16, 12])
def held(request, tmp_path_factory):
    """The number of months held, and the database."""
    folder = tmp_path_factory.mktemp(f"overview{request.param}")
    months = {day: month(at) for at, day in enumerate(months_from(date(2024, 1, 31), request.param))}
    engine = database(folder, months)
    yield request.param, engine
    engine.dispose()


def tile_of(page, name: str):
    return next(
        each for each in parts_of(page) if prop(each, "className") == "rtt-tile" and name in text_of(each)
    )


def card_of(page, name: str):
    return next(each for each in parts_of(page) if prop(each, "data-card") == name)


def test_a_tile_has_the_signal_of_its_chart_as_shape_and_words_or_none_at_all(held):
    months, engine = held
    _, found, page = drawn(engine, "/")
    tile = tile_of(page, "Waiting list")
    _, trends, _ = drawn(engine, "/trends?measure=total")
    for kind_of_remark in ("signal", "caveat"):
        (mine, theirs) = (remarks_of(each.charts["total"].judged, kind_of_remark) for each in (found, trends))
        assert mine == theirs
    if months == 16:
        assert "Concerning: 15 changes in a row upwards." in text_of(tile)
        assert looks(tile) == ["rtt-mark--square"]
    else:
        first, last = (sum(month(at)[GENERAL][0].values()) for at in (0, months - 1))
        assert f"Up {last - first} since January 2024" in text_of(tile)
        assert looks(page) == []


def test_the_caveat_about_trial_limits_is_told_once_and_the_change_over_all_of_them_on_each_tile(held):
    """Fault 2: a visible rise got no sentence, and every tile the same caveat instead."""
    months, engine = held
    _, _, page = drawn(engine, "/")
    assert text_of(page).count("Trial limits") == (0 if months == 16 else 1)
    if months == 12:
        share = [listed[3] / sum(listed.values()) for listed in (month(at)[GENERAL][0] for at in (0, 11))]
        rise = round(100 * share[1], 1) - round(100 * share[0], 1)
        words = f"Up {rise:.1f} points since January 2024"
        assert words in text_of(tile_of(page, "Within 18 weeks"))
        assert f"{words}, from {100 * share[0]:.1f}% to {100 * share[1]:.1f}%." in text_of(page)


def test_the_standard_is_told_by_how_often_it_was_met(held):
    _, engine = held
    _, _, page = drawn(engine, "/")
    # 810 of 902, and about as many each month: just under 90%.
    assert "The 92% standard: met in 0 of 12." in text_of(card_of(page, "share-trend"))


def test_a_tile_leads_to_its_chart_with_the_scope(held):
    _, engine = held
    _, _, page = drawn(engine, "/?level=provider&org=RTD")
    ways = [prop(each, "href") for each in parts_of(tile_of(page, "Waiting list")) if kind(each) == "A"]
    assert ways == ["/trends?level=provider&org=RTD&measure=total"]
    _, found, _ = drawn(engine, ways[0])
    assert found.figures.scope.organisation.code == "RTD"


def test_notes_on_the_share_show_on_the_chart_of_the_overview(held):
    _, engine = held
    scope, _, _ = drawn(engine, "/")
    writer, now = Reader(name="B. Jones", may_write=True), datetime(2025, 6, 1, tzinfo=UTC)
    number = writing.annotate(
        engine,
        writer,
        series_of(scope, "share_within_18"),
        noted_on=date(2024, 9, 2),
        text="clinic opened",
        at=now,
    )
    try:
        _, _, page = drawn(engine, "/")
        assert "clinic opened" in [note["text"] for note in graph(page)["layout"]["annotations"]]
        assert "clinic opened (B. Jones, 2 Sep 2024)" in text_of(page)
    finally:
        writing.withdraw(engine, writer, "note", number, at=now)


def test_at_most_eight_statements(held, tmp_path):
    _, engine = held
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    drawn(engine, "/?level=provider&org=RTD&tf=C_100&census=2024-11")
    assert 0 < len([each for each in statements if each.startswith("SELECT")]) <= 8


def test_a_first_month_says_what_is_not_known_in_words_that_make_sense(tmp_path):
    engine = database(tmp_path, {date(2024, 1, 31): {GENERAL: ({3: 40}, 0, 1, 3)}})
    _, _, page = drawn(engine, "/")
    flows = text_of(tile_of(page, "Starts and stops"))
    assert "1 clock stopped" in flows
    others = text_of(card_of(page, "other-figures"))
    assert "Not known (needs the list before, clock starts and clock stops)" in others
    engine.dispose()


def test_a_scope_without_a_pathway_has_no_sentence_around_nothing(tmp_path):
    engine = database(tmp_path, {date(2024, 1, 31): {GENERAL: ({}, 5, 5, 5)}})
    _, _, page = drawn(engine, "/")
    said = text_of(page)
    for nonsense in ("under No pathways", "No pathways of the list", "under Not computed"):
        assert nonsense not in said
    engine.dispose()
