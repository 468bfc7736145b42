"""The track record: first whether to rely on the forecast, in one sentence, then the scores behind it.

Lines that are withheld from a reader are in no mean here, as in the tables below.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.analysis import hazards
from dashboard.analysis.forecasts import scored_of
from dashboard.analysis.will_breach import will_breach_of
from dashboard.layouts.breaches import list_score, projection, score
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from dashboard.store.forecasts import BackTest
from ingest.store.schema import MONTHLY
from rtt.forecast.monthly import forecast_words
from rtt.forecast.score.verdict import Verdict, evidence_sentence, recent_verdict, verdict_sentence
from rtt.forecast.weekly import expected_words


@dataclass(frozen=True, slots=True)
class Found:
    """What the scores of a PTL and of the monthly return found: one of them, or neither."""

    of_lists: list_score.Found | None
    of_months: score.Found | None


def load(connection: Connection, scope: Scope) -> Found:
    """The statements of the two scores, of which the scope has one at most."""
    return Found(list_score.load(connection, scope), score.load(connection, scope))


def draw(scope: Scope, found: Found) -> list[show.Part]:
    """The verdict, then the scores."""
    details = [*list_score.draw(scope, found.of_lists), *score.draw(scope, found.of_months)]
    if not details:
        nothing = "No forecast of this scope has been scored: plan with the count."
        return [show.section("Track record", html.P(nothing), name="record")]
    return [*_verdict(scope, found), *details]


def _verdict(scope: Scope, found: Found) -> list[show.Part]:
    if found.of_lists is not None:
        verdict, words = _of_lists(scope, found.of_lists)
    elif found.of_months is not None:
        verdict, words = _of_months(scope, found.of_months)
    else:
        return []
    return [
        show.section(
            "Can you rely on the forecast?",
            html.P(html.Strong(verdict_sentence(verdict)), className="rtt-verdict"),
            *([html.P(words, className="rtt-small")] if words else []),
            name="record",
        )
    ]


def _of_lists(scope: Scope, found: list_score.Found) -> tuple[Verdict | None, str]:
    """Of the weeks ahead that the page asks for: those that the estimate at the top looks ahead."""
    assert scope.census is not None
    weeks, measure = round(will_breach_of(scope).days / 7), hazards.measure_of(scope)
    lines = (line.scored for line in found.score.lines["issued"] if not line.hidden)
    verdict = recent_verdict((each for each in lines if each.forecast.horizon == weeks), until=scope.census)
    verdict = verdict or _of_back_test(found.back_test, measure, weeks)
    if verdict is None:
        return None, ""
    what = f"of “{expected_words.NAMES[measure].lower()}”, {expected_words.ahead_text(weeks)} ahead"
    return verdict, evidence_sentence(verdict, measure, what=what, places=1)


def _of_months(scope: Scope, found: score.Found) -> tuple[Verdict | None, str]:
    """Of one to six months ahead together: of a single horizon a half year holds six at most."""
    assert scope.census is not None
    measure = projection.measure_of(scope)
    issued = scored_of(found.forecasts, found.truth, scope.loaded.of(MONTHLY), measure)["issued"]
    verdict = recent_verdict(issued, until=scope.census)
    what = f"of “{forecast_words.NAMES[measure].lower()}”, one to six months ahead"
    if verdict is None:
        verdict = _of_back_test(found.back_test, measure, 1)
        what = f"of “{forecast_words.NAMES[measure].lower()}”, {forecast_words.horizon_text(1)} ahead"
    if verdict is None:
        return None, ""
    return verdict, evidence_sentence(verdict, measure, what=what)


def _of_back_test(lines: tuple[BackTest, ...], measure: str, horizon: int) -> Verdict | None:
    for line in lines:
        known = line.mae is not None and line.mae_last_value is not None
        if (line.measure, line.horizon, line.target) == (measure, horizon, None) and known:
            return Verdict(line.n, line.mae or 0.0, line.mae_last_value or 0.0, back_test=True)
    return None
