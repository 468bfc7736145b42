"""The proof that whoever asks is the person at this machine: a link that opens once, and the cookie it sets.

A request from the loopback address proves nothing by itself: a proxy on the same machine speaks from there
for everybody it serves, and a bare `proxy_pass` adds no header that would show it. So the single user is
whoever holds a cookie, and a cookie is given for a key that only this account can read: `rtt serve` prints
one in its link, `rtt link` makes another. Keys and cookies are kept as hashes, each a file in a folder of
RTT_HOME that only its owner may open, so that all workers of a server, and the next server, share
them.
"""

import hashlib
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

PARAMETER = "start-key"
KEY_SECONDS = 24 * 3600
COOKIE_SECONDS = 90 * 24 * 3600

# As `secrets.token_urlsafe(32)` writes them: nothing else is looked up.
_SECRET = re.compile(r"[\w-]{43}", re.ASCII)


def new_key(folder: Path) -> str:
    """A key for one link, good for a day; what is out of date is removed on the way."""
    _sweep(folder)
    return _kept(folder / "keys")


def redeem(folder: Path, key: str) -> str | None:
    """The value of a cookie for a key that is good; the key is used up. None for any other."""
    path = _named(folder / "keys", key)
    if path is None or not _is_good(path, KEY_SECONDS):
        return None
    try:
        # Of two who come at once with the same key, one alone removes its file.
        path.unlink()
    except FileNotFoundError:
        return None
    return _kept(folder / "cookies")


def admits(folder: Path, cookie: str) -> bool:
    """Whether this is the value of a cookie that was given here and is not out of date."""
    path = _named(folder / "cookies", cookie)
    return path is not None and _is_good(path, COOKIE_SECONDS)


def cookie_name(folder: Path) -> str:
    """Browsers keep cookies by host and not by port: each RTT_HOME has a name of its own."""
    return "rtt-single-user-" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _kept(folder: Path) -> str:
    secret = secrets.token_urlsafe(32)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in (folder.parent, folder):
        each.chmod(0o700)
    path = _named(folder, secret)
    assert path is not None
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return secret


def _named(folder: Path, secret: str) -> Path | None:
    if not _SECRET.fullmatch(secret):
        return None
    return folder / hashlib.sha256(secret.encode()).hexdigest()


def _is_good(path: Path, seconds: int) -> bool:
    try:
        return time.time() - path.stat().st_mtime < seconds
    except OSError:
        return False


def _sweep(folder: Path) -> None:
    for name, seconds in (("keys", KEY_SECONDS), ("cookies", COOKIE_SECONDS)):
        with suppress(FileNotFoundError):
            for path in list((folder / name).iterdir()):
                if not _is_good(path, seconds):
                    path.unlink(missing_ok=True)
