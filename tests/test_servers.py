"""The servers that tests start end with them, even when the tests are killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests import servers

HOLD_A_SERVER = """
import pathlib, sys, time
from tests import servers
with servers.running(["sleep", "300"], log=pathlib.Path(sys.argv[1])) as shell:
    print(shell.pid, flush=True)
    time.sleep(300)
"""


def test_a_server_ends_when_its_tests_are_killed(tmp_path):
    tests = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_SERVER, tmp_path / "log"],
        cwd=servers.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with tests:
        group = int(tests.stdout.readline())
        assert is_running(group)
        tests.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while is_running(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(group)


def test_a_server_that_cannot_start_says_why(serve):
    with pytest.raises(RuntimeError, match="RTT_ACCESS is 'everyone'"):
        serve(RTT_ACCESS="everyone")


def is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
