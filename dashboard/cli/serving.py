"""`rtt serve`: gunicorn on this machine alone, on the first port that is free."""

import os
import socket
import sys

from dashboard.cli.outcomes import WrongUse, say
from dashboard.server.single_user import PARAMETER, new_key
from dashboard.settings.settings import CHECKOUT, PROOFS, Settings, from_environment
from dashboard.store.served import holding, served_url
from ingest.store.database import THREADS

ADDRESS = "127.0.0.1"
PORTS_TRIED = 100


def serve_dashboard(port: int, *, demo_if_empty: bool) -> int:
    """Become the server; returns only if it cannot."""
    settings = from_environment()
    free = free_port(port)
    if demo_if_empty and _shows_no_real_extract(settings):
        from dashboard.cli.builder import see_to_sample

        if failed := see_to_sample(settings):
            return failed
    shown = holding(served_url(settings))
    kind = "sample data: not a real trust" if shown and shown.kind == "sample" else "your extracts"
    say(f"The dashboard is at {_address(settings, free)} ({kind}). Stop it with Ctrl+C.")
    if settings.proof:
        say("The link works once, in one browser. For another, run rtt link.")
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(CHECKOUT)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *gunicorn_options(free), "app:server"])


def link(port: int) -> int:
    settings = from_environment()
    if settings.access == "proxy":
        raise WrongUse("RTT_ACCESS is proxy: people sign in through the proxy and need no link")
    if settings.access == "oidc":
        raise WrongUse("RTT_ACCESS is oidc: people sign in at the provider and need no link")
    proof = settings.proof or settings.home / PROOFS
    say(f"http://{ADDRESS}:{port}{settings.prefix}/?{PARAMETER}={new_key(proof)}")
    return 0


def _address(settings: Settings, port: int) -> str:
    """Where the dashboard is; for a single user with the key that proves who they are."""
    plain = f"http://{ADDRESS}:{port}{settings.prefix}"
    return f"{plain}/?{PARAMETER}={new_key(settings.proof)}" if settings.proof else plain


def gunicorn_options(port: int) -> list[str]:
    """A worker for each core, each with its own connections: pooled ones must not cross a fork."""
    return [
        *("--bind", f"{ADDRESS}:{port}"),
        *("--worker-class", "gthread"),
        *("--workers", str(os.cpu_count() or 1)),
        *("--threads", str(THREADS)),
        *("--log-level", "warning"),
        "--no-control-socket",
        *("--logger-class", "dashboard.server.server_log.ServerLog"),
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
    raise WrongUse(f"No port from {first} on is free; choose another with --port")


def _shows_no_real_extract(settings: Settings) -> bool:
    held = holding(settings.real_url)
    return held is None or held.kind == "sample" or not held.extracts
