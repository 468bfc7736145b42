"""The sentences of every page by a formula: a reading age of 14 at most on average, and 18 for any one.

The formula is the Automated Readability Index of textstat, a US school grade; a pupil is five years older
than the grade. It counts letters and words and needs no word list. Names, dates and numbers are read as one
short word: a place of many letters makes no sentence harder, and a decimal point ends none. Definitions (the
About tab of a card, the tables of About) keep the words of the guidance that they quote.
"""

import re
from statistics import mean

import pytest
from textstat import textstat

from dashboard.pages import PAGES
from rtt.terms.treatment_functions import ROWS, name_of, short_name_of
from tests.dashboard import served_pages as served

YEARS_BEFORE_FIRST_GRADE = 5
MOST_ON_AVERAGE, MOST = 14, 18
FEWEST_WORDS = 4

STATES = (
    "?source=weekly",
    "?source=weekly&tf=C_110",
    "?source=weekly&site=R9A01&priority=2",
    "?source=monthly",
    "?source=monthly&level=icb&org=QZ9",
    "?source=monthly&level=provider&org=R9B&tf=C_110",
    "?source=monthly&peers=providers&tf=C_110",
)

BLOCKS = {"P", "Li", "Figcaption", "Div", "Dl", "Ul", "Ol", "Table", "Section", "Details", "Form", "H2", "H3"}
READ = {"P", "Li", "Figcaption"}
DEFINITIONS = {"Dl", "Table"}

# What a source is called is a name too.
PUBLISHED_AS = "consultant-led referral to treatment waiting times"
SPECIALTIES = re.compile(
    "|".join(
        re.escape(name)
        for name in sorted({each(code) for code in ROWS for each in (short_name_of, name_of)}, key=len)[::-1]
    ),
    re.IGNORECASE,
)
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
DATE = re.compile(rf"(?:\w+day )?\b(?:\d{{1,2}} )?{MONTH}(?: \d{{4}})?\b")
NUMBER = re.compile(r"[−+]?\d+(?:[.,:/]\d+)*%?")
WORD = r"[A-Z][\w’'-]*"
PROPER = re.compile(
    rf"(?<=[a-z,;:(] ){WORD}(?: (?:and |of |& )?{WORD})*|\b{WORD}(?: (?:and |of |& )?{WORD})+"
)


@pytest.mark.parametrize("page", PAGES, ids=[page.path for page in PAGES])
def test_a_page_is_read_at_fourteen_and_no_sentence_needs_more_than_eighteen(
    page, client, reader_of_aggregates
):
    ages = {said: age(said) for said in sentences_of(page.path, client, reader_of_aggregates)}
    hard = {said: round(years, 1) for said, years in ages.items() if years > MOST}
    assert not hard
    assert mean(ages.values()) <= MOST_ON_AVERAGE


def test_a_long_sentence_of_long_words_is_found():
    easy = "Book 35 in Trauma & orthopaedics."
    hard = (
        "Notwithstanding considerable organisational transformation, individual specialties demonstrated "
        "statistically significant deterioration attributable to insufficient outpatient capacity."
    )
    assert age(easy) <= MOST_ON_AVERAGE
    assert age(hard) > MOST


def test_a_name_a_date_and_a_number_make_no_sentence_harder():
    said = "About 1,234.5 wait at Tameford Hospitals NHS Trust for trauma & orthopaedics since 22 Nov 2026."
    assert plain(said) == "About 5 wait at York for York since York."


def sentences_of(path, *clients) -> set[str]:
    """Every sentence of a page, in each of its states and for each reader."""
    found = set()
    for client in clients:
        for state in STATES:
            drawn = served.drawn(client, path, state)
            for part in ("status-line", "notices", "page"):
                for block in blocks(drawn[part]):
                    found.update(sentences(block))
        if path == "/breaches":
            found.update(
                said
                for shown in served.breaches(client)
                for each in blocks(shown)
                for said in sentences(each)
            )
    return found


def blocks(node):
    """The text of every paragraph, item and caption that holds no other."""
    if isinstance(node, list):
        for child in node:
            yield from blocks(child)
    elif isinstance(node, dict) and "props" in node and node["type"] not in DEFINITIONS:
        inner = node["props"].get("children")
        if node["type"] in READ and not any(part["type"] in BLOCKS for part in served.parts(inner)):
            yield served.words(node)
        else:
            yield from blocks(inner)


def sentences(block: str) -> list[str]:
    """A sentence ends with a stop before a capital; what has no stop is a label."""
    parts = re.split(r"(?<=[.?!:])\s+(?=[A-Z“\d])", re.sub(r"\s+", " ", block).strip())
    return [part for part in parts if part[-1:] in ".?!:" and len(part.split()) >= FEWEST_WORDS]


def age(sentence: str) -> float:
    """Years of age at which a sentence is read with ease."""
    return textstat.automated_readability_index(plain(sentence)) + YEARS_BEFORE_FIRST_GRADE


def plain(sentence: str) -> str:
    """The sentence with one short word for each name, date and number."""
    for names, word in (
        (PUBLISHED_AS, "York"),
        (SPECIALTIES, "York"),
        (DATE, "York"),
        (NUMBER, "5"),
        (PROPER, "York"),
    ):
        sentence = re.sub(names, word, sentence)
    return sentence
