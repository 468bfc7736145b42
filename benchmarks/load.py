"""How long a month takes from file to facts, beside the time pandas needs merely to read its csv.

    python -m benchmarks.load [FOLDER of published files]

Every figure is of a whole process, in pairs with the baseline, so that a busy machine slows both alike.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

from ingest.store.database import make_engine

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data"
PAIRS = 5
READERS, READING_SECONDS = 3, 10

_RTT = "from dashboard.cli import main; main()"
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
    published = Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLISHED
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
    ours, baseline = [], []
    for pair in range(PAIRS):
        ours.append(_load(here / f"one-{pair}", month))
        baseline.append(_seconds(_READ, str(csv)))
    ratio = statistics.median(a / b for a, b in zip(ours, baseline, strict=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"rtt load, one month              {statistics.median(ours):6.2f} s")
    print(f"  pandas.read_csv of its csv     {statistics.median(baseline):6.2f} s")
    print(f"  ratio, median of {PAIRS} pairs       {ratio:6.2f}    (at most 2.5)")
    print(f"  largest process                {peak:6.0f} MB   (under 1,024)")


def unchanged(here: Path, month: Path) -> None:
    seconds = statistics.median(_load(here / "one-0", month) for _ in range(PAIRS))
    print(f"rtt load, the same file again    {seconds:6.2f} s    (under 0.8)")


def all_months(here: Path, months: list[Path]) -> None:
    seconds = _load(here / "all", *months)
    print(f"rtt load, {len(months)} months              {seconds:6.2f} s    (under 40 for twelve)")


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


def _load(home: Path, *paths: Path) -> float:
    """Seconds that `rtt load` takes, from its start to its exit, in a home of its own."""
    return _seconds(_RTT, "load", *map(str, paths), RTT_HOME=str(home))


def _unzipped(month: Path, here: Path) -> Path:
    with zipfile.ZipFile(month) as archive:
        return Path(archive.extract(archive.namelist()[0], here))


def _seconds(program: str, *arguments: str, **environment: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
