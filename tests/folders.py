"""Folders that tests write: each goes with what it was made for, so that a run needs little of the disk.

A copy of the sample or of twelve months is a third of a gigabyte, and a run makes a hundred. pytest removes
the folder of a test that passed (`tmp_path_retention_policy`), not those that fixtures of a file ask for.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.hookimpl(wrapper=True)
def remove_with_the_fixture(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> Iterator[None]:
    """Removes the folders that a fixture of a file made in `tmp_path_factory`, once it has ended."""
    if fixturedef.scope != "module" or "tmp_path_factory" not in fixturedef.argnames:
        return (yield)
    base: Path = request.getfixturevalue("tmp_path_factory").getbasetemp()
    before, made = set(base.iterdir()), []
    # Said before the fixture says what it ends with: what is said first is done last.
    fixturedef.addfinalizer(lambda: [shutil.rmtree(each, ignore_errors=True) for each in made])
    result = yield
    made += set(base.iterdir()) - before
    return result
