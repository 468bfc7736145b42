"""The words of a finding: name, title, sentence, caption, change, distance from a standard, source.

Levels and plain differences only: no sentence calls a change good, bad or real, and none names a cause.
Differences are taken between the figures as shown, so that a reader who subtracts gets the same; none is
taken from a rounded figure ("about 60%").
"""

from dataclasses import replace
from decimal import Decimal
from math import isinf

from rtt.findings.findings import (
    WEEKLY,
    Earlier,
    Finding,
    Population,
    display,
    indicator,
    is_open_ended,
    missing_words,
)
from rtt.measures.standards import Standard, is_met, standard_words
from rtt.terms import wording
from rtt.terms.parts import (
    ADMITTED,
    COMPLETED,
    HIGH_PERCENTILE,
    INCOMPLETE,
    NON_ADMITTED,
    PART_NAMES,
    WAITING,
    WITH_DECISION_TO_ADMIT,
)
from rtt.terms.treatment_functions import TOTAL, short_name_of

LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: NHS England, consultant-led referral to treatment waiting times."
)

PRIORITIES = {"1": "routine", "2": "urgent", "3": "two-week wait", "unknown": "priority not known"}

_NOUNS = {
    ADMITTED: ("completed admitted pathway", "completed admitted pathways"),
    NON_ADMITTED: ("completed non-admitted pathway", "completed non-admitted pathways"),
    WITH_DECISION_TO_ADMIT: ("pathway with a decision to admit", "pathways with a decision to admit"),
}
_PATHWAY = ("pathway", "pathways")

KNOWN_STARTS = "pathways with a known clock start"

_UNITS_OF_CHANGE = {"share": " points", "weeks": " weeks", "band": " weeks", "pathways": ""}


def name(finding: Finding) -> str:
    """What the figure is called: "Within 18 weeks"; "95th percentile wait" of those treated."""
    return indicator(finding).name.replace("92nd", _percentile(finding))


def title(finding: Finding) -> str:
    """A chart's active title, in ten words or fewer: "60.3% within 18 weeks"."""
    if finding.value is None:
        return f"{name(finding)}: {_lower(missing_words(finding))}"
    return indicator(finding).title.format_map(_words(finding))


def level_sentence(finding: Finding) -> str:
    """The figure in a sentence: "60.3% of 48,212 pathways were within 18 weeks on 31 Oct 2026."""
    return f"{_level(finding)}."


def sentence(finding: Finding) -> str:
    """The level with its distance from the standard, if it has one."""
    distance = versus_standard(finding)
    return f"{_level(finding)}, {distance}." if distance else f"{_level(finding)}."


def paragraph(finding: Finding) -> str:
    """Everything the finding has to say, sentence by sentence: level, standard, change, remarks."""
    change = change_words(finding)
    told = [sentence(finding), f"{change[0].upper()}{change[1:]}." if change else ""]
    return " ".join(words for words in (*told, *(remark.sentence for remark in finding.remarks)) if words)


def versus_standard(finding: Finding) -> str:
    """ "19.7 points below the 92% standard"; '' where there is no standard or no figure to compare."""
    value, standard = finding.value, finding.standard
    if value is None or standard is None or standard.value is None or is_open_ended(finding) or finding.about:
        return ""
    named = standard_words(standard)
    if finding.unit == "share":
        return f"{_points_apart(value, standard, standard.value)} {named}"
    difference = value - standard.value
    if difference == 0:
        return f"meeting {named}"
    side = "above" if difference > 0 else "below"
    return f"{wording.number_text(abs(difference))} {side} {named}"


def change_words(finding: Finding, since: Earlier | None = None) -> str:
    """ "up 0.4 points since 30 Sep 2026", from the finding's own earlier figure or `since`; '' if unknown.

    A flow is compared with a period and not with a day: "up 800 on February 2026".
    """
    earlier = since or finding.earlier
    if earlier is None or earlier.value is None or finding.value is None or finding.about or earlier.about:
        return ""
    before = replace(finding, value=earlier.value, census_date=earlier.census_date)
    than = when(before).removeprefix("in ").removeprefix("on ")
    compared = "on" if _is_flow(finding) else "since"
    if is_open_ended(finding) or is_open_ended(before):
        same = display(finding) == display(before)
        return f"unchanged {compared} {than}" if same else f"{display(before)} {when(before)}"
    change = _shown(finding.unit, finding.value) - _shown(finding.unit, earlier.value)
    if change == 0:
        return f"unchanged {compared} {than}"
    direction = "up" if change > 0 else "down"
    return f"{direction} {wording.number_text(abs(change))}{_UNITS_OF_CHANGE[finding.unit]} {compared} {than}"


def since_words(finding: Finding, first: Earlier) -> str:
    """ "Up 8.3 points since April 2024": the change between its two ends; '' if unknown.

    The first census of the monthly return is named by its month.
    """
    told = change_words(finding, first)
    if finding.source != WEEKLY:
        day, month = wording.date_text(first.census_date), wording.month_text(first.census_date)
        told = told.replace(f"since {day}", f"since {month}")
    return f"{told[0].upper()}{told[1:]}" if told else ""


def ends_words(finding: Finding, first: Earlier) -> str:
    """The same with both figures: "Up 8.3 points since April 2024, from 52.1% to 60.4%."; '' if unknown."""
    told = since_words(finding, first)
    before = replace(finding, value=first.value, census_date=first.census_date)
    return f"{told}, from {display(before)} to {display(finding)}." if told else ""


def short_change(finding: Finding, since: Earlier | None = None) -> str:
    """The change alone, for a table cell: "+0.4 points", from the finding's own earlier figure or `since`;
    "Not known" where either figure is not.
    """
    earlier = since or finding.earlier
    if earlier is None or earlier.value is None or finding.value is None or finding.about or earlier.about:
        return wording.NOT_KNOWN
    if isinf(finding.value) or isinf(earlier.value):
        return wording.NOT_KNOWN
    change = _shown(finding.unit, finding.value) - _shown(finding.unit, earlier.value)
    return wording.signed_text(change, unit=_UNITS_OF_CHANGE[finding.unit])


def when(finding: Finding) -> str:
    """ "on 31 Oct 2026" for a list; "in October 2026" or "in the week to 15 Nov 2026" for a flow."""
    if not _is_flow(finding):
        return f"on {wording.date_text(finding.census_date)}"
    if finding.source == WEEKLY:
        return f"in the week to {wording.date_text(finding.census_date)}"
    return f"in {wording.month_text(finding.census_date)}"


def scope_words(scope: Population) -> str:
    """ "England, all specialties"; "Dorset County Hospital, Urology, admitted, urgent"."""
    # Several specialties added together stand as "C_110,C_120".
    specialty = wording.list_text([short_name_of(code) for code in scope.treatment_function.split(",")])
    if scope.treatment_function == TOTAL:
        specialty = _lower(specialty)
    words = [
        scope.organisation_name,
        specialty,
        f"site {scope.site_code}" if scope.site_code else "",
        scope.stage,
        "with a decision to admit" if scope.part == WITH_DECISION_TO_ADMIT else "",
        PRIORITIES.get(scope.priority, scope.priority),
        "non-English commissioners included" if scope.with_nonc else "",
    ]
    return ", ".join(word for word in words if word)


def caption(finding: Finding) -> str:
    """Population, scope, date and status under a chart or table."""
    day = wording.date_text(finding.census_date)
    part = INCOMPLETE if finding.scope.part in WAITING else finding.scope.part  # 2A is named by the scope
    return f"{PART_NAMES[part]}, {scope_words(finding.scope)}, {day} ({finding.status})."


def source_line(finding: Finding) -> str:
    """Where the figure comes from, for the foot of a page, a slide or a file."""
    if finding.source == WEEKLY:
        day = wording.weekday_text(finding.census_date)
        return f"Source: weekly patient tracking list of {day}, {finding.status}."
    month = wording.month_text(finding.census_date)
    return (
        f"Source: NHS England, consultant-led referral to treatment waiting times, {month}, {finding.status}."
    )


def _is_flow(finding: Finding) -> bool:
    return indicator(finding).kind == "flow" or finding.scope.part in COMPLETED


def _level(finding: Finding) -> str:
    if finding.value is None:
        return f"{name(finding)} {when(finding)}: {_lower(missing_words(finding))}"
    text = indicator(finding).sentence.format_map(_words(finding))
    return text[0].upper() + text[1:]


def _words(finding: Finding) -> dict[str, str]:
    """The words that an indicator's `title` and `sentence` may use in braces."""
    value = 0.0 if finding.value is None or is_open_ended(finding) else finding.value
    denominator = finding.denominator or 0.0
    return {
        "value": display(finding),
        "signed": wording.signed_text(value),
        "count": _pathways(finding, value),
        "were": "was" if value == 1 else "were",
        "clocks": "clock" if value == 1 else "clocks",
        "denominator": _pathways_of(finding),
        "denominator_number": "the" if finding.denominator is None else wording.number_text(denominator),
        "were_of": "was" if denominator == 1 else "were",
        "waiting": "counted" if finding.scope.part in COMPLETED else "waiting",
        "percentile": _percentile(finding),
        "when": when(finding),
        "date": wording.date_text(finding.census_date),
    }


def _pathways(finding: Finding, count: float) -> str:
    # An indicator that counts decisions to admit already says so.
    already = "decision_to_admit" in finding.indicator_key
    one, many = _PATHWAY if already else _NOUNS.get(finding.scope.part, _PATHWAY)
    return f"{wording.number_text(count)} {one if count == 1 else many}"


def _pathways_of(finding: Finding) -> str:
    """Of how many; "the pathways" where that may not be said, for it would tell a small number."""
    if finding.denominator is None:
        return f"the {_pathways(finding, 2).partition(' ')[2]}"
    of = _pathways(finding, finding.denominator)
    # A tracking list has rows without a clock start: the whole list, shown beside this, is longer by them.
    is_short = finding.source == WEEKLY and indicator(finding).denominator == KNOWN_STARTS
    return f"{of} with a known clock start" if is_short else of


def _percentile(finding: Finding) -> str:
    return "95th" if HIGH_PERCENTILE.get(finding.scope.part) == 0.95 else "92nd"


def _points_apart(value: float, standard: Standard, target: float) -> str:
    apart = wording.percent(value) - wording.percent(target)
    if apart == 0:
        # 91.96% is shown as 92.0%: the words must not say that it meets 92%.
        return "meeting" if is_met(standard, value) else "just short of"
    return f"{wording.number_text(abs(apart))} points {'above' if apart > 0 else 'below'}"


def _shown(unit: str, value: float) -> Decimal:
    return wording.percent(value) if unit == "share" else wording.rounded(value, 1 if unit == "weeks" else 0)


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
