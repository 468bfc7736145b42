"""A lake in an object store that speaks S3: one put is one file, whole or not at all.

There is no rename, and none is needed: rows and facts are named by their hash, and a census is seen through
its manifest, whose put is its only commit. Where the store is and who we are is said by the environment of
each machine, never by the lake, a task or a message:

    AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY   the key, unless the machine has a role of its own
    AWS_ENDPOINT_URL, AWS_REGION               another store than that of Amazon
    SSL_CERT_FILE                              the authorities of its certificate, where they are your own
    AWS_ALLOW_HTTP=true                        a store of this machine or a closed network, without TLS
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.lake.stores import OBJECT_STORE, NotThere, UnusableLake

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Store

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NAME = r"(?!\.\.?(/|$))[\w.-]+"
_PREFIX = re.compile(rf"{_NAME}(/{_NAME})*", re.ASCII)
_RETRY: RetryConfig = {"max_retries": 5, "retry_timeout": timedelta(seconds=60)}
_NO_BUCKET = "NoSuchBucket"
_REFUSED = "the store refuses the key of this machine (AWS_ACCESS_KEY_ID), or what it may do"
_REASONS = {
    _NO_BUCKET: "the store has no such bucket",
    "InvalidAccessKeyId": _REFUSED,
    "SignatureDoesNotMatch": _REFUSED,
    "AccessDenied": _REFUSED,
    "status code: 401": _REFUSED,
    "status code: 403": _REFUSED,
    "builder error": "AWS_ENDPOINT_URL has no TLS, which AWS_ALLOW_HTTP=true would allow",
    "InvalidCertificate": "this machine does not know the authority of the store (SSL_CERT_FILE)",
    "169.254.169.254": "this machine has no key for the store (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)",
    "error sending request": "the store does not answer (AWS_ENDPOINT_URL says where it is)",
}


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A lake below a prefix of a bucket. It holds an address and no connection, so it can be pickled."""

    bucket: str
    prefix: str

    @property
    def address(self) -> str:
        return f"{OBJECT_STORE}{self.bucket}/{self.prefix}".rstrip("/")

    def read(self, path: str) -> bytes:
        import obstore

        with self._told(path):
            return bytes(obstore.get(self._client(), path).bytes())

    def write(self, path: str, data: bytes) -> None:
        import obstore

        with self._told(path):
            # In parts it would be whole as well, but what is left of one that was broken off costs room.
            obstore.put(self._client(), path, data, use_multipart=False)

    def list(self, prefix: str = "") -> Iterator[str]:
        import obstore

        # The store lists what lies below a folder, not what begins with some letters.
        folder = prefix.rpartition("/")[0]
        with self._told(prefix):
            found = [each["path"] for page in obstore.list(self._client(), folder or None) for each in page]
        yield from sorted(path for path in found if path.startswith(prefix))

    def exists(self, path: str) -> bool:
        import obstore

        try:
            with self._told(path):
                obstore.head(self._client(), path)
        except NotThere:
            return False
        return True

    def remove(self, path: str) -> None:
        import obstore

        try:
            with self._told(path):
                obstore.delete(self._client(), path)
        except NotThere:
            return

    def _client(self) -> S3Store:
        return _client(self.bucket, self.prefix)

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """What goes wrong in our words: the library's own hold addresses and requests."""
        from obstore import exceptions

        try:
            yield
        except FileNotFoundError as fault:
            if _NO_BUCKET in str(fault):
                raise UnusableLake(f"{self.address}: {_reason(fault)}") from None
            raise NotThere(path) from None
        except ValueError:  # a path that leads out of the lake
            raise NotThere(path) from None
        except (exceptions.BaseError, OSError) as fault:
            raise UnusableLake(f"{self.address}: {_reason(fault)}") from None
        except BaseException as fault:
            # The library ends a fault of its own in an exception beside `Exception`.
            if type(fault).__name__ != "PanicException":
                raise
            raise UnusableLake(f"{self.address}: {_reason(fault)}") from None


def object_store(address: str) -> ObjectStore:
    """The store at s3://bucket/prefix. Raises `UnusableLake`; nothing is asked of the store yet."""
    bucket, _, prefix = address.removeprefix(OBJECT_STORE).partition("/")
    prefix = prefix.rstrip("/")
    if not _BUCKET.fullmatch(bucket) or (prefix and not _PREFIX.fullmatch(prefix)):
        # Whatever stands there instead may be a key: it is not repeated.
        raise UnusableLake(
            f"A lake in an object store is written {OBJECT_STORE}BUCKET/PREFIX; its keys are no part of that"
        )
    return ObjectStore(bucket, prefix)


@cache
def _client(bucket: str, prefix: str) -> S3Store:
    """One connection of this process, as its environment says."""
    from obstore.store import S3Store

    _refuse_no_address(os.environ.get("AWS_ENDPOINT_URL", ""))
    # Not every store that speaks S3 can delete several at once, and we never do.
    return S3Store(bucket, prefix=prefix or None, retry_config=_RETRY, disable_bulk_delete=True)


def _refuse_no_address(endpoint: str) -> None:
    """The library panics at what is no address. It is not repeated: it may hold a key."""
    try:
        parts = urlsplit(endpoint)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if endpoint and not is_address:
        raise UnusableLake(
            "AWS_ENDPOINT_URL is no address of a store; write it as https://HOST or https://HOST:PORT"
        )


def _reason(fault: BaseException) -> str:
    """Why the store could not do it, from the first that fits."""
    said = str(fault)
    for sign, words in _REASONS.items():
        if sign in said:
            return words
    code = re.search(r"<Code>(\w+)</Code>|status code: (\d{3})", said)
    return f"the store answers {code[1] or code[2]}" if code else "the store cannot do what is asked of it"
