"""A trust's own headings, date formats and codes, described in a small TOML file.

See docs/tracking-list.md for the file itself. Without one, the names of the data set hold. A mapping says how
to read a column; it never changes a rule of RTT.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ingest.extracts.ptl.date_texts import DATE_FORMATS
from ingest.extracts.ptl.fields import FIELDS, SECTIONS, WLMDS, plain
from ingest.files.problems import refuse, refuse_whole
from rtt.terms.calendar import SUNDAY

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Of a list's rows: ten times the 1 % from which a pack is stamped DRAFT would move a share by points.
MOST_LEFT_OUT = 0.05
# Welsh health boards, Scottish boards, Northern Irish boards, and the return's own word for them all.
NON_ENGLISH = ("NONC", "7A*", "S*", "ZC*")


@dataclass(frozen=True, slots=True)
class TrackingList:
    """How a trust writes its list. `columns`: plain heading to field; `codes`: field, theirs to ours."""

    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_formats: Sequence[str] = DATE_FORMATS
    files: Mapping[str, str] = field(default_factory=dict)  # section -> pattern of a file name
    provider: str | None = None
    provider_name: str | None = None
    sites: Mapping[str, str] = field(default_factory=dict)  # code -> name
    non_english: Sequence[str] = NON_ENGLISH
    week_ending: date | None = None
    sheet: str | None = None
    weekday: int = SUNDAY  # on which the list's week ends, Monday = 0
    no_date: Sequence[str] = ()  # words that stand for no date
    most_left_out: float = MOST_LEFT_OUT  # share of the rows above which the list is refused


PLAIN_WLMDS = TrackingList(columns=WLMDS)

_LIST_KEYS = {
    "provider",
    "provider_name",
    "date_formats",
    "non_english_commissioners",
    "week_ending",
    "sheet",
    "weekday",
    "no_date",
    "most_left_out",
}
_TABLES = {"list", "columns", "codes", "files", "sites"}
_CODE = re.compile(r"[A-Z0-9]{3,6}")
_SITE = re.compile(r"[A-Z0-9_-]{1,16}")
# What a format may hold: days, months and years, also of a weekday's name. A time of day is dropped unread.
_DIRECTIVE = re.compile(r"%(?:[-_0]?([dejmYy])|([bBhaAFDvx%]))")
_WHOLE_DATES = ("F", "D", "v", "x")


def read_mapping(path: Path | None) -> TrackingList:
    """The mapping in a TOML file; the data set's own names without one. Raises `Refused` for a faulty one."""
    if path is None:
        return PLAIN_WLMDS
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise refuse_whole(path.name, f"This mapping is no readable TOML ({type(error).__name__}).") from None
    return _checked(path.name, document)


def _checked(file: str, document: dict[str, Any]) -> TrackingList:
    _only(file, "", document, _TABLES)
    listed, columns, codes, files, sites = (
        _table(file, name, document.get(name, {})) for name in ("list", "columns", "codes", "files", "sites")
    )
    _only(file, "list", listed, _LIST_KEYS)
    _only(file, "files", files, set(SECTIONS))
    _only(file, "codes", codes, set(FIELDS))
    return TrackingList(
        columns=_columns(file, columns),
        codes={key: _codes(file, f"codes.{key}", table) for key, table in codes.items()},
        date_formats=_formats(file, "list.date_formats", listed.get("date_formats", DATE_FORMATS)),
        files={section: _text(file, f"files.{section}", pattern) for section, pattern in files.items()},
        provider=_provider(file, listed.get("provider")),
        provider_name=_text_or_none(file, "list.provider_name", listed.get("provider_name")),
        sites=_sites(file, sites),
        non_english=_texts(
            file, "list.non_english_commissioners", listed.get("non_english_commissioners", NON_ENGLISH)
        ),
        week_ending=_day(file, listed.get("week_ending")),
        sheet=_text_or_none(file, "list.sheet", listed.get("sheet")),
        weekday=_weekday(file, listed.get("weekday", "Sunday")),
        no_date=_texts(file, "list.no_date", listed.get("no_date", ())),
        most_left_out=_share(file, listed.get("most_left_out", MOST_LEFT_OUT)),
    )


def _only(file: str, table: str, given: Mapping[str, Any], known: set[str]) -> None:
    for key in given:
        if key not in known:
            place = f"{table}.{key}" if table else key
            raise refuse(file, field=place, expected="one of " + ", ".join(sorted(known)))


def _table(file: str, place: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise refuse(file, field=place, expected=f"a table, [{place}]")
    return given


def _columns(file: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Headings to fields. A field that is mapped is not looked for under the data set's name as well."""
    _only(file, "columns", given, set(FIELDS))
    mapped = {
        plain(heading): key
        for key, headings in given.items()
        for heading in _texts(file, f"columns.{key}", headings)
    }
    return {heading: key for heading, key in WLMDS.items() if key not in given} | mapped


def _codes(file: str, place: str, given: Any) -> dict[str, str]:
    """Theirs to ours. A code may be written as a number: R = 1."""
    codes = {}
    for theirs, ours in _table(file, place, given).items():
        if not isinstance(ours, str | int) or isinstance(ours, bool):
            raise refuse(file, field=f"{place}.{theirs}", expected="a code, such as 1 in quotes")
        codes[theirs.strip().upper()] = str(ours).strip().upper()
    return codes


def _sites(file: str, given: Mapping[str, Any]) -> dict[str, str]:
    names = {code.strip().upper(): _text(file, f"sites.{code}", name) for code, name in given.items()}
    for code in names:
        if not _SITE.fullmatch(code):
            raise refuse(file, field="sites", expected="a site's code of letters and digits, such as R9A01")
    return names


def _formats(file: str, place: str, given: Any) -> tuple[str, ...]:
    formats = _texts(file, place, given)
    for written in formats:
        if not _is_whole_date(written):
            expected = "day, month and year, such as %d/%m/%Y, without a time of day, which is dropped"
            raise refuse(file, field=place, expected=expected, value=written)
    return formats


def _is_whole_date(written: str) -> bool:
    found = {number or word for number, word in _DIRECTIVE.findall(written)}
    if "%" in _DIRECTIVE.sub("", written):
        return False
    day = "j" in found or (found & {"d", "e"} and found & {"m", "b", "B", "h"})
    return bool(found & {*_WHOLE_DATES} or (found & {"Y", "y"} and day))


def _texts(file: str, place: str, given: Any) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise refuse(file, field=place, expected="a text or a list of texts")
    return tuple(texts)


def _text(file: str, place: str, given: Any) -> str:
    if not isinstance(given, str) or not given.isprintable():
        raise refuse(file, field=place, expected="a text of one line, in quotes")
    return given


def _text_or_none(file: str, place: str, given: Any) -> str | None:
    return None if given is None else _text(file, place, given)


def _provider(file: str, given: Any) -> str | None:
    code = None if given is None else _text(file, "list.provider", given).strip().upper()
    if code is not None and not _CODE.fullmatch(code):
        raise refuse(file, field="list.provider", expected="a provider's code, such as R9A")
    return code


def _weekday(file: str, given: Any) -> int:
    found = [number for number, name in enumerate(WEEKDAYS) if str(given).strip().lower() == name.lower()]
    if not found:
        raise refuse(file, field="list.weekday", expected='a day of the week in quotes, such as "Thursday"')
    return found[0]


def _share(file: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise refuse(file, field="list.most_left_out", expected="a share from 0 to 1, such as 0.05")
    return float(given)


def _day(file: str, given: Any) -> date | None:
    if given is None or (isinstance(given, date) and type(given) is date):
        return given
    raise refuse(file, field="list.week_ending", expected="a date without quotes, such as 2026-11-15")
