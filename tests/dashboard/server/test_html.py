"""Every template shows whatever it is given as text: no value becomes markup or is run as a template."""

import ast
import re
from html.parser import HTMLParser

import jinja2
import pytest
from jinja2 import meta
from markupsafe import Markup

from dashboard.server import html
from dashboard.server.html import TEMPLATES, filled
from rtt.terms.text_edges import xml_text
from tests.servers import ROOT

HOSTILE = "\"'><script>alert(1)</script></style><b onclick=x>{{6007*7001}}{% raw %}&amp;\x07\u202eend"
FOUND = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.jinja"))


class Anything(str):
    """A text that also is whatever else a template takes it for: an object, a list of one, a number."""

    def __getattr__(self, name):
        if name.startswith("__"):  # it must not pass for Markup
            raise AttributeError(name)
        return self

    def __iter__(self):
        yield self

    def __getitem__(self, key):
        return [self, self] if isinstance(key, slice) else self

    def __float__(self):
        return 1.5

    def __call__(self, *_arguments):
        return self

    def __lt__(self, _other):
        return False

    __gt__ = __le__ = __ge__ = __lt__


class Rows(Anything):
    """What `for one, other in ...` takes apart: a list of one row of so many texts."""

    width = 2

    def __iter__(self):
        yield tuple(Anything(self) for _ in range(self.width))


def rows_of(width):
    return type("Rows", (Rows,), {"width": width})


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.values, self.text = [], [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, *(name for name, _ in attributes)))
        self.values += [value or "" for _, value in attributes]

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")

    def handle_data(self, data):
        self.text += data


TAKEN_APART = re.compile(r"for (\w+(?:, \w+)+) in ([\w.]+)")


def value_of(name, widths):
    """A text for a variable; what a loop takes apart, of the variable or of a part of it, is rows."""
    parts = {
        path.partition(".")[2]: property(rows_of(width))
        for path, width in widths.items()
        if path.startswith(f"{name}.")
    }
    return rows_of(widths[name]) if name in widths else type("Anything", (Anything,), parts)


def drawn(template, text):
    source = (TEMPLATES / template).read_text()
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES))
    names, todo = set(), [template]
    while todo:
        parsed = environment.parse((TEMPLATES / todo.pop()).read_text())
        names |= meta.find_undeclared_variables(parsed)
        todo += meta.find_referenced_templates(parsed)
    widths = {name: len(each.split(",")) for each, name in TAKEN_APART.findall(source)}
    page = Tags()
    page.feed(filled(template, **{name: value_of(name, widths)(text) for name in names}))
    return page


def test_there_are_templates():
    assert {"server/answer.html.jinja", "packs/formats/html/pack.html.jinja"} <= set(FOUND)


@pytest.mark.parametrize("template", FOUND)
def test_hostile_text_in_every_field_stays_text(template):
    hostile, plain = drawn(template, HOSTILE), drawn(template, "plain")
    assert hostile.tags == plain.tags
    assert len(hostile.values) == len(plain.values)
    shown = hostile.text + " ".join(hostile.values)
    if "plain" in plain.text:
        assert xml_text(HOSTILE) in shown
    assert "42055007" not in shown.replace(xml_text(HOSTILE), "")


def test_a_value_that_is_not_given_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        filled("server/answer.html.jinja", title="A title")


def test_markup_alone_is_put_in_as_it_is():
    page = filled("callbacks/quick_guide.html.jinja", title="<b>", root="", guide=Markup("<b>bold</b>"))
    assert "<b>bold</b>" in page
    assert "<title>&lt;b&gt; - RTT dashboard</title>" in page


def test_no_module_makes_html_of_its_own():
    """Plotly's and Dash's own markup apart: `<br>` and `<b>` in a chart, and Dash's index page."""
    dashboard = ROOT / "dashboard"
    index_page = {dashboard / "application.py", dashboard / "callbacks" / "first_load.py"}
    theirs = index_page | {*(dashboard / "figures").rglob("*.py")}
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        # Office files are XML, which is not shown by a browser.
        if path in theirs or {"office", "docx", "pptx"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not any(sign in node.value for sign in ("</", "<!DOCTYPE", "<p>", "<li>")), path


def test_the_environment_escapes_by_itself():
    assert html._ENVIRONMENT.autoescape is True
