"""A ranked list says whom it leaves out: how many are cut, who has no figure to rank, and why."""

import re

import pytest

from rtt.findings.findings import display
from rtt.findings.left_out import left_out_words
from rtt.terms.treatment_functions import TOTAL, short_name_of
from tests.dashboard.packs import making


@pytest.mark.parametrize(
    ("query", "page", "key"),
    [
        ("?source=monthly", "Specialties", "share_within_18"),
        ("?source=monthly", "Predicted breaches", "passing_18_in_4_weeks"),
        ("?source=weekly", "Specialties", "share_within_18"),
        ("?source=monthly&level=provider&org=R9B", "Specialties", "share_within_18"),
    ],
)
def test_the_packs_ranked_charts_name_everybody_they_leave_out(sample, query, page, key):
    """Fault 9: the withheld were dropped silently, and the list ended at twelve without a word."""
    facts = making.facts_of(sample, query)
    (found,) = [each for each in making.contents(sample, query).pages if each.name == page]
    there = {code: mine[key] for code, mine in facts.specialties.items()}
    assert TOTAL not in there
    ranked = [code for code, finding in there.items() if finding.value is not None]
    drawn = {row[0] for row in found.chart.rows}
    assert len(drawn) == min(12, len(ranked))
    said = " ".join(found.paragraphs)
    if len(ranked) > 12:
        assert f"12 of {len(ranked)} are shown" in said
        assert {row[0] for row in found.tables[0].rows} >= {short_name_of(code) for code in there}
    for code in there.keys() - set(ranked):
        words = display(there[code])
        named = re.search(
            rf"Not ranked, {re.escape(words[0].lower() + words[1:])}: ([^.]*)\.", said, re.IGNORECASE
        )
        assert named, (words, said)
        assert short_name_of(code) in named[1] or re.search(r"\d+ specialties", named[1])
    assert said.count("Not ranked") == len({display(there[code]) for code in there.keys() - set(ranked)})
    assert all(part in found.chart.caption for part in re.findall(r"Not ranked[^.]*\.", said))


def test_the_sample_has_specialties_of_either_kind_so_that_the_test_above_asks_something(sample):
    said = [
        " ".join(page.paragraphs)
        for query in ("?source=monthly", "?source=weekly")
        for page in making.contents(sample, query).pages
        if page.name == "Specialties"
    ]
    assert any("are shown" in each for each in said)
    assert any("Not ranked" in each for each in said)


def test_what_is_left_out_is_counted_and_grouped_by_its_reason():
    few = [("ENT", "under 8"), ("Urology", "Withheld (small numbers)"), ("Plastics", "under 8")]
    assert left_out_words(12, 22, few, where="the table has") == (
        "12 of 22 are shown; the table has the others. Not ranked, under 8: ENT and Plastics. "
        "Not ranked, withheld (small numbers): Urology."
    )
    assert left_out_words(3, 3, []) == ""
    assert left_out_words(5, 9, []) == "5 of 9 are shown; 4 more are not."
    many = [(f"S{number}", "under 8") for number in range(9)]
    assert left_out_words(1, 1, many) == "Not ranked, under 8: 9 specialties."
