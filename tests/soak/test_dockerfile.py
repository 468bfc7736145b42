"""The Dockerfile's steps, one by one, in a clean Debian, and the container that comes of them.

No Docker is needed: `tests/dockerfile.py` reads the steps, `tests/clean_debian.py` stands in for the base
image, and `tests/namespaces.py` runs what Docker would run. One thing is changed: the server listens on the
loopback interface alone.
"""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests import allowances, clean_debian, namespaces
from tests.dockerfile import Image, Step, after, copied, steps_of
from tests.namespaces import Container, Place
from tests.servers import ROOT

BASE = "python:3.11-slim-bookworm"
# The base image has Python under /usr/local. A virtual environment there has the same paths, and there pip
# installs without heeding Debian's marker EXTERNALLY-MANAGED, which the base image's Python has not.
PYTHON = ("ca-certificates", "netbase", "tzdata", "python3-venv")
OF_THE_BASE = {
    "PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin",
    "LANG": "C.UTF-8",
}
ASK = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8050{}', timeout=30).status)"
EXAMPLE = "sample_data/examples/20260930-RTT-September-2026-full-extract.csv"
# The exit code of a pack that was made; 4 where the data is late, as that of the example is some day.
MADE = {0, 4}

pytestmark = [pytest.mark.soak, pytest.mark.slow]


@pytest.fixture
def root(tmp_path):
    """Where the system is made. It is a gigabyte and more: not kept for a later look, as pytest would."""
    if not namespaces.may_be_made():
        allowances.skip_without_namespaces()
    if not shutil.which("debootstrap"):
        allowances.skip_without_package("debootstrap")
    yield tmp_path / "root"
    shutil.rmtree(tmp_path / "root", ignore_errors=True)


def test_its_steps_make_a_container_that_serves_and_writes_to_its_volume_alone(root, tmp_path):
    image = built(root)
    place = placed(root, image)
    log = tmp_path / "container.log"
    started = time.time()
    with namespaces.container(place, on_loopback(image.command), volumes=image.volumes, log=log) as container:
        becomes_healthy(container, image, log)
        assert container.ask("python", "-c", ASK.format("/")).stdout == "200\n", log.read_text()
        makes_a_pdf(container)
        is_nobody_in_particular(container)
        is_closed(container)
        # What gunicorn does when it is asked to end; Docker would kill it after ten seconds.
        assert container.stop(seconds=10) == 0, log.read_text()
    ends_with_whoever_started_it(place, log)
    assert written_since(started, root) == {"data"}
    assert "Read-only file system" not in log.read_text()
    assert "Traceback" not in log.read_text()


def built(root: Path) -> Image:
    """Follow every step, each in the state that the ones before it left."""
    image = Image(environment=OF_THE_BASE)
    reaching = clean_debian.reaching()
    for step in steps_of((ROOT / "Dockerfile").read_text()):
        if step.instruction == "FROM":
            make_base(root, step)
            lent = lend(root, reaching)
        image = after(image, step)
        (root / image.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        if step.instruction == "COPY":
            copy(root, image, step)
        if step.instruction == "RUN":
            place = placed(root, image)
            # What the image says counts for more than what this machine says.
            place = replace(place, environment=reaching | place.environment)
            namespaces.run(place, ("/bin/sh", "-c", step.text), lent=lent)
    return image


def placed(root: Path, image: Image) -> Place:
    return Place(root, environment=image.environment, folder=image.folder, user=image.user)


def make_base(root: Path, step: Step) -> None:
    assert step.text == BASE, "another base image: say here what it provides"
    clean_debian.make(root, suite="bookworm", packages=PYTHON)
    place = Place(root, environment=OF_THE_BASE)
    namespaces.run(place, ("python3", "-m", "venv", "/usr/local"))
    version = "import sys; assert sys.version_info[:2] == (3, 11), sys.version"
    namespaces.run(place, ("python", "-c", version))


def lend(root: Path, reaching: dict[str, str]) -> set[Path]:
    """The folders of this machine that its settings of pip name, once the files that they name are copied."""
    named = clean_debian.borrowed(reaching, root)
    for path in named:
        if path.is_file():
            there = root / path.relative_to("/")
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, there)
    return {path for path in named if path.is_dir()}


def copy(root: Path, image: Image, step: Step) -> None:
    source, destination = step.text.split()
    folder = root / image.folder.lstrip("/") / destination.lstrip("/")
    for path, below in copied(ROOT, source):
        there = folder / below
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, there, follow_symlinks=False)


def on_loopback(command: tuple[str, ...]) -> list[str]:
    """The image's command on the loopback interface alone; the port is the container's own, so it stays."""
    assert "0.0.0.0:8050" in command, (
        "the port cannot be published unless the server listens on every address"
    )
    return ["127.0.0.1:8050" if word == "0.0.0.0:8050" else word for word in command]


def becomes_healthy(container: Container, image: Image, log: Path) -> None:
    deadline = time.monotonic() + 60
    while (asked := container.ask(*image.health_check)).returncode != 0:
        assert container.outside.poll() is None, log.read_text()
        assert time.monotonic() < deadline, asked.stderr + log.read_text()
        time.sleep(0.5)


def makes_a_pdf(container: Container) -> None:
    """Pango and the fonts are there, no browser is, and a read-only root is enough for them."""
    loaded = container.ask("rtt", "load", EXAMPLE)
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    made = container.ask("rtt", "pack", "--formats", "pdf", "--out", "/data/packs")
    assert made.returncode in MADE, made.stdout + made.stderr
    (pack,) = (container.place.root / "data/packs").glob("*.pdf")
    written = pack.read_bytes()
    assert written.startswith(b"%PDF-")
    assert written.count(b"/Alt ") >= 1, "a pack without its charts"
    assert container.ask("which", "chromium").returncode != 0
    assert container.ask("fc-match", "--format=%{family}", "Arial").stdout == "Liberation Sans"


def is_nobody_in_particular(container: Container) -> None:
    uid, gid = container.place.ids
    processes = container.processes()
    assert len(processes) >= 3, "gunicorn and its two workers"
    for process in processes:
        assert set(process["Uid"].split()) == {str(uid)} != {"0"}
        assert set(process["Gid"].split()) == {str(gid)} != {"0"}
        assert int(process["CapBnd"], 16) == 0
        assert process["NoNewPrivs"] == "1"


def is_closed(container: Container) -> None:
    """Not even root could write elsewhere, so what the server wrote went where it may."""
    as_root = replace(container.place, user="root")
    for folder in ("/app", "/etc", "/usr/local", "/var/tmp"):
        refused = container.ask("touch", f"{folder}/written", place=as_root)
        assert "Read-only file system" in refused.stderr


def ends_with_whoever_started_it(place: Place, log: Path) -> None:
    """However the tests end, nothing is left running or mounted: a check of the test itself."""
    with namespaces.container(
        place, ["sleep", "1000"], volumes=(), log=log.with_name("sleep.log")
    ) as container:
        until(lambda: [each["Name"] for each in container.processes()] == ["sleep"])
        container.outside.kill()
        until(lambda: not Path("/proc", str(container.first)).exists())


def until(true: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def written_since(moment: float, root: Path) -> set[str]:
    """The folders at the top of the system in which anything was made, changed or removed."""
    changed = set()
    for folder, folders, names in os.walk(root):
        for path in (Path(folder, name) for name in (*folders, *names)):
            if path.lstat().st_ctime > moment:
                changed.add(path.relative_to(root).parts[0])
    return changed
