"""An opened row: which kept lists the pathway has been on, and what changed from each to the next."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.ptl.columns import BY_COLUMN, On, flag_words, priority_words, status_words
from dashboard.store.pathway_history import OnList
from dashboard.store.pathways import Pathway
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text, list_text, plural, wait_text

Component = Any
_COLUMNS = ("List", "Waited", "Status", "Appointment", "Admission date (TCI)", "Last event", "What changed")


def history(kept: Sequence[OnList], on: On) -> Component:
    """How long it has been on lists, in a sentence, and a line for each list, newest first."""
    there = [each for each in kept if each.pathway is not None]
    start = kept.index(there[0])
    since_then = zip([kept[start - 1] if start else None, *kept[start:]], kept[start:], strict=False)
    rows = [_row(each, before, on) for before, each in since_then]
    first, newest = there[0].pathway, there[-1].pathway
    assert newest is not None
    assert first is not None
    since = f"first on {date_text(there[0].census)}"
    if there[0] is kept[0] and len(kept) > 1:
        since = "the oldest of them included"
    return html.Section(
        [
            html.P(
                [
                    html.Strong(f"{newest.token}: "),
                    f"on {len(there)} of the {plural(len(kept), 'list')} still kept, {since}. {_lost(kept)}",
                ]
            ),
            show.scrolling(
                show.table("History by list", _COLUMNS, rows[::-1], text_columns=len(_COLUMNS)),
                label="History by list, table",
            ),
        ],
        **attributes(aria_label=f"History of {newest.token}"),
    )


def _row(now: OnList, before: OnList | None, on: On) -> list[Component]:
    pathway = now.pathway
    if pathway is None:
        return [date_text(now.census), "", "", "", "", "", "Not on this list, or outside your services"]
    then = On(now.census, on.weeks)
    waited = "" if pathway.days_waited is None else wait_text(pathway.days_waited)
    changed = "The oldest list kept" if before is None else "; ".join(changes(before, pathway, now.census))
    shown = [BY_COLUMN[key].cell(pathway, then) for key in ("appointment", "tci", "event")]
    return [date_text(now.census), waited, status_words(pathway.rtt_status), *shown, changed]


def changes(before: OnList, now: Pathway, census: date) -> list[str]:
    """What changed between two lists: dates given, moved and lost, then status, place, priority, flags."""
    then = before.pathway
    if then is None:
        return [f"Not on the list of {date_text(before.census)}, or outside your services"]
    return [*_dates(then, now, census), *_others(then, now)]


def _dates(before: Pathway, now: Pathway, census: date) -> Iterator[str]:
    for name, then, today in (
        ("Appointment", before.next_appointment, now.next_appointment),
        ("Admission date", before.tci_date, now.tci_date),
    ):
        if then == today:
            continue
        if then is None:
            assert today is not None
            yield f"{name} given: {date_text(today)}"
        elif today is not None:
            yield f"{name} moved from {date_text(then)} to {date_text(today)}"
        else:
            # A day that has come may have been kept; one still to come was lost.
            yield f"{name} of {date_text(then)} {'lost' if then > census else 'passed'}"


def _others(before: Pathway, now: Pathway) -> Iterator[str]:
    if before.decision_to_admit is None and now.decision_to_admit is not None:
        yield f"Decision to admit on {date_text(now.decision_to_admit)}"
    if before.rtt_status != now.rtt_status:
        yield f"Status {before.rtt_status or 'blank'} to {now.rtt_status or 'blank'}"
    if before.clock_start != now.clock_start:
        yield "Clock start changed"
    for name, then, today in (
        ("Stage", before.stage, now.stage),
        ("Specialty", short_name_of(before.treatment_function), short_name_of(now.treatment_function)),
        ("Site", before.site_code, now.site_code),
        ("Priority", priority_words(before), priority_words(now)),
    ):
        if then != today:
            yield f"{name}: {then or 'not known'} to {today or 'not known'}"
    gained = set(now.flags.split()) - set(before.flags.split())
    if gained:
        yield f"Flagged: {flag_words(' '.join(sorted(gained)))}"


def _lost(kept: Sequence[OnList]) -> str:
    """ "Dates lost or moved: 2 (15 Nov 2026 and 22 Nov 2026)." '' for none."""
    days = [
        now.census
        for before, now in pairwise(kept)
        if before.pathway is not None and now.pathway is not None
        for words in _dates(before.pathway, now.pathway, now.census)
        if " lost" in words or " moved" in words
    ]
    if not days:
        return "No date was lost or moved between them."
    return f"Dates lost or moved: {len(days)}, by the {list_text([date_text(day) for day in days])} list."
