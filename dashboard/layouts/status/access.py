"""Who sees what: what each group of the sign-in may do, and who is signed in now. To look at, for auditors.

It is read from the settings and the sessions. Rights are changed where they come from: at the provider, and
in the settings of the server.
"""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.page import Page
from dashboard.layouts.status.audit import may_see
from dashboard.scope.scope import Scope
from dashboard.settings.areas import Area
from dashboard.settings.roles import Roles
from dashboard.settings.settings import Settings
from dashboard.store.sign_ins import SignedIn, open_sessions, sign_ins
from rtt.terms.calendar import moment_text
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import list_text, plural

Component = Any
AGGREGATES = "Aggregates, small numbers hidden"
PATHWAYS = "Every pathway, small numbers"
_OF_GROUPS = ("Group", "Sees", "May do")
_OF_SESSIONS = ("Name", "Groups with rights", "Signed in", "Last seen", "Ends at the latest")


def load(_connection: Connection, scope: Scope) -> list[SignedIn] | None:
    """The open sessions; None for who may not look."""
    settings = scope.enquiry.settings
    if not may_see(scope.reader):
        return None
    if settings.oidc is None:
        return []
    idle = 60 * settings.oidc.session_idle_minutes
    return open_sessions(sign_ins(settings.home), at=int(time.time()), idle=idle)


def draw(scope: Scope, found: list[SignedIn] | None) -> Component:
    """The page."""
    question = html.P("Who may see and change what here?", className="rtt-question")
    if found is None:
        said = "Only auditors can see who sees what. Ask your administrator for access."
        return html.Div([html.H1("Who sees what"), question, show.empty(said)])
    settings = scope.enquiry.settings
    roles = settings.oidc or settings.proxy
    parts = [html.P(_of_access(settings))]
    if roles is not None:
        rows = [[group, sees, does] for group, sees, does in rights(roles)]
        parts += [_table("Rights by group", _OF_GROUPS, rows, "No group has a right of its own.")]
    if settings.oidc is not None:
        rows = [_row(settings.oidc, each) for each in found]
        parts += [_table(f"{plural(len(found), 'session')} now", _OF_SESSIONS, rows, "Nobody is signed in.")]
    return html.Div([html.H1("Who sees what"), question, *parts])


def rights(roles: Roles) -> list[tuple[str, str, str]]:
    """(group, what it sees, what it may do), by name."""
    groups = roles.writers | roles.pathway_readers | roles.auditors | roles.leads.keys()
    return [(group, _sees(roles, group), _does(roles, group)) for group in sorted(groups)]


def _sees(roles: Roles, group: str) -> str:
    if group in roles.pathway_readers:
        return PATHWAYS
    if group in roles.leads:
        return f"Pathways of {_area(roles.leads[group])}; elsewhere aggregates"
    return AGGREGATES


def _does(roles: Roles, group: str) -> str:
    does = ["read"]
    if group in roles.writers:
        does.append("load and write")
    if group in roles.auditors:
        does.append("see the audit trail and this page")
    return list_text(does).capitalize()


def _area(area: Area) -> str:
    functions = "every specialty" if area.functions is None else list_text(
        [short_name_of(code) for code in sorted(area.functions)]
    )  # fmt: skip
    return functions if area.sites is None else f"{functions} at {list_text(sorted(area.sites))}"


def _of_access(settings: Settings) -> str:
    if settings.oidc is not None:
        who = (
            "Those in a group below, or in one of the readers' groups,"
            if settings.oidc.readers
            else "Everybody"
        )
        return (
            f"{who} whom the sign-in service signs in may read aggregates. More follows from the groups "
            "that it sends. A change of groups there is felt at the next sign-in here."
        )
    if settings.proxy is not None:
        return "The proxy signs people in and says their groups. Everybody it lets in may read aggregates."
    return "Nobody signs in here: whoever uses this machine's account sees and may do everything."


def _row(roles: Roles, session: SignedIn) -> list[Component]:
    named = {group for group, _, _ in rights(roles)}
    groups = sorted(session.groups & named)
    times = (session.began, session.seen, session.ends)
    return [session.name, list_text(groups) if groups else "none", *map(moment_text, times)]


def _table(title: str, columns: Sequence[str], rows: list[list[Component]], nothing: str) -> Component:
    table = show.scrolling(
        show.table(title, columns, rows, text_columns=len(columns)), label=f"{title}, table"
    )
    return show.section(title, table if rows else html.P(nothing), name=title.split()[-1])


PAGE = Page("/access", "Who sees what", load, draw, in_navigation=may_see, audited=True, menu="Data")
