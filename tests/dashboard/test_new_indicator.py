"""A new indicator is one entry: small-number suppression takes it in without another line of code.

In a copy of the project an indicator "over 26 weeks" is added to the minimum set, and nothing else; then the
lists are attacked with it among what is shown and what is wanted.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("rtt", "ingest", "dashboard", "sample_data", "tests")


def changed(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_over_26_weeks_added_by_one_entry_tells_no_small_number(tmp_path):
    """Over 18 less over 26 was a way to a few people, and no test noticed."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "alembic.ini"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path / name)
    entry = '    _over(40, basis="NHS England, patient initiated digital mutual aid, October 2023"),\n'
    changed(tmp_path / "rtt" / "indicators.py", entry, f'    _over(26, basis="A trust\'s own"),\n{entry}')
    attack = tmp_path / "tests" / "app" / "test_linear_attack.py"
    changed(attack, "for weeks in (18, 40, 52, 65, 78, 104)}", "for weeks in (18, 26, 40, 52, 65, 78, 104)}")
    changed(attack, "EDGES = (UNKNOWN, 0, 14, 18, 40,", "EDGES = (UNKNOWN, 0, 14, 18, 26, 40,")
    changed(attack, "LISTS = range(20)", "LISTS = range(3)")

    command = [sys.executable, "-m", "pytest", "-q", "-n", "0"]
    told = subprocess.run(
        [*command, str(attack), "-k", "follows and nobody"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-2000:]
    assert "3 passed" in told.stdout
