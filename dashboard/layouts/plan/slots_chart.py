"""The chart of more slots a week: who would breach in each week, and the part who still does.

Without access to pathways no week is told; then it is who still breaches in each specialty.
"""

from dashboard.analysis.planning.slots_answer import Row, SlotsAnswer
from dashboard.analysis.planning.slots_sentences import effect_shown, shown
from dashboard.analysis.planning.slots_table import in_order
from dashboard.figures.bars import Bar, bar_chart, height
from dashboard.figures.ladder import HEIGHT_OF_WEEKS, WeekBar, weeks_chart
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.scope.scope import Scope
from rtt.measures.will_breach import week_ends
from rtt.planning.more_slots import PREVENTED, STILL
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, number_text

NAME = "slots"
MOST_BARS = 12


def card(scope: Scope, answer: SlotsAnswer, whole: Row) -> show.Card:
    """The card of the chart."""
    weeks = answer.question.passing.weeks
    measures = (f"passing_{weeks}_in_4_weeks", f"over_{weeks}")
    return _specialties(scope, answer, measures) if answer.conceals else _weeks(answer, whole, measures)


def _title(answer: SlotsAnswer) -> str:
    slots, weeks = number_text(answer.question.slots), answer.question.passing.weeks
    return f"Who breaches {weeks} weeks, with and without {slots} more slots a week"


def _weeks(answer: SlotsAnswer, whole: Row, measures: tuple[str, ...]) -> show.Card:
    passing = answer.question.passing
    bars = []
    for day, states in zip(week_ends(passing), whole.effects[passing.weeks].tolist(), strict=True):
        without, still = states[PREVENTED] + states[STILL], states[STILL]
        bars.append(
            WeekBar(
                name=date_text(day),
                count=without,
                shown=shown(answer, without),
                unbooked=still,
                cells=(shown(answer, states[PREVENTED]), shown(answer, still)),
            )
        )
    chart = weeks_chart(
        bars,
        title=_title(answer),
        caption="Each week is named by its last day. The whole bar would breach without more slots"
        f"{', having no date in time' if answer.dates_known else ''}. The lower part still does with them.",
        columns=("Week to", "Would breach without more slots", "No longer breach", "Still breach"),
        part="still breach",
    )
    return show.card(NAME, chart, height=HEIGHT_OF_WEEKS, measures=measures)


def _specialties(scope: Scope, answer: SlotsAnswer, measures: tuple[str, ...]) -> show.Card:
    passing = answer.question.passing
    bars = [_bar(scope, answer, row) for row in in_order(answer)[:MOST_BARS]]
    cut = f" The {MOST_BARS} with most are shown." if len(answer.rows) > MOST_BARS else ""
    chart = bar_chart(
        bars,
        unit="count",
        title=_title(answer),
        caption=f"Who still breaches by {date_text(passing.ends)} with the slots, by specialty.{cut}",
        what=f"who still breaches {passing.weeks} weeks with more slots",
        columns=("Specialty", "Still breach", "No longer breach"),
    )
    return show.card(NAME, chart, height=height(bars), measures=measures)


def _bar(scope: Scope, answer: SlotsAnswer, row: Row) -> Bar:
    states = row.effects[answer.question.passing.weeks].sum(axis=0)
    name, (prevented, still) = short_name_of(row.code), effect_shown(answer, states)
    return Bar(
        label=name,
        name=name,
        value=float(states[STILL]) if still[:1].isdigit() else None,
        shown=still,
        href=to_query(scope.filters, tf=(row.code,)),
        others=(prevented,),
    )
