"""NHS England's files as this installation fetches them: whom it asks, how far the run under way is."""

from __future__ import annotations

from dashboard import __version__
from dashboard.settings.settings import Settings
from ingest.fetch.journal import NEW, SERIES, Run, last_run
from ingest.fetch.publisher import Publisher
from rtt.terms.wording import number_text, plural

# Of one file: half of its way is the download, half the load.
_HALF = 0.5


def publisher_of(settings: Settings) -> Publisher:
    return Publisher(
        base=settings.fetch_base,
        cache=settings.fetch_cache or settings.home / "fetch",
        hosts=settings.fetch_hosts,
        contact=settings.fetch_contact,
        version=__version__,
        most_bytes=settings.fetch_mb * 1_000_000,
        certificates=settings.fetch_certificates,
        pause=settings.fetch_pause_ms / 1000,
    )


def fetch_run(settings: Settings) -> Run | None:
    """The run of `rtt fetch` under way, or the last one."""
    return last_run(publisher_of(settings).cache)


def progress_words(run: Run) -> str:
    """What a run under way does now: "Loading April 2026. 3 of 24 files are done." """
    if run.step == "looking":
        return "Looking for files on NHS England’s pages."
    if run.step == "forecasting":
        return "Every file is done. Making the forecasts."
    doing = {"loading": "Loading", "waiting": "Another file is being saved: waiting to load"}
    what = "the overview time series" if run.now == SERIES else run.now
    done = f"{number_text(run.done)} of {plural(run.of, 'file')} {'is' if run.of == 1 else 'are'} done"
    return f"{doing.get(run.step, 'Downloading')} {what}. {done}."


def newest_loaded(run: Run) -> str:
    """The newest month that a run has loaded so far, "April 2026"; '' where there is none yet."""
    months = (each.what for each in run.items if each.fate in NEW and each.what != SERIES)
    return next(months, "")  # the newest comes first


def progress_share(run: Run) -> float:
    """How much of a run is done, from 0 to 1."""
    if run.step == "forecasting":
        return 1.0
    within = _HALF * min(1.0, run.part / run.part_of) if run.part_of else 0.0
    if run.step in ("waiting", "loading"):
        within += _HALF
    return (run.done + within) / run.of if run.of else 0.0
