"""One file, one transaction: read and check it first, then put its facts in place and keep the ledger.

The same file again does nothing. A census that is already held is replaced as a whole, if the new file ranks
higher and is not suspiciously smaller. A refused file leaves a line in the ledger and no fact. What a file
means is for its format in `ingest.extracts`; heavy libraries are imported there, so that a file that needs no
work costs no import.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update

from ingest import database, schema
from ingest.archives import Content, extract_paths, unpack
from ingest.extracts import FORMATS, MAPPED, Change, Facts, Format, LoadOptions, Parsed
from ingest.problems import Problem, Refused, refuse

State = Literal["loaded", "unchanged", "refused", "checked"]
FEWEST_KEPT = 0.9  # of the providers and rows that a file would replace
PROBLEMS_KEPT = 100
ROWS_A_BATCH = 5_000


class OtherDataset(Exception):
    """Sample and real never share a database: the file is sound, the place is wrong."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file is: `rows` of `of` rows written; both 0 while it is read and checked."""

    file_name: str
    step: Literal["reading", "writing"]
    rows: int = 0
    of: int = 0


Report = Callable[[Progress], None]


def _silent(_progress: Progress) -> None:
    return None


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of one file."""

    file_name: str
    state: State
    source: str | None = None
    census_date: date | None = None
    provider_code: str = ""
    section: str = ""
    rows_read: int = 0
    rows_left_out: int = 0
    seconds: float = 0.0
    problems: Sequence[Problem] = field(default_factory=tuple)
    replaced: bool = False


def load_path(
    engine: Engine, path: Path, *, options: LoadOptions | None = None, report: Report = _silent
) -> list[LoadResult]:
    """Load a file, or each extract of a folder; a refused file does not stop the others.

    Raises `OtherDataset` when the database holds data of the other kind, `OSError` for a path that cannot be
    read.
    """
    options = options or LoadOptions()
    _refuse_other_kind(engine, options)
    return [_load_file(engine, file, options, report) for file in extract_paths(path)]


def check_path(
    engine: Engine, path: Path, *, options: LoadOptions | None = None, report: Report = _silent
) -> list[LoadResult]:
    """Everything that `load_path` does but the writing: nothing is kept, not even in the ledger."""
    options = options or LoadOptions()
    return [_check_file(engine, file, options, report) for file in extract_paths(path)]


def remove(
    engine: Engine,
    source: str,
    census_date: date,
    *,
    provider_code: str | None = None,
    options: LoadOptions | None = None,
) -> int:
    """Take a census out, with its roll-ups; the ledger says so. The number of extracts taken out."""
    options = options or LoadOptions()
    extract = schema.extract.c
    chosen = [extract.source == source, extract.census_date == census_date]
    if provider_code is not None:
        chosen.append(extract.provider_code == provider_code)
    with database.writing(engine) as connection:
        rows = connection.execute(select(schema.extract).where(*chosen)).all()
        for row in rows:
            name = connection.execute(
                select(schema.load.c.format).where(schema.load.c.id == row.load_id)
            ).scalar_one()
            _take_out(connection, row, state="removed")
            change = Change(row.source, row.census_date, row.provider_code, row.section, extract_id=None)
            _format_named(name).changed(connection, change, options)
        if rows:
            _raise_version(connection, kind=None)
    return len(rows)


# One file


@dataclass(slots=True)
class _File:
    """A file on its way in: filled step by step, so that a refusal can say how far it came."""

    name: str
    packed: bytes
    sha256: str
    started_at: datetime
    began: float
    content: Content | None = None
    format: Format | None = None
    parsed: Parsed | None = None

    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def result(self, state: State, problems: Sequence[Problem] = (), *, replaced: bool = False) -> LoadResult:
        parsed = self.parsed
        if parsed is None:
            return LoadResult(self.name, state, seconds=self.seconds(), problems=problems)
        return LoadResult(
            self.name,
            state,
            parsed.source,
            parsed.census_date,
            parsed.provider_code,
            parsed.section,
            parsed.rows_read,
            parsed.rows_left_out,
            self.seconds(),
            problems,
            replaced,
        )


def _load_file(engine: Engine, path: Path, options: LoadOptions, report: Report) -> LoadResult:
    file = _opened(path)
    load = schema.load.c
    if known := _unchanged(engine, file, options, load.file_sha256 == file.sha256):
        return known
    try:
        content = _unpack(file, report)
        # The csv of a zip that is already in place, or that zip packed again.
        if known := _unchanged(engine, file, options, load.content_sha256 == content.sha256):
            return known
        parsed = _parse(file, content, options)
        notes, replaced = _write(engine, file, parsed, options, report)
    except Refused as refusal:
        with database.writing(engine) as connection:
            _write_ledger(connection, file, "refused", refusal.problems)
        return file.result("refused", refusal.problems)
    return file.result("loaded", notes, replaced=replaced)


def _check_file(engine: Engine, path: Path, options: LoadOptions, report: Report) -> LoadResult:
    file = _opened(path)
    try:
        parsed = _parse(file, _unpack(file, report), options)
        with engine.connect() as connection:
            _check_rank(connection, file, parsed, options)
    except Refused as refusal:
        return file.result("refused", refusal.problems)
    return file.result("checked", parsed.problems)


def _opened(path: Path) -> _File:
    began = time.perf_counter()
    packed = path.read_bytes()
    return _File(path.name, packed, hashlib.sha256(packed).hexdigest(), datetime.now(UTC), began)


def _unpack(file: _File, report: Report) -> Content:
    report(Progress(file.name, "reading"))
    file.content = unpack(file.name, file.packed)
    return file.content


def _parse(file: _File, content: Content, options: LoadOptions) -> Parsed:
    file.format = _format_of(content, options)
    file.parsed = file.format.read(content, options)
    return file.parsed


def _format_of(content: Content, options: LoadOptions) -> Format:
    for name in FORMATS:
        module = cast(Format, import_module(name))
        if module.recognises(content):
            return module
    if options.mapping is not None:
        # Headings that only the mapping knows: the reader says what is missing, if it is no list.
        return cast(Format, import_module(MAPPED))
    start = content.head()[:2000].lstrip().lower()
    if start.startswith("<") or "<html" in start:
        raise refuse(content.file_name, expected="an extract", value="a web page")
    raise refuse(
        content.file_name,
        expected="the headings of a monthly extract, a tracking list or a time series",
        value="none of them",
    )


def _format_named(name: str) -> Format:
    modules = (cast(Format, import_module(module)) for module in FORMATS)
    return next(module for module in modules if name == module.NAME)


# The ledger and the rank of a file


def _refuse_other_kind(engine: Engine, options: LoadOptions) -> None:
    with engine.connect() as connection:
        kind = database.dataset_kind(connection)
    if kind not in (None, options.kind):
        raise OtherDataset(f"this database holds {kind} data; {options.kind} data never joins it")


def _unchanged(
    engine: Engine, file: _File, options: LoadOptions, same: ColumnElement[bool]
) -> LoadResult | None:
    """The result for a file that is in place as it is; None if there is work to do."""
    if options.replace:
        return None
    load = schema.load.c
    statement = select(schema.load).where(same, load.state == "loaded")
    with engine.connect() as connection:
        row = connection.execute(statement.order_by(load.id.desc())).first()
    if row is None or options.revision not in (None, row.revision):
        return None
    return LoadResult(
        file.name,
        "unchanged",
        row.source,
        row.census_date,
        row.provider_code,
        row.section,
        seconds=file.seconds(),
    )


def _held(connection: Connection, parsed: Parsed) -> Any | None:
    extract = schema.extract.c
    statement = (
        select(schema.extract, schema.load.c.content_sha256, schema.load.c.file_name)
        .join(schema.load, schema.load.c.id == extract.load_id)
        .where(
            extract.source == parsed.source,
            extract.census_date == parsed.census_date,
            extract.provider_code == parsed.provider_code,
            extract.section == parsed.section,
        )
    )
    return connection.execute(statement).first()


def _check_rank(connection: Connection, file: _File, parsed: Parsed, options: LoadOptions) -> Any | None:
    """The extract that this file will replace, or None. Raises `Refused` if it should not replace it."""
    held = _held(connection, parsed)
    if held is None or options.replace:
        return held
    content = cast(Content, file.content)
    remedy = "; use --replace to take it all the same"
    if parsed.revision < held.revision:
        raise refuse(
            file.name,
            expected=f"at least revision {held.revision}, that of {held.file_name}, already loaded{remedy}",
            value=f"revision {parsed.revision}",
        )
    if parsed.revision == held.revision and content.sha256 != held.content_sha256:
        raise refuse(
            file.name,
            expected=f"a higher revision than {held.file_name}, already loaded; say --revision N{remedy}",
            value=f"revision {parsed.revision} with other content",
        )
    _check_completeness(file, parsed, held, remedy)
    return held


def _check_completeness(file: _File, parsed: Parsed, held: Any, remedy: str) -> None:
    rows = parsed.rows_read - parsed.rows_left_out
    for what, now, before in (("providers", parsed.providers, held.providers), ("rows", rows, held.rows)):
        if now < FEWEST_KEPT * before:
            raise refuse(
                file.name,
                expected=f"at least 90 % of the {before:,} {what} that it would replace{remedy}",
                value=f"{now:,} {what}",
            )


# Writing


def _write(
    engine: Engine, file: _File, parsed: Parsed, options: LoadOptions, report: Report
) -> tuple[list[Problem], bool]:
    notes = list(parsed.problems)
    with database.writing(engine) as connection:
        _refuse_other_kind_inside(connection, options)
        held = _check_rank(connection, file, parsed, options)
        if held is not None:
            _take_out(connection, held, state="replaced")
        extract_id = _write_extract(connection, file, parsed)
        for table, facts in parsed.tables.items():
            _write_facts(connection, table, facts, extract_id, file.name, report)
        change = Change(parsed.source, parsed.census_date, parsed.provider_code, parsed.section, extract_id)
        format_ = cast(Format, file.format)
        notes += format_.changed(connection, change, options)
        _raise_version(connection, kind=options.kind)
        _finish_ledger(connection, extract_id, notes, file.seconds())
    return notes, held is not None


def _refuse_other_kind_inside(connection: Connection, options: LoadOptions) -> None:
    # Another process may have marked the database since this one looked.
    kind = database.dataset_kind(connection)
    if kind not in (None, options.kind):
        raise OtherDataset(f"this database holds {kind} data; {options.kind} data never joins it")


def _write_extract(connection: Connection, file: _File, parsed: Parsed) -> int:
    load_id = _write_ledger(connection, file, "loaded", ())
    inserted = connection.execute(
        insert(schema.extract)
        .values(
            load_id=load_id,
            source=parsed.source,
            census_date=parsed.census_date,
            provider_code=parsed.provider_code,
            section=parsed.section,
            revision=parsed.revision,
            open_band=parsed.open_band,
            rows=parsed.rows_read - parsed.rows_left_out,
            providers=parsed.providers,
        )
        .returning(schema.extract.c.id)
    )
    return cast(int, inserted.scalar_one())


def _write_facts(
    connection: Connection, table: str, facts: Facts, extract_id: int, file_name: str, report: Report
) -> None:
    columns = ("extract_id", *facts.columns)
    for start in range(0, len(facts.rows), ROWS_A_BATCH):
        batch = facts.rows[start : start + ROWS_A_BATCH]
        database.insert_rows(connection, table, columns, _belonging(batch, extract_id))
        report(Progress(file_name, "writing", start + len(batch), len(facts.rows)))


def _belonging(rows: Sequence[tuple[Any, ...]], extract_id: int) -> Iterator[tuple[Any, ...]]:
    return ((extract_id, *row) for row in rows)


def _write_ledger(connection: Connection, file: _File, state: str, problems: Sequence[Problem]) -> int:
    parsed, content = file.parsed, file.content
    inserted = connection.execute(
        insert(schema.load)
        .values(
            source=parsed and parsed.source,
            format=file.format and file.format.NAME,
            section=parsed and parsed.section,
            provider_code=parsed and parsed.provider_code,
            census_date=parsed and parsed.census_date,
            state=state,
            revision=parsed and parsed.revision,
            file_name=file.name,
            file_sha256=file.sha256,
            content_name=content and content.name,
            content_sha256=content and content.sha256,
            file_bytes=len(file.packed),
            rows_read=parsed.rows_read if parsed else 0,
            rows_left_out=parsed.rows_left_out if parsed else 0,
            started_at=file.started_at,
            seconds=file.seconds(),
            message=parsed.message if parsed else str(problems[0]),
            problems=_as_json(problems),
        )
        .returning(schema.load.c.id)
    )
    return cast(int, inserted.scalar_one())


def _finish_ledger(connection: Connection, extract_id: int, notes: list[Problem], seconds: float) -> None:
    load_id = select(schema.extract.c.load_id).where(schema.extract.c.id == extract_id).scalar_subquery()
    connection.execute(
        update(schema.load)
        .where(schema.load.c.id == load_id)
        .values(problems=_as_json(notes), seconds=seconds)
    )


def _take_out(connection: Connection, extract: Any, *, state: str) -> None:
    connection.execute(delete(schema.extract).where(schema.extract.c.id == extract.id))
    connection.execute(
        update(schema.load)
        .where(schema.load.c.id == extract.load_id)
        .values(state=state, ended_at=datetime.now(UTC))
    )


def _as_json(problems: Sequence[Problem]) -> str:
    return json.dumps([str(problem) for problem in problems[:PROBLEMS_KEPT]], ensure_ascii=False)


def _raise_version(connection: Connection, *, kind: str | None) -> None:
    dataset = schema.dataset
    held = connection.execute(select(func.count()).select_from(dataset)).scalar_one()
    if held:
        connection.execute(update(dataset).values(version=dataset.c.version + 1))
    elif kind is not None:
        connection.execute(insert(dataset).values(id=1, kind=kind, version=1))
