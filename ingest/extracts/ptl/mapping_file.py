"""A trust's own headings, date formats and codes, from a small TOML file: see docs/tracking-list.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from ingest.extracts.ptl.fields import FIELDS, SECTIONS, WLMDS, plain
from ingest.extracts.ptl.mapping import WEEKDAYS, TrackingList
from ingest.files.problems import refuse, refuse_whole

_CODE = re.compile(r"[A-Z0-9]{3,6}")
_SITE = re.compile(r"[A-Z0-9_-]{1,16}")
# What a format may hold: days, months and years, also of a weekday's name. A time of day is dropped unread.
_DIRECTIVE = re.compile(r"%(?:[-_0]?([dejmYy])|([bBhaAFDvx%]))")
_WHOLE_DATES = ("F", "D", "v", "x")


def mapping_in(path: Path) -> TrackingList:
    """The mapping in a TOML file. Raises `Refused` for a faulty one."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise refuse_whole(
            path.name, f"This mapping is not readable TOML ({type(error).__name__})."
        ) from None
    try:
        return _tracking_list(_Tables.model_validate(document))
    except ValidationError as error:
        fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"] if part not in ("[key]", ""))
    expected, value = f"a table, [{place}]", None
    if fault["type"] == "value_error":
        expected, value = (*fault["ctx"]["error"].args, None)[:2]
    elif fault["type"] == "extra_forbidden":
        model = _List if place.startswith("list.") else _Tables
        expected = "one of " + ", ".join(
            sorted(str(each.validation_alias or name) for name, each in model.model_fields.items())
        )
    raise refuse(path.name, field=place, expected=expected, value=value)


def _tracking_list(tables: _Tables) -> TrackingList:
    # A field that is mapped is not looked for under the data set's name as well.
    columns = {heading: key for heading, key in WLMDS.items() if key not in tables.columns}
    columns |= {plain(heading): key for key, headings in tables.columns.items() for heading in headings}
    return TrackingList(
        columns, tables.codes, tables.files, tables.sites, **tables.list.model_dump(exclude_unset=True)
    )


def _text(given: Any) -> str:
    if not isinstance(given, str) or not given.isprintable():
        raise ValueError("a text of one line, in quotes")
    return given


def _texts(given: Any) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a text or a list of texts")
    return tuple(texts)


def _formats(given: Any) -> tuple[str, ...]:
    for written in (formats := _texts(given)):
        if not _is_whole_date(written):
            expected = "day, month and year, such as %d/%m/%Y, without a time of day, which is dropped"
            raise ValueError(expected, written)
    return formats


def _is_whole_date(written: str) -> bool:
    found = {number or word for number, word in _DIRECTIVE.findall(written)}
    if "%" in _DIRECTIVE.sub("", written):
        return False
    day = "j" in found or (found & {"d", "e"} and found & {"m", "b", "B", "h"})
    return bool(found & {*_WHOLE_DATES} or (found & {"Y", "y"} and day))


def _provider(given: Any) -> str:
    if not _CODE.fullmatch(code := _text(given).strip().upper()):
        raise ValueError("a provider's code, such as R9A")
    return code


def _weekday(given: Any) -> int:
    found = [number for number, name in enumerate(WEEKDAYS) if str(given).strip().lower() == name.lower()]
    if not found:
        raise ValueError('a day of the week in quotes, such as "Thursday"')
    return found[0]


def _share(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise ValueError("a share from 0 to 1, such as 0.05")
    return float(given)


def _day(given: Any) -> date:
    if type(given) is not date:
        raise ValueError("a date without quotes, such as 2026-11-15")
    return given


def _code(given: Any) -> str:
    if not isinstance(given, str | int) or isinstance(given, bool):
        raise ValueError("a code, such as 1 in quotes")
    return str(given).strip().upper()


def _site(given: str) -> str:
    if not _SITE.fullmatch(code := given.strip().upper()):
        raise ValueError("a site's code of letters and digits, such as R9A01")
    return code


def _one_of(known: Collection[str]) -> AfterValidator:
    def check(given: str) -> str:
        if given not in known:
            raise ValueError("one of " + ", ".join(sorted(known)))
        return given

    return AfterValidator(check)


Text = Annotated[str, PlainValidator(_text)]
Texts = Annotated[tuple[str, ...], PlainValidator(_texts)]
Code = Annotated[str, PlainValidator(_code)]


class _List(BaseModel):
    """What is not set stays as `TrackingList` has it: the values here are none."""

    model_config = ConfigDict(extra="forbid")

    provider: Annotated[str | None, PlainValidator(_provider)] = None
    provider_name: Text | None = None
    date_formats: Annotated[tuple[str, ...], PlainValidator(_formats)] = ()
    non_english: Texts = Field(default=(), validation_alias="non_english_commissioners")
    week_ending: Annotated[date | None, PlainValidator(_day)] = None
    sheet: Text | None = None
    weekday: Annotated[int, PlainValidator(_weekday)] = 0
    no_date: Texts = ()
    most_left_out: Annotated[float, PlainValidator(_share)] = 0


class _Tables(BaseModel):
    model_config = ConfigDict(extra="forbid")

    list: _List = _List()
    columns: dict[Annotated[str, _one_of(FIELDS)], Texts] = {}
    codes: dict[Annotated[str, _one_of(FIELDS)], dict[Code, Code]] = {}
    files: dict[Annotated[str, _one_of(SECTIONS)], Text] = {}
    sites: dict[Annotated[str, AfterValidator(_site)], Text] = {}
