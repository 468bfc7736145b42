"""What a reader has chosen: parsed from the address bar, shown in the controls, applied in queries.

The address is the only state: a link pasted elsewhere draws the same figures. `Filters` is what the address
says; `resolve` holds it against what the database has and says what it had to change. No SQL here, and no
component: a new filter is one field of `Filters`, one control and one condition in `dashboard.store`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from rtt.measures.will_breach import MOST_WEEKS, THRESHOLDS
from rtt.terms.calendar import month_end
from rtt.terms.text_edges import one_line, xml_text
from rtt.terms.treatment_functions import return_row
from rtt.terms.waits import OPEN_BAND

LIST_ONLY = (
    "no-date",
    "passed-52",
    "date-late",
    "no-start",
    "unvalidated",
    "status_99",
    "no_status",
    "tci_in_past",
    "tci_without_dta",
    "admitted_without_dta",
    "dta_not_admitted",
    "unknown_priority",
)
"""What the patient list can be narrowed to, several at once; the last ones are checks of data quality."""
LIST_COLUMNS = (
    "urgency",
    "token",
    "waited",
    "breach",
    "breach52",
    "start",
    "priority",
    "stage",
    "specialty",
    "site",
    "dta",
    "date",
    "appointment",
    "tci",
    "event",
    "status",
    "deprivation",
    "flags",
)
"""The columns of the patient list, in their order."""
LEVELS = ("england", "region", "icb", "provider", "commissioner")
LEVELS_OF_KIND = ("provider", "icb")
"""Where providers are shown or chosen among, so that their kind matters; beside `peers`."""
SOURCES = ("monthly", "weekly")
THEN = "then"
"""Of `history`: organisations as they were in each month, and not as they are now."""
EVERY = "all"
"""Of `points`: every census held."""
SPRINT, VALIDATION = "10:2025-04-01:2025-06-30", "5:18:2025-06-30"


def _one_of(*values: str) -> Any:
    return field(default="", metadata={"values": values})


def _some_of(*values: str) -> Any:
    return field(default=(), metadata={"several": values})


def _number(*, most: int) -> Any:
    return field(default="", metadata={"most": most})


def _amount(least: float, most: float) -> Any:
    return field(default="", metadata={"between": (least, most)})


def _told(example: str) -> Any:
    """Several values in one, with colons: of the kinds of the example."""
    return field(default="", metadata={"like": example})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every choice, by the name it has in the address. An empty value means "not chosen"."""

    data: str = _one_of("sample")  # where there are own data too; see dashboard/store/served.py
    source: str = _one_of(*SOURCES)
    level: str = _one_of(*LEVELS)
    org: str = ""
    kind: str = _one_of("nhs", "independent")
    group: str = ""
    site: str = ""
    tf: tuple[str, ...] = ()
    pathway: str = _one_of("admitted", "non-admitted", "dta")
    priority: str = _one_of("1", "2", "3", "unknown")
    census: date | None = None
    history: str = _one_of("now", THEN)  # organisations that merged: added up, or each as it was
    audience: str = _one_of("public", "internal")  # of packs and of files of a chart; not chosen means public
    compare: str = _one_of("previous", "quarter", "year")
    band: str = _one_of(*(str(band) for band in range(OPEN_BAND + 1)))
    measure: str = ""
    basis: str = ""  # on which a figure is counted, and the one it is held against: see rtt/measures/bases.py
    against: str = ""
    view: str = _one_of("change", "level", "limits", "all")
    points: str = _one_of("12", "24", "36", EVERY)
    since: str = _one_of("2007")  # with NHS England's published series, or its figures of an organisation
    limits: str = _one_of("95", "99.8")
    peers: str = _one_of("specialties", "providers")
    beside: tuple[str, ...] = ()  # codes of places drawn beside the scope: see dashboard/scope/beside.py
    add: str = ""  # one more of them, by its code or some of its name
    map: str = ""  # the measure of the map of ICBs
    among: str = ""  # how peers over time are chosen: see dashboard/analysis/peers.py
    rows: str = _one_of("specialties", "organisations", "trusts")
    threshold: str = _one_of(*(str(weeks) for weeks in THRESHOLDS))
    booking: str = _one_of("in-time", "too-late", "appointment", "none")
    only: tuple[str, ...] = _some_of(*LIST_ONLY)
    columns: tuple[str, ...] = _some_of(*LIST_COLUMNS)
    size: str = _one_of("25", "50", "100")  # rows on a page of the patient list
    selected: str = ""  # a list of tokens that the server keeps for its reader; see store/selections.py
    open: str = _number(most=100)  # the row of the page whose history is shown
    keys: str = _one_of("on", "off")  # shortcuts of the keyboard
    page: str = _number(most=10_000)
    nonc: str = _one_of("with")
    slots: str = _number(most=500)  # to book, or of a plan a week: see dashboard/scope/slots_question.py
    order: str = _one_of("next")  # in which a plan gives its slots out; not chosen: the longest wait first
    left: str = _number(most=10_000)  # at most so many may still breach
    week: str = _number(most=MOST_WEEKS)  # of a plan: whose slots are looked at
    sort: tuple[str, ...] = ()  # of each table: its name, column and direction, "specialties.waiting.desc"
    find: str = ""  # rows of one table by their words: "specialties.eye"
    tab: tuple[str, ...] = ()  # of each card whose chart is not on show: "ladder.table"
    horizon: str = _one_of("month", *(str(weeks) for weeks in range(1, MOST_WEEKS + 1)))
    show: str = _one_of("who", "expected", "since", "projection", "record")  # the tab of Breaches
    # What a plan asks, in per cent: see dashboard/scope/question.py.
    target: str = _amount(0, 100)  # within 18 weeks; 0: none, but a limit of those over 52
    due: date | None = None
    most52: str = _amount(0, 100)  # of the list, at most, over 52 weeks
    stops: str = _amount(-50, 100)  # more clock stops a week
    growth: str = _amount(-20, 20)  # of clock starts a year
    removals: str = _amount(0, 3)  # times as many
    longest: str = _amount(0, 100)  # of the stops of now that go to the longest waiters
    sprint: str = _told(SPRINT)  # more stops from a day to a day
    validate: str = _told(VALIDATION)  # of those over some weeks, taken off on a day
    scenarios: tuple[str, ...] = ()  # numbers of saved scenarios that are compared
    # The reader's own places where nobody signs in: dashboard/places.py has what each text says.
    places: tuple[str, ...] = ()

    @property
    def compares_providers(self) -> bool:
        """Whether Specialties compares providers: on request, and wherever a specialty is chosen."""
        return self.peers == "providers" or bool(self.tf and self.peers != "specialties")


_NOTHING = Filters()
NAMES = tuple(item.name for item in fields(Filters))
OF_A_PAGE = (
    "band",
    "measure",
    "basis",
    "against",
    "view",
    "points",
    "since",
    "limits",
    "peers",
    "add",
    "map",
    "among",
    "rows",
    "threshold",
    "horizon",
    "booking",
    "only",
    "columns",
    "size",
    "selected",
    "open",
    "keys",
    "page",
    "nonc",
    "slots",
    "order",
    "left",
    "week",
    "show",
    "sort",
    "find",
    "tab",
    "target",
    "due",
    "most52",
    "stops",
    "growth",
    "removals",
    "longest",
    "sprint",
    "validate",
    "scenarios",
)
"""Settings of one page, which do not go along to another."""

_AMOUNT = re.compile(r"[-+]?[0-9]{1,4}(\.[0-9]{1,4})?")
_MOST_FIELDS = 60
MOST_PLACES, PLACES_LENGTH = 50, 2400
"""A server refuses the address of a page beyond 4,094 bytes."""


def from_query(search: str) -> tuple[Filters, list[str]]:
    """The filters an address asks for, and a sentence for each value that says nothing we know."""
    try:
        given = dict(parse_qsl(search.removeprefix("?"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return Filters(), ["The address holds too many filters to read; everything is shown."]
    notices = [
        f"“{xml_text(name)[:80]}” is not a filter of this page and was ignored."
        for name in given
        if name not in NAMES
    ]
    values: dict[str, Any] = {}
    for item in fields(Filters):
        if item.name in given:
            value, notice = _parsed(item.name, given[item.name], item.metadata)
            if notice:
                notices.append(notice)
            else:
                values[item.name] = value
    return Filters(**values), notices


def _parsed(name: str, text: str, metadata: Mapping[str, Any]) -> tuple[Any, str | None]:
    if "\0" in text:
        return "", f"“{name}” holds a character that no text has and was ignored."
    if name == "places":
        places = tuple(dict.fromkeys(each for each in one_line(text).split(",") if each))
        return places[:MOST_PLACES] if len(text) <= PLACES_LENGTH else (), None
    text = one_line(text)[:200]
    if "values" in metadata:
        known = text in metadata["values"]
        return text, None if known else f"“{text}” is not a choice of “{name}” and was ignored."
    if "several" in metadata:
        asked = text.split(",")
        unknown = [each for each in asked if each not in metadata["several"]]
        if unknown:
            return (), f"“{unknown[0]}” is not a choice of “{name}” and was ignored."
        return tuple(each for each in metadata["several"] if each in asked), None
    if fault := _fault_of_number(name, text, metadata):
        return text, fault
    if name == "tf":
        # "110" and "c_110" mean the row of the return that a trust's own code belongs to.
        return tuple(dict.fromkeys(return_row(code) or code for code in text.split(",") if code)), None
    if name in ("sort", "tab", "beside", "scenarios"):
        return tuple(dict.fromkeys(each for each in text.split(",") if each)), None
    if name in ("census", "due"):
        return _parsed_date(text)
    return text, None


def _fault_of_number(name: str, text: str, metadata: Mapping[str, Any]) -> str | None:
    """What is wrong with a number, or several values in one; None where nothing is."""
    if "most" in metadata:
        known = text.isascii() and text.isdigit() and 1 <= int(text) <= metadata["most"]
        return None if known else f"“{text}” is not a number for “{name}” and was ignored."
    if "like" in metadata and not _is_like(text, metadata["like"]):
        return f"“{text}” is not a value for “{name}” such as {metadata['like']} and was ignored."
    if "between" in metadata:
        least, most = metadata["between"]
        if not _AMOUNT.fullmatch(text):
            return f"“{text}” is not a number for “{name}” and was ignored."
        if not least <= float(text) <= most:
            return f"“{name}” can be {least:g} to {most:g}, so “{text}” was ignored."
    return None


def _is_like(text: str, example: str) -> bool:
    """Whether a text has the parts of an example: numbers up to 100 (whole where it has one after the first),
    and dates.
    """
    given, wanted = text.split(":"), example.split(":")
    if len(given) != len(wanted) or not _AMOUNT.fullmatch(given[0]) or not -50 <= float(given[0]) <= 100:
        return False
    for part, like in zip(given[1:], wanted[1:], strict=True):
        if like.isdigit():
            if not (part.isascii() and part.isdigit() and int(part) <= OPEN_BAND):
                return False
        elif _parsed_date(part)[1] is not None or len(part) != len(like):
            return False
    return True


def _parsed_date(text: str) -> tuple[date | None, str | None]:
    try:
        if len(text) == 7:
            # A month, 2025-03, is its last day.
            return month_end(date(int(text[:4]), int(text[5:]), 1)), None
        return date.fromisoformat(text), None
    except ValueError:
        return None, f"“{text}” is not a date such as 2025-03 or 2025-03-31 and was ignored."


@lru_cache(maxsize=1024)
def for_another_page(filters: Filters) -> Filters:
    """What goes along to another page: the scope, without the settings of this one."""
    kind = filters.kind if filters.level in LEVELS_OF_KIND else ""
    settings: dict[str, Any] = {name: getattr(_NOTHING, name) for name in OF_A_PAGE}
    return replace(filters, **settings, kind=kind)


_DEFAULTS = {each.name: None if each.default is MISSING else each.default for each in fields(Filters)}
_PLACES = {name: place for place, name in enumerate(_DEFAULTS)}


def to_query(filters: Filters, **changes: Any) -> str:
    """The address's query for these filters, "?org=RTD&tf=C_110", or "" when nothing is chosen."""
    chosen = _chosen(filters)
    if changes:
        chosen = chosen | {name: _part(name, value) for name, value in changes.items()}
    parts = [chosen[name] for name in (sorted(chosen, key=_PLACES.__getitem__) if changes else chosen)]
    query = "&".join(filter(None, parts))
    return f"?{query}" if query else ""


@lru_cache(maxsize=8192)
def _chosen(filters: Filters) -> dict[str, str]:
    """Filter -> its part of the address, of those that are chosen, in their order. Not to be changed."""
    return {name: part for name in _DEFAULTS if (part := _part(name, getattr(filters, name)))}


@lru_cache(maxsize=8192, typed=True)
def _part(name: str, value: Any) -> str:
    return "" if value == _DEFAULTS[name] else urlencode({name: _written(value)}, safe=",")


def each_query(filters: Filters, name: str, values: Iterable[str], **changes: Any) -> list[str]:
    """`to_query` for each value of one filter, at the price of one: a chart has a hundred bars."""
    mark = "\N{OBJECT REPLACEMENT CHARACTER}"
    query = to_query(filters, **{**changes, name: mark})
    before, _, after = query.partition(quote(mark))
    return [f"{before}{quote(value, safe=',')}{after}" for value in values]


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)
