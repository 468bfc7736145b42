"""Dockerfile and compose.yaml say what the product, its packages and its settings need. No Docker takes part.

Whether the steps work is tried by tests/soak/test_dockerfile.py.
"""

import re
from pathlib import PurePosixPath

import pytest
from sqlalchemy import make_url

from dashboard.settings.settings import from_environment
from tests import spark_cluster
from tests.dockerfile import Image, NotUnderstood, Step, copied, image_of, steps_of
from tests.environment import VARIABLES
from tests.servers import ROOT

COMPOSE = (ROOT / "compose.yaml").read_text()
OF_AN_OBJECT_STORE = {
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ALLOW_HTTP"),
    "SSL_CERT_FILE",
}
"""What says to `rtt lake` where its store is and who it is: as docs/operations.md lists it."""
# What `make test` installs for the tests themselves: servers and readers of what the product writes.
FOR_TESTS = {
    *("postgresql", "nginx", "chromium", "poppler-utils"),
    *("libreoffice-calc", "libreoffice-impress", "libreoffice-writer"),
    "openjdk-17-jre-headless",  # in the image of Spark, not in that of the dashboard
}


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return steps_of((ROOT / "Dockerfile").read_text())


@pytest.fixture(scope="module")
def image(steps) -> Image:
    return image_of(steps)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("ARG VERSION", id="instruction"),
        pytest.param("COPY --chown=rtt . .", id="option"),
        pytest.param("WORKDIR $HOME", id="variable"),
        pytest.param("RUN cat <<END", id="text within the file"),
        pytest.param("FROM a AS b", id="stage"),
        pytest.param("ENV NAME value", id="older form"),
        pytest.param("HEALTHCHECK NONE", id="health check"),
    ],
)
def test_what_the_tests_cannot_follow_is_refused(line):
    with pytest.raises(NotUnderstood):
        image_of(steps_of(line))


def test_a_step_goes_on_over_lines_and_comments():
    text = "RUN a \\\n    # why\n    && b\n\n# of nothing\nUSER x\n"
    assert [(step.instruction, step.text.split()) for step in steps_of(text)] == [
        ("RUN", ["a", "&&", "b"]),
        ("USER", ["x"]),
    ]


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("var", {"var/a", "var/b/c"}),
        (".*", {".git"}),
        ("**/__pycache__", {"p/__pycache__/a", "__pycache__/a"}),
        ("p/*.csv", {"p/a.csv"}),
    ],
)
def test_dockerignore_leaves_out_what_docker_leaves_out(tmp_path, pattern, left_out):
    names = {"var/a", "var/b/c", ".git", "p/__pycache__/a", "__pycache__/a", "p/a.csv", "p/var", "a.csv"}
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".dockerignore").write_text(pattern)
    taken = {str(below) for _, below in copied(tmp_path, ".")}
    assert taken - {".dockerignore"} == names - left_out - {".dockerignore"}


def test_the_image_holds_the_product_alone():
    tops = {below.parts[0] for _, below in copied(ROOT, ".")}
    assert {
        "app.py",
        "pyproject.toml",
        "requirements.lock",
        "rtt",
        "ingest",
        "dashboard",
        "sample_data",
    } <= tops
    assert not tops & {"tests", "benchmarks", "var", ".venv", ".git", ".env", "rtt_dashboard.egg-info"}
    assert not [below for _, below in copied(ROOT, ".") if "__pycache__" in below.parts]


def test_the_image_runs_as_nobody_in_particular_and_writes_to_its_volume(image, steps):
    assert image.user not in ("root", "0")
    # What comes after is run by that user too.
    assert steps[-1].instruction == "CMD"
    assert image.volumes == (image.environment["RTT_HOME"],)


def test_the_image_serves_and_asks_after_its_health_on_the_port_that_it_names(image):
    (port,) = image.ports
    assert f"0.0.0.0:{port}" in image.command
    assert f"http://127.0.0.1:{port}/health" in " ".join(image.health_check)


def test_the_image_has_the_debian_packages_that_exports_need(steps):
    (installed,) = (step.text for step in steps if "apt-get install" in step.text)
    words = re.search(r"apt-get install ([^&]+)", installed)[1].split()
    packages = {word for word in words if not word.startswith("-")}
    listed = re.search(r'NEEDED="(.*?)"', (ROOT / "tests" / "run.sh").read_text(), re.DOTALL)[1]
    assert packages == {line.split(":")[0] for line in listed.split()} - FOR_TESTS
    for package in packages:
        assert package in (ROOT / "docs" / "operations.md").read_text()


@pytest.fixture(scope="module")
def passed_on() -> dict[str, str]:
    """The variables of the service `dashboard`, '' for one that is passed on as it is."""
    return dict(re.findall(r"^      ([A-Z_]+):[ ]?(.*)$", service("dashboard"), re.MULTILINE))


def test_compose_passes_on_every_setting_and_no_other(passed_on, image):
    # The image says where its volume is.
    assert set(passed_on) == VARIABLES - {"RTT_HOME"} | {"RTT_LAKE"} | OF_AN_OBJECT_STORE


def test_the_documents_list_what_says_where_an_object_store_is():
    table = (ROOT / "docs" / "operations.md").read_text().partition("## A lake in an object store")[2]
    rows = [line.split("|")[1] for line in table.split("\n\n")[2].splitlines()[2:]]
    assert {name for row in rows for name in re.findall(r"[A-Z_]{5,}", row)} == OF_AN_OBJECT_STORE


def test_compose_leads_to_its_database(passed_on):
    password = re.search(r"\$\{RTT_DATABASE_PASSWORD:[^}]+\}", passed_on["RTT_DATABASE_URL"])[0]
    given = {name: value.replace(password, "secret") for name, value in passed_on.items()}
    settings = from_environment(given)
    address = make_url(settings.database_url)
    assert (address.username, address.password, address.host) == ("rtt", "secret", "database")
    assert "POSTGRES_USER: rtt\n" in COMPOSE
    assert f"POSTGRES_PASSWORD: {password}\n" in COMPOSE
    assert settings.access == "none"


def test_compose_keeps_the_image_closed(image):
    assert "read_only: true" in COMPOSE
    assert 'tmpfs: ["/tmp"]' in COMPOSE
    assert "cap_drop: [ALL]" in COMPOSE
    assert 'security_opt: ["no-new-privileges:true"]' in COMPOSE
    assert f'volumes: ["home:{PurePosixPath(*image.volumes)}", "lake:/lake"]' in COMPOSE
    assert f'ports: ["127.0.0.1:{image.ports[0]}:{image.ports[0]}"]' in COMPOSE


# The cluster that builds a lake.

SPARK = image_of(steps_of((ROOT / "Dockerfile.spark").read_text()))


def service(name: str) -> str:
    """What compose.yaml says of a service, with what it takes over from another."""
    own = re.search(rf"^  {name}:.*\n((?:(?:    .*)?\n)+)", COMPOSE, re.MULTILINE)[1]
    return own.replace("<<: *spark\n", service("spark-master")) if "<<: *spark" in own else own


def test_the_image_of_spark_is_the_dashboards_with_java_and_the_locked_pyspark(steps, image):
    text = " ".join(step.text for step in steps_of((ROOT / "Dockerfile.spark").read_text()))
    assert SPARK.base == "dashboard"
    assert 'additional_contexts: {dashboard: "service:dashboard"}' in service("spark-master")
    assert SPARK.user == image.user
    assert re.findall(r"openjdk-\S+", text) == ["openjdk-17-jre-headless"]
    assert "--require-hashes" in text
    assert "--requirement requirements-spark.lock" in text


@pytest.mark.parametrize("name", ["spark-master", "spark-worker", "spark-driver"])
def test_a_spark_cluster_is_closed_and_has_no_key_of_tokens(name):
    said = service(name)
    for each in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "networks: [cluster]"):
        assert each in said
    assert "ports:" not in said
    assert set(re.findall(r"^      (\w+):$", said, re.MULTILINE)) == {
        "_SPARK_AUTH_SECRET",
        *OF_AN_OBJECT_STORE,
    }
    assert "RTT_" not in said


def test_the_cluster_of_compose_is_closed_as_that_of_the_tests_is():
    text = " ".join(step.text for step in steps_of((ROOT / "Dockerfile.spark").read_text()))
    assert spark_cluster.CLOSED.encode("unicode_escape").decode() in text
    assert SPARK.environment["SPARK_MASTER_OPTS"] == spark_cluster.NO_REST
