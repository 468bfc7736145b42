"""The NHS stylesheet as far as our pages use it: `python -m tests.styles FULL.css` writes it anew.

FULL.css is the stylesheet of the release that assets/nhsuk.LICENSE.txt names, without its @font-face rules.
A rule is kept when our code names every class in it; one that we begin to use is brought back by running this
again, and tests/test_styles.py says when.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import tinycss2

DASHBOARD = Path(__file__).parents[1] / "dashboard"
SHEET = DASHBOARD / "assets" / "nhsuk.min.css"
CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
NOT = re.compile(r":not\([^)]*\)")  # what a rule leaves alone need not be used


def named() -> set[str]:
    """The words of our code that look like classes of that stylesheet, and those that tell it scripts run."""
    files = (path for kind in ("py", "js", "jinja") for path in DASHBOARD.rglob(f"*.{kind}"))
    ours = (path for path in files if not path.name.endswith(".min.js"))
    return {word for path in ours for word in re.findall(r"nhsuk-[\w-]*\w", path.read_text())}


def trimmed(full: str, words: set[str]) -> str:
    """The rules of `full` whose classes are all among `words`, in their order."""
    rules = tinycss2.parse_stylesheet(full, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, words))


def _kept(rules: list[tinycss2.ast.Node], words: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule" and rule.at_keyword in ("media", "supports"):
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := "".join(_kept(inside, words)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}"
        elif rule.type == "qualified-rule":
            selectors = [
                each
                for each in re.split(r",(?![^(]*\))", tinycss2.serialize(rule.prelude))
                if set(CLASS.findall(NOT.sub("", each))) <= words
            ]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule":
            yield rule.serialize()


if __name__ == "__main__":
    before = Path(sys.argv[1]).read_text()
    head = re.match(r"(?:/\*.*?\*/\s*)*", before, re.DOTALL)
    SHEET.write_text((head[0] if head else "") + trimmed(before, named()) + "\n")
    sys.stdout.write(f"{len(before):,} characters became {len(SHEET.read_text()):,}\n")
