"""Data quality: can today's figure be trusted, and how far could it be out?"""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis import quality_shown as words
from dashboard.analysis.quality import Count
from dashboard.analysis.quality_shown import Quality
from dashboard.figures.quality import check_trend
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.quality import sources
from dashboard.scope.scope import Scope
from rtt.disclosure.small_numbers import about_rows
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures import data_quality as rules
from rtt.measures.data_quality import Bounds, Check
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, plural, share_text

Component = Any


def load(connection: Connection, scope: Scope) -> Quality | None:
    """None on an empty database; at most six statements beside those of the shell."""
    return None if scope.census is None else words.quality_of(connection, scope)


def draw(scope: Scope, found: Quality | None) -> Component:
    """The page."""
    if found is None:
        return html.Div(
            [html.H1("Data quality"), show.empty("No data is loaded yet, so nothing is checked.")]
        )
    return html.Div(
        [
            html.H1(f"Data quality: {sentences.scope_words(found.headline.scope)}"),
            html.P(
                "Can you rely on this figure, and how far out could it be? "
                f"{sentences.source_line(found.headline)}",
                className="rtt-question",
            ),
            show.notice(html.P(words.verdict(scope, found))),
            show.tiles(_tiles(scope, found)),
            *show.placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: Quality) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [
        _checks(scope, found),
        _trend(scope, found),
        *sources.draw(scope, found.sources, found.flagged, words.bounds_of(scope, found)),
    ]


def _tiles(scope: Scope, found: Quality) -> list[Component]:
    of_checks = words.bounds_of(scope, found)
    held = next(h for h in scope.loaded.of(scope.source) if h.census_date == scope.census)
    left_out = share_text(held.rows_left_out / held.rows_read) if held.rows_left_out else "None"
    rows = f"{about_rows(held.rows_read)} rows" if scope.conceals else plural(held.rows_read, "row")
    england = scope.source == rules.MONTHLY
    return [
        show.tile("Within 18 weeks", display(found.headline), [sentences.versus_standard(found.headline)]),
        show.tile(
            "Lowest and highest it could be",
            _short_range(of_checks),
            ["England, without the unusual returns" if england else "Every row in doubt counted in or out"],
        ),
        show.tile(
            "Rows left out",
            left_out,
            [f"{number_text(held.rows_left_out)} of {rows} of the file"],
        ),
        *sources.tiles(scope, found.sources, len(words.odd_providers(found))),
    ]


def _short_range(found: Bounds | None) -> str:
    if found is None:
        return NOT_KNOWN
    low, high = share_text(found.lowest), share_text(found.highest)
    return low if low == high else f"{low} to {high}"


def _checks(scope: Scope, found: Quality) -> show.Part:
    checks = words.asked(scope, found)
    before = scope.previous
    rows = [_check_row(scope, found, check) for check in checks]
    columns = [
        "Check",
        "Found",
        "Of",
        "Share",
        f"Since {date_text(before)}" if before else "Since before",
        "Effect on within 18 weeks",
    ]
    if not rows:
        return show.empty("No checks were made of this scope.", show.link("Show everything", "?"))
    return show.table_card(
        "What was checked",
        *[html.P(said, className="rtt-small") for said in _what_is_checked(scope)],
        show.Table(
            "Checks, with count, share, change and effect",
            columns,
            rows,
            label="Checks, table",
            name="checks",
            values=show.values_of(rows),
        ),
        html.Details(
            [
                html.Summary(
                    html.Span("What the checks mean", className="nhsuk-details__summary-text"),
                    className="nhsuk-details__summary",
                ),
                html.Dl(
                    [part for check in checks for part in (html.Dt(check.name), html.Dd(check.meaning))],
                    className="rtt-terms nhsuk-details__text",
                ),
            ],
            className="nhsuk-details",
        ),
        name="checks",
        as_csv=True,
    )


def _what_is_checked(scope: Scope) -> list[str]:
    if scope.source == rules.MONTHLY:
        whose = (
            f"the return of {scope.organisation.name}"
            if scope.organisation.level == "provider"
            else "every provider’s return"
        )
        effect = "England’s share without the providers found"
        return [f"The checks cover {whose}, all specialties together. The effect is on {effect}."]
    said = [
        (
            "The effect is how far the share would change if each row found were counted as within 18 weeks, "
            "as over 18 weeks or not at all."
        )
    ]
    if scope.filters.site or scope.stage or scope.filters.priority:
        said.append("The checks cover all sites, pathways and priorities together.")
    if scope.functions and scope.conceals:
        said.append("Without access to pathways, you see the checks of the whole list only.")
    elif scope.functions:
        said.append("Rows left out are counted for the whole list only, so they are not in this table.")
    return said


def _check_row(scope: Scope, found: Quality, check: Check) -> list[Component]:
    now, then = (found.found.at(check.key, day) for day in (scope.census, scope.previous))
    assert now is not None
    assert scope.census is not None
    checked = words.checked_text(scope, check, now)
    effect = "None"
    if _has_effect(scope, check):
        effect = rules.effect_words(words.bounds_of(scope, found, (check.key,)))
    if now.hidden:
        effect = "Not shown"
    return [
        show.link(check.name, to_query(scope.filters, measure=check.key)),
        words.failed_text(now),
        rules.of_words(check, checked),
        words.share_of(now),
        words.change_of(now, then),
        effect,
    ]


def _has_effect(scope: Scope, check: Check) -> bool:
    return scope.source == rules.WEEKLY or (check.in_doubt and scope.organisation.level != "provider")


def _trend(scope: Scope, found: Quality) -> show.Part:
    checks = words.asked(scope, found)
    if not checks:
        return html.Div()
    chosen = next((check for check in checks if check.key == scope.filters.measure), None)
    chosen = chosen or max(checks, key=lambda check: _weight(scope, found, check))
    where = scope.organisation.name if scope.organisation.level == "provider" else "England"
    rows = [_point(scope, found, chosen, day) for day in found.found.days]
    while rows and rows[0][1] is None and len(rows) > 1:
        rows.pop(0)
    return show.card("check-trend", check_trend(chosen, rows, where=where), method=(chosen.meaning,))


def _weight(scope: Scope, found: Quality, check: Check) -> tuple[bool, float]:
    """For the chart that nobody chose: the largest share that puts a wait in doubt, if it may be shown."""
    count = found.found.at(check.key, scope.census)
    if count is None or not count.checked or count.hidden:
        return False, 0.0
    return check.in_doubt, count.failed / count.checked


def _point(scope: Scope, found: Quality, check: Check, day: date) -> tuple[date, float | None, str, str, str]:
    count = found.found.at(check.key, day)
    if count is None and check.of == rules.ROWS:
        # A file from which nothing was left out has no count of that check.
        held = next(h for h in scope.loaded.of(scope.source) if h.census_date == day)
        count = Count(0, held.rows_read, None, counted=False)
    if count is None:
        return (day, None, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)
    known = bool(count.checked) and not count.hidden
    share = count.failed / count.checked if known else None
    return (
        day,
        share,
        words.share_of(count),
        words.failed_text(count),
        words.checked_text(scope, check, count),
    )
