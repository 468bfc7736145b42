"""All trusts' PTLs: who has sent a list this week, how do they stand side by side, and who is missing?"""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.trust_lists import EVERYBODY, KEYS, Standing, TrustLists, Week, trust_lists
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.small_numbers import small_numbers_note
from dashboard.scope.scope import Scope
from ingest.store.schema import WEEKLY
from rtt.findings import sentences
from rtt.findings.findings import Finding, display
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, plural

Component = Any
PATH = "/trusts"
TITLE = "All trusts’ PTLs"
NO_LIST = "No PTL"
MOST_NAMED = 10
METHOD = (
    "All trusts: the sum of the trusts that sent a PTL for the week. Who sent none is not estimated.",
    "Missing: the trust sent a PTL for a week before, and none for this one.",
    "Refused: a newer file was refused. Figures are those of the version before it, if there is one.",
    "Revised: a later version of the PTL has taken the place of the first.",
)


def load(connection: Connection, scope: Scope) -> TrustLists | None:
    """None without a weekly PTL."""
    return trust_lists(connection, scope) if scope.source == WEEKLY and scope.census else None


def draw(scope: Scope, found: TrustLists | None) -> Component:
    """The page."""
    if scope.census is None:
        return nothing_loaded(scope)
    if found is None:
        words = "The monthly return has its own comparison of providers. Choose a weekly PTL."
        way = show.link("Specialties and peers", "/specialties")
        return html.Div([html.H1(TITLE), show.empty(words, way)])
    return html.Div(
        [
            html.H1(f"{TITLE}: {_specialties(scope)}"),
            html.P(
                "Which trusts have sent their PTL, and how do they stand side by side? "
                f"The figures are those of each PTL of {date_text(scope.census)} and are not validated.",
                className="rtt-question",
            ),
            show.notice(html.P(_who_is_here(found))),
            *show.placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: TrustLists) -> list[show.Part]:
    """The trusts of the week, then all of them together week by week."""
    return [_trusts(scope, found), _weeks(found)]


def scope_words(scope: Scope) -> str:
    """What the files of the page are of: all trusts, whichever the reader has come from."""
    return f"All trusts, {_specialties(scope)}"


def _specialties(scope: Scope) -> str:
    return (
        list_text([short_name_of(code) for code in scope.functions]) if scope.functions else "all specialties"
    )


def _who_is_here(found: TrustLists) -> str:
    """ "2 of 3 trusts sent a PTL for 15 Nov 2026. Missing: R2C." """
    week = found.weeks[-1]
    here = (
        f"{len(week.here):,} of {plural(len(found.standings), 'trust')} sent a PTL for {date_text(week.day)}."
    )
    return f"{here} Missing: {_named(week.missing)}." if week.missing else here


def _named(codes: tuple[str, ...]) -> str:
    more = len(codes) - MOST_NAMED
    names = [*codes[:MOST_NAMED], *([plural(more, "other")] if more > 0 else [])]
    return list_text(names)


def _trusts(scope: Scope, found: TrustLists) -> show.Card:
    rows = [_row(scope, found, each) for each in found.standings]
    day, together = found.weeks[-1].day, found.together
    if len(found.standings) > 1:
        share = together.find("share_within_18", unit=EVERYBODY, at=day)
        rows.append(
            [
                "All trusts",
                _cell(together.find("total", unit=EVERYBODY, at=day, before=found.before)),
                _change(together.find("total", unit=EVERYBODY, at=day, before=_alike(found)), found),
                _cell(share),
                _cell(together.find("over_52", unit=EVERYBODY, at=day)),
                f"{len(found.weeks[-1].here):,} of {len(found.standings):,}",
            ]
        )
    columns = [
        "Trust",
        "Waiting",
        f"Since {date_text(found.before)}" if found.before else "Since the week before",
        "Within 18 weeks",
        "Over 52 weeks",
        "PTL of the week",
    ]
    shown = [found.figures.find(key, unit=each.code) for each in found.standings for key in KEYS]
    return show.table_card(
        "Trusts",
        show.Table(
            "Trusts with their weekly PTL",
            columns,
            rows,
            label="Trusts, table",
            name="trusts",
            values=show.values_of(rows),
            total={len(found.standings)},
        ),
        *small_numbers_note([*shown, *(together.find(key, unit=EVERYBODY, at=day) for key in KEYS)]),
        name="trusts",
        as_csv=True,
        measures=("total", "share_within_18", "over_52"),
        method=METHOD,
    )


def _alike(found: TrustLists) -> date | None:
    """The week before, if the same trusts are in it: a list that was not sent has not gone."""
    if len(found.weeks) < 2:
        return None
    then, now = ((each.here, each.missing) for each in found.weeks[-2:])
    return found.before if then == now else None


def _row(scope: Scope, found: TrustLists, each: Standing) -> list[Component]:
    name = each.name if each.name == each.code else f"{each.code} {each.name}"
    link = show.link(name, "/" + to_query(scope.filters, source=WEEKLY, org=each.code, level="provider"))
    if each.last.census_date < found.weeks[-1].day:
        return [link, NO_LIST, "", NO_LIST, NO_LIST, _state(each)]
    total = found.figures.find("total", unit=each.code, before=found.before)
    figures = [found.figures.find(key, unit=each.code) for key in ("share_within_18", "over_52")]
    return [link, _cell(total), _change(total, found), *map(_cell, figures), _state(each)]


def _cell(finding: Finding | None) -> str:
    return display(finding) if finding is not None else "No pathways"


def _change(finding: Finding | None, found: TrustLists) -> str:
    if finding is None or found.before is None:
        return ""
    # A trust that sent nothing the week before has not grown since.
    return sentences.short_change(finding)


def _state(each: Standing) -> str:
    last = date_text(each.last.census_date)
    return {
        "present": "Loaded",
        "revised": f"Revised (revision {each.last.revision})",
        "refused": f"Newest file refused; last PTL {last}",
        "missing": f"Missing; last PTL {last}",
    }[each.state]


def _weeks(found: TrustLists) -> show.Card:
    rows = [_week(found, week) for week in reversed(found.weeks)]
    days: list[date] = [week.day for week in reversed(found.weeks)]
    return show.table_card(
        "All trusts together, week by week",
        html.P("Where a trust is missing, its patients are missing from the sum."),
        show.Table(
            "The PTLs of all trusts by week",
            ("Week ending", "Trusts", "Missing", "Waiting", "Within 18 weeks", "Over 52 weeks"),
            rows,
            label="Weeks, table",
            name="weeks",
            values=show.values_of(rows, instead={0: [day.toordinal() for day in days]}),
            total=(),
        ),
        name="weeks",
        as_csv=True,
        measures=KEYS,
        method=METHOD[:2],
    )


def _week(found: TrustLists, week: Week) -> list[Component]:
    figures = [_cell(found.together.find(key, unit=EVERYBODY, at=week.day)) for key in KEYS]
    return [date_text(week.day), f"{len(week.here):,}", _named(week.missing) or "None", *figures]
