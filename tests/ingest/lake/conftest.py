"""Where lakes of these tests lie, and what builds them."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import object_store, spark_cluster
from tests.allowances import skip_without_package

_numbers = itertools.count()


@pytest.fixture(scope="module")
def s3_server(tmp_path_factory) -> Iterator[object_store.ObjectStore]:
    """A server that speaks S3, for all tests of a file."""
    with object_store.object_store(tmp_path_factory.mktemp("s3")) as store:
        yield store


@pytest.fixture
def s3_address(s3_server, monkeypatch) -> str:
    """The address of an empty lake there; this process may use it."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = f"lake-{next(_numbers)}"
    s3_server.make_bucket(bucket)
    return f"s3://{bucket}/of/england"


@pytest.fixture(scope="session")
def java() -> Path:
    """The Java runtime that Spark runs on."""
    home = spark_cluster.java_home()
    if home is None:
        skip_without_package("openjdk-17-jre-headless")
    return home
