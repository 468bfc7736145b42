"""What a month costs from file to facts, in times what pandas needs to read its csv, and what a folder costs.

    python -m benchmarks.load [CHECKOUT of today's build] [FOLDER of published files]

Every figure is of whole processes, in turns with today's build, so that a busy machine slows both alike. By
the clock a folder is only as fast as the processors that nobody else uses.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

from benchmarks.today import PAIRS, RTT, YOURS, checkout, compare, processor_seconds, tell
from ingest.store.database import make_engine

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data"
FOLDERS = 3
READERS, READING_SECONDS = 3, 10

_LOAD_FOR_EVER = """
import sys
from pathlib import Path
from ingest.store.database import make_engine
from ingest.loading.load import LoadOptions, load_path
engine = make_engine(sys.argv[1])
while True:
    for path in sys.argv[2:]:
        [result] = load_path(engine, Path(path), options=LoadOptions(replace=True))
        assert result.state == "loaded", result.problems
"""
_READ = "import sys, pandas; pandas.read_csv(sys.argv[1])"
_A_TREND = """
SELECT census_date, total, within_18, w000, w052, w104 FROM pathway_counts
WHERE source = 'monthly' AND level = 'england' AND organisation_code = 'ENG' AND part = '2'
AND treatment_function = 'C_999' AND site_code = '' AND stage = '' AND priority = '' AND basis = 'english'
ORDER BY census_date
"""


def main() -> None:
    given = [Path(each) for each in sys.argv[1:] if (Path(each) / "national").is_dir()]
    published = given[0] if given else PUBLISHED
    months = sorted((published / "national").glob("*.zip"))
    if not months:
        sys.exit(f"no published months in {published}: nothing to measure")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        one_month(here, months[-1])
        unchanged(here, months[-1])
        all_months(here, months)
        readers_beside_a_load(here, months[-2:])


def one_month(here: Path, month: Path) -> None:
    csv = _unzipped(month, here)

    def times_pandas(build: Path) -> float:
        load, _ = _load(build, _emptied(here / "one"), month)
        return load / processor_seconds(build, _READ, str(csv))

    compare("one national month, CPU, times pandas.read_csv of its csv", times_pandas, target=0.62)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  largest process                {peak:6.0f} MB   (under 1,024)")


def unchanged(here: Path, month: Path) -> None:
    times = [_load(YOURS, here / "one", month)[1] for _ in range(PAIRS)]
    print(f"rtt load, the same file again    {statistics.median(times):6.2f} s    (under 0.8)")


def all_months(here: Path, months: list[Path]) -> None:
    """By one `rtt load FOLDER`; the folder is of copies, for that of the published files may hold more."""
    folder = here / "months"
    folder.mkdir()
    for month in months:
        (folder / month.name).symlink_to(month.resolve())
    builds = [each for each in (checkout(), YOURS) if each]
    turns = [[_load(each, _emptied(here / "all"), folder) for each in builds] for _ in range(FOLDERS)]
    for at, (unit, target) in enumerate((("CPU s", 1), ("s by the clock", 0.5))):
        *earlier, yours = (
            statistics.median(turn[build][at] for turn in turns) for build in range(len(builds))
        )
        work = f"{len(months)} months by one rtt load, {unit}"
        tell(work, today=earlier[0] if earlier else None, yours=yours, target=target)


def readers_beside_a_load(here: Path, months: list[Path]) -> None:
    """Three readers of a trend while two months are loaded over and over."""
    database = here / "all" / "rtt.db"
    command = [sys.executable, "-c", _LOAD_FOR_EVER, f"sqlite:///{database}", *map(str, months)]
    loader = subprocess.Popen(command)
    waits: list[float] = []
    until = time.monotonic() + READING_SECONDS
    threads = [threading.Thread(target=_read, args=(database, until, waits)) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loading = loader.poll() is None
    loader.kill()
    loader.wait()
    waits.sort()
    p95, longest = waits[int(0.95 * len(waits))] * 1000, waits[-1] * 1000
    assert loading, "the load stopped by itself"
    print(f"{READERS} readers beside a load that never stopped, {len(waits)} reads:")
    print(f"  p95 {p95:.1f} ms (under 20), longest {longest:.1f} ms")


def _read(database: Path, until: float, waits: list[float]) -> None:
    engine = make_engine(f"sqlite:///{database}")
    while time.monotonic() < until:
        began = time.perf_counter()
        with engine.connect() as connection:
            assert connection.exec_driver_sql(_A_TREND).all()
        waits.append(time.perf_counter() - began)
        time.sleep(0.01)  # a person, not a loop
    engine.dispose()


def _load(build: Path, home: Path, path: Path) -> tuple[float, float]:
    """Processor seconds of `rtt load` and of what it starts, and those by the clock."""
    began = time.perf_counter()
    processor = processor_seconds(build, RTT, "load", str(path), RTT_HOME=str(home))
    return processor, time.perf_counter() - began


def _emptied(home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    return home


def _unzipped(month: Path, here: Path) -> Path:
    with zipfile.ZipFile(month) as archive:
        return Path(archive.extract(archive.namelist()[0], here))


if __name__ == "__main__":
    main()
