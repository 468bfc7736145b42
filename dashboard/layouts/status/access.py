"""Who sees what: what each group may do, at which organisations, and who is signed in now. For auditors.

It is read from the settings and the sessions. Rights are changed where they come from: at the provider, and
in the settings of the server.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.page import Page
from dashboard.layouts.status.audit import may_see
from dashboard.scope.rights import trusts_of
from dashboard.scope.scope import Scope
from dashboard.settings.areas import Area
from dashboard.settings.oidc import Oidc
from dashboard.settings.organisations import Codes
from dashboard.settings.roles import Roles
from dashboard.settings.settings import Settings
from dashboard.store.parents_now import icbs_of_trusts
from dashboard.store.sign_ins import SignedIn, open_sessions, sign_ins
from ingest.store.schema import WEEKLY
from rtt.terms.calendar import moment_text
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import list_text, plural

Component = Any
AGGREGATES = "Aggregates, small numbers hidden"
_OF_GROUPS = ("Group", "Sees", "May do")
_OF_ORGANISATIONS = ("Group or person", "Organisations", "Trusts today", "PTL loaded")
_OF_SESSIONS = ("Name", "Groups with rights", "Signed in", "Last seen", "Ends at the latest")
_WHERE = "Pathways of"
ANY, NONE = "Every trust", "None"


@dataclass(frozen=True, slots=True)
class Found:
    """The open sessions, the trusts that each organisation of the settings stands for today, and all ICBs."""

    sessions: Sequence[SignedIn]
    trusts: Mapping[str, frozenset[str]]
    icbs: frozenset[str]


def load(connection: Connection, scope: Scope) -> Found | None:
    """None for who may not look; at most two statements."""
    settings = scope.enquiry.settings
    if not may_see(scope.reader):
        return None
    roles, sessions = settings.oidc or settings.proxy, []
    if settings.oidc is not None:
        idle = 60 * settings.oidc.session_idle_minutes
        sessions = open_sessions(sign_ins(settings.home), at=int(time.time()), idle=idle)
    codes = {code for _, _, named in _organisations(roles) for code in named or ()} if roles else set()
    today = scope.enquiry.today
    trusts = {code: trusts_of(connection, frozenset({code}), today) for code in codes}
    icbs = icbs_of_trusts(connection, today).values() if codes else ()
    return Found(sessions, trusts, frozenset(icbs))


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    question = html.P("Who may see and change what here?", className="rtt-question")
    if found is None:
        said = "Only auditors can see who sees what. Ask your administrator for access."
        return html.Div([html.H1("Who sees what"), question, show.empty(said)])
    settings = scope.enquiry.settings
    roles = settings.oidc or settings.proxy
    parts = [html.P(_of_access(settings))]
    if roles is not None:
        parts += [html.P(_of_organisations(roles))]
        rows = [[group, sees, does] for group, sees, does in rights(roles)]
        parts += [_table("Rights by group", _OF_GROUPS, rows, "No group has a right of its own.")]
        where = _organisation_rows(scope, roles, found)
        parts += [_table("Organisations", _OF_ORGANISATIONS, where, "")] if where else []
    if settings.oidc is not None:
        bounded = settings.oidc.bounds_pathways
        columns = (*_OF_SESSIONS[:2], _WHERE, *_OF_SESSIONS[2:]) if bounded else _OF_SESSIONS
        rows = [_row(settings.oidc, each) for each in found.sessions]
        title = f"{plural(len(rows), 'session')} now"
        parts += [_table(title, columns, rows, "Nobody is signed in.")]
    return html.Div([html.H1("Who sees what"), question, *parts])


def rights(roles: Roles) -> list[tuple[str, str, str]]:
    """(group, what it sees, what it may do), by name."""
    groups = roles.writers | roles.pathway_readers | roles.auditors | roles.leads.keys()
    return [(group, _sees(roles, group), _does(roles, group)) for group in sorted(groups)]


def _sees(roles: Roles, group: str) -> str:
    if group not in roles.with_pathways():
        return AGGREGATES
    where = _where(roles, group)
    if group in roles.leads and group not in roles.pathway_readers:
        return f"Pathways of {_area(roles.leads[group])}{where}; elsewhere aggregates"
    return f"Every pathway{where}, small numbers{'; elsewhere aggregates' if where else ''}"


def _where(roles: Roles, group: str) -> str:
    if not roles.bounds_pathways:
        return ""
    if group not in roles.organisations.of_group:
        return ", at the organisations of the person"
    codes = roles.organisations.of_group[group]
    return "" if codes is None else f", at {list_text(sorted(codes))}"


def _organisations(roles: Roles) -> list[tuple[str, str, Codes]]:
    """(name, group or person, codes) of everybody who is named with organisations."""
    named = roles.organisations
    of = (("group", named.of_group), ("person", named.of_person))
    return [(name, what, codes) for what, each in of for name, codes in sorted(each.items())]


def _organisation_rows(scope: Scope, roles: Roles, found: Found) -> list[list[Component]]:
    listed = {each.provider_code for each in scope.loaded.of(WEEKLY)}
    rows: list[list[Component]] = []
    for name, what, codes in _organisations(roles):
        shown = f"{name} (person)" if what == "person" else name
        if codes is None:
            rows.append([shown, "All", ANY, list_text(sorted(listed)) or NONE])
            continue
        trusts = frozenset().union(*(found.trusts[code] for code in codes))
        # An ICB itself has no list.
        named = sorted(trusts - found.icbs)
        loaded = list_text(sorted(trusts & listed)) or NONE
        rows.append([shown, list_text(sorted(codes)), list_text(named) or NONE, loaded])
    return rows


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


def _of_organisations(roles: Roles) -> str:
    if not roles.bounds_pathways:
        return "A right to pathways holds at every trust: no organisation is named in the settings."
    told = f"; those that the sign-in sends ({roles.asks_where})" if roles.asks_where else ""
    return (
        "A right to pathways holds at named organisations only. Where the group that gives it is named "
        "below, it holds there, else at the organisations of the person: those beside their own name; those "
        f"of their groups that give no such right{told}. Whoever has none sees no pathway. An ICB means its "
        "NHS trusts in the newest month, and a trust that merged into another is one with it."
    )


def _row(oidc: Oidc, session: SignedIn) -> list[Component]:
    named = {group for group, _, _ in rights(oidc)}
    groups = list_text(sorted(session.groups & named)) or NONE
    times = map(moment_text, (session.began, session.seen, session.ends))
    where = [_trusts_seen(oidc, session)] if oidc.bounds_pathways else []
    return [session.name, groups, *where, *times]


def _trusts_seen(oidc: Oidc, session: SignedIn) -> str:
    """The organisations of which somebody sees pathways, by their codes."""
    person = oidc.person_named(session.subject)
    areas = oidc.pathways_of(session.groups, person, session.organisations)
    if areas is None or any(area.trusts is None for area in areas):
        return ANY
    codes = frozenset().union(*(area.trusts or () for area in areas))
    return list_text(sorted(codes)) or NONE


def _table(title: str, columns: Sequence[str], rows: list[list[Component]], nothing: str) -> Component:
    table = show.scrolling(
        show.table(title, columns, rows, text_columns=len(columns)), label=f"{title}, table"
    )
    return show.section(title, table if rows else html.P(nothing), name=title.split()[-1])


PAGE = Page("/access", "Who sees what", load, draw, in_navigation=may_see, audited=True, menu="Data")
