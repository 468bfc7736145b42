"""What docs/operations.md gives to copy: the units are whole, and cron's lines do what the document says."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from dashboard.cli.commands import app
from tests.servers import ROOT

TEXT = (ROOT / "docs" / "operations.md").read_text()
PROGRAMS = "/srv/rtt/.venv/bin/"


def examples():
    """The files in the document by their names; the first line of each is its path."""
    found = {}
    for block in re.split(r"^(?= +# /etc/)", TEXT, flags=re.MULTILINE)[1:]:
        head, *lines = block.splitlines()
        margin = head[: head.index("#")]
        whole = []
        for line in lines:
            if line and not line.startswith(margin):
                break
            whole.append(line.removeprefix(margin))
        found[Path(head.strip(" #")).name] = "\n".join(whole)
    return found


EXAMPLES = examples()
SYSTEMD = [name for name in EXAMPLES if name.endswith((".service", ".timer"))]
CRON = re.findall(r"^(?:\S+ +){5}rtt +(.+)$", EXAMPLES["rtt"], re.MULTILINE)


def unit(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(EXAMPLES[name])
    return parser


def test_there_are_units_for_the_server_the_published_files_the_folder_the_pack_and_the_alerts():
    assert SYSTEMD == [
        "rtt-dashboard.service",
        "rtt-fetch.service",
        "rtt-fetch.timer",
        "rtt-watch.service",
        "rtt-pack.service",
        "rtt-pack.timer",
        "rtt-alerts.service",
        "rtt-alerts.timer",
    ]
    assert len(CRON) == 4


@pytest.mark.parametrize("name", SYSTEMD)
def test_a_unit_has_what_systemd_asks_of_it(name):
    found = unit(name)
    assert set(found.sections()) <= {"Unit", "Service", "Timer", "Install"}
    starts_by_itself = found.get("Service", "Type", fallback="simple") != "oneshot"
    assert found.has_section("Install") == starts_by_itself
    if name.endswith(".service"):
        assert {"User", "EnvironmentFile", "ExecStart"} <= set(found["Service"])


def test_every_command_in_the_examples_exists_with_its_options():
    commands = get_command(app).commands
    used = re.findall(rf"{PROGRAMS}(\S+) ([^;'\n]+)", "\n".join(EXAMPLES.values()))
    assert {program for program, _ in used} == {"gunicorn", "rtt"}
    for program, words in used:
        assert Path(sys.executable).with_name(program).exists()
        if program == "rtt":
            name, *arguments = words.split()
            options = {option for each in commands[name].params for option in each.opts}
            assert {word for word in arguments if word.startswith("--")} <= options


@pytest.mark.parametrize("line", CRON)
def test_a_line_of_cron_hands_the_settings_on_and_a_draft_stops_no_email(line, tmp_path):
    stub = tmp_path / "rtt"
    stub.write_text('#!/bin/sh\necho "$1 in $RTT_HOME"\ntest "$1" != pack || exit 4\n')
    stub.chmod(0o700)
    settings = tmp_path / "rtt.env"
    settings.write_text("RTT_HOME=/var/lib/rtt\n")
    line = line.replace("/etc/rtt.env", str(settings)).replace(f"{PROGRAMS}rtt", str(stub))
    ran = subprocess.run(["/bin/sh", "-c", line], env={}, capture_output=True, text=True, check=False)
    expected = next(([each] for each in ("watch", "alerts", "fetch") if f" {each}" in line), ["pack", "mail"])
    assert ran.stdout.splitlines() == [f"{each} in /var/lib/rtt" for each in expected], ran.stderr
