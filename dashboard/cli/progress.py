"""A progress bar on standard error, where a person watches: rows a second and time left."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from ingest.loading.load import Progress


class Bar:
    """Shows one bar for the files and one for the rows of the file at hand.

    Nothing is drawn, nor the library imported, until a file needs work, or where nobody watches.
    """

    def __init__(self, *, files: int, quiet: bool = False) -> None:
        self._files = files
        self._quiet = quiet
        self._bars: Bars | None = None
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def report(self, progress: Progress) -> None:
        if self._quiet or not sys.stderr.isatty():
            return
        bars = self._bars = self._bars or _bars(self._files)
        files, rows = bars.task_ids
        bars.update(files, description=_short(progress.file_name), completed=self._done)
        bars.update(rows, description=progress.step, completed=progress.rows, total=progress.of or None)

    def finished(self) -> None:
        self._done += 1
        if self._bars is not None:
            files, rows = self._bars.task_ids
            self._bars.update(files, completed=self._done)
            self._bars.reset(rows, description="", total=None)


def _short(file_name: str) -> str:
    # A line of eighty characters must hold the name, the bar, the speed and the time left.
    return file_name if len(file_name) <= 32 else file_name[:31] + "…"


def _bars(files: int) -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class RowsASecond(ProgressColumn):
        def render(self, task: Task) -> Text:
            unit = task.fields["unit"]
            return Text(f"{task.speed:,.0f} {unit} a second" if task.speed and unit == "rows" else "")

    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=12),
        TextColumn("{task.completed:,.0f} {task.fields[unit]}"),
        RowsASecond(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
    )
    bars.add_task("all files", total=files, unit="files")
    bars.add_task("", total=None, unit="rows")
    bars.start()
    return bars
