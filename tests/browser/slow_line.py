"""A line of a known rate between a browser and a server on this machine, which counts what comes down it."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit


class Line:
    """What came down so far, in bytes as they were on the wire, and where to call.

    Chromium can narrow its own network, but now and then leaves an answer that has long arrived unread
    for ever; a line outside of it is narrow for whoever calls.
    """

    def __init__(self, to: str, *, megabits_per_second: float, delay_ms: float) -> None:
        self.bytes_down = 0
        self.address = ""
        self._to = urlsplit(to)
        self._seconds_a_byte = 8 / (megabits_per_second * 1e6)
        self._delay = delay_ms / 1000
        self._free_at = 0.0

    async def serve(self, opened: Callable[[], None], closing: threading.Event) -> None:
        """Passes on what is said until it closes; what is still being said then is cut off."""
        server = await asyncio.start_server(self._call, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        opened()
        await asyncio.to_thread(closing.wait)
        server.close()

    async def _call(self, caller: asyncio.StreamReader, to_caller: asyncio.StreamWriter) -> None:
        answerer, to_answerer = await asyncio.open_connection(self._to.hostname, self._to.port)
        await asyncio.gather(self._up(caller, to_answerer), self._down(answerer, to_caller))

    async def _up(self, caller: asyncio.StreamReader, to_answerer: asyncio.StreamWriter) -> None:
        with _until_somebody_hangs_up(to_answerer):
            while asked := await caller.read(65_536):
                await asyncio.sleep(self._delay)
                to_answerer.write(asked)
                await to_answerer.drain()

    async def _down(self, answerer: asyncio.StreamReader, to_caller: asyncio.StreamWriter) -> None:
        with _until_somebody_hangs_up(to_caller):
            while answer := await answerer.read(16_384):
                # All connections share the line: each piece waits until those before it are through.
                self._free_at = max(self._free_at, time.monotonic()) + len(answer) * self._seconds_a_byte
                self.bytes_down += len(answer)
                await asyncio.sleep(self._free_at - time.monotonic())
                to_caller.write(answer)
                await to_caller.drain()


@contextlib.contextmanager
def slow_line(to: str, *, megabits_per_second: float, delay_ms: float) -> Iterator[Line]:
    """A line to the server at this address, open until the block is left."""
    line = Line(to, megabits_per_second=megabits_per_second, delay_ms=delay_ms)
    opened, closing = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(line.serve(opened.set, closing)))
    thread.start()
    try:
        assert opened.wait(30), "the line did not open"
        yield line
    finally:
        closing.set()
        thread.join()


@contextlib.contextmanager
def _until_somebody_hangs_up(writer: asyncio.StreamWriter) -> Iterator[None]:
    try:
        yield
    except ConnectionError:
        pass
    finally:
        writer.close()
