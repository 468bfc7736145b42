"""Help is what the commands say of themselves, and costs nothing but Python's own start."""

import subprocess
import sys

import pytest

from dashboard.cli.commands import app, only
from dashboard.cli.help import HELP
from tests import servers

MADE_OF = ("typer", "pydantic", "pandas", "polars", "numpy", "sqlalchemy", "dash", "plotly", "rich", "httpx",
           "pyspark", "obstore")  # fmt: skip
_MAIN = """
import sys
from dashboard.cli import main
sys.argv[0] = "rtt"
try: main()
except SystemExit as ended: assert not ended.code
print({name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def imported_by(*arguments):
    """What `rtt` imported to print its answer, and the answer."""
    ran = subprocess.run(
        [sys.executable, "-c", _MAIN, *arguments],
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {each for each in MADE_OF if repr(each) in ran.stderr.splitlines()[-1]}, ran.stdout


def test_help_is_printed_without_any_library():
    assert imported_by("--help") == (set(), HELP)


@pytest.mark.parametrize(
    "arguments", [("--version",), ("forecast", "--help"), ("serve", "--help"), ("lake", "--help")]
)
def test_a_commands_help_imports_only_what_reads_commands(arguments):
    imported, printed = imported_by(*arguments)
    assert imported <= {"typer", "pydantic"}
    assert printed.startswith("rtt " if arguments == ("--version",) else f"Usage: rtt {arguments[0]} ")


def test_help_is_what_the_commands_would_print(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        app(["--help"], prog_name="rtt")
    printed = capsys.readouterr().out
    assert printed == HELP, "write what is printed into dashboard/cli/help.py"


def test_one_command_is_made_alone_and_of_an_unknown_name_all():
    assert [each.callback.__name__ for each in only("forecast").registered_commands] == ["forecast"]
    assert [each.name for each in only("lake").registered_groups] == ["lake"]
    assert only("lake").registered_commands == only("forecast").registered_groups == []
    assert only("forecasts").registered_commands == only("").registered_commands == app.registered_commands
