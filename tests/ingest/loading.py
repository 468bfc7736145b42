"""A process that loads files one after the other, for ever if asked: what a test kills, or reads beside.

    python -m tests.ingest.loading URL [--for-ever] FILE...

It prints one line when it is about to begin and one for each file; a file that could not wait for another
writer is said so and left.
"""

import itertools
import sys
from pathlib import Path

from sqlalchemy.exc import OperationalError

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate


def main(url: str, *arguments: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    files = [Path(argument) for argument in arguments if argument != "--for-ever"]
    _say("ready")
    for file in itertools.cycle(files) if "--for-ever" in arguments else files:
        try:
            [result] = load_path(engine, file, options=LoadOptions(replace=True))
            _say(result.state)
        except OperationalError as error:
            _say("busy" if "lock" in str(error) else type(error).__name__)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
