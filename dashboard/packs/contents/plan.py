"""What it would take, and what came of initiatives: two pages of a pack, in the sentences of their pages.

The first stands where the scope has a plan at the pack's month, the second where an initiative concerns it.
"""

from collections.abc import Iterator

from dashboard.analysis.initiatives_said import COLUMNS, row_of, verdict_of
from dashboard.analysis.pack import PackFacts
from dashboard.analysis.planning import table as plan_table
from dashboard.analysis.planning.answer import Answer
from dashboard.analysis.planning.sentences import answer_sentences
from dashboard.figures.chart import Chart
from dashboard.figures.plan_chart import AS_NOW, STYLES, TO_TARGET, Interval, PlanLine, plan_chart
from dashboard.packs.contents.axes import in_units, with_axes
from dashboard.packs.contents.page import Page, Table
from rtt.findings import initiative_words, plan_words
from rtt.findings.sentences import scope_words
from rtt.terms.wording import date_text, plural

WHAT_IT_WOULD_TAKE, INITIATIVES = "What it would take", "Initiatives"
MEASURE = "share_within_18"
COLUMNS_SHOWN = 5
"""Of the page's table: specialty, list, share, stops needed in both orders."""
MOST_LINES = 4


def names(found: PackFacts) -> list[str]:
    """The names of the pages that stand in the pack."""
    return [
        *([WHAT_IT_WOULD_TAKE] if found.has_plan else []),
        *([INITIATIVES] if found.has_initiatives else []),
    ]


def plan_pages(found: PackFacts) -> Iterator[Page]:
    """Those of them that there are."""
    if found.plan and found.plan.needed:
        yield _plan(found, found.plan)
    if found.initiatives:
        yield _initiatives(found)


def _plan(found: PackFacts, answer: Answer) -> Page:
    first, *others = answer_sentences(answer)
    rows = [line[:COLUMNS_SHOWN] for line in plan_table.lines(answer)]
    return Page(
        name=WHAT_IT_WOULD_TAKE,
        title=first.removesuffix("."),
        paragraphs=_paragraphs(others, [*(line.sentence for line in found.lines), *answer.warnings[:1]]),
        chart=_chart(found, answer, first.removesuffix(".")),
        tables=(_table(rows),) if rows else (),
    )


def _paragraphs(sentences: list[str], further: list[str]) -> tuple[str, ...]:
    """Two sentences a line, and what stands by itself; four lines at most: a board reads no more there."""
    pairs = [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
    kept = further[: MOST_LINES - 1]
    return (*pairs[: MOST_LINES - len(kept)], *kept)


def _table(rows: list[list[str]]) -> Table:
    return Table(
        "Specialties, most needed stops first",
        plan_table.HEADERS[:COLUMNS_SHOWN],
        tuple(tuple(row) for row in rows),
    )


def _chart(found: PackFacts, answer: Answer, title: str) -> Chart:
    series, question = answer.series["share"], answer.question
    figures = found.charts[MEASURE]
    held = ((day, found.figures.find(MEASURE, at=day)) for day in figures.days)
    history = [(day, 100 * each.value) for day, each in held if each is not None and each.value is not None]
    drawn = plan_chart(
        history,
        [
            PlanLine(AS_NOW, series.days, series.as_now, STYLES[AS_NOW]),
            PlanLine(TO_TARGET, series.days, series.line, STYLES[TO_TARGET]),
        ],
        title=title,
        caption=(
            f"As now, {plan_words.AS_THINGS_GO}, and the line to the target of {date_text(question.due)}."
        ),
        what=f"the share within 18 weeks, {scope_words(figures.last.scope)}",
        share=True,
        interval=Interval(series.days, series.low_80, series.high_80),
        target=None if question.target is None else (question.due, question.target),
    )
    return with_axes(drawn, in_units("Within 18 weeks", "share"))


def _initiatives(found: PackFacts) -> Page:
    told = [verdict_of(each, result) for each, result in found.initiatives]
    changed = sum(
        bool(result.evaluation and result.evaluation.changed and not result.too_few)
        for _, result in found.initiatives
    )
    number = plural(len(told), "initiative")
    title = (
        f"{changed} of {number} changed more than the rest of England"
        if changed
        else f"{number}: cannot tell yet whether more changed than in the rest of England"
    )
    return Page(
        name=INITIATIVES,
        title=title,
        paragraphs=(initiative_words.METHOD[2],),
        tables=(
            Table(
                "Initiatives, newest first",
                COLUMNS,
                tuple(tuple(row_of(found.scope, each, result)) for each, result in found.initiatives),
                text_columns=len(COLUMNS),
            ),
        ),
    )
