"""Specialties and peers: like with like, own norms, no ranks, and one level down with its basis."""

from datetime import date

import numpy as np
import pytest

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.loading.load import load_path
from rtt.benchmark.benchmark_words import mix_sentence, outside_sentence, outside_title
from rtt.benchmark.standardisation import standardised
from rtt.terms.organisation_names import short_label
from tests.dashboard.drawing import draw, elements, statements, table, words

MARCH = date(2025, 3, 31)
HERE = {"Host": "localhost"}
TRUSTS = [f"R{letter}{digit}" for letter in "ABCDEFGH" for digit in "12"]


def facts():
    """Sixteen trusts near their norms, RA1 far above in ENT, whose norm is half of orthopaedics'."""
    rng = np.random.default_rng(7)
    made = {}
    for trust in TRUSTS:
        for function, norm in (("C_110", 0.6), ("C_120", 0.3)):
            size = int(rng.integers(400, 900))
            share = norm + rng.normal(0, 0.03) + (0.35 if (trust, function) == ("RA1", "C_120") else 0)
            within = round(size * share)
            made[trust, "01A", "2", function] = {5: within, 30: size - within}
    made["RB1", "91Q", "2", "C_110"] = {5: 100}
    return made


@pytest.fixture(scope="module")
def known():
    return facts()


@pytest.fixture
def client(sqlite_engine, make_extract, tmp_path, known):
    load_path(sqlite_engine, make_extract(known, census=MARCH))
    settings = Settings(home=tmp_path)
    return create_app(sqlite_engine, settings, today=lambda: date(2025, 6, 1)).server.test_client()


def page(client, search):
    return draw(client, "/specialties", search, **HERE)["page"]


def share(known, trusts, function):
    bands = [bands for (trust, _, _, code), bands in known.items() if trust in trusts and code == function]
    return 100 * sum(each.get(5, 0) for each in bands) / sum(sum(each.values()) for each in bands)


def test_each_specialty_stands_beside_its_own_national_figure(client, known):
    rows = {row[0]: row for row in table(page(client, "?org=RA1"), "Specialties")}
    for name, code in (("Trauma & orthopaedics", "C_110"), ("Ear, nose & throat", "C_120")):
        own, england = share(known, ["RA1"], code), share(known, TRUSTS, code)
        assert rows[name][2] == f"{own:.1f}%"
        assert float(rows[name][3].split()[0].replace("−", "-")) == pytest.approx(
            round(own, 1) - round(england, 1)
        )


def test_only_the_specialty_that_differs_from_its_norm_is_outside(client):
    drawn = page(client, "?org=RA1&kind=nhs")
    rows = {row[0]: row[-1] for row in table(drawn, "outside the 99.8% limits")}
    assert rows["Ear, nose & throat"] == "Above the upper limit"
    assert rows["Trauma & orthopaedics"] == "Within the limits"


def test_one_specialty_across_providers_labels_only_those_outside(client):
    drawn = page(client, "?tf=C_120&peers=providers")
    head, *rows = table(drawn, "outside the 99.8% limits")
    assert head == ["Provider", "Pathways", "Within 18 weeks", "Limits", "Position"]
    assert len(rows) == len(TRUSTS)
    assert [row[0] for row in rows if row[-1] != "Within the limits"] == ["RA1 Hospitals NHS Trust (RA1)"]
    sizes = [int(row[1].replace(",", "")) for row in rows]
    assert sizes == sorted(sizes, reverse=True)  # by size: nothing is ranked
    (graph, *_) = elements(drawn, "Graph")
    labels = [
        text
        for trace in graph["props"]["figure"]["data"]
        if "text" in trace.get("mode", "")
        for text in trace["text"]
        if text
    ]
    assert labels == ["RA1"]
    assert "15 within the limits: do not rank them." in words(drawn)


def points(shown):
    return float(shown.split()[0].replace("−", "-"))


def shown_share(text):
    return float(text.removesuffix("%"))


@pytest.mark.parametrize("trust", TRUSTS)
def test_every_difference_is_that_of_the_two_figures_as_shown(client, trust):
    drawn = page(client, f"?org={trust}&kind=nhs")
    _, *rows = table(drawn, "outside the 99.8% limits")
    assert len(rows) == 2
    first = {row[0]: row for row in table(drawn, "Specialties")}
    for name, _, own, england, difference, *_ in rows:
        assert points(difference) == pytest.approx(shown_share(own) - shown_share(england))
        assert difference == first[name][3]
    mix = {row[0]: row[1] for row in table(drawn, "mix of specialties explains")}
    expected = shown_share(mix["Expected from national specialty rates"])
    for name, gap in (
        ("Explained by the mix of specialties", expected - shown_share(mix["Part of England"])),
        ("Not explained by the mix", shown_share(mix["Observed"]) - expected),
    ):
        assert points(mix[name]) == pytest.approx(gap)


def test_wider_limits_leave_no_more_outside_than_narrower_ones(client):
    def outside(limits):
        rows = table(
            page(client, f"?tf=C_110&peers=providers&limits={limits}"), f"outside the {limits}% limits"
        )
        return {row[0] for row in rows[1:] if row[-1] != "Within the limits"}

    assert outside("99.8") <= outside("95")


def test_the_expected_figure_has_the_scopes_own_mix_and_englands_rates(client, known):
    rows = {row[0]: row[1] for row in table(page(client, "?org=RA1"), "mix of specialties explains")}
    sizes = {code: sum(known["RA1", "01A", "2", code].values()) for code in ("C_110", "C_120")}
    expected = sum(sizes[code] * share(known, TRUSTS, code) for code in sizes) / sum(sizes.values())
    assert rows["Expected from national specialty rates"] == f"{expected:.1f}%"


def test_the_step_from_an_icb_to_its_trusts_changes_the_basis_and_says_so(client, known):
    drawn = page(client, "?level=icb&org=QE1")
    _, *rows = table(drawn, "Providers under this ICB")
    assert len(rows) == len(TRUSTS)
    assert "do not add up to the ICB’s" in words(drawn)
    # RB1 also has a hundred patients of another ICB: everyone waiting there is counted.
    rb1 = next(row for row in rows if row[0].endswith("(RB1)"))
    assert rb1[3] == f"{sum(sum(bands.values()) for key, bands in known.items() if key[0] == 'RB1'):,}"


def test_too_few_units_of_a_level_have_no_limits(client):
    assert "too few to show the usual variation" in words(page(client, "?level=icb&org=QE1"))


@pytest.fixture
def few(sqlite_engine, make_extract, tmp_path, known):
    """Nine of the trusts alone: one fewer than shows the spread between them."""
    load_path(
        sqlite_engine,
        make_extract({key: bands for key, bands in known.items() if key[0] in TRUSTS[:9]}, census=MARCH),
    )
    return create_app(sqlite_engine, Settings(home=tmp_path)).server.test_client()


@pytest.mark.parametrize("search", ["?org=RA1", "?org=RA1&peers=providers", "?peers=providers&tf=C_120"])
def test_no_view_draws_limits_among_few_peers_or_speaks_of_their_spread(few, search):
    drawn = page(few, search)
    said = words(drawn)
    assert "only 9 NHS trusts with such a list: too few" in said
    for claim in (
        "the 99.8% limits",
        "limits allow for the usual variation",
        "consistent with chance",
        "within the limits",
    ):
        assert claim not in said
    if "peers" in search:
        head, *rows = table(drawn, "9 NHS trusts: too few for limits")
        assert not {"Limits", "Position"} & set(head)
        assert len(rows) == 9
        (graph, *_) = elements(drawn, "Graph")
        assert {trace["name"] for trace in graph["props"]["figure"]["data"]} <= {
            "All together",
            "Providers",
            "Chosen provider",
        }


def test_a_measure_of_another_page_falls_back_and_says_so(client):
    assert "“total” is not a measure on this page" in words(page(client, "?org=RA1&measure=total"))


@pytest.mark.parametrize(
    "search", ["", "?org=RA1", "?level=icb&org=QE1&tf=C_120&among=mix", "?tf=C_120&org=RA1&among=mix"]
)
def test_the_page_asks_the_database_at_most_ten_times(sqlite_engine, client, search):
    with statements(sqlite_engine) as sent:
        page(client, search)
    assert 0 < len(sent) <= 10


def test_a_tracking_list_has_no_peers_and_leads_to_the_monthly_return(demo, tmp_path):
    settings = Settings(home=tmp_path)
    client = create_app(demo, settings, today=lambda: date(2026, 3, 2)).server.test_client()
    drawn = page(client, "?source=weekly")
    assert "Peer comparison needs the monthly return." in words(drawn)
    assert any("source=monthly" in each["props"]["href"] for each in elements(drawn, "A"))


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ([0, 0, 0], "3 within the limits: do not rank them."),
        ([-1, 1, 0], "A below; B above. 1 within the limits."),
        ([1] * 7, "7 above. 0 within the limits."),
    ],
)
def test_the_sentence_names_who_is_outside_and_never_orders_the_rest(side, said):
    assert outside_sentence(side, list("ABCDEFG")[: len(side)]) == said
    outside = sum(map(abs, side))
    assert outside_title(side, "trusts", level=95.0).startswith(f"{outside or 'None'} of {len(side)} trusts")


def test_the_mix_in_a_sentence():
    result = standardised(
        [[50, 10]], [[100, 100]], national_numerators=[600, 200], national_denominators=[1000, 1000]
    )
    assert mix_sentence(result) == (
        "30.0% is 10.0 points below the 40.0% expected if each specialty were at its national rate; "
        "England is at 40.0%."
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("NHS KENT AND MEDWAY INTEGRATED CARE BOARD", "Kent and Medway"),
        ("KING'S COLLEGE HOSPITAL NHS FOUNDATION TRUST", "King's College"),
        ("NORTH WEST COMMISSIONING REGION", "North West"),
        ("NHS NORTHUMBERLAND (SUB ICB LOCATION)", "Northumberland"),
        ("NHS BEDFORDSHIRE, LUTON AND MILTON KEYNES (SUB ICB LOCATION)", "Bedfordshire, Luton and Milton…"),
        ("LEICESTER, LEICESTERSHIRE AND RUTLAND TOGETHER", "Leicester, Leicestershire…"),
        ("UNIVERSITY HOSPITALS OF DERBY AND BURTON NHS FOUNDATION TRUST", "UH Derby and Burton"),
        ("PORTSMOUTH HOSPITALS UNIVERSITY NATIONAL HEALTH SERVICE TRUST", "Portsmouth Hospitals"),
        ("NHS England (direct commissioning)", "NHS England (direct commissioning)"),
    ],
)
def test_a_label_keeps_what_tells_organisations_apart(name, label):
    assert short_label(name) == label
