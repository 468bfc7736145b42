"""Who passes the threshold by the horizon: counted, split by who has a date, by week, specialty and site.

What may not be shown to this reader is taken out here, before any chart or table sees it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.will_breach import (
    USUAL_HORIZON,
    USUAL_WEEKS,
    Bands,
    Split,
    bands_of,
    split_of,
    will_breach_of,
)
from dashboard.analysis.will_breach_shown import Counts, Table, of_bands, of_sites, of_split, states_of
from dashboard.figures.ladder import HEIGHT_OF_WEEKS, Rung, WeekBar, height, ladder_chart, weeks_chart
from dashboard.filters import for_another_page, to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.scope.scope import Scope
from rtt.findings import will_breach_words as words
from rtt.findings.list_shape import count_words
from rtt.measures.will_breach import WillBreach, hides_a_band, week_ends, weeks_from_bands
from rtt.terms.booking import DATE_PAST
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text, number_text

Component = Any

# The choice of `booking` in the address, in the order of words.STATES.
STATES_OF_ADDRESS = ("in-time", "too-late", "appointment", "appointment", "none")
UNBOOKED = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The bands always where they are needed; the split where pathways are held and the reader may see it."""

    passing: WillBreach
    bands: Bands
    split: Split | None


def load(connection: Connection, scope: Scope) -> Found:
    """Two statements, three where nobody passes."""
    passing = will_breach_of(scope)
    return Found(passing, bands_of(connection, scope), split_of(connection, scope, passing))


def draw(scope: Scope, found: Found) -> list[show.Part]:
    """The states, the weeks, the specialties, the sites; nothing where the bands do not tell who passes."""
    if np.isnan(found.bands.estimate(found.passing).count[-1]):
        return []
    specialties = of_split(scope, found.split, found.bands, found.passing) if found.split else None
    cards = (
        _states(scope, found, specialties) if specialties else _total(scope, found),
        _weeks(scope, found),
    )
    tables = [_specialties(scope, found, None if scope.conceals else specialties)]
    if found.split and len(found.split.sites) > 1:
        tables.append(_sites(scope, found))
    return [show.Halves(cards), *tables]


def at_risk(scope: Scope, found: Found) -> Table:
    """Those who pass, by specialty, the last column all of them: exact where pathways are held."""
    if found.split:
        return of_split(scope, found.split, found.bands, found.passing)
    return of_bands(found.bands, found.passing)


# Sections


def _states(scope: Scope, found: Found, table: Table) -> show.Card:
    assert found.split is not None
    total = table.counts[-1, -1]
    rungs = [
        Rung(
            name=name,
            count=None if table.hidden[-1, state] else float(table.counts[-1, state]),
            shown=table.shown(-1, state),
            share=table.share(state, conceals=scope.conceals) if total else "",
            href=to_list(scope, scope.functions, state) if table.counts[-1, state] else "",
        )
        for state, name in enumerate(words.STATES)
    ]
    past = int(found.split.counts[..., DATE_PAST].sum())
    flagged = [] if scope.conceals else [words.past_sentence(past)]
    flagged += [] if scope.conceals else [words.undecided_sentence(found.split.undecided_tci)]
    caption = " ".join(text for text in (words.COUNT_NOT_FORECAST, *flagged) if text)
    title = words.undated_title(table.shown(-1, UNBOOKED), table.shown(-1, -1), found.passing)
    chart = ladder_chart(rungs, title=title, caption=caption)
    return show.card("ladder", chart, height=height(rungs), measures=_measures(found))


def _measures(found: Found) -> tuple[str, ...]:
    return (f"passing_{found.passing.weeks}_in_4_weeks", f"over_{found.passing.weeks}")


def _total(scope: Scope, found: Found) -> show.Card:
    """Without a split: the number, how exact it is, and why nobody can say who has a date."""
    table, estimate = of_bands(found.bands, found.passing), found.bands.estimate(found.passing)
    hidden = bool(table.hidden[-1, 0])
    exact = (
        ""
        if hidden
        else words.bounds_sentence(
            float(estimate.count[-1]), float(estimate.lower[-1]), float(estimate.upper[-1])
        )
    )
    monthly = scope.source == "monthly"
    why = words.NO_PATHWAYS if monthly else words.FOUR_WEEKS_ONLY if scope.conceals else words.NOT_HELD
    return show.table_card(
        words.COUNT_HEADING,
        *(html.P(text) for text in (exact, words.COUNT_NOT_FORECAST, why) if text),
        name="ladder",
    )


def _weeks(scope: Scope, found: Found) -> show.Card:
    by_split = found.split is not None and not scope.conceals
    bars = _weeks_of_split(found) if by_split else _weeks_of_bands(found)
    states = words.STATES if by_split else ()
    listed = "its patients" if _sees_patients(scope, found) else "everyone who has waited as long"
    chart = weeks_chart(
        [replace(bar, href=_of_week(scope, found, at)) for at, bar in enumerate(bars)],
        title=f"When they will breach {found.passing.weeks} weeks",
        caption="By the week in which they will breach; each week is named by its last day. Choose a "
        f"week to see {listed}.",
        columns=("Week to", f"Will breach {found.passing.weeks} weeks", *states),
    )
    return show.card("ladder-weeks", chart, height=HEIGHT_OF_WEEKS, measures=_measures(found))


def _sees_patients(scope: Scope, found: Found) -> bool:
    return found.split is not None and bool(to_list(scope, scope.functions))


def _of_week(scope: Scope, found: Found, week: int) -> str:
    """Who breaches in a week, the first being 0: its patients, or their week band for who may see none."""
    band = str(found.passing.weeks - 1 - week)
    if _sees_patients(scope, found):
        return to_list(scope, scope.functions, band=band)
    return to_shape(scope, scope.functions, band=band)


def _weeks_of_split(found: Found) -> list[WeekBar]:
    assert found.split is not None
    counts = states_of(found.split.counts.sum(axis=(0, 1)))
    return [
        WeekBar(
            name=date_text(day),
            count=float(week[-1]),
            shown=number_text(float(week[-1])),
            unbooked=float(week[UNBOOKED]),
            cells=tuple(number_text(float(cell)) for cell in week[:-1]),
        )
        for day, week in zip(week_ends(found.passing), counts, strict=True)
    ]


def _weeks_of_bands(found: Found) -> list[WeekBar]:
    bands = found.bands.bands[-1]
    counts = weeks_from_bands(bands, found.passing, open_band=found.bands.open_band)
    hidden = hides_a_band(found.bands.hidden_bands(), found.passing)
    return [
        WeekBar(
            name=date_text(day),
            count=None if gone else float(count),
            shown=count_words(float(count), hidden=bool(gone)),
        )
        for day, count, gone in zip(week_ends(found.passing), counts, hidden, strict=True)
    ]


def _specialties(scope: Scope, found: Found, table: Table | None) -> show.Card:
    columns: list[str] = ["Specialty", f"Will breach {found.passing.weeks} weeks"]
    note = [html.P(words.WHAT_COUNTS, className="rtt-small")] if table is not None else []
    if table is not None:
        columns += words.STATES
        rows = [_split_row(scope, found, table, row) for row in range(len(table.codes))]
    else:
        table = of_bands(found.bands, found.passing)
        lower, upper = _bounds(found)
        columns += [] if lower is None else ["At least", "At most"]
        rows = []
        for row, code in enumerate(table.codes):
            gone = bool(table.hidden[row, 0])
            ends = [] if lower is None or upper is None else [lower[row], upper[row]]
            cells = [count_words(float(end), hidden=gone) for end in ends]
            rows.append([_specialty(scope, code), _count(scope, found, table, row, 0), *cells])
    return show.table_card(
        "By specialty",
        show.Table(
            f"Who will {words.by_when(found.passing)}, by specialty",
            columns,
            rows,
            label="Patients who will breach by specialty, table",
            name="breaches",
            values=show.values_of(rows),
            worst=(1, "desc"),
        ),
        *note,
        name="ladder-specialties",
        as_csv=True,
    )


def _bounds(found: Found) -> tuple[Counts | None, Counts | None]:
    estimate = found.bands.estimate(found.passing)
    exact = np.array_equal(estimate.lower, estimate.upper)
    return (None, None) if exact else (estimate.lower, estimate.upper)


def _split_row(scope: Scope, found: Found, table: Table, row: int) -> list[Component]:
    code = table.codes[row]
    functions = scope.functions if code == TOTAL else (code,)
    cells: list[Component] = [table.shown(row, state) for state in range(len(words.STATES))]
    if table.counts[row, UNBOOKED]:
        name = "All specialties" if code == TOTAL else short_name_of(code)
        href = to_list(scope, functions, UNBOOKED)
        said = {"aria-label": f"{cells[UNBOOKED]} not booked, {name}: see the pathways"}
        cells[UNBOOKED] = show.link(cells[UNBOOKED], href, **said) if href else cells[UNBOOKED]
    return [_specialty(scope, code), _count(scope, found, table, row, -1), *cells]


def _count(scope: Scope, found: Found, table: Table, row: int, column: int) -> Component:
    """How many of a specialty pass, with a bar: a link to its patients, or to its list week by week."""
    code = table.codes[row]
    whole = code == TOTAL
    functions = scope.functions if whole else (code,)
    name = "all specialties" if whole else short_name_of(code)
    patients = to_list(scope, functions) if found.split else ""
    leads_to = "the patients" if patients else "the list week by week"
    label = f"{table.shown(row, column)}, {name}: see {leads_to}"
    linked = show.link(
        table.shown(row, column), patients or to_shape(scope, functions), **{"aria-label": label}
    )
    return linked if whole else html.Div([linked, _bar(table, row, column)])


def _specialty(scope: Scope, code: str) -> Component:
    if code == TOTAL:
        return "Total" if scope.functions else "All specialties"
    return show.link(short_name_of(code), to_query(scope.filters, tf=(code,)))


def _bar(table: Table, row: int, column: int) -> Component:
    """A count beside the largest of its column that is shown; none for one that is not."""
    seen = table.counts[:-1, column][~table.hidden[:-1, column]]
    count = None if table.hidden[row, column] else float(table.counts[row, column])
    return show.bar(count, float(max(seen, default=0.0)))


def _sites(scope: Scope, found: Found) -> show.Card:
    assert found.split is not None
    table = of_sites(scope, found.split, found.bands, found.passing)
    names = dict(scope.sites)
    states = () if scope.conceals else words.STATES
    rows: list[list[Component]] = []
    for row, code in enumerate(table.codes):
        name: Component = "Total"
        if code != TOTAL:
            name = show.link(names.get(code) or code, to_query(scope.filters, site=code))
        rows.append([name, _at_site(scope, table, row), *(table.shown(row, at) for at in range(len(states)))])
    return show.table_card(
        "By site",
        show.Table(
            f"Who will {words.by_when(found.passing)}, by site",
            ["Site", f"Will breach {found.passing.weeks} weeks", *states],
            rows,
            label="Patients who will breach by site, table",
            name="sites",
            values=show.values_of(rows),
            worst=(1, "desc"),
        ),
        name="ladder-sites",
        as_csv=True,
    )


def _at_site(scope: Scope, table: Table, row: int) -> Component:
    """How many of a site pass, with a bar; a link to its patients for who may see them."""
    code, shown = table.codes[row], table.shown(row, -1)
    if code == TOTAL:
        return shown
    patients = to_list(scope, scope.functions, site=code)
    said = {"aria-label": f"{shown}, {dict(scope.sites).get(code) or code}: see the patients"}
    cell = show.link(shown, patients, **said) if patients else shown
    return html.Div([cell, _bar(table, row, -1)])


def to_shape(scope: Scope, functions: tuple[str, ...], band: str = "") -> str:
    """The list of these specialties week by week, at one of its week bands: the way on for who sees no
    pathway, and of a monthly return.
    """
    return "/list" + to_query(for_another_page(scope.filters), tf=functions, band=band)


def to_list(
    scope: Scope, functions: tuple[str, ...], state: int | None = None, *, band: str = "", site: str = ""
) -> str:
    """The pathways of a state (None: of all who pass), for those who may see them; '' for everybody else."""
    filters = scope.filters
    if not scope.reader.sees_all_of(functions, site or filters.site):
        return ""
    return "/ptl" + to_query(
        for_another_page(filters),
        tf=functions,
        site=site or filters.site,
        threshold=filters.threshold or USUAL_WEEKS,
        horizon=filters.horizon or USUAL_HORIZON,
        booking="" if state is None else STATES_OF_ADDRESS[state],
        band=band,
    )
