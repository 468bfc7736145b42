"""A trust's own headings, date formats and codes, described in a small TOML file.

See docs/tracking-list.md for the file itself. Without one, the names of the data set hold. A mapping says how
to read a column; it never changes a rule of RTT.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ingest.extracts.ptl_fields import FIELDS, SECTIONS, WLMDS, plain
from ingest.problems import refuse

DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d-%b-%Y", "%d %b %Y", "%Y%m%d", "%d.%m.%Y")
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


PLAIN_WLMDS = TrackingList(columns=WLMDS)

_LIST_KEYS = {
    "provider",
    "provider_name",
    "date_formats",
    "non_english_commissioners",
    "week_ending",
    "sheet",
}
_TABLES = {"list", "columns", "codes", "files", "sites"}


def read_mapping(path: Path | None) -> TrackingList:
    """The mapping in a TOML file; the data set's own names without one. Raises `Refused` for a faulty one."""
    if path is None:
        return PLAIN_WLMDS
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refuse(path.name, expected="a readable TOML mapping", value=type(error).__name__) from None
    return _checked(path.name, document)


def _checked(file: str, document: dict[str, Any]) -> TrackingList:
    _only(file, "", document, _TABLES)
    for table in document:
        if not isinstance(document[table], dict):
            raise refuse(file, field=table, expected=f"a table, [{table}]")
    listed = document.get("list", {})
    _only(file, "list", listed, _LIST_KEYS)
    _only(file, "files", document.get("files", {}), set(SECTIONS))
    _only(file, "codes", document.get("codes", {}), set(FIELDS))
    return TrackingList(
        columns=_columns(file, document.get("columns", {})),
        codes=_codes(document.get("codes", {})),
        date_formats=_texts(file, "list.date_formats", listed.get("date_formats", DATE_FORMATS)),
        files={section: str(pattern) for section, pattern in document.get("files", {}).items()},
        provider=_code(listed.get("provider")),
        provider_name=listed.get("provider_name"),
        sites={code.strip().upper(): str(name) for code, name in document.get("sites", {}).items()},
        non_english=_texts(
            file, "list.non_english_commissioners", listed.get("non_english_commissioners", NON_ENGLISH)
        ),
        week_ending=_day(file, listed.get("week_ending")),
        sheet=listed.get("sheet"),
    )


def _only(file: str, table: str, given: Mapping[str, Any], known: set[str]) -> None:
    for key in given:
        if key not in known:
            place = f"{table}.{key}" if table else key
            raise refuse(file, field=place, expected="one of " + ", ".join(sorted(known)))


def _columns(file: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Headings to fields. A field that is mapped is not looked for under the data set's name as well."""
    _only(file, "columns", given, set(FIELDS))
    mapped = {
        plain(heading): key
        for key, headings in given.items()
        for heading in _texts(file, f"columns.{key}", [headings] if isinstance(headings, str) else headings)
    }
    return {heading: key for heading, key in WLMDS.items() if key not in given} | mapped


def _codes(given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    return {
        key: {str(theirs).strip().upper(): str(ours).strip().upper() for theirs, ours in table.items()}
        for key, table in given.items()
    }


def _texts(file: str, place: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(text, str) for text in given):
        raise refuse(file, field=place, expected="a text or a list of texts")
    return tuple(given)


def _code(given: Any) -> str | None:
    return None if given is None else str(given).strip().upper()


def _day(file: str, given: Any) -> date | None:
    if given is None or (isinstance(given, date) and type(given) is date):
        return given
    raise refuse(file, field="list.week_ending", expected="a date without quotes, such as 2026-11-15")
