"""One small sample, written once: six months and 26 weeks, in which May 2026 ends on a Sunday."""

from dataclasses import dataclass
from datetime import date

import pytest

from sample_data import SampleFiles, Simulation, build, region

UNTIL = date(2026, 11, 15)
MONTHS, WEEKS = 6, 26


@dataclass(frozen=True)
class Sample:
    """The files and the pathways that they were written from."""

    files: SampleFiles
    truth: Simulation


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    return Sample(
        build(folder, until=UNTIL, months=MONTHS, weeks=WEEKS),
        region(until=UNTIL, months=MONTHS, weeks=WEEKS),
    )
