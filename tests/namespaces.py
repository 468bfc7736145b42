"""A system in a folder, run as a container runs: with its own mounts, processes and network, as its own user.

What Docker does with an image is done here with `unshare`, `chroot` and `setpriv`, which every Debian has.
Mounts and processes belong to namespaces that end with their first process, and that ends with the tests in
whatever way they end: nothing has to be cleared away.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# An interrupted test takes `unshare` with it, that the first process within, and that its namespaces.
TIED = "--pdeathsig=KILL"
TIED_TO_US = ("setpriv", TIED, "unshare", "--mount", "--pid", "--fork", "--kill-child")
# What a container may not do: gain rights by a program, or use one of root's. compose.yaml says so.
POWERLESS = ("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all")

SYSTEM_FOLDERS = """
set -eu
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for node in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "$root/dev/${node%:*}" c 1 "${node#*:}"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev,noexec,size=64m shm "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do
    ln -s "/proc/self/fd/${stream%:*}" "$root/dev/${stream#*:}"
done
"""

# Folders of this machine are lent to a build, and can only be read.
LEND = """
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    mount -o remount,bind,ro "$root$1"
    shift
done
shift
exec chroot "$root" "$@"
"""

# The volumes first: each remains a mount of its own, that may be written to. Then all else is made read-only.
# /tmp is as compose.yaml and Docker's defaults have it.
CLOSE = """
while [ "$1" != -- ]; do
    mount --bind "$root$1" "$root$1"
    shift
done
shift
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
"$1" -c 'import fcntl, socket, struct; UP, SET_FLAGS = 1, 0x8914
fcntl.ioctl(socket.socket(), SET_FLAGS, struct.pack("16sh22x", b"lo", UP))'
shift
exec chroot "$root" "$@"
"""


def may_be_made() -> bool:
    """Whether this account may have namespaces and mounts of its own on this machine."""
    if os.geteuid() != 0:
        return False
    tried = [*TIED_TO_US, "--net", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


@dataclass(frozen=True, slots=True)
class Place:
    """A system in a folder, and how a command begins in it."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"

    @property
    def ids(self) -> tuple[int, int]:
        """The numbers of the user and of its group, from the system's own list."""
        entry = self._entry()
        return int(entry[2]), int(entry[3])

    def begun(self, command: Iterable[str], *, rights: tuple[str, ...] = ()) -> list[str]:
        """The command with all that goes before it within the system."""
        variables = {"HOME": self._entry()[5], **self.environment}
        uid, gid = self.ids
        # Tied once more: whoever becomes another user is untied by the kernel.
        return [
            *("/usr/bin/env", "--ignore-environment", f"--chdir={self.folder}"),
            *(f"{name}={value}" for name, value in variables.items()),
            *("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", TIED, *rights),
            *command,
        ]

    def _entry(self) -> list[str]:
        lines = (self.root / "etc/passwd").read_text().splitlines()
        return next(entry for line in lines if (entry := line.split(":"))[0] == self.user)


def run(place: Place, command: Iterable[str], *, lent: Iterable[Path] = ()) -> None:
    """A command that changes the system, with this machine's network; whatever it starts ends with it."""
    folders = [str(path) for path in sorted(lent)]
    script = ["/bin/sh", "-c", SYSTEM_FOLDERS + LEND, "sh", str(place.root), *folders, "--"]
    ran = subprocess.run(
        [*TIED_TO_US, *script, *place.begun(command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command} ended with {ran.returncode}:\n{ran.stdout[-4000:]}"


@dataclass(frozen=True, slots=True)
class Container:
    """A running command: its file system is read-only but for its volumes, its network is itself alone."""

    place: Place
    outside: subprocess.Popen
    # The command's process, number 1 within, by its number on this machine.
    first: int

    def processes(self) -> list[dict[str, str]]:
        """What the kernel says of each process within."""
        within = os.readlink(f"/proc/{self.first}/ns/pid")
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(folder / "ns/pid") == within:
                    lines = (folder / "status").read_text().splitlines()
                    found.append(
                        {name: value.strip() for name, _, value in (s.partition(":") for s in lines)}
                    )
        return found

    def ask(self, *command: str, place: Place | None = None) -> subprocess.CompletedProcess:
        """A second command within, as `docker exec` runs one; as the same user unless `place` says other."""
        enter = ["nsenter", "--target", str(self.first), "--mount", "--pid", "--net"]
        begun = (place or self.place).begun(command, rights=POWERLESS)
        return subprocess.run(
            [*enter, "chroot", str(self.place.root), *begun],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def stop(self, *, seconds: float) -> int:
        """Ask the command to end, as `docker stop` does; its exit code."""
        os.kill(self.first, signal.SIGTERM)
        return self.outside.wait(timeout=seconds)


@contextlib.contextmanager
def container(
    place: Place, command: Iterable[str], *, volumes: Iterable[str], log: Path
) -> Iterator[Container]:
    """The command running; killed with all it started when the block is left, if it still runs then."""
    script = ["/bin/sh", "-c", SYSTEM_FOLDERS + CLOSE, "sh", str(place.root), *volumes, "--", sys.executable]
    with log.open("wb") as output:
        outside = subprocess.Popen(
            [*TIED_TO_US, "--net", *script, *place.begun(command, rights=POWERLESS)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Container(place, outside, _first_within(outside))
    finally:
        # What is within ends with it.
        outside.kill()
        outside.wait()


def _first_within(outside: subprocess.Popen) -> int:
    children = Path(f"/proc/{outside.pid}/task/{outside.pid}/children")
    while not (child := children.read_text()):
        # One that has ended is still there, until it is asked about.
        assert outside.poll() is None, "the namespaces could not be made"
        time.sleep(0.01)
    return int(child)
