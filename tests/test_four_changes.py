"""A page, an indicator, an extract format and a pack format each touch one room.

Each change is made in a copy of the project: the files of its room are written and nothing else, and the
checks that guard the house run there. A change that lacks something must fail.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

MADE_UP = ROOT / "tests" / "four_changes"
COPIED = ("rtt", "ingest", "dashboard", "sample_data", "tests", "docs", "pyproject.toml", "requirements.lock")
LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
CHECKS = "tests/four_changes/checks.py::"
ROOMS = ("tests/test_project.py::test_pages_and_formats_know_what_they_share_and_not_each_other",)
ROWS = "tests/spec/test_indicators_table.py"
ATTACK = (
    "tests/dashboard/analysis/disclosure/test_linear_attack.py::"
    "test_no_small_number_follows_from_all_that_is_shown"
)
MADE_UP_LAST = ('"organisations_file")', '"organisations_file", "made_up")')
SHOWN = '("overview", "specialties", "trends", "summary", "pack", "screens", "mail")'
ENTRY = f"""    _over(26, basis="A trust's own", shown={SHOWN}),
"""
BEFORE = '    _over(40, basis="NHS England'


class Copy:
    """A copy of the project, and which of its files were written since."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.touched = folder, set()
        for name in COPIED:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, folder / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, folder / name)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.touched.add(name)

    def take(self, name: str, made_up: str) -> None:
        self.write(name, (MADE_UP / made_up).read_text(encoding="utf-8"))

    def change(self, name: str, before: str, after: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, (name, before)
        self.write(name, text.replace(before, after))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def tested(self, *tests: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "pytest", "-q", "-n", "0", *tests)

    def passes(self, *tests: str) -> None:
        rooms = self.run("-c", LAYERS)
        assert rooms.returncode == 0, rooms.stdout
        ran = self.tested(*ROOMS, *tests)
        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "project")


def test_a_page_is_a_folder_and_a_name(copy):
    copy.take("dashboard/layouts/slots/__init__.py", "page.py")
    copy.change("dashboard/pages.py", '    "about",\n', '    "about",\n    "slots",\n')
    copy.passes(
        f"{CHECKS}test_the_page_is_in_the_navigation_and_draws_with_its_controls_and_files",
        "tests/dashboard/test_pages_all.py::test_a_page_without_any_data_says_so_and_draws",
        "tests/dashboard/test_pages_all.py::test_one_month_of_one_list_is_enough_to_draw_on",
        "tests/dashboard/test_ways_out.py",
        "tests/dashboard/server/test_roles.py::test_every_address_is_in_the_table",
        "tests/dashboard/server/test_roles.py::test_each_page_shows_each_role_the_pathways_of_the_table",
    )
    assert copy.touched == {"dashboard/layouts/slots/__init__.py", "dashboard/pages.py"}


def test_a_page_that_knows_another_fails(copy):
    name, first = "dashboard/layouts/slots/__init__.py", "from dash import html\n"
    copy.take(name, "page.py")
    copy.change(name, first, f"{first}import dashboard.layouts.trends.draw\n")
    assert "1 failed" in copy.tested(*ROOMS).stdout


def test_an_extract_format_is_a_folder_a_name_and_an_example(copy):
    example = "made-up month,made-up measure,made-up value\n2026-06-30,incomplete.total,7000000\n"
    copy.take("ingest/extracts/made_up/__init__.py", "extract_format.py")
    copy.change("ingest/extracts/__init__.py", '"organisations_file")', '"organisations_file", "made_up")')
    copy.write("sample_data/examples/made-up-record.csv", example)
    copy.passes(
        f"{CHECKS}test_the_extract_is_recognised_loaded_and_named_to_who_brings_another",
        f"{CHECKS}test_the_extract_is_named_where_files_are_loaded",
        "tests/sample_data/test_examples.py",
        "tests/ingest/files/test_problem_sentences.py::test_what_is_no_rtt_file_says_so_and_what_is_accepted",
    )
    assert copy.touched == {
        "ingest/extracts/made_up/__init__.py",
        "ingest/extracts/__init__.py",
        "sample_data/examples/made-up-record.csv",
    }


def test_an_extract_format_without_an_example_fails(copy):
    copy.take("ingest/extracts/made_up/__init__.py", "extract_format.py")
    copy.change("ingest/extracts/__init__.py", '"organisations_file")', '"organisations_file", "made_up")')
    assert copy.tested("tests/sample_data/test_examples.py", "-k", "example_one_format").returncode == 1


def test_a_pack_format_is_a_folder_and_a_name(copy):
    copy.take("dashboard/packs/formats/md/__init__.py", "pack_format.py")
    copy.take("dashboard/packs/formats/md/write.py", "pack_writer.py")
    copy.change("dashboard/packs/formats/__init__.py", '"html")', '"html", "md")')
    copy.passes(
        f"{CHECKS}test_the_pack_is_offered_and_written",
        f"{CHECKS}test_a_card_is_offered_and_written",
        "tests/dashboard/test_ways_out.py",
        "tests/dashboard/server/test_roles.py::test_every_address_is_in_the_table",
        "tests/dashboard/test_short_series.py::test_the_pack_is_made_in_every_format",
    )
    assert copy.touched == {
        "dashboard/packs/formats/md/__init__.py",
        "dashboard/packs/formats/md/write.py",
        "dashboard/packs/formats/__init__.py",
    }


def test_an_indicator_is_an_entry_and_its_row(copy):
    """Over 18 less over 26 was a way to a few people: suppression takes the new one in by its entry alone."""
    copy.change("rtt/measures/indicators.py", BEFORE, f"{ENTRY}{BEFORE}")
    row = '    ("over_26", 10, None, 4, "pathways", "lower", "stock"),\n'
    copy.change(ROWS, '    ("over_40",', f'{row}    ("over_40",')
    assert copy.run("-m", "tests.spec.test_glossary").returncode == 0
    assert "(`over_26`)" in (copy.folder / "docs" / "glossary.md").read_text(encoding="utf-8")
    copy.passes(
        f"{CHECKS}test_the_indicator_is_shown_where_it_says",
        "tests/spec",
        "tests/rtt/disclosure",
        "tests/rtt/findings",
        "tests/rtt/measures",
        "tests/dashboard/test_ways_out.py",
        *(f"{ATTACK}[{seed}-nobody]" for seed in range(3)),
    )
    assert copy.touched == {"rtt/measures/indicators.py", ROWS}


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        ('        discloses=Disclosed("count", (Count("list", weeks),)),\n', "", "discloses"),
        ('(Count("list", weeks),)', '(Count("list", 18),)', "what_it_counts"),
    ],
    ids=["nothing", "another count"],
)
def test_an_indicator_that_does_not_say_what_it_discloses_fails(copy, said, instead, why):
    copy.change("rtt/measures/indicators.py", BEFORE, f"{ENTRY}{BEFORE}")
    copy.change("rtt/measures/indicators.py", said, instead)
    ran = copy.tested("tests/rtt/disclosure/test_disclosure.py")
    assert ran.returncode != 0
    assert why in ran.stdout + ran.stderr
