"""`rtt serve`: gunicorn on this machine alone, on the first port that is free."""

from __future__ import annotations

import os
import socket
import sys

from dashboard.cli.outcomes import WrongUse, say
from dashboard.queries.served import holding, served_url
from dashboard.settings import CHECKOUT, Settings, from_environment
from ingest.database import THREADS

ADDRESS = "127.0.0.1"
PORTS_TRIED = 100


def serve_dashboard(port: int, *, demo_if_empty: bool) -> int:
    """Become the server; returns only if it cannot."""
    settings = from_environment()
    if demo_if_empty and _shows_no_real_extract(settings):
        from dashboard.cli.demo import build_demo

        build_demo(if_stale=True)
    free = free_port(port)
    shown = holding(served_url(settings))
    kind = "sample data: not a real trust" if shown and shown.kind == "sample" else "your extracts"
    say(f"The dashboard is at http://{ADDRESS}:{free} ({kind}). Stop it with Ctrl+C.")
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(CHECKOUT)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *gunicorn_options(free), "app:server"])


def gunicorn_options(port: int) -> list[str]:
    """A worker for each core, each with its own connections: pooled ones must not cross a fork."""
    return [
        *("--bind", f"{ADDRESS}:{port}"),
        *("--worker-class", "gthread"),
        *("--workers", str(os.cpu_count() or 1)),
        *("--threads", str(THREADS)),
        *("--log-level", "warning"),
        "--no-control-socket",
        *("--logger-class", "dashboard.server_log.ServerLog"),
    ]


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens to."""
    for port in range(first, min(first + PORTS_TRIED, 65_536)):
        with socket.socket() as attempt:
            # As gunicorn does: a port whose last connections are still fading away is free.
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise WrongUse(f"None of the ports from {first} on is free; say another with --port")


def _shows_no_real_extract(settings: Settings) -> bool:
    held = holding(settings.real_url)
    return held is None or held.kind == "sample" or not held.extracts
