"""What the checks found of a scope, in numbers and in the sentences of the page; no components.

Small numbers of a tracking list are taken out here, for those who may not see its pathways.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.layouts.quality_sources import Sources
from dashboard.queries.choices import Choice
from dashboard.queries.quality import Count, Found
from rtt import data_quality as rules
from rtt import small_numbers
from rtt.data_quality import CHECKS, Bounds, Check, Faulty
from rtt.findings import Finding
from rtt.wording import NOT_KNOWN, number_text, plural, share_text


@dataclass(frozen=True, slots=True)
class Quality:
    """What the page shows: the headline, the checks, and what the two sources say of each other."""

    headline: Finding
    within: float  # of `known` pathways within 18 weeks: for bounds, and never shown
    known: float
    found: Found
    flagged: dict[str, tuple[str, ...]]
    sources: Sources


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
    if choice.source == rules.MONTHLY:
        return _bounds_of_lists(found, [check.key for check in checks])
    if found.headline.value is None:
        return None
    faults = [
        fault
        for check in checks
        if (count := found.found.at(check.key, choice.census))
        for fault in _faults(choice, check, count)
    ]
    return rules.bounds(found.within, found.known, faults)


def _faults(choice: Choice, check: Check, count: Count) -> list[Faulty]:
    """The failed rows by where they stand; a small number as the most it could be, on either side."""
    if not (choice.conceals and small_numbers.small(count.failed)):
        failed, within = count.failed, count.within
        return [rules.faulty(check.key, failed=failed, failed_within=within, counted=count.counted)]
    most = small_numbers.SMALLEST_SHOWN - 1
    sides = (0, most) if count.counted else (None,)
    return [
        rules.faulty(check.key, failed=most, failed_within=within, counted=count.counted) for within in sides
    ]


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
    rows, exact = _in_doubt(choice, found)
    number = number_text(rows) if exact else f"Up to {number_text(rows)}"
    started = f"{number} {'row is' if rows == 1 else 'rows are'} in doubt."
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


def is_withheld(choice: Choice, count: Count) -> bool:
    return choice.conceals and bool(small_numbers.rate_withheld(count.failed, count.checked))


def failed_text(choice: Choice, count: Count) -> str:
    """How many failed; hidden too where those who passed are few, for how many were checked is shown."""
    if choice.conceals and small_numbers.small(count.failed):
        return small_numbers.UNDER
    if choice.conceals and small_numbers.small(count.checked - count.failed):
        return small_numbers.WITHHELD
    return number_text(count.failed)


def checked_text(choice: Choice, check: Check, count: Count, whole: float) -> str:
    """How many were checked; hidden where they are few, or all but few of the `whole` list."""
    if choice.conceals and small_numbers.small(count.checked):
        return small_numbers.UNDER
    if choice.conceals and check.of != rules.ROWS and small_numbers.small(whole - count.checked):
        return small_numbers.WITHHELD
    return number_text(count.checked)


def whole_list(found: Quality, day: date) -> float:
    """The list's size at a census, which is how many the widest check of pathways was put to; else inf."""
    of_pathways = [found.found.at(check.key, day) for check in CHECKS if check.of == "pathways"]
    return max((count.checked for count in of_pathways if count), default=float("inf"))


def share_of(choice: Choice, count: Count) -> str:
    if not count.checked:
        return "None to check"
    return "Not shown" if is_withheld(choice, count) else share_text(count.failed / count.checked)


def change_of(choice: Choice, now: Count, then: Count | None) -> str:
    if (
        then is None
        or not now.checked
        or not then.checked
        or is_withheld(choice, now)
        or is_withheld(choice, then)
    ):
        return NOT_KNOWN
    return rules.change_words(now.failed / now.checked, then.failed / then.checked)


def _in_doubt(choice: Choice, found: Quality) -> tuple[int, bool]:
    """The rows in doubt, and whether that is exact: small numbers count as the most they could be, so that
    the others taken from the sum do not give one of them.
    """
    made = [found.found.at(check.key, choice.census) for check in asked(choice, found) if check.in_doubt]
    failed = [count.failed for count in made if count]
    if not choice.conceals or not any(small_numbers.small(failed)):
        return sum(failed), True
    most = small_numbers.SMALLEST_SHOWN - 1
    return sum(most if small_numbers.small(one) else one for one in failed), False
