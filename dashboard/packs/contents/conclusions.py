"""What a board should conclude from a figure: the titles of pages, and the few lines beside a chart.

Levels, plain differences and the words of signals; no cause and no promise. Each is made from a finding, so
that a title cannot say another thing than the table.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.pack import PackFacts
from dashboard.scope.nearest import step_back
from rtt.findings import sentences
from rtt.findings.exceptions import CONCERNING, UNCHANGED
from rtt.findings.findings import Earlier, Finding, display, is_open_ended, remarks_of
from rtt.spc.charts import FEWEST_POINTS
from rtt.terms.wording import date_text, list_text, plural

IMPROVING = "improving"


def title_with_standard(finding: Finding) -> str:
    """ "64.4% wait within 18 weeks: 27.6 points below the 92% standard"."""
    distance = sentences.versus_standard(finding)
    level = sentences.title(finding)
    if finding.indicator_key == "share_within_18" and finding.value is not None:
        level = f"{display(finding)} wait within 18 weeks"
    return f"{level}: {distance}" if distance else level


def title_of_change(chart: Charted) -> str:
    """What a control chart says of its newest mark: "Over 52 weeks: improving, beyond its usual range"."""
    name, word = sentences.name(chart.last), chart.variation.icon.word if chart.variation else ""
    if word == UNCHANGED:
        return f"{name}: the latest change is within its usual range"
    if word == CONCERNING:
        return f"{name}: a concerning signal in the latest changes"
    if word == IMPROVING:
        return f"{name}: improving, beyond its usual range"
    return f"{name}: {word}" if word else title_with_standard(chart.last)


def title_of_exception(chart: Charted, finding: Finding) -> str:
    """The level, and why the board hears of it."""
    if sentences.versus_standard(finding):
        return title_with_standard(finding)
    concerns = any(remark.word == CONCERNING for remark in remarks_of(finding, "signal"))
    return f"{sentences.title(finding)}: a concerning signal" if concerns else title_of_change(chart)


def title_of_shape(found: PackFacts) -> str:
    """ "Half of the list has waited over 12.3 weeks; 161 over 52 weeks"."""
    half, over = (found.charts[key].last for key in ("median_weeks", "over_52"))
    if half.value is None or is_open_ended(half):
        return f"How long people have waited: {_lower(sentences.title(over))}"
    if over.value is None:
        return f"Half of the list has waited over {display(half)}"
    return f"Half of the list has waited over {display(half)}; {display(over)} over 52 weeks"


def changes(found: PackFacts, chart: Charted) -> str:
    """The change since the census before and since a year before, or the oldest held: facts, not signals."""
    told = [sentences.change_words(chart.last), sentences.change_words(chart.last, _long_ago(found, chart))]
    told = list(dict.fromkeys(each for each in told if each))
    if not told:
        return ""
    return f"{_upper('; '.join(told))}."


def since_then(found: PackFacts, chart: Charted) -> str:
    """ "up 8.3 points since 30 Apr 2024": over a year, or as long as figures are held; '' where not known."""
    return sentences.change_words(chart.last, _long_ago(found, chart))


def _long_ago(found: PackFacts, chart: Charted) -> Earlier | None:
    scope = found.scope
    then = step_back(scope.dates, scope.source, chart.last.census_date, "year") or _first(chart)
    if then is None or then >= chart.last.census_date:
        return None
    finding = found.figures.find(chart.indicator.key, at=then)
    if finding is None or finding.value is None or _part_missing(found, then, chart):
        return None
    return Earlier(finding.value, then, finding.about)


def _part_missing(found: PackFacts, then: date, chart: Charted) -> bool:
    return then in found.scope.gaps or chart.last.census_date in found.scope.gaps


def _first(chart: Charted) -> date | None:
    known = np.flatnonzero(~np.isnan(chart.levels))
    return chart.days[int(known[0])] if known.size else None


def signals(found: PackFacts, keys: tuple[str, ...]) -> str:
    """Which measures changed beyond their usual range; that none did; or why nobody can say."""
    charts = [found.charts[key] for key in keys]
    judged = [(sentences.name(each.last), each.variation.icon.word) for each in charts if each.variation]
    if not judged:
        points = int(max((~np.isnan(each.reading.values)).sum() for each in charts))
        return f"Signals need {FEWEST_POINTS} points; {plural(points, 'point')} can be compared so far."
    said = list(_by_word(judged))
    return " ".join(said) or "No measure shows a significant change."


def _by_word(judged: list[tuple[str, str]]) -> Iterator[str]:
    words = [word for word in dict.fromkeys(word for _, word in judged) if word != UNCHANGED]
    for word in sorted(words, key=lambda each: each != CONCERNING):
        yield f"{_upper(word)}: {_lower(list_text([name for name, own in judged if own == word]))}."


def title_of_measures(found: PackFacts, keys: tuple[str, ...], overall: str) -> str:
    """How many measures changed significantly; where none can be judged, how many rose and fell."""
    charts = [found.charts[key] for key in keys]
    if any(chart.variation for chart in charts):
        return overall.removesuffix(".")
    pairs = [(chart.last.value, chart.last.earlier) for chart in charts]
    known = [(now, then.value) for now, then in pairs if now is not None and then and then.value is not None]
    if not known or found.scope.previous is None:
        return f"The measures at {date_text(charts[0].last.census_date)}"
    rose, fell = (sum(bool(test) for test in tests) for tests in _directions(known))
    since = date_text(found.scope.previous)
    return f"{plural(rose, 'measure')} rose and {fell} fell since {since}; it is too early to judge signals"


def _directions(pairs: list[tuple[float, float]]) -> tuple[list[bool], list[bool]]:
    return [now > then for now, then in pairs], [now < then for now, then in pairs]


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
