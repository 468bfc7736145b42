"""Which organisation became which: a JSON file of dated facts, newer than those of the package.

Two forms are read. Ours is that of `ingest/reference/organisations.json`: "as_of" and a list "successions" of
entries with "code", "name", "ended_on" (the first day without it) and "became" (codes). The other names each
organisation by its code, in any number of groups, with "name", "closed" and "successors", as registers give
them; its "as_of", or a day "as of ..." in its words, is the day of the facts. Whoever has not ended, or
became nobody, is no fact.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ingest.extracts import Facts, Format, LoadOptions, Parsed
from ingest.files.archives import Content
from ingest.files.problems import Problem, Refused, note, refusal, refuse, refuse_whole
from ingest.store.schema import ENGLAND, ORGANISATIONS, columns_of, succession
from ingest.store.successions import packaged
from rtt.terms.successions import Succession, circle_in
from rtt.terms.text_edges import one_line
from rtt.terms.wording import list_text, plural

COLUMNS = columns_of(succession)
_CODE = re.compile(r"[0-9A-Z]{3,6}")
_AS_OF = re.compile(r"as of (\d{4}-\d{2}-\d{2})")
_VALUE_SHOWN, _FAULTS_TOLD, _NAME_LENGTH = 40, 100, 200
_NOBODYS = frozenset({ENGLAND, "NONC"})
"""England, and whoever is not of it: nobody becomes either, and neither becomes anybody."""
_KNOWN_BY = ('"successions"', '"successors"', '"became"')


def recognises(content: Content) -> bool:
    """Whether it is JSON that speaks of successors."""
    if content.is_workbook or not content.head().lstrip().startswith("{"):
        return False
    return any(word.encode() in content.data for word in _KNOWN_BY)


def read(content: Content, options: LoadOptions) -> Parsed:
    """The facts. Raises `Refused` with each entry that cannot be a fact, and for a circle."""
    file = content.file_name
    told = _json(content)
    as_of = _as_of(file, told)
    faults: list[Problem] = []
    facts = sorted({fact for place, entry in _entries(told) for fact in _facts(file, place, entry, faults)})
    if not faults and not facts:
        faults.append(refusal(file, field="successions", expected="at least one organisation that ended"))
    if not faults and (circle := circle_in(facts)):
        faults.append(
            refusal(
                file,
                field="became",
                value=" > ".join(circle)[:_VALUE_SHOWN],
                expected="that no organisation becomes, in the end, itself",
            )
        )
    if faults:
        raise Refused(faults[:_FAULTS_TOLD])
    rows = [(each.code, each.on, each.successor, each.name) for each in facts]
    return Parsed(
        source=ORGANISATIONS,
        census_date=as_of,
        rows_read=len(rows),
        revision=options.revision or 0,
        tables={succession.name: Facts(COLUMNS, rows)},
        problems=[note(file, sentence) for sentence in _remarks(facts, as_of)],
        message=f"{plural(len({(each.code, each.on) for each in facts}), 'organisation')} that ended",
    )


def _remarks(facts: Sequence[Succession], as_of: date) -> Iterator[str]:
    """What whoever loads the file should know of it."""
    own = packaged().as_of
    if as_of < own:
        yield f"It is older than the facts that are built in, of {own.isoformat()}: it is kept, and not used."
    for each in facts:
        if each.on > as_of:
            day = each.on.isoformat()
            yield f"{each.code} ends on {day}, after the day of the file: it counts from then."
    days = defaultdict(set)
    for each in facts:
        days[each.code].add(each.on)
    for code, ends in sorted(days.items()):
        if len(ends) > 1:
            said = list_text([day.isoformat() for day in sorted(ends)])
            yield (
                f"{code} ends on several days, {said}: that is right only if the code was given to another "
                "organisation after the first."
            )


def _json(content: Content) -> Mapping[str, Any]:
    try:
        told = json.loads(content.data.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except _Twice as fault:
        said = f"{fault.args[0]!r} stands twice in one object, and only one of the two can be meant."
        raise refuse_whole(content.file_name, said) from None
    except (UnicodeDecodeError, RecursionError, ValueError) as fault:
        line = getattr(fault, "lineno", None)
        raise refuse_whole(
            content.file_name, "It is not JSON that can be read: look for a comma or a quote.", row=line
        ) from None
    if not isinstance(told, dict):
        raise refuse_whole(content.file_name, "It is a JSON file, but not an object with facts.")
    return told


class _Twice(Exception):
    """A name that one object of the file has twice."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in pairs:
        if name in told:
            raise _Twice(name[:_VALUE_SHOWN])
        told[name] = value
    return told


def _as_of(file: str, told: Mapping[str, Any]) -> date:
    words = " ".join(str(each) for each in told.values() if isinstance(each, str))
    found = _AS_OF.search(words)
    given = told.get("as_of", found[1] if found else None)
    day = _day(given)
    if day is None:
        raise refuse(
            file, field="as_of", value=_shown(given), expected="the day of the facts, such as 2026-06-30"
        )
    return day


def _entries(told: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each entry in our own words, with the place where it stands."""
    ours = told.get("successions")
    if isinstance(ours, list):
        for number, entry in enumerate(ours, start=1):
            yield f"entry {number}", entry if isinstance(entry, dict) else {"code": entry}
    for name, group in told.items():
        if isinstance(group, dict):
            for code, entry in group.items():
                if isinstance(entry, dict) and entry.get("closed") and entry.get("successors"):
                    said = {"code": code, "name": entry.get("name", ""), "ended_on": entry["closed"]}
                    yield f"{name}, {code}", {**said, "became": entry["successors"]}


def _facts(file: str, place: str, entry: Mapping[str, Any], faults: list[Problem]) -> Iterator[Succession]:
    code, became, ended = entry.get("code"), entry.get("became"), _day(entry.get("ended_on"))
    name = entry.get("name", "")
    wrong = [
        ("code", code, "a code such as RAP", not _is_code(code)),
        ("ended_on", entry.get("ended_on"), "the first day without it, such as 2025-01-01", ended is None),
        (
            "became",
            became,
            'a list of codes such as ["RAL"]',
            not isinstance(became, list) or not became or not all(map(_is_code, became)),
        ),
        ("name", name, f"a name of at most {_NAME_LENGTH} letters", not _is_name(name)),
    ]
    if any(fault for *_, fault in wrong):
        faults += [
            refusal(file, field=f"{place}, {field}", value=_shown(value), expected=expected)
            for field, value, expected, fault in wrong
            if fault
        ]
        return
    assert ended is not None
    for each in became or ():
        if each == code and len(became or ()) == 1:
            faults.append(
                refusal(file, field=f"{place}, became", value=each, expected="another code than its own")
            )
        elif each != code:
            yield Succession(str(code), ended, each, one_line(name))


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None and value not in _NOBODYS


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _NAME_LENGTH


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)[:_VALUE_SHOWN]


FORMAT = Format(
    name="organisations",
    title="mergers of organisations",
    recognises=recognises,
    read=read,
    accepted="a JSON file of who became whom",
)
