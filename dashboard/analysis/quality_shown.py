"""What the checks found of a scope, in numbers and in sentences, for the page and the pack.

Small numbers of a tracking list are taken out here, for those who may not see its pathways.
"""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.facts import listed
from dashboard.analysis.findings import figures_of
from dashboard.analysis.quality import Count, Found, checks_found
from dashboard.analysis.quality_sources import Sources, sources_of
from dashboard.scope.scope import Scope
from dashboard.store.quality import flagged_providers
from rtt.disclosure import small_numbers
from rtt.findings.findings import Finding
from rtt.measures import data_quality as rules
from rtt.measures.data_quality import CHECKS, Bounds, Check
from rtt.terms.waits import within
from rtt.terms.wording import NOT_KNOWN, number_text, plural, share_text

HEADLINE = "share_within_18"


@dataclass(frozen=True, slots=True)
class Quality:
    """What the page shows: the headline, the checks, and what the two sources say of each other."""

    headline: Finding
    within: float  # of `known` pathways within 18 weeks: for bounds, and never shown
    known: float
    found: Found
    flagged: dict[str, tuple[str, ...]]
    sources: Sources


def quality_of(connection: Connection, scope: Scope) -> Quality:
    """The quality of a scope with a census; at most six statements."""
    assert scope.census is not None
    facts = listed(connection, scope, (scope.census,))
    figures = figures_of(scope, facts, keys=(HEADLINE,))
    return Quality(
        headline=figures.find(HEADLINE) or figures.nobody(HEADLINE),
        within=float(np.nansum(within(facts.facts.bands, 18))),
        known=float(np.nansum(facts.facts.bands)),
        found=checks_found(connection, scope),
        flagged=flagged_providers(connection, scope.census) if scope.source == rules.MONTHLY else {},
        sources=sources_of(connection, scope),
    )


def asked(scope: Scope, found: Quality) -> list[Check]:
    """The checks of the source that were made at this census."""
    return [
        check for check in CHECKS if check.source == scope.source and found.found.at(check.key, scope.census)
    ]


def bounds_of(scope: Scope, found: Quality, keys: tuple[str, ...] | None = None) -> Bounds | None:
    """How far the share within 18 weeks could move, by these checks or by all that put a wait in doubt."""
    checks = [check for check in asked(scope, found) if (check.key in keys if keys else check.in_doubt)]
    if scope.source == rules.MONTHLY:
        return _bounds_of_lists(found, [check.key for check in checks])
    made = [(check, count) for check in checks if (count := found.found.at(check.key, scope.census))]
    # The ends tell the numbers that they are made of, and how many clock starts are known.
    told = any(count.hidden for _, count in made) or found.headline.denominator is None
    if found.headline.value is None or told:
        return None
    faults = [
        rules.faulty(check.key, failed=each.failed, failed_within=each.within, counted=each.counted)
        for check, each in made
    ]
    return rules.bounds(found.within, found.known, faults)


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


def verdict(scope: Scope, found: Quality) -> str:
    """The page in two sentences: how much is in doubt, and what that could do to the headline."""
    of_checks = bounds_of(scope, found)
    if scope.source == rules.MONTHLY:
        return _verdict_of_lists(scope, found, of_checks)
    rows, exact = _in_doubt(scope, found)
    number = number_text(rows) if exact else f"At least {number_text(rows)}"
    started = f"{number} {'row is' if rows == 1 else 'rows are'} in doubt."
    if of_checks is None:
        return f"{started} The possible effect on the share within 18 weeks is not shown."
    return f"{started} {_range_sentence('If all of them were counted in or out', of_checks)}"


def _verdict_of_lists(scope: Scope, found: Quality, of_checks: Bounds | None) -> str:
    odd = odd_providers(found)
    if scope.organisation.level == "provider":
        names = [rules.BY_KEY[key].name.lower() for code in scope.codes for key in odd.get(code, ())]
        said = (
            f"This return is unusual: {'; '.join(names)}."
            if names
            else "Nothing unusual was found in this return."
        )
        return f"{said} A provider’s own figures are shown as it submitted them."
    gone = found.sources.providers.missing if found.sources.providers else ()
    have = "has" if len(gone) == 1 else "have"
    missing = (
        f" {plural(len(gone), 'provider')} that reported last month {have} not reported now." if gone else ""
    )
    if not odd:
        return f"Nothing unusual was found in any return.{missing}"
    started = f"Unusual returns came from {plural(len(odd), 'provider')}."
    ranged = f" {_range_sentence('Without their lists', of_checks)}" if of_checks else ""
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
        return f"{words} The difference is a point or more: use the figure with care."
    return f"{words} The difference is under a point: you can use the figure."


def failed_text(count: Count) -> str:
    """How many failed."""
    return _withheld(count.failed) if count.hidden else number_text(count.failed)


def checked_text(scope: Scope, check: Check, count: Count) -> str:
    """How many were checked; of the rows of a file roughly, for it holds other commissioners' patients."""
    if count.hidden:
        return _withheld(count.checked)
    about = scope.conceals and check.of == rules.ROWS
    return small_numbers.about_rows(count.checked) if about else number_text(count.checked)


def _withheld(count: int) -> str:
    return small_numbers.UNDER if small_numbers.small(count) else small_numbers.WITHHELD


def share_of(count: Count) -> str:
    if not count.checked:
        return "None to check"
    return share_text(count.failed / count.checked) if not count.hidden else "Not shown"


def change_of(now: Count, then: Count | None) -> str:
    if then is None or not now.checked or not then.checked or now.hidden or then.hidden:
        return NOT_KNOWN
    return rules.change_words(now.failed / now.checked, then.failed / then.checked)


def _in_doubt(scope: Scope, found: Quality) -> tuple[int, bool]:
    """The rows in doubt that may be shown, and whether those are all."""
    made = [found.found.at(check.key, scope.census) for check in asked(scope, found) if check.in_doubt]
    counts = [count for count in made if count]
    return sum(count.failed for count in counts if not count.hidden), not any(
        count.hidden for count in counts
    )
