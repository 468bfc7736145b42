"""The glossary's indicators are those of the product, word for word."""

from pathlib import Path

from rtt.measures.indicators import MINIMUM_SET

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def entry_text(entry):
    parts = f" Counts {entry.numerator}." if entry.numerator else ""
    over = f" Over {entry.denominator}." if entry.denominator else ""
    meaning = f"**{entry.name}** (`{entry.key}`) {entry.definition} *{entry.calculation}*"
    return f"{meaning}{parts}{over} Source: {entry.source}."


def test_the_glossary_defines_every_indicator():
    _, _, listed = GLOSSARY.read_text(encoding="utf-8").partition("## Indicators\n\n")
    assert listed.rstrip("\n").split("\n\n") == [entry_text(entry) for entry in MINIMUM_SET]
