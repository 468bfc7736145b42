"""The columns of the patient list: what each says on the page, short, and in a file, in full.

A cell is blank where there is nothing to say: no date, no flag, a priority that is not known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.filters import LIST_COLUMNS
from dashboard.layouts.frame import html
from dashboard.store.pathways import Pathway
from rtt.findings.book_next import APART_WITH_DECISION, APART_WITHOUT, urgency_words
from rtt.measures.data_quality import BY_KEY
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.waits import breach_date
from rtt.terms.wording import date_text, plural, wait_text

Component = Any
Value = str | int | date | None

SHORT_FLAGS = {
    "no_clock_start": "No start",
    "status_99": "S99",
    "no_status": "No status",
    "unknown_priority": "No pri",
    "tci_in_past": "TCI past",
    "tci_without_dta": "TCI, no DTA",
    "admitted_without_dta": "Adm, no DTA",
    "dta_not_admitted": "DTA, not adm",
    "unvalidated": "NV",
}
"""What stands in a row for a check of data quality that its pathway fails."""

# NHS Data Dictionary, REFERRAL TO TREATMENT PERIOD STATUS.
STATUSES = {
    "10": "first activity",
    "11": "active monitoring ended",
    "12": "consultant’s new referral",
    "20": "later activity",
    "21": "transferred to another provider",
    "30": "first treatment",
    "31": "active monitoring begun by patient",
    "32": "active monitoring begun by clinician",
    "33": "did not attend first appointment",
    "34": "decision not to treat",
    "35": "patient declined treatment",
    "36": "patient died",
    "90": "after treatment",
    "91": "under active monitoring",
    "92": "not yet referred",
    "98": "not covered by RTT",
    "99": "not yet known",
}


@dataclass(frozen=True, slots=True)
class On:
    """The list that a row stands on: its day, and the threshold in weeks that a breach is told for."""

    census: date
    weeks: int


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` on the page, `name` in files and where columns are chosen; `sort` is its name in `Order`."""

    key: str
    heading: str
    name: str
    cell: Callable[[Pathway, On], Component]
    value: Callable[[Pathway, On], Value]
    sort: str = ""
    falls: bool = False  # whether the first press on its heading sorts downwards


def days_to_breach(pathway: Pathway, on: On) -> int | None:
    """Days from the list to the first day over the threshold; negative once that has passed."""
    if pathway.clock_start is None:
        return None
    return (breach_date(pathway.clock_start, on.weeks) - on.census).days


def breach_words(days: int | None) -> str:
    """ "breaches in 4 days", "breached 12 days ago", "no clock start"."""
    if days is None:
        return "no clock start"
    if days > 0:
        return f"breaches in {plural(days, 'day')}"
    return f"breached {plural(-days, 'day')} ago" if days else "breached today"


def _urgency(pathway: Pathway, on: On) -> Component:
    days = days_to_breach(pathway, on)
    soon = days is not None and 0 < days <= 28
    return html.Span(breach_words(days), className="rtt-soon") if soon else breach_words(days)


def _waited(pathway: Pathway, _on: On) -> str:
    if pathway.days_waited is None:
        return ""
    weeks, days = divmod(pathway.days_waited, 7)
    return f"{weeks}w {days}d"


def _breach(weeks: int | None) -> Callable[[Pathway, On], date | None]:
    """The first day over so many weeks; None: over the threshold of the page."""

    def day(pathway: Pathway, on: On) -> date | None:
        return None if pathway.clock_start is None else breach_date(pathway.clock_start, weeks or on.weeks)

    return day


def priority_words(pathway: Pathway) -> str:
    """ "P2, within 1 month"; "P6, not ordered"; '' for not known."""
    if pathway.urgency == APART_WITH_DECISION and pathway.procedure_priority:
        return f"{pathway.procedure_priority}, not ordered"
    unknown = pathway.urgency in (APART_WITH_DECISION, APART_WITHOUT)
    return "" if unknown else urgency_words(pathway.urgency)


def _priority(pathway: Pathway, _on: On) -> Component:
    words = priority_words(pathway)
    short, comma, _ = words.partition(", ")
    return html.Abbr(short, title=words) if comma else words


def flag_words(flags: str) -> str:
    """The checks that a pathway failed, by name; '' if it passed all."""
    return "; ".join(BY_KEY[key].name if key in BY_KEY else key for key in flags.split())


def _flags(pathway: Pathway, _on: On) -> Component:
    marks: list[Component] = []
    for key in pathway.flags.split():
        name = BY_KEY[key].name if key in BY_KEY else key
        marks += [" ", html.Abbr(SHORT_FLAGS.get(key, key), title=name, className="rtt-flag")]
    return marks[1:]


def _event(pathway: Pathway) -> str:
    day = f", {date_text(pathway.last_event_date)}" if pathway.last_event_date else ""
    return f"{pathway.last_event.capitalize()}{day}" if pathway.last_event else ""


def status_words(code: str) -> str:
    """ "20, later activity"."""
    return f"{code}, {STATUSES[code]}" if code in STATUSES else code


def _status(pathway: Pathway, _on: On) -> Component:
    code = pathway.rtt_status
    return html.Abbr(code, title=status_words(code)) if code in STATUSES else code


def _admission(pathway: Pathway, on: On) -> Component:
    if pathway.tci_date is None or pathway.tci_date >= on.census:
        return _day(pathway.tci_date)
    return f"{_day(pathway.tci_date)} (past)"


def _counts(pathway: Pathway, on: On) -> date | None:
    """The date that counts as a booking (`rtt.terms.booking`), if it is still to come."""
    day = pathway.tci_date if pathway.decision_to_admit else pathway.next_appointment
    return None if day is None or day < on.census else day


def _date(pathway: Pathway, on: On) -> str:
    """ "13 Mar 2026, TCI", "1 Apr 2026, appt"."""
    day = _counts(pathway, on)
    return f"{date_text(day)}, {'TCI' if pathway.decision_to_admit else 'appt'}" if day else ""


def _day(day: date | None) -> str:
    return date_text(day) if day else ""


def _text(key: str, heading: str, name: str, text: Callable[[Pathway], str], sort: str = "") -> Column:
    return Column(key, heading, name, lambda p, _: text(p), lambda p, _: text(p), sort)


def _dated(
    key: str, heading: str, name: str, day: Callable[[Pathway, On], date | None], sort: str = ""
) -> Column:
    return Column(key, heading, name, lambda p, on: _day(day(p, on)), day, sort)


def _wait_words(pathway: Pathway, _on: On) -> str:
    return "" if pathway.days_waited is None else wait_text(pathway.days_waited)


_COLUMNS = (
    Column(
        "urgency", "{weeks}-week breach", "Days to {weeks}-week breach", _urgency, days_to_breach, "breach"
    ),
    _text("token", "Token", "Token", lambda p: p.token),
    Column("waited", "Waited", "Waited", _waited, _wait_words, "waited", falls=True),
    _dated("breach", "Breach date", "Breaches {weeks} weeks", _breach(None)),
    _dated("breach52", "52 weeks on", "Breaches 52 weeks", _breach(52)),
    _dated("start", "Clock start", "Clock start", lambda p, _: p.clock_start),
    Column(
        "priority", "Priority", "Clinical priority", _priority, lambda p, _: priority_words(p), "priority"
    ),
    _text("stage", "Stage", "Stage", lambda p: p.stage.capitalize(), "stage"),
    _text("specialty", "Specialty", "Specialty", lambda p: short_name_of(p.treatment_function), "specialty"),
    _text("site", "Site", "Site", lambda p: p.site_code, "site"),
    _dated("dta", "Decision", "Decision to admit", lambda p, _: p.decision_to_admit),
    Column("date", "Next date", "Date that counts", _date, _counts, "date"),
    _dated("appointment", "Appointment", "Next appointment", lambda p, _: p.next_appointment),
    Column("tci", "Admission", "Admission date (TCI)", _admission, lambda p, _: p.tci_date),
    _text("event", "Last event", "Last event", _event),
    Column("status", "Status", "RTT status", _status, lambda p, _: status_words(p.rtt_status)),
    _text("deprivation", "Deprivation", "Deprivation group", lambda p: p.deprivation),
    Column("flags", "Flags", "Flags", _flags, lambda p, _: flag_words(p.flags)),
)
BY_COLUMN = {column.key: column for column in _COLUMNS}
COLUMNS = tuple(BY_COLUMN[key] for key in LIST_COLUMNS)


def in_words(text: str, on: On) -> str:
    """A heading or a name with its threshold."""
    return text.format(weeks=on.weeks)


def file_rows(pathways: Iterable[Pathway], keys: Iterable[str], on: On) -> list[list[Value]]:
    """The head and the rows of a file, the token first; dates are dates."""
    columns = [BY_COLUMN["token"], *(BY_COLUMN[key] for key in keys if key != "token")]
    head: list[Value] = [in_words(column.name, on) for column in columns]
    return [head, *([column.value(pathway, on) for column in columns] for pathway in pathways)]
