"""Real servers for the tests: PostgreSQL and gunicorn, started on this machine and always ended.

Each is started behind a small shell that waits on a pipe held by the tests. When the tests end,
in whatever way, the pipe closes and the shell ends the server: nothing is left running.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dashboard.server import single_user
from dashboard.settings.settings import PROOFS

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
NGINX = Path("/usr/sbin/nginx")
PROGRAM = Path(sys.executable).with_name("rtt")
QUIET_CHROMIUM = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# No test asks NHS England's own site: nobody listens there.
NO_PUBLISHER = {"RTT_FETCH_BASE": "http://127.0.0.1:9/", "RTT_FETCH_PAUSE_MS": "0"}
# What a page comes to is tested, not how soon: the machine may be busy with something else. Milliseconds.
PATIENCE = 60_000

# An interrupt is the quick end of both servers, but a shell starts what runs in its background deaf to it.
# What does not heed it is ended all the same.
UNTIL_THE_PIPE_CLOSES = """
exec 3<&0
env --default-signal=INT "$@" </dev/null 3<&- &
server=$!
(
    cat <&3 >/dev/null
    for signal in INT TERM KILL; do
        kill -$signal $server 2>/dev/null
        for _ in $(seq 50); do
            kill -0 $server 2>/dev/null || exit
            sleep 0.1
        done
    done
) &
wait $server
"""


def postgresql_programs() -> Path | None:
    """The folder of the newest PostgreSQL server that Debian installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: int(bin_.parent.name))
    return found[-1] if found else None


@contextlib.contextmanager
def postgresql(programs: Path) -> Iterator[Callable[[str], str]]:
    """A throw-away server, reached only by a socket in a private folder; yields database name -> URL.

    PostgreSQL refuses to run as root, so there it runs under an unprivileged account.
    """
    home = Path(tempfile.mkdtemp(prefix="rtt-postgresql-", dir=_memory()))
    account = _unprivileged_account(home)
    try:
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                home / "data",
                "-U",
                "rtt",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C.UTF-8",
            ],
            check=True,
            cwd=home,
            capture_output=True,
            **account,
        )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": home,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_wal_size": "128MB",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [programs / "postgres", "-D", home / "data", *options]
        with running(command, log=home / "log", cwd=home, **account) as server:
            wait_until(lambda: _takes_connections(home / "data"), server, log=home / "log")
            yield lambda database: f"postgresql+psycopg://rtt@/{database}?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def gunicorn(
    environment: Mapping[str, str], *, log: Path, workers: int = 1, port: int | None = None
) -> Iterator[str]:
    """`gunicorn app:server` on a free port of the loopback interface, or on this one; yields its address."""
    with gunicorn_process(environment, log=log, workers=workers, port=port) as (address, _):
        yield address


@contextlib.contextmanager
def gunicorn_process(
    environment: Mapping[str, str], *, log: Path, workers: int = 1, port: int | None = None, **options
) -> Iterator[tuple[str, subprocess.Popen]]:
    """The same with the process that leads its group, for a test to kill."""
    port = port or free_port()
    said = (
        f"--worker-class gthread --threads 16 --workers {workers} --bind 127.0.0.1:{port} "
        "--no-control-socket --logger-class dashboard.server.server_log.ServerLog"
    )
    command = [sys.executable, "-m", "gunicorn", *said.split(), "app:server"]
    with running(command, log=log, cwd=ROOT, env=_environment(environment), **options) as server:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(address), server, log=log)
        _let_browsers_in(environment)
        yield address, server


BROWSERS: list[Any] = []
"""The browser contexts that servers yet to be started let in too."""
_COOKIES: list[dict[str, Any]] = []


def let_in(context: Any) -> None:
    """Give a browser context the cookies of the single user's servers that run."""
    if _COOKIES:
        context.add_cookies(_COOKIES)


def proofs() -> dict[str, str]:
    """The header that proves a program to be the single user of each server that runs."""
    return {"Cookie": "; ".join(f"{each['name']}={each['value']}" for each in _COOKIES)}


def _let_browsers_in(environment: Mapping[str, str]) -> None:
    """As if the link that the server's person was given had been opened in each."""
    if environment.get("RTT_ACCESS") != "single-user":
        return
    proofs = Path(environment["RTT_HOME"]) / PROOFS
    value = single_user.redeem(proofs, single_user.new_key(proofs))
    cookie = {
        "name": single_user.cookie_name(proofs),
        "value": value,
        "url": "http://127.0.0.1",
        "httpOnly": True,
    }
    _COOKIES.append(cookie)
    for context in BROWSERS:
        context.add_cookies([cookie])


@contextlib.contextmanager
def nginx(locations: str, *, folder: Path) -> Iterator[str]:
    """nginx on a free port of the loopback interface with these `location` blocks; yields its address."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; worker_processes 1;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")
        + f"events {{}}\nhttp {{ access_log off; {temporary} client_max_body_size 300m;\n"
        f"server {{ listen 127.0.0.1:{port}; {locations} }} }}\n"
    )
    log = folder / "log"
    with running([NGINX, "-e", "stderr", "-c", folder / "nginx.conf"], log=log) as server:
        wait_until(lambda: _listens(port), server, log=log)
        yield f"http://127.0.0.1:{port}"


def rtt(*arguments: str | Path, check: bool = True, **settings: str) -> subprocess.CompletedProcess:
    """The command `rtt` as a whole process with these settings alone; its output as text."""
    ran = subprocess.run(
        [PROGRAM, *arguments],
        env=_environment(settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0 or not check, ran.stderr
    return ran


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """What the machine needs, and of our own settings only these."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RTT_")}
    return ours | NO_PUBLISHER | settings


@contextlib.contextmanager
def running(command: list[str | Path], *, log: Path, **options) -> Iterator[subprocess.Popen]:
    """The command as a child in its own session, ended on leaving the block."""
    with log.open("ab") as output:
        shell = subprocess.Popen(
            ["/bin/sh", "-c", UNTIL_THE_PIPE_CLOSES, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **options,
        )
    try:
        yield shell
    finally:
        shell.stdin.close()
        try:
            shell.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)
            shell.wait()


@contextlib.contextmanager
def sign_in_service(*people: str, log: Path) -> Iterator[str]:
    """A provider of OpenID Connect of others (`oidc_provider_mock`) with these people, as JSON of their
    claims; yields its issuer.
    """
    port = free_port()
    told = [part for person in people for part in ("--user-claims", person)]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *told]
    with running(command, log=log, env=_environment({})) as server:
        wait_until(lambda: _listens(port), server, log=log)
        yield f"http://127.0.0.1:{port}"


def is_here(address: str) -> bool:
    """Whether a page that asks for this address stays on this machine."""
    return address.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


def kill_at_once(server: subprocess.Popen) -> None:
    """End a process that `running` started, and all that it started, as a power cut would."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _memory() -> Path | None:
    """A folder in memory with room for a server, if this machine has one.

    A database is a thousand small files: to make and drop one takes fifteen times as long on a disk.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4e9
    return memory if roomy else None


def _unprivileged_account(home: Path) -> dict:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(home, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _answers(address: str) -> bool:
    """Whether a worker answers, be it with an error: the port alone is open before any worker is ready."""
    try:
        urllib.request.urlopen(address + "/health", timeout=10).close()
    except urllib.error.HTTPError as refusal:
        refusal.close()
    except OSError:
        return False
    return True


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def _takes_connections(data: Path) -> bool:
    """Whether PostgreSQL says so in its pid file; its socket is there before it answers."""
    try:
        return "ready" in (data / "postmaster.pid").read_text().split()
    except FileNotFoundError:
        return False


def wait_until(
    ready: Callable[[], bool], server: subprocess.Popen, *, log: Path, seconds: float = 60
) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the server did not start:\n" + log.read_text(errors="replace")[-4000:])
        time.sleep(0.02)
