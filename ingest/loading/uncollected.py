"""A while in which Python does not look for objects that refer to each other in a ring.

Rows are tuples of plain values, made by the hundred thousand, and none refers to another: to look through
them again and again takes a tenth of a load. What a load leaves of rings is small, and is found after it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
