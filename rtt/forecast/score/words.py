"""The words of a score, whichever method made the forecasts: errors, skill and intervals."""

from rtt.terms.wording import NOT_KNOWN, is_known, number_text, rounded

NAIVE = "the naive forecast (no change)"
COVERAGE_WORDS = ("50%", "80%", "95%")
_UNITS = {"share_within_18": "point", "median": "week", "percentile_92": "week"}


def error_text(measure: str, error: float, *, places: int = 0) -> str:
    """0.8 points, 1.9% of the list, 0.4 weeks; pathways to so many places: 142 pathways, 11.7 pathways."""
    if not is_known(error):
        return NOT_KNOWN
    if measure == "total":
        return f"{number_text(error, 1)}% of the list"
    unit = _UNITS.get(measure, "pathway")
    shown = number_text(error, places if unit == "pathway" else 1)
    return f"{shown} {unit}{'' if shown in ('1', '1.0') else 's'}"


def skill_text(skill: float | None) -> str:
    """ "14% better", "3% worse", "no better": beside the naive forecast."""
    if skill is None:
        return NOT_KNOWN
    shown = rounded(100 * abs(skill), 0)
    return f"{number_text(shown)}% {'better' if skill > 0 else 'worse'}" if shown else "no better"
