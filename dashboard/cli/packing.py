"""`rtt pack`: a board pack of one scope and census, in every format that this machine can make.

Files are written whole or not at all, and only then is the pack recorded as sent out. One of late or faulty
data is made all the same, stamped DRAFT, and ends with exit code 4: nobody sends it on without a look.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard import __version__
from dashboard.analysis import pack
from dashboard.analysis.control_charts import series_of
from dashboard.analysis.pack_state import draft_reasons
from dashboard.cli import clock
from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, FAULT, REFUSED, WrongUse, days_of, explain, say
from dashboard.cli.recording import recorded
from dashboard.filters import to_query
from dashboard.packs.contents.audience import INTERNAL, holds_small_numbers
from dashboard.packs.contents.pack import Contents, contents_of, stem_of
from dashboard.packs.formats import NAMES
from dashboard.packs.formats.made import Made, made
from dashboard.packs.office.templates import Templates, UnusableTemplate, templates_of
from dashboard.scope.pack_scope import scope_of_pack
from dashboard.server.access import ANYBODY, Enquiry, person_here
from dashboard.settings.settings import Settings, from_environment
from dashboard.store import cache
from dashboard.store.served import served_url
from dashboard.store.writing import NotRecorded, record_pack, write_audit
from ingest.files.temporary import keep_temporary_files_in, replacing
from ingest.store.runs import FAILED, OK, PACK, WARNED
from rtt.findings.findings import display

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from dashboard.analysis.pack import PackFacts

DRAFT = 4


def make_pack(
    scope: str | None,
    census: str | None,
    *,
    templates: Sequence[Path],
    formats: str | None,
    audience: str,
    history: str,
    out: Path,
) -> int:
    """Make the files and keep which figures went out; `formats` None: all that can be made here.

    Without `templates` those of the settings are taken. Whoever may run this has the database, and so may
    see all of it: an internal pack hides nothing, and stands in the audit trail before it is written.
    """
    settings = from_environment()
    keep_temporary_files_in(settings.home)
    with opened(served_url(settings)) as engine, recorded(engine, PACK) as run:
        asked = _formats(formats)
        own = _templates(templates or settings.pack_templates)
        with cache.reading(engine) as connection:
            found, contents = _contents(connection, settings, scope, census, audience, history)
        try:
            files = made(contents, asked, templates=own)
        except UnusableTemplate as fault:
            raise WrongUse(str(fault)) from None
        _audit(engine, found, files)
        paths = written(files.files, out, stem=stem_of(found))
        if paths and found.scope.shows_usual_history:
            _keep(engine, found, contents)
        run.outcome, run.message = _ending(stem_of(found), contents, files)
    for path in paths:
        say(str(path))
    for sentence in (*files.sentences, *(f"DRAFT: {reason}." for reason in contents.draft)):
        say(sentence)
    for name, failed in files.faults.items():
        say(f"{name.upper()} was not made.")
        explain(failed)
    if files.faults:
        return FAULT
    if contents.draft:
        return DRAFT
    return REFUSED if files.refused and formats else DONE


def _ending(stem: str, contents: Contents, files: Made) -> tuple[str, str]:
    """Outcome and line of the row that the run leaves."""
    faults = [f"{name.upper()} failed ({type(fault).__qualname__})" for name, fault in files.faults.items()]
    draft = ["DRAFT"] if contents.draft else []
    parts = [", ".join(files.files) or "no file", *draft, *files.sentences, *faults]
    outcome = FAILED if faults else WARNED if draft or files.sentences else OK
    return outcome, f"{stem}: {'; '.join(parts)}"


def _formats(asked: str | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in asked.split(","))) if asked else NAMES
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise WrongUse(f"--formats has {unknown[0]!r}; expected some of {','.join(NAMES)}")
    return names


def _templates(paths: Sequence[Path]) -> Templates:
    try:
        return templates_of(paths)
    except UnusableTemplate as fault:
        raise WrongUse(str(fault)) from None


def _contents(
    connection: Connection,
    settings: Settings,
    words: str | None,
    census: str | None,
    audience: str,
    history: str,
) -> tuple[PackFacts, Contents]:
    enquiry = Enquiry(person_here() if audience == INTERNAL else ANYBODY, clock.today(), settings)
    try:
        days = days_of(census) if census else None
        scope = scope_of_pack(connection, words, days, audience, enquiry, history)
    except ValueError as reason:
        raise WrongUse(str(reason)) from None
    found = pack.load(connection, scope, whole=True)
    assert found is not None
    return found, contents_of(found, draft=draft_reasons(connection, scope), moment=settings.made_at)


def _audit(engine: Engine, found: PackFacts, files: Made) -> None:
    """Write down who makes a pack that may hold small numbers. Raises `WrongUse` where it cannot be."""
    scope = found.scope
    if not files.files or not holds_small_numbers(scope):
        return
    try:
        write_audit(
            engine,
            scope.reader,
            action="exported small numbers",
            scope=f"/pack{to_query(scope.filters, source=scope.source, census=scope.census)}",
            rows=0,  # of pathways: there is none in it
            purpose=f"internal, rtt pack ({', '.join(files.files)})",
            at=datetime.now(UTC),
        )
    except NotRecorded:
        raise WrongUse(
            "No pack was written: it holds small numbers, and the audit trail could not be written to. "
            "Try again."
        ) from None


def written(files: dict[str, bytes], out: Path, *, stem: str) -> Sequence[Path]:
    """The files in the folder, in place of those of the same name; whole, or not there. Raises `WrongUse`."""
    try:
        return _written(files, out, stem) if files else ()
    except OSError as fault:
        raise WrongUse(f"--out is {out}, which cannot be written to: {fault.strerror or fault}.") from None


def _written(files: dict[str, bytes], out: Path, stem: str) -> Sequence[Path]:
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        path = out / f"{stem}.{name}"
        with replacing(path) as file:
            file.write(content)
        paths.append(path)
    return paths


def _keep(engine: Engine, found: PackFacts, contents: Contents) -> None:
    assert found.provenance is not None
    assert found.scope.census is not None
    figures = {key: (display(chart.last), chart.last.value) for key, chart in found.charts.items()}
    # An open band has no number that JSON knows.
    plain = {
        key: (shown, None if value in (None, float("inf")) else value)
        for key, (shown, value) in figures.items()
    }
    record_pack(
        engine,
        series_of(found.scope),
        census_date=found.scope.census,
        data_hash=found.provenance.data_hash,
        version=__version__,
        draft="; ".join(contents.draft),
        audience=contents.audience.name,
        figures=json.dumps(plain),
        at=datetime.now(UTC),
    )
