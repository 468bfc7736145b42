"""The project keeps its own rules: style, types, rooms, top level, lock file, nothing of anyone's machine."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement

from tests.environment import VARIABLES
from tests.servers import ROOT

PACKAGES = ("rtt", "ingest", "dashboard", "sample_data")
TOP_LEVEL = {
    "app.py", "pyproject.toml", "requirements.lock", "requirements-spark.lock", "dashboard", "ingest", "rtt",
    "sample_data", "tests", "benchmarks", "docs", "Dockerfile", "Dockerfile.spark", "compose.yaml",
    "Makefile", "README.md", "CHANGELOG.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md",
    ".ci", ".gitignore", ".dockerignore", "findings",
}  # fmt: skip
MADE_BY_A_RUN = {".git", ".venv", "var", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".ruff_cache",
                 ".pytest_cache", "__pycache__", "build", "rtt_dashboard.egg-info"}  # fmt: skip

# Which rooms alone may import a library. In the rules: numpy everywhere, the bank holidays in one place.
ONLY_IN = {
    "sqlalchemy": ("ingest", "dashboard.store"),
    "plotly": ("dashboard.figures",),
    "dash": ("dashboard.layouts", "dashboard.callbacks", "dashboard.application"),
    "obstore": ("ingest.lake.s3",),
    "pyspark": ("ingest.lake.engines.spark",),
    "py4j": ("ingest.lake.engines.spark",),
}
# What is handed through the rooms between may be named there: these two types are no SQL.
TYPES_ALONE = re.compile(r"from sqlalchemy import (Connection|Engine)(, (Connection|Engine))*")
IN_THE_RULES = {"numpy": "rtt", "holidays": "rtt.terms.calendar"}

# Written so that this file does not find itself.
OF_A_MACHINE = {
    "a path of someone's machine": r"(?<![\w.])/(?:work|root|home)/(?!rtt\b)\w",
    "the address of a package registry": r"(?:pypi|pythonhosted|npmjs|debian|unpkg)[.](?:org|com|net)\b",
}


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("ruff check --output-format concise .", id="style"),
        pytest.param("ruff format --check --output-format concise .", id="format"),
        pytest.param("mypy", id="types", marks=pytest.mark.slow),
        pytest.param("lint-imports --no-logo --no-cache", id="rooms"),
    ],
)
def test_the_code_keeps_its(command):
    program, *options = command.split()
    ran = subprocess.run(
        [Path(sys.executable).with_name(program), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


# Rooms whose members do not know each other, and may know what is named here: asked of the folder, so that a
# new page or format is one without being listed.
SHARED = {
    "dashboard.layouts": {"frame"},
    "ingest.extracts": {"organisations", "row_tuples"},
}


@pytest.mark.parametrize("room", SHARED)
def test_pages_and_formats_know_what_they_share_and_not_each_other(imports, room):
    apart = {name.removeprefix(f"{room}.") for name in imports.find_children(room)} - SHARED[room]
    layers = [grimp.Layer(*apart, independent=True), grimp.Layer(*SHARED[room], independent=False)]
    assert len(apart) > 2
    assert imports.find_illegal_dependencies_for_layers(layers=layers, containers={room}) == set()


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_used_only_in_its_rooms(imports, library):
    importers = imports.find_modules_that_directly_import(library) if library in imports.modules else set()
    strangers = {
        (importer, detail["line_contents"])
        for importer in importers
        if not _within(importer, ONLY_IN[library])
        for detail in imports.get_import_details(importer=importer, imported=library)
        if not TYPES_ALONE.fullmatch(detail["line_contents"])
    }
    assert strangers == set()


def test_the_rules_use_numpy_and_the_bank_holidays_and_nothing_else(imports):
    rules = {name for name in imports.modules if _within(name, ("rtt",))}
    used = {(rule, used) for rule in rules for used in imports.find_modules_directly_imported_by(rule)}
    strangers = {
        (rule, library)
        for rule, library in used
        if library not in rules and library not in sys.stdlib_module_names
        if not _within(rule, (IN_THE_RULES.get(library, "nowhere"),))
    }
    assert strangers == set()


def _within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


def test_the_top_level_is_as_agreed():
    assert {entry.name for entry in ROOT.iterdir()} - MADE_BY_A_RUN == TOP_LEVEL


def test_what_needs_a_browser_lies_where_it_is_run():
    """Both ways: what is run there alone must be all, and without a browser nothing of it."""
    marked = {path for path in (ROOT / "tests").rglob("*.py") if "mark" + ".browser" in path.read_text()}
    assert marked == set((ROOT / "tests" / "browser").glob("test_*.py"))


def test_an_installed_copy_holds_every_file_of_the_packages(tmp_path):
    source = tmp_path / "source"
    leave_out = shutil.ignore_patterns("__pycache__")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=leave_out)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    expected = _files(source, PACKAGES)
    build = "from setuptools import build_meta; build_meta.build_wheel('wheel')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", build], cwd=source, check=True, capture_output=True)
    shutil.unpack_archive(next((source / "wheel").glob("*.whl")), tmp_path / "installed", "zip")
    assert _files(tmp_path / "installed", PACKAGES) == expected


def _files(folder: Path, packages: tuple[str, ...]) -> set[str]:
    found = (path for package in packages for path in (folder / package).rglob("*"))
    return {str(path.relative_to(folder)) for path in found if path.is_file()}


# Which lists of pyproject.toml each lock file answers. What is installed beside the environment (Spark, what
# the lake is tested with) has its own, without what the environment has.
LOCKS = {
    "requirements.lock": ("test", "build"),
    "requirements-spark.lock": ("spark",),
    "tests/requirements-lake.lock": ("lake-test",),
}


def locked(lock: str) -> dict[str, str]:
    """Each package of the lock file with all that stands in its entry."""
    entries = re.split(r"^(?=\S)", (ROOT / lock).read_text(), flags=re.MULTILINE)
    return {re.split(r"==", entry)[0]: entry for entry in entries if entry}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_pins_every_package_by_version_and_hash(lock):
    for name, entry in locked(lock).items():
        assert re.match(
            r"[a-z0-9-]+==[0-9a-z.]+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+$", entry
        ), name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_address(lock):
    assert re.findall(r"://|@|^-|file:|index", (ROOT / lock).read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_what_the_project_asks_for(lock):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = settings["project"]
    lists = project["optional-dependencies"] | {
        "build": project["dependencies"] + settings["build-system"]["requires"]
    }
    asked = [text for name in LOCKS[lock] for text in lists[name]]
    pins = {name: re.split(r"==|[ \\]", entry)[1] for name, entry in locked(lock).items()}
    unmet = [text for text in asked if not _met(Requirement(text), pins)]
    assert unmet == []


def _met(requirement: Requirement, pins: dict[str, str]) -> bool:
    return requirement.name in pins and requirement.specifier.contains(pins[requirement.name])


@pytest.mark.parametrize("lock", ["requirements-spark.lock", "tests/requirements-lake.lock"])
def test_what_lies_beside_the_environment_is_no_part_of_it(lock):
    """Nobody has Spark without asking for it, and nothing takes the place of what the environment has."""
    assert set(locked(lock)).isdisjoint(locked("requirements.lock"))
    installed = {each.metadata["Name"].lower().replace("_", "-") for each in metadata.distributions()}
    assert set(locked(lock)).isdisjoint(installed)
    assert set(locked("requirements.lock")) & installed


@pytest.mark.parametrize("what", OF_A_MACHINE)
def test_no_file_names(what):
    named = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in _texts()
        for found in re.finditer(OF_A_MACHINE[what], path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert named == []


# Decisions tell what was.
PAPERS = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
NAMED = re.compile(r"`((?:tests|docs|dashboard|sample_data|ingest|rtt)/[\w/-]+\.\w+)`")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_what_a_document_leads_to_is_there(paper):
    text = paper.read_text()
    leads = [paper.parent / name for name in re.findall(r"\]\(([\w./-]+)\)", text)]
    if paper.name != "decisions.md":
        leads += [ROOT / name for name in NAMED.findall(text)]
    assert [str(path) for path in leads if not path.exists()] == []


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/api.md", "docs/screens.md", "docs/quick-guide.md"])
def test_a_document_names_no_setting_that_there_is_not(name):
    assert set(re.findall(r"\bRTT_[A-Z_]+", (ROOT / name).read_text())) - VARIABLES == set()


def _texts() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE_BY_A_RUN]
        found += [Path(folder, name) for name in names if name not in MADE_BY_A_RUN]
    return [path for path in found if path.suffix not in {".png", ".gz", ".zip", ".xlsx", ".pyc"}]
