"""The table that `make bench` ends with."""

import pytest

from benchmarks import today
from benchmarks.__main__ import HEADING, table


@pytest.fixture
def earlier(tmp_path, monkeypatch):
    (tmp_path / ".venv").mkdir()
    monkeypatch.setenv("RTT_BENCH_TODAY", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["benchmarks.help"])
    return tmp_path


def test_both_builds_work_in_turns_and_the_medians_are_told(earlier, capsys):
    seconds = {earlier: iter((4, 9, 1234)), today.YOURS: iter((2, 1, 9))}
    worked = []

    def measure(build):
        worked.append(build)
        return next(seconds[build])

    today.compare("work, CPU s", measure, target=0.5, pairs=3)
    assert worked == [earlier, today.YOURS] * 3
    assert capsys.readouterr().out == "| work, CPU s | 9 | 2 | 0.22 | at most 0.5 |\n"


def test_without_an_earlier_build_only_this_one_works(monkeypatch, capsys):
    monkeypatch.delenv("RTT_BENCH_TODAY", raising=False)
    monkeypatch.setattr("sys.argv", ["benchmarks.help", "no-checkout"])
    today.compare("rate", lambda build: {today.YOURS: 3}[build], target=6, pairs=1)
    assert capsys.readouterr().out == "| rate |  | 3 |  | at least 6 |\n"


def test_a_program_that_fails_is_no_measurement():
    with pytest.raises(OSError, match="ended with 3"):
        today.processor_seconds(today.YOURS, "raise SystemExit(3)")


def test_the_table_is_markdown():
    assert table([HEADING, ("work", "1,000", "2", "0.00", "at most 0.5")]).splitlines() == [
        "| work | today | yours | ratio |      target |",
        "| ---- | ----: | ----: | ----: | ----------: |",
        "| work | 1,000 |     2 |  0.00 | at most 0.5 |",
    ]


def test_growth_is_the_power_of_the_data(capsys):
    today.tell_growth("squares by months", {12: 144, 36: 1296, 120: 14400})
    told = "squares by months: 144 at 12, 1,296 at 36, 14,400 at 120"
    assert capsys.readouterr().out == f"- {told}; grows as its data to the power of 2.00\n"
