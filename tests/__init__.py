"""Tests. Each process does its linear algebra in one thread, and so do the servers that it starts.

OpenBLAS lets a thread for each core wait for the next matrix in a busy loop, and two workers fill two cores
anyway: of the attack by linear algebra a third was waiting. numpy reads this when it is imported.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
