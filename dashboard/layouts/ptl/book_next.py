"""Book next: for a number of slots in a specialty and stage, which pathways, and what that does.

Decision support: it lists, a person decides and books elsewhere. Nothing is written but the audit trail.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.book_next import STAGES, Booking, booking_of, is_asked
from dashboard.analysis.planning.slots_week import WeekOfSlots, is_week_asked, week_of_slots
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, ids, native
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.page import Page
from dashboard.layouts.ptl import access, slots_week
from dashboard.layouts.ptl.table import plain_table
from dashboard.layouts.ptl.tools import PATH as PATIENTS
from dashboard.layouts.ptl.tools import export_form
from dashboard.scope.scope import Scope, scope_words
from rtt.findings.book_next import DEFAULT_SLOTS, Effect, GroupEffect
from rtt.measures.will_breach import MOST_WEEKS
from rtt.terms.treatment_functions import in_order, short_name_of
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, plural, share_text, wait_text

Component = Any
PATH = "/book-next"
APART_SHOWN = 20
COLUMNS = ("urgency", "token", "waited", "breach", "breach52", "priority", "site", "event", "flags")
"""Both thresholds always; nobody here has a date, and specialty and stage are those chosen."""

SUPPORT = (
    "Decision support, not a decision: someone who knows the patient decides, and books in the "
    "hospital’s own system. Nothing is booked from here."
)
RULE = (
    "Order: clinical priority first, then the longest wait. The priority is that of the procedure for an "
    "admission, and that of the referral for an appointment. Targets, age and deprivation are not used. "
    "Pathways that already have a date are left out."
)


@dataclass(frozen=True, slots=True)
class Found:
    """`booking` is None where nothing is asked, the list is too old, or the view was not recorded; `week` is
    there in its place where the address names a week of a plan.
    """

    booking: Booking | None
    not_recorded: str = ""  # why the view could not be written down
    week: WeekOfSlots | None = None
    counts_alone: bool = False


def load(connection: Connection, scope: Scope) -> Found | None:
    """None for who may not look; two statements, and one that writes the audit trail."""
    if scope.census is None or access.refusal(scope) is not None:
        return None
    if access.is_stale(scope):
        return Found(None)
    if access.counts_alone(connection, scope):
        return Found(None, counts_alone=True)
    if is_week_asked(scope):
        week = week_of_slots(connection, scope)
        why_not = access.recorded(connection, scope, PATH, rows=len(week.pathways))
        return Found(None, why_not, None if why_not else week)
    if not is_asked(scope):
        return Found(None)
    booking = booking_of(connection, scope)
    shown = len(booking.chosen) + min(len(booking.apart), APART_SHOWN)
    why_not = access.recorded(connection, scope, PATH, rows=shown)
    return Found(None if why_not else booking, why_not)


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if scope.census is None:
        return nothing_loaded(scope)
    body = [access.refusal(scope)] if found is None else _body(scope, found)
    return html.Div(
        [
            html.H1(f"Book next: {scope_words(scope)}"),
            html.P(
                "Who should be offered the next slots, and what difference will it make?",
                className="rtt-question",
            ),
            *body,
        ]
    )


def _body(scope: Scope, found: Found) -> list[Component]:
    if found.counts_alone:
        return [access.no_pathways_here(scope)]
    if found.not_recorded:
        return [access.not_shown(found.not_recorded, scope, PATH)]
    if found.week is not None:
        notice = show.notice(html.P(html.Strong(SUPPORT)))
        return [notice, access.who_sees_what(scope), *slots_week.section(scope, found.week, PATH)]
    head = [
        access.stale_band(scope),
        show.notice(html.P(html.Strong(SUPPORT)), html.P(RULE)),
        access.who_sees_what(scope),
        _settings(scope),
        html.Ul([html.Li(way) for way in _ways(scope)], className="rtt-lead__links"),
    ]
    if found.booking is None:
        return head if access.is_stale(scope) else [*head, _what_to_choose(scope)]
    booking = found.booking
    return [*head, _effects(booking), _chosen(scope, booking), _apart(scope, booking), _groups(booking)]


def _ways(scope: Scope) -> list[Component]:
    every = show.link(
        "All patients of this scope",
        PATIENTS + to_query(scope.filters, slots=""),
        className="nhsuk-link rtt-way",
    )
    plan = show.link(slots_week.plan_words(scope), slots_week.to_plan(scope), className="nhsuk-link rtt-way")
    return [every, plan]


def _settings(scope: Scope) -> Component:
    filters = scope.filters
    stages = [] if filters.pathway in STAGES else [("", "Choose")]
    horizons = [("month", "To the end of the month")]
    horizons += [(str(weeks), plural(weeks, "week")) for weeks in range(1, MOST_WEEKS + 1)]
    slots = html.Label(
        [
            html.Span("Slots", className="rtt-label"),
            native.Input(
                id=ids.control("slots"),
                type="number",
                min=1,
                max=500,
                step=1,
                value=int(filters.slots or DEFAULT_SLOTS),
                debounce=True,
            ),
        ],
        className="rtt-filter",
    )
    controls = [
        select(
            "pathway",
            "Slots for",
            [*stages, *STAGES.items()],
            filters.pathway if filters.pathway in STAGES else "",
        ),
        slots,
        select("horizon", "Effect over", horizons, filters.horizon or "4"),
    ]
    return html.Section(html.Div(controls, className="rtt-filters"), **attributes(aria_label="Slots"))


def _what_to_choose(scope: Scope) -> Component:
    if len(scope.functions) == 1:
        return show.empty(
            "Choose what the slots are for: admissions and appointments are ordered separately."
        )
    offered = [
        code for code in scope.offered_functions if scope.reader.sees_all_of((code,), scope.filters.site)
    ]
    links = [
        html.Li(show.link(short_name_of(code), to_query(scope.filters, tf=(code,))))
        for code in sorted(offered, key=in_order)
    ]
    return html.Div(
        [html.P("Choose one specialty: each specialty is ordered separately."), html.Ul(links)],
        className="nhsuk-inset-text",
    )


def _effects(booking: Booking) -> Component:
    rows = [_effect_row(effect) for effect in booking.effects]
    columns = ("Threshold", "Would breach: has a slot", "Would breach: no slot", "Already over: has a slot")
    return show.section(
        f"What {plural(len(booking.chosen), 'slot')} would do by {date_text(booking.ends)}",
        html.P(
            "Counts of pathways without a date that will breach the threshold by then if nothing is "
            "done. A slot prevents that only on or before the pathway’s last day within the threshold. "
            "Check both thresholds: a gain at one may be a loss at the other."
        ),
        show.scrolling(
            show.table("Effect at 18 and 52 weeks", (*columns, "Already over: no slot"), rows),
            label="Effect at 18 and 52 weeks, table",
        ),
        name="effects",
    )


def _effect_row(effect: Effect) -> list[Component]:
    counts = (effect.passing_chosen, effect.passing_left, effect.over_chosen, effect.over_left)
    return [plural(effect.weeks, "week"), *(number_text(count) for count in counts)]


def _chosen(scope: Scope, booking: Booking) -> Component:
    if not booking.chosen:
        return show.section(
            "Nobody to book", html.P("No pathway without a date has a known priority here."), name="chosen"
        )
    return show.section(
        f"In order: {plural(len(booking.chosen), 'pathway')}",
        html.P(f"{plural(booking.after, 'pathway')} of known priority come after these."),
        plain_table("Who to book, in order", booking.chosen, scope, COLUMNS),
        export_form(scope, kind="book-next", rows=len(booking.chosen), back=PATH),
        name="chosen",
    )


def _apart(scope: Scope, booking: Booking) -> Component | None:
    """Those that no rule may order, so that nobody forgets them."""
    if not booking.apart:
        return None
    listed = booking.apart[:APART_SHOWN]
    shown = f" The first {len(listed)} are shown." if len(booking.apart) > len(listed) else ""
    return show.section(
        f"Not ordered: {plural(len(booking.apart), 'pathway')}",
        html.P(
            "Their clinical priority for this stage or their clock start is missing or not known. Find "
            f"it before you book.{shown}"
        ),
        plain_table("Not ordered", listed, scope, COLUMNS),
        name="apart",
    )


def _groups(booking: Booking) -> Component:
    if not booking.groups:
        return show.paragraph("This list has no deprivation groups, so the effect by group is not known.")
    columns = ("Deprivation group", "Without a date", "Has a slot", "Share", "Mean wait: slot", "No slot")
    return show.section(
        "By deprivation group",
        html.P("Decile or quintile as the list gives it; 1 is the most deprived."),
        show.scrolling(
            show.table("Effect by deprivation group", columns, [_group_row(each) for each in booking.groups]),
            label="Effect by deprivation group, table",
        ),
        name="groups",
    )


def _group_row(effect: GroupEffect) -> list[Component]:
    return [
        effect.group or NOT_KNOWN,
        number_text(effect.waiting),
        number_text(effect.chosen),
        share_text(effect.chosen / effect.waiting),
        *(_mean(days) for days in (effect.days_chosen, effect.days_left)),
    ]


def _mean(days: float | None) -> str:
    return wait_text(round(days)) if days is not None else "Nobody"


PAGE = Page(
    PATH,
    "Book next",
    load,
    draw,
    ("source", "org", "tf", "site", "census"),
    in_navigation=lambda _reader: False,  # the PTL links to it, with its filters
    audited=True,
)
