"""A watcher in a process of its own, for a test to kill: `python -m tests.ingest.watching FOLDER`."""

import sys
from pathlib import Path

from dashboard.cli.watching import watch_folder

if __name__ == "__main__":
    watch_folder(Path(sys.argv[1]), seconds=0.1, once=False, mapping=None, list_days=0)
