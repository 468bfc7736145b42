"""Above every page of a sample that is being built: how far it is. assets/fetch.js keeps the words new."""

from typing import Any

from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.phrases import notice
from dashboard.scope.sample_building import sample_words
from ingest.fetch.journal import Run

Component = Any
ADDRESS = "/status/sample.json"


def sample_notice(run: Run | None) -> Component | None:
    """The words, kept up to date while a build is under way; None when the sample is whole."""
    if run is None:
        return None
    words = sample_words(run)
    if not run.is_running:
        return notice(html.P(words))
    looked_for = attributes(data_fetch=ADDRESS)
    return html.Div(notice(html.P(words, **attributes(data_fetch_words="yes"))), **looked_for)
