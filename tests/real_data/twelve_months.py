"""The twelve published months and the newest time series in a database, loaded once for every run."""

from pathlib import Path

from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from tests.kept import kept, mark_of


def database(published: Path) -> Path:
    """The SQLite file: read it or copy it, do not change it. `published`: the folder of published files."""
    workbook = next((published / "workbooks").glob("RTT-Overview-Timeseries-May26*"))
    files = [published / "national", workbook]
    mark = mark_of(("rtt", "ingest"), workbook.name, *sorted(p.name for p in files[0].iterdir()))
    return kept("twelve", mark, lambda home: _load(files, home / "twelve.db")) / "twelve.db"


def _load(files: list[Path], path: Path) -> None:
    path.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    results = [result for each in files for result in load_path(engine, each)]
    engine.dispose()
    assert [result.state for result in results] == ["loaded"] * 13
