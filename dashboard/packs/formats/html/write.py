"""A pack as one HTML file: nothing in it is fetched from anywhere, and nothing in it runs.

Its pictures come from outside, for they need a browser to draw them; without them the table of a chart stands
in its place, and the file says why. The same text, without what only a screen can fold away, is what the PDF
is made from.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence

from dashboard.figures.chart import Chart
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page, Table
from dashboard.packs.formats.format import Given
from rtt.terms.text_edges import html_text, shortened_within

_STYLE = """
body { font: 11pt/1.4 "Liberation Sans", Arial, sans-serif; color: #212b32; margin: 0 auto; max-width: 60rem;
       padding: 1rem; }
h1, h2, h3, p, caption { overflow-wrap: anywhere; }
h1 { font-size: 1.7em; margin: 0 0 .3em; } h2 { font-size: 1.3em; margin: 1.5em 0 .4em; color: #005eb8; }
h3 { font-size: 1.05em; margin: .9em 0 .2em; } p { margin: .35em 0; }
figure { margin: .5em 0; } figure img { width: 100%; max-width: 45rem; }
table { border-collapse: collapse; width: 100%; font-size: .85em; margin: .6em 0; }
caption { text-align: left; font-weight: bold; padding-bottom: .3em; }
th, td { border-bottom: 1px solid #d8dde0; padding: .2em .4em; text-align: left; vertical-align: top; }
.n { text-align: right; } tbody th { font-weight: normal; }
.draft { border: 3px solid #b35900; padding: .4em .7em; } footer { font-size: .8em; margin-top: 2em; }
h2, figure { break-after: avoid; } tr, figure { break-inside: avoid; }
@page { font-family: "Liberation Sans", Arial, sans-serif; }
@page { size: A4; margin: 16mm 16mm 20mm; @bottom-right { content: counter(page); font-size: 8pt; } }
@media print { body { padding: 0; font-size: 10pt; } table { font-size: 8pt; } td.n { white-space: nowrap; }
  th, td { padding: .1em .3em; } section { break-before: page; }
  section:first-of-type { break-before: avoid; } }
"""
MOST_OF_FOOT, KEPT_OF_FOOT = 500, 80
"""Characters of the footer of a printed page: four lines, the data and the version whole at its end."""
_STAMP = '@page { @top-right { content: "DRAFT"; font-weight: bold; font-size: 12pt; } }'


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return html_of(pack, given.pictures, unpictured=given.unpictured).encode()


def html_of(pack: Contents, pictures: Sequence[bytes], *, printed: bool = False, unpictured: str = "") -> str:
    """The document. `pictures` are those of `pack.charts` in order, or none, `unpictured` being the reason.

    `printed`: nothing is folded.
    """
    shown = iter(pictures) if pictures else None
    body = [
        f"<h1>{html_text(pack.title)}</h1>",
        _said(pack.subtitle),
        f"<p><strong>{html_text(pack.audience.told)}</strong></p>",
        *_draft(pack),
        *([_said(f"Charts stand here as tables. {unpictured}.")] if unpictured else []),
        *(part for page in pack.pages for part in _page(page, shown, printed=printed)),
        f"<footer><p>{html_text(pack.footer)}</p>{_said(pack.licence) if pack.licence else ''}</footer>",
    ]
    stamp = _foot(pack.footer) + (_STAMP if pack.draft else "")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html_text(pack.title)}, {html_text(pack.subtitle)}</title>"
        f'<meta name="author" content="RTT dashboard"><meta name="keywords" content="{pack.audience.label}">'
        f'<meta name="dcterms.created" content="{pack.moment:%Y-%m-%dT%H:%M:%SZ}">'
        f'<meta name="dcterms.modified" content="{pack.moment:%Y-%m-%dT%H:%M:%SZ}">'
        f"<style>{_STYLE}{stamp}</style></head><body><main>\n" + "\n".join(body) + "\n</main></body></html>\n"
    )


def _foot(words: str) -> str:
    """The footer of every printed page; its words become a string of the style sheet."""
    plain = "".join(
        letter if letter.isalnum() or letter in " .,:()-" else f"\\{ord(letter):x} "
        for letter in shortened_within(words, MOST_OF_FOOT, kept=KEPT_OF_FOOT)
    )
    return f'@page {{ @bottom-left {{ content: "{plain}"; font-size: 7pt; width: 90%; text-align: left; }} }}'


def _said(words: str) -> str:
    return f"<p>{html_text(words)}</p>"


def _draft(pack: Contents) -> Iterator[str]:
    if pack.draft:
        reasons = " ".join(f"{reason}." for reason in pack.draft)
        yield f'<p class="draft"><strong>DRAFT.</strong> {html_text(reasons)}</p>'


def _page(page: Page, pictures: Iterator[bytes] | None, *, printed: bool) -> Iterator[str]:
    yield f"<section><h2>{html_text(page.title)}</h2>"
    if page.chart:
        yield from _chart(page.chart, next(pictures) if pictures else None, printed=printed)
    yield from map(_said, page.paragraphs)
    for box in page.boxes:
        yield f"<h3>{html_text(box.heading)}</h3>{_said(box.text)}"
    yield from map(_table, page.tables)
    yield "</section>"


def _chart(chart: Chart, picture: bytes | None, *, printed: bool) -> Iterator[str]:
    table = _table(Table(f"{chart.title}: the chart as a table", chart.columns, chart.rows))
    if picture is None:
        yield table
        return
    source = f"data:image/png;base64,{b64encode(picture).decode()}"
    yield f'<figure><img src="{source}" alt="{html_text(chart.alt)}"></figure>'
    if not printed:
        yield f"<details><summary>View as table</summary>{table}</details>"


def _table(table: Table) -> str:
    sides = ["" if at < table.text_columns else ' class="n"' for at in range(len(table.columns))]
    head = "".join(
        f'<th scope="col"{side}>{html_text(words)}</th>'
        for words, side in zip(table.columns, sides, strict=True)
    )
    rows = "\n".join(_row(row, sides) for row in table.rows)
    return (
        f"<table><caption>{html_text(table.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _row(row: Sequence[str], sides: Sequence[str]) -> str:
    cells = "".join(
        f"<td{side}>{html_text(words)}</td>" for words, side in zip(row[1:], sides[1:], strict=True)
    )
    return f'<tr><th scope="row">{html_text(row[0])}</th>{cells}</tr>'
