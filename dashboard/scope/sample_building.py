"""The sample while it is built: what is shown of it meanwhile, and how far it is, in words.

Whoever starts with nothing is shown the months and the newest weekly list first (`dashboard.cli.demo`). What
needs the weeks before it is not there until the whole sample takes their place.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from dashboard.settings.settings import Settings
from dashboard.store.cache import data_kind, witnessed
from ingest.fetch.journal import Run, last_run
from rtt.terms.wording import plural

HISTORY, NEWER = "history", "newer"
"""What a build is asked for: the history of a sample of which the newest is shown, or a newer sample."""

_SHOWN = {
    HISTORY: "All months and the newest list are here; weekly trends, movements and forecasts follow.",
    NEWER: "The one before it is shown until then.",
}
READY = "The sample is complete. This page shows it within a minute."


def folder(settings: Settings) -> Path:
    """Where a build says how far it is."""
    return settings.home / "sample"


@witnessed
def sample_build(connection: Connection, settings: Settings) -> Run | None:
    """The build under way of the sample that is shown, or the one that left it without its history."""
    run = last_run(folder(settings)) if data_kind(connection) == "sample" else None
    return run if run and (run.is_running or run.asked == HISTORY) else None


def sample_words(run: Run) -> str:
    """How far a build is, what is shown meanwhile, or that it was cut short."""
    if not run.is_running:
        return (
            "The history of this sample was not built to its end. What is shown is correct. "
            "Start the dashboard again to build the rest."
        )
    what = "The sample" if run.asked == HISTORY else "A newer sample"
    return f"{what} is being built{_how_far(run)}. {_SHOWN[run.asked]}"


def _how_far(run: Run) -> str:
    if run.step == "forecasting":
        return ": its history is loaded, and forecasts are being made"
    if run.step != "loading" or not run.done:
        return ""
    return f": weekly history to {run.now} so far, {run.done} of {plural(run.of, 'list')}"
