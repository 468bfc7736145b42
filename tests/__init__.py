"""Tests. Each process does its linear algebra in one thread, and so do the servers that it starts.

OpenBLAS lets a thread for each core wait for the next small matrix in a busy loop. Two workers fill two cores
anyway: a tenth of the processor time of a run went into that waiting. numpy reads this when it is imported.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
