"""axe-core in the page: WCAG 2.2 AA and best practice, and nothing found."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What may be another in the other theme, where nothing but colours is.
OF_COLOUR = ["color-contrast", "link-in-text-block"]

# What passed is not told element by element, which takes half of the time. axe leaves the size of targets out
# unless it is told otherwise.
RUN = """([within, only]) => axe.run(within, {
    runOnly: only, rules: only.type === "tag" ? {"target-size": {enabled: true}} : {},
    resultTypes: ["violations"], preload: false})"""


def faults(page: Page, within: str = "", *, only: list[str] | None = None) -> list[str]:
    """What axe finds, one line for each rule with its first elements.

    `within`: a selector of parts of the page, where the rest has been looked at; `only`: these rules.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SCRIPT)
    rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    parts = {"include": [[within]]} if within else {"exclude": []}
    found = page.evaluate(RUN, [parts, rules])
    return [
        f"{fault['id']} ({fault['impact']}): " + " | ".join(node["html"][:160] for node in fault["nodes"][:3])
        for fault in found["violations"]
    ]
