"""axe-core in the page: WCAG 2.2 AA and best practice, and nothing found."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What passed is not told element by element, which takes half of the time.
RUN = """rules => axe.run(document, {
    runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'], preload: false})"""


def faults(page: Page) -> list[str]:
    """What axe finds, one line for each rule with its first elements."""
    page.evaluate(SCRIPT)
    found = page.evaluate(RUN, RULES)
    return [
        f"{fault['id']} ({fault['impact']}): " + " | ".join(node["html"][:160] for node in fault["nodes"][:3])
        for fault in found["violations"]
    ]
