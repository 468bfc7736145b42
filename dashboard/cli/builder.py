"""The sample for a server that is about to start: built by a process that lives as long as the server.

That process (`rtt demo --while-served`) reads a pipe of which the server and its workers hold the other end,
through the exec by which `rtt serve` becomes the server. However they end, the pipe closes and it stops.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from dashboard.cli import clock
from dashboard.cli.demo import build_demo, wants_building
from dashboard.cli.outcomes import DONE
from dashboard.scope.sample_building import folder
from dashboard.settings.settings import Settings
from dashboard.store.served import holding_file
from ingest.fetch.journal import last_run

PROGRAM = Path(sys.executable).with_name("rtt")
_LOOK_SECONDS = 0.05


def see_to_sample(settings: Settings) -> int:
    """Return as soon as there is a sample to show; an exit code where there will be none."""
    if not wants_building(settings, clock.today()):
        return DONE
    if settings.database_url:
        # It is loaded in place, and nobody is shown a part of it.
        return build_demo(if_stale=True)
    is_shown = holding_file(settings.demo_url) is not None  # an old one, or one without its history
    reads, holds = os.pipe()
    with os.fdopen(reads, "rb") as pipe:
        builder = subprocess.Popen(
            [PROGRAM, "demo", "--if-stale", "--while-served"],
            stdin=pipe,
            start_new_session=True,  # Ctrl+C is the server's: it ends with the pipe
        )
    os.set_inheritable(holds, True)
    while not (is_shown or _is_in_place(settings)):
        if builder.poll() is not None and not _is_built_by_another(settings):
            return builder.returncode
        time.sleep(_LOOK_SECONDS)
    return DONE


def _is_in_place(settings: Settings) -> bool:
    # One that is being put in place for the first time is a file already, and is no sample yet.
    run = last_run(folder(settings))
    is_coming = run is not None and run.is_running and run.step == "looking"
    return holding_file(settings.demo_url) is not None and not is_coming


def _is_built_by_another(settings: Settings) -> bool:
    run = last_run(folder(settings))
    return run is not None and run.is_running
