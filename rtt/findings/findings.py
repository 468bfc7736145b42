"""A finding: one figure with its scope, date, parts, standard and status; how it is shown and recorded.

Tile, chart title, caption, table row, CSV cell, sentence and slide are made from the same finding, so that
they cannot disagree. Signals, forecasts and exceptions are attached as remarks.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isinf

from rtt.measures.calculations import Measure
from rtt.measures.disclosed import END
from rtt.measures.indicators import INDICATORS, Indicator
from rtt.measures.percentiles import FEWEST_PATHWAYS
from rtt.measures.standards import NATIONAL, PROVIDER, Standard, applicable
from rtt.terms import wording
from rtt.terms.arrays import Floats
from rtt.terms.parts import ADMITTED, INCOMPLETE, NON_ADMITTED, WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import TOTAL, name_of
from rtt.terms.waits import OPEN_BAND

MONTHLY, WEEKLY = "monthly", "weekly"
PUBLISHED, REVISED, UNVALIDATED = "published", "published, revised", "unvalidated"

At = int | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """Whose pathways a figure counts. '' in site, stage and priority means all of them together."""

    level: str  # england | region | icb | provider | commissioner
    organisation_code: str
    organisation_name: str
    treatment_function: str = TOTAL
    treatment_function_name: str = "Total"
    part: str = INCOMPLETE
    site_code: str = ""
    stage: str = ""
    priority: str = ""
    with_nonc: bool = False  # non-English commissioners counted too, which no published figure does


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same figure at an earlier census."""

    value: float | None
    census_date: date
    about: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A signal, forecast or caveat of a finding. `mark` names the shape shown beside `word`."""

    kind: str  # signal | assurance | forecast | exception | caveat
    word: str  # "concerning"
    sentence: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure and all that is needed to show it. `value` None: not known or not computed; inf: open band."""

    indicator_key: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    scope: Population
    census_date: date
    source: str
    status: str
    standard: Standard | None = None
    earlier: Earlier | None = None
    remarks: tuple[Remark, ...] = ()
    open_band: int = OPEN_BAND
    withheld: str = ""  # the words that stand for a small number; `value` is then None
    about: bool = False  # rounded, so that it tells no small number


def from_measure(
    key: str,
    measure: Measure,
    at: At = (),
    *,
    scope: Population,
    census_date: date,
    source: str,
    status: str,
    standard: Standard | None = None,
    earlier: Earlier | None = None,
    open_band: int = OPEN_BAND,
    withheld: str = "",
    about: bool = False,
) -> Finding:
    """The finding at index `at` of an indicator's measure; () where the measure is of a single scope.

    `standard` None looks up the one in force for the scope; nan becomes None.
    """
    return Finding(
        indicator_key=key,
        value=_entry(measure.value, at),
        numerator=_entry(measure.numerator, at),
        denominator=_entry(measure.denominator, at),
        unit=INDICATORS[key].unit,
        scope=scope,
        census_date=census_date,
        source=source,
        status=status,
        standard=standard or standard_for(key, scope, census_date),
        earlier=earlier,
        open_band=open_band,
        withheld=withheld,
        about=about,
    )


def standard_for(key: str, scope: Population, on: date) -> Standard | None:
    """The published standard that a scope's figure is held against; none for parts 2A and 3."""
    return _standard(key, scope.part, PROVIDER if scope.level == "provider" else NATIONAL, on)


@lru_cache(maxsize=4096)
def _standard(key: str, part: str, level: str, on: date) -> Standard | None:
    of_part = {INCOMPLETE: "incomplete", ADMITTED: "admitted", NON_ADMITTED: "non-admitted"}.get(part)
    return applicable(key, on=on, scope=of_part, level=level) if of_part else None


def indicator(finding: Finding) -> Indicator:
    return INDICATORS[finding.indicator_key]


def display(finding: Finding) -> str:
    """The figure as tile, table and slide show it: "60.3%", "48,212", "14.0 weeks", or the words for none."""
    value = finding.value
    if value is None:
        return missing_words(finding)
    if finding.unit == "share":
        return f"about {round(100 * value)}%" if finding.about else wording.share_text(value)
    if finding.unit == "weeks":
        if finding.about and not isinf(value):
            return f"about {wording.plural(value, 'week')}"
        return wording.weeks_text(value, open_band=finding.open_band)
    if finding.unit == "band":
        return wording.band_text(value, open_band=finding.open_band)
    return wording.number_text(value)


def missing_words(finding: Finding) -> str:
    """Why there is no figure, shown in its place."""
    if finding.withheld:
        return finding.withheld
    if finding.denominator == 0:
        return indicator(finding).empty
    if finding.unit == "weeks" and finding.denominator is not None and finding.denominator < FEWEST_PATHWAYS:
        return f"Not computed (fewer than {FEWEST_PATHWAYS} pathways)"
    if needs := _what_is_missing(finding):
        return f"{wording.NOT_KNOWN} ({needs})"
    return wording.NOT_KNOWN


def _what_is_missing(finding: Finding) -> str:
    scope, counts = finding.scope, indicator(finding).discloses.counts
    of = {count.part for count in counts}
    limits = {limit for count in counts for limit in (count.over, count.up_to)} - {END}
    if max(limits) > finding.open_band:
        return f"this census has no bands over {finding.open_band} weeks"
    if scope.part == WITH_DECISION_TO_ADMIT and not of <= {"list", "decided"}:
        return "starts and stops are counted for the whole list only"
    if (scope.site_code or scope.stage) and "starts" in of:
        return "a clock start has no site and no stage yet"
    needs = indicator(finding).needs
    return f"needs {needs}" if needs else ""


def record(finding: Finding) -> dict[str, str]:
    """One row for CSV and JSON, in full precision; the keys are stable."""
    scope = finding.scope
    return {
        "indicator": finding.indicator_key,
        "name": indicator(finding).name,
        "value": wording.machine_text(finding.value, open_band=finding.open_band),
        "shown": display(finding),
        "numerator": wording.machine_text(finding.numerator),
        "denominator": wording.machine_text(finding.denominator),
        "unit": finding.unit,
        "source": finding.source,
        "status": finding.status,
        "census_date": finding.census_date.isoformat(),
        "level": scope.level,
        "organisation_code": scope.organisation_code,
        "organisation_name": scope.organisation_name,
        "treatment_function_code": scope.treatment_function,
        "treatment_function_name": scope.treatment_function_name or name_of(scope.treatment_function),
        "part": scope.part,
        "site_code": scope.site_code,
        "stage": scope.stage,
        "priority": scope.priority,
        "with_nonc": "yes" if scope.with_nonc else "no",
        "standard": wording.machine_text(finding.standard.value) if finding.standard else "",
    }


def is_open_ended(finding: Finding) -> bool:
    """Whether the figure lies in the open band, so that no difference can be told from it."""
    return finding.value is not None and isinf(finding.value)


def remarks_of(finding: Finding, kind: str) -> tuple[Remark, ...]:
    return tuple(remark for remark in finding.remarks if remark.kind == kind)


def _entry(values: Floats | None, at: At) -> float | None:
    if values is None:
        return None
    value = float(values[at])
    return value if wording.is_known(value) else None
