"""Data status: did it load, what is late, what was refused and why; and, for whoever may write, a way in."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.status.alerts import alerts_section
from dashboard.layouts.status.published_files import published_files
from dashboard.layouts.status.runs import runs_section
from dashboard.layouts.status.saved_groups import groups_section
from dashboard.scope.feeds import LOADS_SHOWN, DataStatus, Feed, data_status, rows_shown
from dashboard.scope.scope import Scope
from dashboard.server.access import Enquiry, Reader
from dashboard.store.ledger import LedgerLine
from dashboard.store.served import loads_of_own_data
from ingest.loading.incoming import accepted
from ingest.store.schema import MONTHLY, PUBLISHED
from rtt.terms.calendar import moment_text
from rtt.terms.wording import date_text, list_text, number_text, plural

Component = Any
LOADS_FIRST = 5
"""Loads that are shown before the fold."""

_STATE_WORDS = {"OK": "OK", "LATE": "LATE", "FAILED": "FAILED: the last good one is kept"}
MOST_NAMED = 3
_COMMANDS = (
    ("Load a file or a folder of files", "rtt load FILE_OR_FOLDER"),
    ("Load NHS England’s newest 24 months", "rtt fetch --series"),
    ("Look round with made-up data", "rtt demo"),
    ("Make the forecasts", "rtt forecast"),
    ("Make a board pack in your own templates", "rtt pack --template trust.pptx --template trust.docx"),
    ("Use those templates for every download", "RTT_PACK_TEMPLATES=trust.pptx,trust.docx"),
)
_FEED_COLUMNS = ("Feed", "State", "Newest", "Arrived", "Next expected", "Version", "Rows", "Left out")
_LOAD_COLUMNS = ("File", "When", "Result", "Reason or note", "Rows", "Left out")


def load(connection: Connection, scope: Scope) -> DataStatus:
    """Feeds, ledger, unattended runs, alerts and wall screens; five statements."""
    return data_status(connection, scope.enquiry)


def draw(scope: Scope, found: DataStatus) -> Component:
    """The page."""
    return html.Div(
        [
            html.H1("Data status"),
            html.P(
                "Did the data load, is anything late, and what was refused and why?", className="rtt-question"
            ),
            show.paragraph(html.Strong(verdict(found))),
            *show.placed(parts(scope, found), scope.filters),
            groups_section(scope, back="/status"),
            *_without_published_series(scope),
            _for_analysts(),
            show.paragraph(
                show.link("Our figures compared with the published figures", "/about#published-title"),
                small=True,
            ),
            show.paragraph(
                html.A(
                    "Data status as JSON",
                    href="/status.json",
                    download="status.json",
                    className="nhsuk-link",
                ),
                small=True,
            ),
        ]
    )


def _without_published_series(scope: Scope) -> list[Component]:
    """What the published time series would add, for those who can load it."""
    held = {each.section for each in scope.loaded.extracts if each.source == PUBLISHED}
    if not scope.reader.may_write or MONTHLY not in scope.loaded.sources:
        return []
    if scope.loaded.kind == "sample" or any(" " not in section for section in held):
        return []
    return [
        show.paragraph(
            "NHS England’s overview time series is not loaded. With that workbook charts of England begin in "
            "2007, and our figures are compared with the published ones.",
            small=True,
        )
    ]


def _for_analysts() -> Component:
    """The commands that other pages leave out: who runs this dashboard meets them here."""
    rows = [html.Li([f"{what}: ", html.Code(command)]) for what, command in _COMMANDS]
    return show.section(
        "For analysts",
        html.P("On the machine that runs this dashboard:"),
        html.Ul(rows, className="nhsuk-list nhsuk-list--bullet"),
        name="analysts",
    )


def parts(scope: Scope, found: DataStatus) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [
        _feeds(found, scope.enquiry.reader),
        published_files(scope, found),
        _way_in(scope.enquiry),
        _own_loads(scope),
        _loads(found, scope.enquiry.reader),
        runs_section(found.runs),
        alerts_section(found.alerts),
        _screens(scope, found),
    ]


def _screens(scope: Scope, found: DataStatus) -> show.Part:
    """How many wall screens there are, and how many nobody has heard from."""
    if not found.screens and not scope.reader.may_write:
        return None
    now = datetime.now(UTC)
    silent = sum(each.state(now) in ("dark", "never seen") for each in found.screens)
    words = f"{plural(len(found.screens), 'wall screen')} set up. " if found.screens else ""
    dark = f"{number_text(silent)} of them {'is' if silent == 1 else 'are'} DARK or were never seen. "
    way = "See the wall screens" if found.screens else "Set up a wall screen"
    return show.section(
        "Wall screens", html.P([words, dark if silent else "", show.link(way, "/screens")]), name="screens"
    )


def verdict(found: DataStatus) -> str:
    """The page in a sentence."""
    if not found.feeds:
        return "No data is loaded yet."
    if not found.late:
        number = plural(len(found.feeds), "feed")
        return f"{number}: nothing is late and nothing failed."
    names: dict[str, list[str]] = {}
    for feed in found.late:
        names.setdefault(_complaint(feed), []).append(feed.name)
    return " ".join(f"{_who(each)}: {words}" for words, each in names.items())


def _who(names: list[str]) -> str:
    """The feeds of one complaint. Those of many trusts are counted: the table below names each."""
    return (
        list_text(names) if len(names) <= MOST_NAMED else f"{plural(len(names), 'feed')} in the table below"
    )


def _complaint(feed: Feed) -> str:
    if feed.ahead is not None:
        return (
            f"it holds {date_text(feed.ahead)}, a date after today, which no page shows. "
            f"Remove it with rtt remove --source {feed.source} --census {feed.ahead.isoformat()}."
        )
    if feed.state == "FAILED":
        return f"the newest file was refused; {date_text(feed.census_date)} is kept."
    due = date_text(feed.due) if feed.due else ""
    return f"late since {due}; {date_text(feed.census_date)} is the newest."


def _way_in(enquiry: Enquiry) -> Component:
    if enquiry.reader.may_write:
        return show.section(
            "Load an extract",
            html.P(
                f"{accepted()} Up to {enquiry.settings.upload_mb} MB each, as csv, gz, zip or xlsx. A file "
                "is checked row by row, and loaded as a whole or not at all; the file itself is deleted "
                "afterwards."
            ),
            # The field is made by assets/uploads.js: the component library has no file field.
            html.Div(**attributes(data_upload=str(enquiry.settings.upload_mb))),
            name="load",
        )
    if enquiry.settings.access == "none":
        words: list[Component] = [
            "You cannot load files from this page: ask your analyst, who finds the commands below.",
        ]
    else:
        words = ["You can view this dashboard but not load data."]
    return show.paragraph(*words)


def _feeds(found: DataStatus, reader: Reader) -> show.Part:
    rows = [
        [
            feed.name,
            _STATE_WORDS[feed.state],
            date_text(feed.census_date),
            moment_text(feed.arrived),
            date_text(feed.due) if feed.due else "Not expected",
            feed.version,
            *_row_words(feed, feed.rows, reader),
        ]
        for feed in found.feeds
    ]
    if not rows:
        return show.empty("No extract is loaded.")
    return show.table_card("Feeds", show.Table("Feeds", _FEED_COLUMNS, rows, text_columns=6), name="feeds")


def _loads(found: DataStatus, reader: Reader) -> show.Part:
    if not found.loads:
        return None
    rows = [_load_row(line, reader) for line in found.loads]
    older = "; older ones are not shown" if len(rows) == LOADS_SHOWN else ""
    caption = f"The last loads, newest first{older}"
    table = show.Table(
        caption,
        _LOAD_COLUMNS,
        rows,
        label="Last loads, table",
        text_columns=4,
        most=LOADS_FIRST,
        folded_words="of earlier loads",
    )
    return show.table_card("Last loads", table, name="loads")


def _own_loads(scope: Scope) -> show.Part:
    """While the sample is shown: what became of the files of one's own, which are not in its ledger."""
    enquiry = scope.enquiry
    if scope.loaded.kind != "sample" or not enquiry.reader.may_write:
        return None
    rows = [_load_row(line, enquiry.reader) for line in loads_of_own_data(enquiry.settings, LOADS_SHOWN)]
    if not rows:
        return None
    caption, label = "Your own files, newest first", "Your own files, table"
    return show.table_card(
        "Your own files",
        html.P("The sample is shown until one of your own files is loaded."),
        show.Table(caption, _LOAD_COLUMNS, rows, label=label, text_columns=4),
        name="own-loads",
    )


def _load_row(line: LedgerLine, reader: Reader) -> list[Component]:
    return [
        line.file_name,
        moment_text(line.started_at),
        line.state,
        _reasons(line),
        *_row_words(line, line.rows_read, reader),
    ]


def _row_words(of: Feed | LedgerLine, rows: int, reader: Reader) -> list[str]:
    shown = rows_shown(of, rows, reader)
    return [each if isinstance(each, str) else number_text(each) for each in shown]


def _reasons(line: LedgerLine) -> Component:
    problems = line.problems
    if len(problems) <= 1:
        return html.Span(problems[0] if problems else line.message or "", className="rtt-reason")
    return html.Details(
        [
            html.Summary(f"{problems[0]} ({number_text(len(problems) - 1)} more)"),
            html.Ul([html.Li(problem) for problem in problems[1:]]),
        ],
        className="rtt-reason",
    )
