"""The NHS stylesheet holds a rule for each of its classes that our code names, and little else."""

import re

from tests.styles import CLASS, SHEET, named, trimmed

# They have no rule in the full stylesheet either: other rules are written for what stands beside them.
WITHOUT_RULE = {
    "nhsuk-frontend-supported",
    *(f"nhsuk-table__{part}" for part in ("body", "head", "row")),
}


def test_every_class_that_our_code_names_has_its_rule():
    has = set(CLASS.findall(SHEET.read_text()))
    assert named() - has - WITHOUT_RULE == set(), "run python -m tests.styles on the full stylesheet"


def test_a_rule_is_kept_when_all_its_classes_are_used():
    full = (
        "body{margin:0}.a{b:1}.a .c{b:2}.a,.d{b:3}.a:not(.d){b:4}"
        "@media print{.d{b:5}.a{b:6}}@media screen{.d{b:7}}@font-face{c:d}"
    )
    assert trimmed(full, {"a"}) == (
        "body{margin:0}.a{b:1}.a{b:3}.a:not(.d){b:4}@media print{.a{b:6}}@font-face{c:d}"
    )


def test_the_stylesheet_is_as_light_as_what_is_used_of_it():
    sheet = SHEET.read_text()
    assert trimmed(sheet, named()) == re.sub(r"\s+$", "", sheet), "nothing more could be left out"
    assert len(sheet) < 40_000
