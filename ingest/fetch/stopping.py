"""A run that is wanted no more ends at once, whatever it waits for: a silent server, a load, a forecast.

A thread asks whether it is still wanted and interrupts it as Ctrl+C does: a load is rolled back, a download
is gone on with by the next run. What a person asks with is a file (`ingest.fetch.journal.cancel`), since
whoever presses the button may have no right to signal this process, nor know its number for sure.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 0.3  # seconds


@contextmanager
def heeding(is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Raise `KeyboardInterrupt` inside, in the main thread, once the run is wanted no more."""
    ended = threading.Event()
    main = threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored

    def watch() -> None:
        while not ended.wait(EVERY):
            if is_cancelled() and main.ident is not None:
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
