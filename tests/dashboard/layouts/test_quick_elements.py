"""The elements of pages are Dash's own in all that a browser gets, and refuse what Dash refuses."""

import json

import dash
import pytest
from dash.development.base_component import Component, ComponentRegistry
from plotly.utils import PlotlyJSONEncoder

from dashboard.layouts.frame import html, native

GIVEN = [
    (("words",), {}),
    ((), {}),
    ((["a", "b"],), {"id": "x", "className": "y", "title": None}),
    ((), {"children": 3, "data-card": "share", "aria-label": "z", "style": {"width": "3%"}}),
    ((), {"id": {"type": "filter", "name": "tf"}, "tabIndex": 0, "hidden": True}),
]


def sent(component):
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


@pytest.mark.parametrize("name", ["Div", "A", "P", "Details", "Button", "Th", "Img", "Form"])
@pytest.mark.parametrize(("children", "properties"), GIVEN)
def test_an_element_is_sent_as_dash_sends_it(name, children, properties):
    ours, theirs = (getattr(of, name)(*children, **properties) for of in (html, dash.html))
    assert sent(ours) == sent(theirs)
    assert isinstance(ours, type(theirs))


def test_an_element_within_another_is_sent_with_it():
    ours, theirs = (of.Ul([of.Li(of.A("b", href="/c"), id="d"), "e"]) for of in (html, dash.html))
    assert sent(ours) == sent(theirs)
    assert ours["d"].id == "d"


@pytest.mark.parametrize("element", [html.Div, dash.html.Div, native.Input])
def test_a_property_that_an_element_does_not_have_is_refused(element):
    with pytest.raises(TypeError, match="href"):
        element(href="/")


def test_one_element_keeps_nothing_of_another():
    first, second = html.Div("a", id="b"), html.Div()
    assert (second.children, getattr(second, "id", None)) == (None, None)
    first.children = "changed"
    assert html.Div().children is None


def test_browsers_are_told_of_no_further_components():
    assert "builtins" not in ComponentRegistry.registry
    assert issubclass(html.Div, Component)
    with pytest.raises(AttributeError):
        html.__getattr__("nothing")
