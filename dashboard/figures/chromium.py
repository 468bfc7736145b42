"""One Chromium that draws figures, with the thread that talks to it: every wait for it has an end.

Kaleido has a thread of its own for this, but one that hears of the end of its browser only when it is next
asked, and then waits for an answer for ever.
"""

import asyncio
import os
from collections.abc import Coroutine
from contextlib import suppress
from signal import SIGKILL
from threading import Thread
from typing import Any

import kaleido

SECONDS_TO_CLOSE = 5.0


class Chromium:
    """Started by the first figure; whoever gets an error from it closes it and takes another."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._kaleido: Any = None
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="pictures", daemon=True)
        self._thread.start()

    @property
    def process(self) -> int | None:
        """The process that was started, leader of a group; None before the first figure."""
        started = getattr(self._kaleido, "subprocess", None)
        return started.pid if started is not None else None

    def draw(self, figure: dict[str, Any], options: dict[str, Any], *, seconds: float) -> bytes:
        """The picture. Raises `TimeoutError`, or whatever ended the browser."""
        return bytes(self._wait(self._drawn(figure, options), seconds))

    def close(self) -> None:
        """End the browser in whatever state it is, and the thread."""
        started = getattr(self._kaleido, "subprocess", None)
        if started is not None and started.poll() is None:
            # It and all it started: it leads a group of its own. Nothing of its profile is kept.
            with suppress(ProcessLookupError):
                os.killpg(started.pid, SIGKILL)
            started.wait()
        with suppress(Exception):
            self._wait(self._ended(), SECONDS_TO_CLOSE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS_TO_CLOSE)
        if not self._thread.is_alive():
            self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return waiting.result(seconds)
        finally:
            waiting.cancel()

    async def _drawn(self, figure: dict[str, Any], options: dict[str, Any]) -> Any:
        if self._kaleido is None:
            self._kaleido = kaleido.Kaleido(path=self._path, mathjax=False)
            await self._kaleido.open()
        return await self._kaleido.calc_fig(figure, opts=options)

    async def _ended(self) -> None:
        if self._kaleido is not None:
            with suppress(Exception):
                await self._kaleido.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
