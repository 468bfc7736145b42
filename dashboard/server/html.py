"""HTML from templates: a file <name>.html.jinja beside the module that fills it, named from `dashboard/` on.

Every value is escaped, and loses the characters that no page can hold (`text_edges.xml_text`). Only `Markup`
is put in as it is: our own document, rendered.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rtt.terms.text_edges import html_text

TEMPLATES = Path(__file__).parents[1]


def _escaped(value: object) -> object:
    # Jinja would escape quotes as &#34;: the same page in other bytes than those that packs have always had.
    return value if isinstance(value, Markup) else Markup(html_text(str(value)))


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_escaped,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(template: str, **values: object) -> str:
    """The document. Raises `jinja2.UndefinedError` where the template asks for a value that is not given."""
    return _ENVIRONMENT.get_template(template).render(values)
