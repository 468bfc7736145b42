"""The glossary's indicators are those of the product, word for word.

`python -m tests.spec.test_glossary` writes them.
"""

from pathlib import Path

from rtt.measures.indicators import MINIMUM_SET

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
HEADING = "## Indicators\n\n"


def entry_text(entry):
    parts = f" Counts {entry.numerator}." if entry.numerator else ""
    over = f" Over {entry.denominator}." if entry.denominator else ""
    meaning = f"**{entry.name}** (`{entry.key}`) {entry.definition} *{entry.calculation}*"
    return f"{meaning}{parts}{over} Source: {entry.source}."


def test_the_glossary_defines_every_indicator():
    assert GLOSSARY.read_text(encoding="utf-8") == written()


def written():
    """The glossary with the indicators as they are now."""
    words, heading, _ = GLOSSARY.read_text(encoding="utf-8").partition(HEADING)
    return words + heading + "\n\n".join(map(entry_text, MINIMUM_SET)) + "\n"


if __name__ == "__main__":
    GLOSSARY.write_text(written(), encoding="utf-8")
