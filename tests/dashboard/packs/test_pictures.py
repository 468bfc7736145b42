"""Pictures of charts: Chromium may end, hang or never start, and still every request has its answer."""

import os
import signal
import time
from datetime import date

import pytest

from dashboard.figures import pictures
from dashboard.figures.bars import Bar, bar_chart
from dashboard.packs.formats.made import made
from tests import allowances, servers
from tests.dashboard import served_pages as served
from tests.dashboard.packs import making

CHART = bar_chart(
    [Bar("ENT", "ENT", 0.603, "60.3%", "")],
    unit="share",
    title="t",
    caption="c",
    what="w",
    columns=("Specialty", "Share"),
)
PNG = b"\x89PNG"


@pytest.fixture
def chromium_here():
    if not servers.CHROMIUM.exists():
        allowances.skip_without_package("chromium")
    yield
    pictures._close()


def ends(number: int) -> bool:
    """Whether the process is gone, within the time that a busy machine needs."""
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_one_chromium_serves_many_calls(chromium_here):
    assert pictures.pictures([(CHART, 300)])[0].startswith(PNG)
    first = pictures._open[0].process
    assert [each[:4] for each in pictures.pictures([(CHART, 300), (CHART, 200)])] == [PNG, PNG]
    assert pictures._open[0].process == first


def test_a_chromium_that_was_killed_is_replaced_and_the_picture_drawn(chromium_here):
    pictures.pictures([(CHART, 300)])
    first = pictures._open[0].process
    os.kill(first, signal.SIGKILL)
    assert ends(first)
    assert pictures.pictures([(CHART, 300)])[0].startswith(PNG)
    assert pictures._open[0].process != first


def test_a_chromium_that_hangs_is_ended_and_replaced(chromium_here, monkeypatch):
    pictures.pictures([(CHART, 300)])
    first = pictures._open[0]
    os.killpg(first.process, signal.SIGSTOP)
    patient = first.draw
    monkeypatch.setattr(first, "draw", lambda *what, seconds: patient(*what, seconds=1.0))
    assert pictures.pictures([(CHART, 300)])[0].startswith(PNG)
    assert pictures._open[0] is not first
    assert ends(first.process)


@pytest.fixture
def silent(tmp_path, monkeypatch):
    """A browser that starts and never says a word."""
    path = tmp_path / "chromium"
    path.write_text("#!/bin/sh\nexec sleep 600\n")
    path.chmod(0o755)
    monkeypatch.setattr(pictures, "browser", lambda: str(path))
    monkeypatch.setattr(pictures, "SECONDS_A_PICTURE", 1.0)
    pictures._close()
    yield
    pictures._close()


def test_a_chromium_that_never_answers_ends_in_a_sentence_and_leaves_nothing_locked(silent, sample):
    with pytest.raises(pictures.NotDrawn, match="is not responding"):
        pictures.pictures([(CHART, 300)])
    assert pictures._open == []
    found = made(making.contents(sample, "?source=monthly"), ("html", "pdf", "xlsx"))
    assert set(found.files) == {"xlsx"}
    assert set(found.refused) == {"html", "pdf"}
    assert found.busy


def test_who_waits_too_long_for_others_is_told_to_come_back(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "browser", lambda: "/nowhere")
    monkeypatch.setattr(pictures, "SECONDS_TO_WAIT", 0.05)
    client = served.client_of(sample, tmp_path, today=date(2026, 3, 1))
    with pictures._lock:
        for kind in ("html", "pdf"):
            answer = client.get(f"/pack.{kind}?source=monthly")
            assert answer.status_code == 503
            assert "being drawn for other users; try again in a minute" in answer.text
        assert client.get("/pack.docx?source=monthly").status_code == 200
