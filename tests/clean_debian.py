"""A clean Debian in a folder, from the mirror that this machine uses, reaching packages as this machine does.

Where packages come from is read from the machine's own settings each time, and stands nowhere else. For root
on Debian alone; the tests that need it say so where it cannot be made.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

# So that a debootstrap that is interrupted leaves no mount and no process behind.
APART = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
OF_THE_NETWORK = re.compile(
    r"(?i:https?|ftp|all|no)_proxy|PIP_\w+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE"
)
CERTIFICATES = Path("usr/local/share/ca-certificates")


def make(root: Path, *, suite: str, packages: tuple[str, ...]) -> None:
    """The smallest Debian and these packages, in the folder, which must not exist yet."""
    sources = _sources(suite)
    mirror = [address for address, release in sources if release == suite][:1]
    chosen = f"--include={','.join(packages)}"
    # Without a source of this suite debootstrap asks the mirror that it was made for.
    _run([*APART, "debootstrap", "--variant=minbase", chosen, suite, str(root), *mirror], **_with_proxy())
    if sources:
        lines = [f"deb {address} {release} main\n" for address, release in sources]
        (root / "etc/apt/sources.list").write_text("".join(lines))
    (root / "etc/apt/apt.conf.d/reaching").write_text(_output("apt-config", "dump", "Acquire"))
    # As in images for containers: a build that breaks off is begun anew, so nothing waits for the disk.
    (root / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
    for name in ("hosts", "resolv.conf"):
        shutil.copy(Path("/etc", name), root / "etc" / name)
    _trust_what_this_machine_trusts(root)


def reaching() -> dict[str, str]:
    """The variables by which programs reach packages from this machine, pip's files of settings included."""
    settings = {}
    for line in sorted(_output(sys.executable, "-m", "pip", "config", "list").splitlines()):
        section, option, value = re.fullmatch(r"([^.]+)\.([^=]+)=(.*)", line).groups()
        # In this order, for what is said of `install` alone counts for more; the environment is read below.
        if section in ("global", "install"):
            settings["PIP_" + option.upper().replace("-", "_")] = ast.literal_eval(value)
    return settings | {name: value for name, value in os.environ.items() if OF_THE_NETWORK.fullmatch(name)}


def borrowed(variables: dict[str, str], root: Path) -> set[Path]:
    """The folders and files of this machine that such variables name and the clean Debian has not."""
    named = {path for value in variables.values() for word in value.split() for path in _places(word)}
    return {path for path in named if path.exists() and not (root / path.relative_to("/")).exists()}


def _places(word: str) -> Iterator[Path]:
    if word.startswith("file:"):
        # The pages of a package index name files that lie beside it.
        path = Path(url2pathname(urlsplit(word).path))
        yield path.parent if path.parent != Path("/") else path
    elif word.startswith("/"):
        yield Path(word)


def _sources(suite: str) -> list[tuple[str, str]]:
    """(address, release) of Debian's own archives of the suite, as apt knows them, the suite itself first."""
    wanted = (suite, f"{suite}-updates", f"{suite}-security")
    told = _output(
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"
    )
    lines = [line.split(" ") for line in told.splitlines()]
    found = {(address, release) for address, release, part in lines if part == "main" and release in wanted}
    return sorted(found, key=lambda source: wanted.index(source[1]))


def _with_proxy() -> dict[str, str]:
    """debootstrap asks wget, which does not read apt's settings."""
    proxies = {}
    for kind in ("http", "https"):
        told = _output("apt-config", "dump", "--format", "%v", f"Acquire::{kind}::Proxy").strip()
        if told:
            proxies[f"{kind}_proxy"] = told
    return proxies


def _trust_what_this_machine_trusts(root: Path) -> None:
    own = Path("/", CERTIFICATES)
    if own.is_dir() and any(own.iterdir()):
        shutil.copytree(own, root / CERTIFICATES, dirs_exist_ok=True)
        _run(["chroot", str(root), "update-ca-certificates"])


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _run(command: list[str], **variables: str) -> None:
    ran = subprocess.run(
        command,
        env=variables | os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command[:8]} ended with {ran.returncode}:\n{ran.stdout[-4000:]}"
