"""Data quality: can today's figure be trusted, and how far could it be out?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboard.figures.quality import check_trend
from dashboard.filters import to_query
from dashboard.layouts import components as show
from dashboard.layouts import quality_sources
from dashboard.queries import quality
from dashboard.queries.choices import Choice
from dashboard.queries.facts import facts_of
from dashboard.queries.findings import figures_of
from dashboard.queries.quality import Count, Found
from rtt import data_quality as rules
from rtt import sentences, small_numbers
from rtt.data_quality import CHECKS, Bounds, Check
from rtt.findings import Finding, display
from rtt.wording import NOT_KNOWN, date_text, number_text, plural, share_text

Component = Any
HEADLINE = "share_within_18"


@dataclass(frozen=True, slots=True)
class Quality:
    """What the page shows: the headline, the checks, and what the two sources say of each other."""

    headline: Finding
    found: Found
    flagged: dict[str, tuple[str, ...]]
    sources: quality_sources.Sources


def load(connection: Connection, choice: Choice) -> Quality | None:
    """None on an empty database; at most six statements beside those of the shell."""
    if choice.census is None:
        return None
    here = choice.selection((choice.census,))
    figures = figures_of(choice, facts_of(connection, here, by="", flows=False), keys=(HEADLINE,))
    monthly = choice.source == rules.MONTHLY
    return Quality(
        headline=figures.find(HEADLINE) or figures.nobody(HEADLINE),
        found=quality.checks_found(connection, choice),
        flagged=quality.flagged_providers(connection, choice.census) if monthly else {},
        sources=quality_sources.load(connection, choice),
    )


def draw(choice: Choice, found: Quality | None) -> Component:
    """The page."""
    if found is None:
        return html.Div(
            [html.H1("Data quality"), show.empty("No data is loaded yet, so nothing is checked.")]
        )
    return html.Div(
        [
            html.H1(f"Data quality: {sentences.scope_words(found.headline.scope)}"),
            html.P(
                f"Can this figure be trusted, and how far could it be out? "
                f"{sentences.source_line(found.headline)}",
                className="rtt-question",
            ),
            show.notice(html.P(verdict(choice, found))),
            show.tiles(_tiles(choice, found)),
            _checks(choice, found),
            _trend(choice, found),
            *quality_sources.draw(choice, found.sources, found.flagged, bounds_of(choice, found)),
        ]
    )


def asked(choice: Choice, found: Quality) -> list[Check]:
    """The checks of the source that were made at this census."""
    return [
        check
        for check in CHECKS
        if check.source == choice.source and found.found.at(check.key, choice.census)
    ]


def bounds_of(choice: Choice, found: Quality, keys: tuple[str, ...] | None = None) -> Bounds | None:
    """How far the share within 18 weeks could move, by these checks or by all that put a wait in doubt."""
    checks = [check for check in asked(choice, found) if (check.key in keys if keys else check.in_doubt)]
    if choice.conceals and small_numbers.small(_in_doubt(choice, found)):
        return None
    if choice.source == rules.MONTHLY:
        return _bounds_of_lists(found, [check.key for check in checks])
    headline = found.headline
    if headline.value is None or headline.numerator is None or headline.denominator is None:
        return None
    faults = [
        rules.faulty(check.key, failed=count.failed, failed_within=count.within, counted=count.counted)
        for check in checks
        if (count := found.found.at(check.key, choice.census))
    ]
    return rules.bounds(headline.numerator, headline.denominator, faults)


def _bounds_of_lists(found: Quality, keys: list[str]) -> Bounds | None:
    """England's share without any of the lists that a check found something odd about."""
    providers = found.sources.providers
    if providers is None:
        return None
    lists = providers.now.values()
    odd = [
        providers.now[code]
        for code, failed in found.flagged.items()
        if code in providers.now and set(failed) & set(keys)
    ]
    return rules.bounds_without(
        sum(each.within for each in lists),
        sum(each.known for each in lists),
        [(each.within, each.known) for each in odd],
    )


def verdict(choice: Choice, found: Quality) -> str:
    """The page in two sentences: how much is in doubt, and what that could do to the headline."""
    of_checks = bounds_of(choice, found)
    if choice.source == rules.MONTHLY:
        return _verdict_of_lists(choice, found, of_checks)
    rows = _in_doubt(choice, found)
    number = _count(choice, rows)
    started = f"{number[0].upper()}{number[1:]} {'row is' if rows == 1 else 'rows are'} in doubt."
    if of_checks is None:
        return f"{started} What that could do to the share within 18 weeks is not shown."
    return f"{started} {_range_sentence('If every one of them were counted in or out', of_checks)}"


def _verdict_of_lists(choice: Choice, found: Quality, of_checks: Bounds | None) -> str:
    odd = odd_providers(found)
    if choice.organisation.level == "provider":
        names = [rules.BY_KEY[key].name.lower() for code in choice.codes for key in odd.get(code, ())]
        said = (
            f"Something is odd about this return: {'; '.join(names)}."
            if names
            else "Nothing odd was found in this return."
        )
        return f"{said} A provider’s own figures are shown as it submitted them."
    gone = found.sources.providers.missing if found.sources.providers else ()
    have = "has" if len(gone) == 1 else "have"
    missing = f" {plural(len(gone), 'provider')} of the month before {have} no list now." if gone else ""
    if not odd:
        return f"Nothing odd was found in any return of England.{missing}"
    started = f"Something is odd about the returns of {plural(len(odd), 'provider')}."
    ranged = f" {_range_sentence('Without any of their lists', of_checks)}" if of_checks else ""
    return f"{started}{ranged}{missing}"


def odd_providers(found: Quality) -> dict[str, tuple[str, ...]]:
    """Providers with something odd, and what; shares of completed pathways are no oddity by themselves."""
    odd = {
        code: tuple(key for key in keys if rules.BY_KEY[key].in_doubt) for code, keys in found.flagged.items()
    }
    return {code: keys for code, keys in odd.items() if keys}


def _range_sentence(condition: str, found: Bounds) -> str:
    shown = share_text(found.share)
    words = f"{condition}, within 18 weeks would be {rules.range_words(found)}; it is shown as {shown}."
    if rules.is_wide(found):
        return f"{words} That is a point or more apart: read the figure with care."
    return f"{words} That is under a point apart: the figure can be used."


def _tiles(choice: Choice, found: Quality) -> list[Component]:
    of_checks = bounds_of(choice, found)
    held = next(h for h in choice.holdings.of(choice.source) if h.census_date == choice.census)
    left_out = share_text(held.rows_left_out / held.rows_read) if held.rows_left_out else "None"
    england = choice.source == rules.MONTHLY
    return [
        show.tile("Within 18 weeks", display(found.headline), [sentences.versus_standard(found.headline)]),
        show.tile(
            "Lowest and highest it could be",
            _short_range(of_checks),
            ["England, without the odd lists" if england else "Every row in doubt counted in or out"],
        ),
        show.tile(
            "Rows left out",
            left_out,
            [f"{number_text(held.rows_left_out)} of {number_text(held.rows_read)} rows of the file"],
        ),
        *quality_sources.tiles(choice, found.sources, len(odd_providers(found))),
    ]


def _short_range(found: Bounds | None) -> str:
    if found is None:
        return NOT_KNOWN
    low, high = share_text(found.lowest), share_text(found.highest)
    return low if low == high else f"{low} to {high}"


def _checks(choice: Choice, found: Quality) -> Component:
    checks = asked(choice, found)
    before = choice.previous
    rows = [_check_row(choice, found, check) for check in checks]
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
    return show.section(
        "What was checked",
        *[html.P(words, className="rtt-small") for words in _what_is_checked(choice)],
        show.scrolling(
            show.table("Checks, with count, share, change and effect", columns, rows), label="Checks, table"
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


def _what_is_checked(choice: Choice) -> list[str]:
    if choice.source == rules.MONTHLY:
        whose = (
            f"the return of {choice.organisation.name}"
            if choice.organisation.level == "provider"
            else "every provider’s return"
        )
        effect = "England’s share if the lists of the providers found were left out"
        return [f"The checks look at {whose}, all specialties together. The effect is on {effect}."]
    words = [
        "The effect is how far the share would move if each row found were counted in, either way, or out."
    ]
    if choice.filters.site or choice.stage or choice.filters.priority:
        words.append("The checks look at all sites, both parts of the list and every priority together.")
    if choice.functions:
        words.append("Rows left out are counted for the whole list alone, so they are not in this table.")
    return words


def _check_row(choice: Choice, found: Quality, check: Check) -> list[Component]:
    now, then = (found.found.at(check.key, day) for day in (choice.census, choice.previous))
    assert now is not None
    effect = (
        rules.effect_words(bounds_of(choice, found, (check.key,))) if _has_effect(choice, check) else "None"
    )
    if _withheld(choice, now):
        effect = "Not shown"
    return [
        show.link(check.name, to_query(choice.filters, measure=check.key)),
        _count(choice, now.failed),
        f"{_count(choice, now.checked)} {check.of}",
        _share(choice, now),
        _change(choice, now, then),
        effect,
    ]


def _has_effect(choice: Choice, check: Check) -> bool:
    return choice.source == rules.WEEKLY or (check.in_doubt and choice.organisation.level != "provider")


def _change(choice: Choice, now: Count, then: Count | None) -> str:
    if (
        then is None
        or not now.checked
        or not then.checked
        or _withheld(choice, now)
        or _withheld(choice, then)
    ):
        return NOT_KNOWN
    return rules.change_words(now.failed / now.checked, then.failed / then.checked)


def _withheld(choice: Choice, count: Count) -> bool:
    return choice.conceals and bool(small_numbers.rate_withheld(count.failed, count.checked))


def _count(choice: Choice, count: int) -> str:
    hidden = choice.conceals and bool(small_numbers.small(count))
    return small_numbers.UNDER if hidden else number_text(count)


def _share(choice: Choice, count: Count) -> str:
    if not count.checked:
        return "None to check"
    return "Not shown" if _withheld(choice, count) else share_text(count.failed / count.checked)


def _in_doubt(choice: Choice, found: Quality) -> int:
    counts = [found.found.at(check.key, choice.census) for check in asked(choice, found) if check.in_doubt]
    return sum(count.failed for count in counts if count)


def _trend(choice: Choice, found: Quality) -> Component:
    checks = asked(choice, found)
    if not checks:
        return html.Div()
    chosen = next((check for check in checks if check.key == choice.filters.measure), checks[0])
    where = choice.organisation.name if choice.organisation.level == "provider" else "England"
    rows = [_point(choice, found, chosen, day) for day in found.found.days]
    while rows and rows[0][1] is None and len(rows) > 1:
        rows.pop(0)
    return show.card("check-trend", check_trend(chosen, rows, where=where))


def _point(
    choice: Choice, found: Quality, check: Check, day: date
) -> tuple[date, float | None, str, str, str]:
    count = found.found.at(check.key, day)
    if count is None and check.of == rules.ROWS:
        # A file from which nothing was left out has no count of that check.
        held = next(h for h in choice.holdings.of(choice.source) if h.census_date == day)
        count = Count(0, held.rows_read, None, counted=False)
    if count is None:
        return (day, None, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)
    known = bool(count.checked) and not _withheld(choice, count)
    share = count.failed / count.checked if known else None
    return (day, share, _share(choice, count), _count(choice, count.failed), _count(choice, count.checked))
