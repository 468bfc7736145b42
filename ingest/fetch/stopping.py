"""A run that a person wants stopped ends at once, whatever it waits for: a silent server, a load, a forecast.

What asks for it is a file (`ingest.fetch.journal.cancel`), since whoever presses the button may have no right
to signal this process, nor know its number for sure. A thread looks for it and interrupts the run as Ctrl+C
does: a load is rolled back, a download is gone on with by the next run.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.fetch.journal import Journal

EVERY = 0.3  # seconds


@contextmanager
def heeding(journal: Journal) -> Iterator[None]:
    """Raise `KeyboardInterrupt` inside, in the main thread, once somebody wants the run stopped."""
    ended = threading.Event()
    main = threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored

    def watch() -> None:
        while not ended.wait(EVERY):
            if journal.is_cancelled() and main.ident is not None:
                signal.pthread_kill(main.ident, signal.SIGINT)
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)
