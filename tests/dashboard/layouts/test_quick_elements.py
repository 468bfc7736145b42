"""The elements of pages are what Dash's own are in all that a browser gets, and refuse what Dash refuses."""

import json

import dash
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.layouts.frame import html, native
from dashboard.layouts.frame.elements import children_of

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
    assert ours == sent(ours) == sent(theirs)


def test_an_element_within_another_is_sent_with_it():
    ours, theirs = (of.Ul([of.Li(of.A("b", href="/c"), id="d"), "e"]) for of in (html, dash.html))
    assert sent(ours) == sent(theirs)
    first, last = children_of(ours)
    assert (children_of(children_of(first)), children_of(last)) == ("b", None)


@pytest.mark.parametrize("element", [html.Div, dash.html.Div, native.Input])
def test_a_property_that_an_element_does_not_have_is_refused(element):
    with pytest.raises(TypeError, match="href"):
        element(href="/")


def test_a_control_is_sent_under_the_name_that_the_browser_knows():
    menu = native.Select(name="pace", value="weekly", options=[{"value": "weekly", "label": "Every week"}])
    assert (menu["namespace"], menu["type"]) == ("rtt_native", "Select")
    assert menu["props"]["value"] == "weekly"


def test_one_element_keeps_nothing_of_another():
    first, second = html.Div("a", id="b"), html.Div()
    first["props"]["children"] = "changed"
    assert second["props"] == html.Div()["props"] == {"children": None}


def test_there_is_no_element_of_another_name():
    with pytest.raises(AttributeError):
        html.__getattr__("nothing")
