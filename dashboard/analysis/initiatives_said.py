"""Initiatives in words, the same on their page and in a pack: where, when, and what came of them."""

from collections.abc import Iterable

from dashboard.analysis.planning.initiatives import Result
from dashboard.scope.scope import Scope
from dashboard.store.initiatives import Initiative
from rtt.findings import initiative_words as words
from rtt.terms.organisation_names import short_name
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import list_text, month_text, plural

COLUMNS = words.COLUMNS
MOST_NAMED = 4


def where_words(scope: Scope, each: Initiative) -> str:
    """The trusts and the specialty; of many trusts, how many."""
    names = {one.code: short_name(one.name) for one in scope.organisations if one.level == "provider"}
    trusts = [names.get(code, code) for code in each.trusts]
    told = list_text(trusts) if len(trusts) <= MOST_NAMED else f"{len(trusts)} trusts"
    return told if each.function == TOTAL else f"{told}, {short_name_of(each.function)}"


def concerns(scope: Scope, trusts: Iterable[str]) -> bool:
    """Whether an initiative of these trusts is about the scope; England hears of all."""
    if scope.organisation.level == "england":
        return True
    place, level = scope.organisation.code, scope.organisation.level
    parents = {one.code: one.parent_code for one in scope.organisations}
    for code in trusts:
        icb = parents.get(code, "")
        if place in {"provider": (code,), "icb": (icb,), "region": (parents.get(icb, ""),)}.get(level, ()):
            return True
    return False


def row_of(scope: Scope, each: Initiative, result: Result) -> list[str]:
    """A row under `COLUMNS`."""
    return [
        each.name,
        where_words(scope, each),
        month_text(each.starts_on),
        words.effect_text(each.measure, each.expected),
        words.size_text(each.measure, result.evaluation.smallest) if result.evaluation else "",
        verdict_of(each, result),
    ]


def verdict_of(each: Initiative, result: Result) -> str:
    """The verdict, or why there is none yet."""
    if result.evaluation is None:
        return result.why_not
    return words.verdict_text(each.measure, result.evaluation, too_few=result.too_few)


def result_sentences(each: Initiative, result: Result) -> list[str]:
    """The smallest effect that could be seen first, then the verdict and what to know of it."""
    if result.evaluation is None:
        return [result.why_not]
    months = f"{plural(result.before, 'month')} before and {plural(result.after, 'month')} after the start"
    return [
        words.smallest_sentence(each.measure, result.evaluation),
        verdict_of(each, result),
        f"By {months}, against {plural(result.comparisons, 'other trust')}.",
        *([words.WORST_TENTH] if result.worst_tenth else []),
        *([] if result.registered_first else [words.NOT_FIRST]),
    ]
