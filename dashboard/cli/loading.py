"""`rtt load`, `check`, `remove` and `tokens`: files in, a line for each on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from dashboard.cli import clock
from dashboard.cli.databases import opened, other_dataset
from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, days_of, say
from dashboard.cli.progress import Bar
from dashboard.settings.settings import Settings, from_environment
from ingest.extracts import LoadOptions
from ingest.extracts.ptl.tokens import key_of
from ingest.files.temporary import sweep
from ingest.loading.folders import Listing, listed
from ingest.loading.incoming import accepted
from ingest.loading.load import LoadResult, OtherDataset, check_path, is_in_place, load_path
from ingest.loading.load import remove as remove_extract
from ingest.loading.words import in_full, problem_lines, result_line
from ingest.store.database import is_made
from ingest.store.faults import in_words
from rtt.terms.text_edges import file_name
from rtt.terms.wording import plural

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ingest.loading.ahead import Ahead


def load_all(paths: Sequence[Path], **said: Any) -> int:
    """Load each file; a refused one does not stop the others. 3 if any was refused."""
    settings = from_environment()
    sweep(settings.home)
    key = key_of(settings.home, settings.token_key)
    try:
        with opened(settings.real_url) as engine:
            return _each(load_path, engine, paths, options(settings, token_key=key, **said))
    except OtherDataset:
        raise WrongUse(_sample_held(settings)) from None


def check_all(paths: Sequence[Path], **said: Any) -> int:
    """Check each file against what is held, and write nothing, not even an empty database."""
    settings = from_environment()
    # A check keeps nothing, so any key will do.
    how = options(settings, token_key=token_bytes(32), **said)
    try:
        with opened(settings.real_url if is_made(settings.real_url) else "sqlite://") as engine:
            return _each(check_path, engine, paths, how)
    except OtherDataset:
        raise WrongUse(_sample_held(settings)) from None


def take_out(source: str, census: str, *, provider: str | None) -> int:
    _, day = days_of(census)
    with opened(from_environment().real_url) as engine:
        removed = remove_extract(engine, source, day, provider_code=provider)
    if not removed:
        raise WrongUse(f"No {source} extract of {in_full(day)} is loaded; `rtt status` lists what is.")
    say(f"Removed {removed} {source} extract{'s' if removed > 1 else ''} of {in_full(day)}.")
    return DONE


def options(settings: Settings, **said: Any) -> LoadOptions:
    return LoadOptions(snapshots_kept=settings.snapshots_kept, today=clock.today(), **said)


def _each(
    verb: Callable[..., list[LoadResult]], engine: Engine, paths: Sequence[Path], how: LoadOptions
) -> int:
    files = files_of(paths, how.mapping)
    code = DONE
    new = [file for file in files if len(files) > 1 and not is_in_place(engine, file, how)]
    with Bar(files=len(files)) as bar, _read_ahead(new, how) as ahead:
        for file in files:
            try:
                results = verb(engine, file, options=how, report=bar.report, ahead=ahead)
            except OSError as fault:
                if in_words(fault) is not None:
                    raise
                say(f"{file_name(file.name)}: refused; it cannot be read: {fault.strerror}")
                code = REFUSED
                continue
            for result in results:
                bar.finished()
                tell(result)
                code = REFUSED if result.state == "refused" else code
    return code


def _read_ahead(files: Sequence[Path], how: LoadOptions) -> AbstractContextManager[Ahead | None]:
    if len(files) < 2:
        return nullcontext()
    from ingest.loading.ahead import read_ahead

    return read_ahead(files, how)


def files_of(paths: Iterable[Path], mapping: Path | None) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = listed(path, mapping=mapping)
        if path.is_dir():
            _tell_of_folder(path, found)
        if not found.taken:
            raise WrongUse(f"{path}: this folder has no RTT file. {accepted()}")
        files += found.taken
    return files


def _tell_of_folder(folder: Path, found: Listing) -> None:
    left = f", {len(found.left)} left" if found.left else ""
    say(f"{folder.name}: {plural(len(found.taken), 'file')} taken{left}")
    for path, reason in found.left:
        say(f"  left: {path.name} ({reason})")


def tell(result: LoadResult) -> None:
    say(result_line(result))
    for line in problem_lines(result):
        say(f"  {line}")


def _sample_held(settings: Settings) -> str:
    return other_dataset(settings, holds="sample data", file="rtt.db", command="rtt load PATH...")
