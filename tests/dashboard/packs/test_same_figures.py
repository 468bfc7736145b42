"""For any scope the page, slide, document, workbook, CSV and `rtt figures` say the same, to the digit."""

import csv
import io
import random
import re

from dashboard.analysis.figures_table import figures
from dashboard.analysis.pack import MEASURES
from dashboard.packs.contents.pack import contents_of, outline
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.made import pictures_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from dashboard.store.figures import FigureScope
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.terms.text_edges import html_text
from rtt.terms.wording import machine_text, number_text, percent
from tests.dashboard import served_pages as served
from tests.dashboard.packs import making

LEVELS = {"region": ["Y99"], "icb": ["QZ9"], "provider": ["R9A", "R9B"], "commissioner": ["98A"]}
FUNCTIONS = ["", "C_100", "C_110", "C_130", "C_300", "C_502", "C_110,C_130"]
MONTHS = ["", "2025-12", "2025-03", "2024-06"]
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


def scopes(count):
    chance = random.Random(6)
    for _ in range(count):
        level = chance.choice(["england", *LEVELS, "weekly"])
        function, month = chance.choice(FUNCTIONS), chance.choice(MONTHS)
        chosen = f"&tf={function}" if function else ""
        chosen += f"&census={month}" if month else ""
        where = f"&level={level}&org={chance.choice(LEVELS[level])}" if level in LEVELS else ""
        yield f"?source={'weekly' if level == 'weekly' else 'monthly'}{where}{chosen}"


def test_every_format_prints_the_same_summary_for_random_scopes(sample, tmp_path, repetitions):
    client = served.client_of(sample, tmp_path)
    for query in scopes(repetitions(50)):
        pack = making.contents(sample, query)
        measures = next(page for page in pack.pages if page.name == "Measures")
        table = measures.tables[-1]
        printed = [list(row) for row in (table.columns, *table.rows)]
        page = served.drawn(client, "/pack", query)["page"]
        assert served.table_of(served.cards(page)["summary"]) == printed, query
        taken = client.get(f"/card.csv{query}&page=/pack&card=summary").data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(taken)))[: len(printed)]
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == printed, query
        assert printed in making.slide_tables(pptx_of(pack)), query
        assert printed in making.document_tables(docx_of(pack)), query
        _check_workbook(xlsx_of(pack), printed)
        text = html_of(pack, pictures_of(pack))
        for page in pack.pages[:2]:
            assert all(html_text(words) in text for words in (*page.asks, *(m.text for m in page.messages)))


def _check_workbook(content, printed):
    book = making.workbook(content)
    cells = [[cell.value for cell in row[: len(printed[0])]] for row in book["Measures"].iter_rows()]
    first = cells.index(printed[0])
    for row, words in zip(cells[first + 1 :], printed[1:], strict=False):
        for cell, word in zip(row, words, strict=True):
            number = making.number_read(word)
            if number is None:
                assert cell == word, words
            else:
                assert abs(cell - number[0]) <= number[1], (words, cell)


def test_the_figures_of_a_pack_are_those_of_rtt_figures(sample, repetitions):
    for query in scopes(repetitions(50)):
        found = making.facts_of(sample, query)
        scope = found.scope
        if len(scope.functions) > 1 or scope.source == "weekly":
            continue
        asked = FigureScope(
            level=scope.organisation.level,
            source="monthly",
            first=scope.census,
            last=scope.census,
            organisation=scope.organisation.code,
            part="2",
            treatment_function=scope.functions[0] if scope.functions else "C_999",
        )
        with sample.connect() as connection:
            frame = figures(connection, asked)
        if frame.empty:
            continue
        (row,) = frame.to_dict("records")
        last = {key: found.charts[key].last for key in MEASURES}
        assert last["total"].value == row["total"]
        assert last["over_52"].value == row["over_52"]
        assert last["share_within_18"].value == row["share_within_18"]


def test_every_number_of_a_sentence_is_a_field_of_its_finding(sample, repetitions):
    for query in scopes(repetitions(50)):
        found = making.facts_of(sample, query)
        for key in MEASURES:
            finding = found.charts[key].last
            said = set(NUMBER.findall(sentences.sentence(finding)))
            assert said <= _fields(finding), (query, sentences.sentence(finding))


def _fields(finding):
    """Every number that a sentence about this finding may hold, from its fields."""
    words = [
        display(finding),
        number_text(finding.denominator or 0),
        number_text(finding.numerator or 0),
        f"{finding.census_date.day} {finding.census_date.year}",
        finding.indicator_key.replace("_", " "),
        sentences.name(finding),
        "4 18 52 20",
    ]
    standard = finding.standard
    if standard is not None and standard.value is not None and finding.value is not None:
        words += [machine_text(standard.value), f"{standard.starts.day} {standard.starts.year}"]
        words += [number_text(percent(standard.value)).removesuffix(".0")]
        words += [number_text(abs(percent(finding.value) - percent(standard.value)))]
        words += [number_text(abs(finding.value - standard.value))]
    return {number for text in words for number in NUMBER.findall(text)}


def test_the_outline_on_the_page_names_the_pages_of_the_files(sample, repetitions):
    for query in scopes(repetitions(50)):
        found = making.facts_of(sample, query)
        assert outline(found) == [page.name for page in contents_of(found).pages], query
