"""Files in passing: in one private folder, deleted by who made them, or by the next if that was killed."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ingest.files import temporary
from ingest.store.database import make_engine, migrate
from tests import servers

HOLDING = """
import os, sys, tempfile
from pathlib import Path
from ingest.files import temporary
os.umask(int(sys.argv[2], 8))
home = Path(sys.argv[1])
temporary.keep_temporary_files_in(home)
held = temporary.hold(home, "upload")
with temporary.private_file(held.path / "patients.csv") as file:
    file.write(b"NHS number")
spooled = tempfile.SpooledTemporaryFile(max_size=1)
spooled.write(b"NHS number")
named = tempfile.NamedTemporaryFile()
print(named.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holding(tmp_path):
    """holding(umask) -> a process that holds files in passing under `home`, until its input is closed."""
    started = []

    def start(umask: str = "022") -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDING, tmp_path / "home", umask],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=servers.ROOT,
        )
        started.append(process)
        named = Path(process.stdout.readline().strip())
        assert named.is_relative_to(tmp_path / "home" / "tmp")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if not path.is_dir()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", ["000", "022", "077", "777"])
def test_nobody_else_can_read_them_whatever_the_umask(holding, tmp_path, umask):
    """Fault 4: an upload was a file that everybody could read."""
    if umask == "777" and os.geteuid() != 0:
        umask = "377"  # an account that may not enter its own new folder cannot put it right
    holding(umask)
    home = tmp_path / "home"
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    assert {mode(folder) for folder in folders} == {0o700}
    assert [mode(path) & 0o077 for path in files(home)] == [0, 0]
    assert {mode(path) for path in home.glob("tmp/upload-*/*")} == {0o600}


def test_what_a_killed_process_left_is_swept_and_what_another_holds_is_not(holding, tmp_path):
    """Fault 4: it stayed for ever."""
    home = tmp_path / "home"
    killed, living = holding(), holding()
    assert len(files(home)) == 4
    assert temporary.sweep(home) == 0
    killed.kill()
    killed.wait()
    assert temporary.sweep(home) == 2  # its own folder, and that of its upload
    assert len(files(home)) == 2
    living.communicate("")
    assert living.returncode == 0
    # The upload's folder was never released: only the process's own goes with it.
    assert temporary.sweep(home) == 1
    assert list((home / "tmp").iterdir()) == []


def test_our_own_are_not_swept_by_ourselves(tmp_path):
    with temporary.passing_folder(tmp_path, "upload") as folder:
        assert temporary.sweep(tmp_path) == 0
        assert folder.is_dir()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_earlier_versions_left_is_swept_too(tmp_path):
    """Fault 4: an update must not leave behind what the version before it did."""
    left = tmp_path / "upload-ab12cd3_"
    left.mkdir()
    (left / "list.csv").write_text("NHS number")
    (tmp_path / f"token.key-{'a' * 16}").write_text("key")
    (tmp_path / "token.key").write_text("key")
    (tmp_path / "uploads-kept").mkdir()
    assert temporary.sweep(tmp_path) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["token.key", "uploads-kept"]


def test_a_link_in_the_folder_is_deleted_and_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("")
    home = tmp_path / "home"
    with temporary.passing_folder(home, "upload"):
        (home / "tmp" / "link").symlink_to(elsewhere)
        (home / "tmp" / "file").write_text("")
        temporary.sweep(home)
        assert len(list((home / "tmp").iterdir())) <= 2
    assert (elsewhere / "kept").exists()


def test_sweeping_a_home_that_is_not_there_makes_none(tmp_path):
    assert temporary.sweep(tmp_path / "home") == 0
    assert not (tmp_path / "home").exists()


def test_libraries_put_theirs_there_until_the_process_ends(holding, tmp_path):
    """A spooled form, an archive, a browser's profile: all ask Python where."""
    process = holding()
    opened = [os.readlink(link) for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink()]
    spooled = [path for path in opened if path.startswith(str(tmp_path / "home" / "tmp" / "process-"))]
    assert len(spooled) == 3  # the lock on the folder, the spooled file, which has no name, and the named one


def test_a_file_put_in_place_is_whole_or_not_there(tmp_path):
    path = tmp_path / "pack.pptx"
    path.write_bytes(b"old")
    with pytest.raises(TypeError), temporary.replacing(path) as file:
        file.writelines([b"half", None])
    assert path.read_bytes() == b"old"
    left = tmp_path / ".rtt-pack-R9A.pptx.0a1b2c3d.rtt-part"
    left.write_bytes(b"of a pack that was killed")
    with temporary.replacing(path) as file:
        file.write(b"new")
        [beside] = tmp_path.glob("*.rtt-part") if not left.exists() else [left]
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["pack.pptx"]
    assert beside != left


def test_a_database_is_its_owners_alone_whatever_the_umask(tmp_path):
    """Fault 4: what may hold patients under RTT_HOME is not for others to read."""
    before = os.umask(0)
    try:
        engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'rtt.db'}")
        migrate(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            beside = sorted((tmp_path / "home").iterdir())
            assert len(beside) > 1
            assert {mode(path) for path in beside} == {0o600}
        engine.dispose()
    finally:
        os.umask(before)
    assert mode(tmp_path / "home") == 0o700


def test_others_lose_their_rights_over_an_older_database_and_a_group_keeps_its(tmp_path):
    path = tmp_path / "rtt.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    path.chmod(0o664)
    make_engine(f"sqlite:///{path}").dispose()
    assert mode(path) == 0o660


def test_a_temporary_file_of_this_process_still_has_a_place(tmp_path):
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
