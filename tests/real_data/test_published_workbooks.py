"""Published workbooks that are not read are told apart from files of nobody, and say what is accepted."""

import pytest

from ingest.extracts import LoadOptions
from ingest.load import load_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "Admitted-Commissioner-Dec24",
            "“Referral to Treatment (RTT) Waiting Times” (December 2024, by commissioner)",
        ),
        ("New-Periods-Provider-Apr23", "“New Referral to Treatment (RTT) Periods” (April 2023, by provider)"),
    ],
)
@pytest.mark.parametrize("mapped", [False, True])
def test_a_provider_or_commissioner_workbook_says_what_it_is(
    published, sqlite_engine, tmp_path, name, words, mapped
):
    """Fault 35: "found 'none of them'" said neither what it is nor what to load."""
    mapping = tmp_path / "m.toml"
    mapping.write_text('[list]\nprovider = "R9A"\n')
    [path] = (published / "workbooks").glob(f"{name}*")
    [result] = load_path(sqlite_engine, path, options=LoadOptions(mapping=mapping if mapped else None))
    (problem,) = result.problems
    assert f"This is a published file of sums, {words}, which is not read: load the monthly full" in str(
        problem
    )
    assert "Accepted are NHS England's monthly full extract" in str(problem)
