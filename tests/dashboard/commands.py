"""Runs `rtt` in this process, as quickly as a function, and gives what it printed and how it ended."""

import csv
import io
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from dashboard.cli import clock, main

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)  # no test depends on the day that it is run


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


class Command:
    """`rtt("load", path)`; settings are those of the environment that the test gives."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.setattr(clock, "now", lambda: NOW)

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        self._monkeypatch.setattr(sys, "argv", ["rtt", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = self._capsys.readouterr()
        return Ran(code, printed.out, printed.err)
