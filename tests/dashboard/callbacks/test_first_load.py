"""What Dash's scripts ask of the polyfill that is not sent: no more than `assets/generators.js` gives."""

import re
from pathlib import Path

import dash
import pytest

SCRIPTS = sorted(
    path
    for path in Path(dash.__file__).parent.rglob("*.js")
    if "node_modules" not in path.parts and "polyfill" not in path.name
    if "regeneratorRuntime." in path.read_text(encoding="utf-8", errors="ignore")
)
SENT = {"dash_core_components.js", "dash_renderer.min.js"}
STEPS = re.compile(
    r"regeneratorRuntime\.wrap\(function\((\w+)\)\{for\(;;\)switch\(\1\.prev=\1\.next\)\{(.*?)\}\}"
)


def test_the_scripts_that_ask_for_generators_are_those_known():
    assert {path.name for path in SCRIPTS} >= SENT


@pytest.mark.parametrize("name", sorted(SENT))
def test_a_script_of_dash_uses_no_more_of_a_generator_than_is_there(name):
    [text] = [path.read_text(encoding="utf-8") for path in SCRIPTS if path.name == name]
    assert set(re.findall(r"regeneratorRuntime\.(\w+)", text)) == {"mark", "wrap"}
    found = STEPS.findall(text)
    assert len(found) == text.count("regeneratorRuntime.wrap")
    for at, steps in found:
        assert set(re.findall(rf"\b{at}\.(\w+)", steps)) <= {"next", "stop"}
