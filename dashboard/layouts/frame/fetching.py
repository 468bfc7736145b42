"""NHS England's newest months by a button: the offer, how far a run is, and the button that stops it.

Only those who may load are shown a button. What a run does is drawn from its journal, so that it is there
again after a reload; assets/fetch.js keeps it up to date while the page is looked at.
"""

from typing import Any

from dash import dcc

from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import link
from dashboard.scope.fetched import fetch_run, newest_loaded, progress_share, progress_words
from dashboard.scope.scope import Scope
from ingest.fetch.journal import Run
from rtt.terms.calendar import moment_text

Component = Any
ACTION, CANCEL = "/status/fetch", "/status/fetch/cancel"
# An empty page is empty no longer once the first month is loaded: how far the run is stays to be seen there.
BACK = "/status"
FIRST = "Show NHS England’s newest 24 months"
WHAT_IT_DOES = (
    "The published months are downloaded from NHS England’s site, about 100 MB, checked and loaded. It takes "
    "several minutes; the newest month is there first."
)
AGAIN = "Look for new and revised months"


def may_fetch(scope: Scope) -> bool:
    """Whether this reader may, and real months would join no sample."""
    sample_alone = scope.loaded.kind == "sample" and scope.enquiry.settings.database_url is not None
    return scope.reader.may_write and not sample_alone


def offer(scope: Scope) -> list[Component]:
    """The button, or the run under way; nothing for those who may not load."""
    if not may_fetch(scope):
        return []
    run = fetch_run(scope.enquiry.settings)
    if run is not None and run.is_running:
        return under_way(run)
    said = html.P(last_words(run) if run else WHAT_IT_DOES, className="rtt-small")
    return [button(scope), said]


def button(scope: Scope) -> Component:
    """The form that starts a run."""
    words = AGAIN if scope.loaded.kind == "real" and scope.census else FIRST
    return _form(ACTION, words)


def under_way(run: Run) -> list[Component]:
    """How far it is, and the button that stops it."""
    return [
        html.Div(
            [
                html.P(progress_words(run), role="status", **attributes(data_fetch_words="yes")),
                html.Progress(
                    value=f"{100 * progress_share(run):.1f}",
                    max="100",
                    **attributes(aria_label="Loading NHS England’s months", data_fetch_bar="yes"),
                ),
                html.P(
                    "It goes on when you leave this page. Months that are loaded stay if you stop it.",
                    className="rtt-small",
                ),
                html.P(
                    link("See what is loaded so far", "/"),
                    hidden=not newest_loaded(run),
                    **attributes(data_fetch_loaded="yes"),
                ),
                _form(CANCEL, "Stop loading"),
            ],
            className="rtt-fetch",
            **attributes(data_fetch=f"{ACTION}.json"),
        )
    ]


def last_words(run: Run) -> str:
    """How the last run ended, in a sentence or two."""
    if run.was_killed:
        return "The last run was cut short. Start it again: it goes on where it was."
    when = f"Last looked {moment_text(run.ended_at)}: " if run.ended_at else ""
    return f"{when}{run.message}{'' if run.message.endswith('.') else '.'}"


def _form(action: str, words: str) -> Component:
    return html.Form(
        [
            dcc.Input(name="back", value=BACK, type="hidden"),
            html.Button(words, type="submit", className="rtt-button"),
        ],
        action=action,
        method="post",
    )
