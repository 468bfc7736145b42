"""Tokens: how a pathway is known in the database, without anything that leads back to a patient.

A token is a keyed hash (HMAC-SHA256) of what identifies the pathway at the trust. Without the key it cannot
be made from a number, however many are tried. Its first characters are those of the key's fingerprint, so
tokens of two keys are never taken for each other. The key lies in the environment or in a file that its owner
alone can read; the database knows only its fingerprint and since when it is used.
"""

import hashlib
import hmac
import os
import secrets
from base64 import b32encode
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from ingest.files.temporary import passing_folder, private_file
from ingest.store.schema import token_key

KEY_FILE = "token.key"
KEY_BYTES = 32
SHORTEST_KEY = 16  # bytes: what a person types into an environment must still resist guessing
PREFIX = 3
# 80 bits: two of fifteen million pathways share them with a chance of one in ten billion.
_DIGEST_BYTES = 10
LENGTH = 16  # characters after the prefix
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # of RFC 4648
_BLOCK = 64  # bytes, of SHA-256


class UnusableKey(Exception):
    """The key cannot be used, for the reason in the message (which never holds the key)."""


def key_of(home: Path, configured: str | None = None, *, make: bool = True) -> bytes:
    """The key: `configured` (RTT_TOKEN_KEY) if given, else that of the key file, which is made at first use.

    Raises `UnusableKey` for one that is too short or that others can read, and unless `make` for a file that
    is not there: who looks for a token finds none with a new key.
    """
    file = home / KEY_FILE
    if not configured and not make and not file.exists():
        raise UnusableKey(
            f"there is no key in {file}, and without it no token can be found. The first `rtt load` makes "
            "it: name the RTT_HOME, or the RTT_TOKEN_KEY, with which the list was loaded"
        )
    key = configured.strip().encode() if configured else _key_in(file)
    if len(key) < SHORTEST_KEY:
        raise UnusableKey(f"the token key has fewer than {SHORTEST_KEY} characters")
    return key


def _key_in(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return _new_key(path)
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise UnusableKey(f"others can read {path.name}; make it yours alone with chmod 600")
        return file.read().strip()


def _new_key(path: Path) -> bytes:
    """Make the key, or read that of another load which began at the same time and was first."""
    key = secrets.token_hex(KEY_BYTES).encode()
    # Written whole under a name of its own, then named: nobody ever reads half a key.
    with passing_folder(path.parent, "key") as folder:
        aside = folder / path.name
        with private_file(aside) as file:
            file.write(key + b"\n")
        try:
            os.link(aside, path)
        except FileExistsError:
            return _key_in(path)
    return key


def fingerprint(key: bytes) -> str:
    """Sixteen characters that tell keys apart and say nothing of them."""
    mark = hmac.digest(key, b"fingerprint of the token key", "sha256")
    return b32encode(mark[:_DIGEST_BYTES]).decode()


def tokens_of(identities: Iterable[str], key: bytes) -> list[str]:
    prefix = fingerprint(key)[:PREFIX] + "-"
    # Ten bytes are two whole groups of base32, so the digests can be written in one go, without padding.
    characters = _base32(_digests(identities, key))
    return [prefix + characters[at : at + LENGTH] for at in range(0, len(characters), LENGTH)]


def _base32(data: bytes) -> str:
    """As `base64.b32encode` writes whole groups of five bytes, ten times as fast."""
    import numpy as np  # not for whoever asks for the key alone

    groups = np.zeros((len(data) // 5, 8), dtype=np.uint8)
    groups[:, 3:] = np.frombuffer(data, dtype=np.uint8).reshape(-1, 5)
    numbers = groups.view(">u8").astype(np.uint64)  # of forty bits: eight characters of five
    places = (numbers >> np.arange(35, -1, -5, dtype=np.uint64)) & np.uint64(31)
    characters: bytes = np.frombuffer(_ALPHABET, dtype=np.uint8)[places].tobytes()
    return characters.decode()


def note_use(connection: Connection, key: bytes) -> None:
    """Keep since when this key makes tokens; a key seen before keeps its day."""
    mark = fingerprint(key)
    known = connection.execute(select(token_key.c.fingerprint).where(token_key.c.fingerprint == mark)).first()
    if known is None:
        connection.execute(insert(token_key).values(fingerprint=mark, first_used_at=func.now()))


def _digests(identities: Iterable[str], key: bytes) -> bytes:
    """The first ten bytes of each HMAC, joined.

    As RFC 2104 writes it, with both padded keys hashed once: three times as fast as `hmac`, and equal to it.
    """
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    digests = []
    for identity in identities:
        first, second = inner.copy(), outer.copy()
        first.update(identity.encode())
        second.update(first.digest())
        digests.append(second.digest()[:_DIGEST_BYTES])
    return b"".join(digests)
