"""What a command does not need it does not import: imports are a fifth of what a month costs."""

import os
import subprocess
import sys
from datetime import date

from tests import makers

NOT_FOR_A_MONTH = {
    "dash",
    "plotly",
    "flask",
    "pandas",
    "holidays",
    "multiprocessing",
    "concurrent.futures.process",
}
NOT_FOR_SQLITE = {"psycopg", "sqlalchemy.dialects.postgresql"}
_LOAD = """
import atexit, sys
atexit.register(lambda: print(*sys.modules))
from dashboard.cli import main
sys.argv[1:] = ["load", sys.argv[1]]
sys.exit(main())
"""


def test_a_month_is_loaded_without_web_server_charts_or_the_other_database(tmp_path):
    facts: makers.Facts = {("RAA", "00R", "2", "C_100"): {3: 5}}
    file = tmp_path / "month.csv"
    file.write_text(makers.as_csv(makers.table(facts, census=date(2025, 3, 31))), newline="")
    ran = subprocess.run(
        [sys.executable, "-c", _LOAD, str(file)],
        env=os.environ | {"RTT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    imported = set(ran.stdout.split())
    assert imported >= {"sqlalchemy", "polars"}
    assert not imported & (NOT_FOR_A_MONTH | NOT_FOR_SQLITE)
