"""Every way out of the product: each address, callback and command, and what keeps small numbers in.

Fault 3: what may be asked is asked of the application itself and of its commands. One that is not in this
table fails here until somebody decides what it may show.
"""

import pytest

from dashboard.application import create_app
from dashboard.cli.commands import app as commands
from dashboard.packs.formats.all import FORMATS
from dashboard.settings.settings import Settings

NO_LISTS = "shows nothing of lists"
SUPPRESSED = "goes through suppression"
WRITES = "takes what somebody writes, and shows only that"
PATHWAYS = "needs access to pathways, and audits"
OF_THE_OWNER = "needs the files and settings of whoever runs the server"

ADDRESSES = {
    "/": SUPPRESSED,
    "/<path:path>": SUPPRESSED,
    "/_dash-update-component": SUPPRESSED,
    "/card.csv": SUPPRESSED,
    # A pack hides what its audience may not see before any format writes it.
    f"/card.<any({', '.join(FORMATS)}):kind>": SUPPRESSED,
    f"/pack.<any({', '.join(FORMATS)}):kind>": SUPPRESSED,
    "/api/figures.csv": SUPPRESSED,
    "/api/figures.json": SUPPRESSED,
    "/screen/<name>": SUPPRESSED,
    "/screens/preview": SUPPRESSED,
    "/screens/preview/data.json": SUPPRESSED,
    "/screen/<name>/data.json": SUPPRESSED,
    "/status.json": SUPPRESSED,
    # Who looked at which pathways, for auditors alone: counts, and no pathway.
    "/audit.csv": NO_LISTS,
    "/health": NO_LISTS,
    "/version": NO_LISTS,
    "/places": NO_LISTS,
    "/places.json": NO_LISTS,
    "/quick-guide": NO_LISTS,
    "/quick-guide/<name>.png": NO_LISTS,
    "/static/<path:filename>": NO_LISTS,
    "/assets/<path:filename>": NO_LISTS,
    "/assets/joined.js": NO_LISTS,
    "/assets/joined.css": NO_LISTS,
    "/_favicon.ico": NO_LISTS,
    "/_reload-hash": NO_LISTS,
    "/_dash-layout": NO_LISTS,
    "/_dash-dependencies": NO_LISTS,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": NO_LISTS,
    "/ptl/export": PATHWAYS,
    "/ptl/columns": PATHWAYS,
    "/ptl/find": PATHWAYS,
    "/ptl/views": PATHWAYS,
    "/ptl/views/<row:number>/withdraw": PATHWAYS,
    "/status/load": WRITES,
    "/status/fetch": WRITES,
    "/status/fetch/cancel": WRITES,
    # The publisher's months are no lists.
    "/status/fetch.json": NO_LISTS,
    "/status/sample.json": NO_LISTS,
    "/narratives": WRITES,
    **{
        f"/{what}{more}": WRITES
        for what in ("notes", "rebases", "groups", "screens")
        for more in ("", "/<row:number>/withdraw")
    },
    # Plans are of the monthly return, which is published.
    "/plan/asked": NO_LISTS,
    **{f"/plan/scenarios{more}": WRITES for more in ("", "/<row:number>/withdraw")},
    "/plan/own": WRITES,
    "/plan/own/withdraw": WRITES,
    **{f"/initiatives{more}": WRITES for more in ("", "/<row:number>/withdraw")},
    "/services.json": NO_LISTS,
    "/services/renamed": NO_LISTS,
    "/services/alerts": WRITES,
    "/services/alerts/stop": WRITES,
    "/alerts/stop": WRITES,
    "/alerts/confirm": WRITES,
    "/services": WRITES,
    **{f"/services/<row:number>/{what}": WRITES for what in ("rename", "move", "remove")},
    "/screens/<row:number>/address": WRITES,
    "/screens/<row:number>/revoke": WRITES,
}
CALLBACKS = {
    "..navigation.children...place.children...status-line.children...breadcrumb.children..."
    "filters.children...notices.children...page.children...document-title.data...drawn.data..": SUPPRESSED,
}
COMMANDS = {
    "figures": "as whoever runs the server, or with --small-numbers through suppression",
    "why": "published months alone",
    "mail": SUPPRESSED,
    "alerts": SUPPRESSED,
    "pack": SUPPRESSED,
    **dict.fromkeys(
        (
            "load",
            "check",
            "remove",
            "tokens",
            "status",
            "reconcile",
            "demo",
            "serve",
            "forecast",
            "watch",
            "fetch",
            "closed",
            "link",
            "sessions",
            "plan",
            "trajectory",
            "lake",
        ),
        OF_THE_OWNER,
    ),
}


@pytest.fixture
def app(sqlite_engine, tmp_path):
    return create_app(sqlite_engine, Settings(home=tmp_path, access="none"))


def test_every_address_says_how_small_numbers_are_kept_in(app):
    assert {rule.rule for rule in app.server.url_map.iter_rules()} == set(ADDRESSES)


def test_every_callback_of_the_server_says_how_small_numbers_are_kept_in(app):
    # A callback without a function here runs in the browser, and has nothing to show but what is there.
    assert {name for name, each in app.callback_map.items() if each.get("callback")} == set(CALLBACKS)


def test_every_command_says_how_small_numbers_are_kept_in():
    names = {each.name or each.callback.__name__ for each in commands.registered_commands}
    names |= {each.name for each in commands.registered_groups}
    assert names == set(COMMANDS)
