"""The colours, held to numbers: contrast as WCAG 2.2 computes it, difference as a colour-blind eye sees it.

Simulation: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB; difference: CIE76 in CIELAB.
"""

import colorsys
import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from dashboard.figures import theme

WHITE = theme.CARD
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
ASSETS = Path(theme.__file__).parents[1] / "assets"
SHEETS = sorted(path for path in ASSETS.glob("*.css") if path.name != "nhsuk.min.css")
COLOURS = (ASSETS / "colours.css").read_text()
LIGHT_BLOCK, DARK_BLOCK = COLOURS.split("@media screen and (prefers-color-scheme: dark)")
SCREENS = {"light": {colour: colour for colour in theme.DARK}, "dark": theme.DARK}
# The colours of charts, by the property that has the same role on the page.
PROPERTY_OF = {
    theme.PAGE: "page",
    theme.CARD: "card",
    theme.TEXT: "text",
    theme.SECONDARY: "secondary",
    theme.GRID: "line",
    theme.BLUE: "blue",
    theme.ORANGE: "orange",
    theme.PURPLE: "purple",
    theme.CHOSEN: "chosen",
    theme.PALE_BLUE: "pale-blue",
    theme.BAR: "bar",
    theme.MUTED: "muted",
    theme.STEP_ONE: "step-one",
    theme.STEP_TWO: "step-two",
    theme.STEP_THREE: "step-three",
    theme.STEP_FOUR: "step-four",
    theme.STEP_FIVE: "step-five",
}


def properties(block: str) -> dict[str, str]:
    """The colours that a block of the stylesheet defines, by the name of their property."""
    return dict(re.findall(r"--rtt-([a-z-]+): (#[0-9a-f]{3,6});", block))


def rgb(colour: str) -> np.ndarray:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    return np.array([int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)])


def linear(colour: str) -> np.ndarray:
    values = rgb(colour)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    darker, lighter = sorted((linear(one) @ weights, linear(other) @ weights))
    return (lighter + 0.05) / (darker + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = to_xyz @ np.clip(light, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, seen_by: str | None = None) -> float:
    eye = np.array(MACHADO[seen_by]) if seen_by else np.eye(3)
    return float(np.linalg.norm(lab(eye @ linear(one)) - lab(eye @ linear(other))))


def test_the_computation_agrees_with_known_values():
    assert contrast("#000", "#fff") == pytest.approx(21.0)
    assert contrast("#005eb8", "#ffffff") == pytest.approx(6.38, abs=0.01)
    assert contrast("#b35900", "#f0f4f5") == pytest.approx(4.36, abs=0.01)
    # NHS red and green under protanopia: 12, which is why neither is used.
    assert difference("#d5281b", "#007f3b") > 60
    assert difference("#d5281b", "#007f3b", "protanopia") < 20


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("colour", [theme.TEXT, theme.SECONDARY, theme.BLUE, theme.PURPLE, theme.GREY])
@pytest.mark.parametrize("ground", [theme.CARD, theme.PAGE])
def test_every_colour_of_text_reads_on_every_ground(screen, colour, ground):
    shown = SCREENS[screen]
    assert contrast(shown[colour], shown[ground]) >= 4.5


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("meaning", theme.SIGNALS)
def test_every_signal_stands_out_on_card_and_page_and_its_word_reads_on_a_card(screen, meaning):
    shown = SCREENS[screen]
    colour = shown[theme.SIGNALS[meaning][0]]
    assert contrast(colour, shown[theme.PAGE]) >= 3
    assert contrast(colour, shown[theme.CARD]) >= 4.5


@pytest.mark.parametrize("screen", SCREENS)
def test_bars_stand_out_on_a_card_and_under_the_outline_of_the_chosen_one(screen):
    shown = SCREENS[screen]
    assert contrast(shown[theme.BAR], shown[theme.CARD]) >= 3
    assert contrast(shown[theme.BAR], shown[theme.TEXT]) >= 3


@pytest.mark.parametrize("screen", SCREENS)
def test_the_shades_of_a_map_carry_their_words_and_are_told_apart_in_grey(screen):
    shown = SCREENS[screen]
    for at, step in enumerate(theme.STEPS):
        words = theme.TEXT if at < theme.DARK_WORDS else theme.CARD
        assert contrast(shown[words], shown[step]) >= 4.5, step
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = [float(linear(shown[step]) @ weights) for step in theme.STEPS]
    assert light == sorted(light, reverse=screen == "light")
    for one, other in itertools.pairwise(theme.STEPS):
        assert contrast(shown[one], shown[other]) >= 1.25


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("eye", [None, *MACHADO])
def test_signals_that_mean_different_things_look_different_to_every_eye(screen, eye):
    shown = SCREENS[screen]
    for one, other in itertools.combinations(theme.SIGNALS, 2):
        assert theme.SIGNALS[one][1] != theme.SIGNALS[other][1], "shapes differ too"
    judged = {name: shown[theme.SIGNALS[name][0]] for name in ("improving", "concerning")}
    assert difference(judged["improving"], judged["concerning"], eye) >= 60
    for name, colour in judged.items():
        assert difference(colour, shown[theme.SIGNALS["common cause"][0]], eye) >= 10, name


def test_no_red_or_green_anywhere_in_theme_or_stylesheets():
    found = {value for value in vars(theme).values() if isinstance(value, str) and value.startswith("#")}
    found |= set(theme.DARK.values())
    for sheet in SHEETS:
        found |= set(
            re.findall(r"(?<![\w%])#[0-9a-fA-F]{6}\b|(?<![\w%])#[0-9a-fA-F]{3}\b", sheet.read_text())
        )
    for colour in found:
        hue, lightness, saturation = colorsys.rgb_to_hls(*rgb(colour))
        hue, saturation = hue * 360, saturation
        grey = saturation < 0.25 or lightness > 0.93 or lightness < 0.1
        assert grey or not (hue < 20 or hue > 330 or 75 < hue < 170), colour


def test_the_stylesheet_has_the_colours_of_the_charts_on_both_screens():
    light, dark = properties(LIGHT_BLOCK), properties(DARK_BLOCK)
    assert set(light) == set(dark), "each property is defined for both"
    for colour, name in PROPERTY_OF.items():
        assert theme_form(light[name]) == colour, name
        assert dark[name] == theme.DARK[colour], name


def theme_form(colour: str) -> str:
    return "#" + "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour


@pytest.mark.parametrize("part", ["fill", "stroke"])
def test_every_colour_of_the_charts_has_its_rule_for_a_dark_screen(part):
    """Plotly writes `fill: rgb(0, 94, 184)` into a shape; a rule gives it the dark colour of that role."""
    assert set(PROPERTY_OF) == set(theme.DARK)
    assert {value for value in vars(theme).values() if re.fullmatch("#[0-9a-f]{6}", str(value))} == set(
        theme.DARK
    )
    for colour, name in PROPERTY_OF.items():
        written = ", ".join(str(round(value * 255)) for value in rgb(colour))
        rule = f'[style*="{part}: rgb({written})"] {{ {part}: var(--rtt-{name}) !important; }}'
        assert rule in DARK_BLOCK, rule


@pytest.mark.parametrize("block", [LIGHT_BLOCK, DARK_BLOCK])
@pytest.mark.parametrize(
    ("words", "grounds", "least"),
    [
        ("text", ("page", "card", "chosen", "warn"), 4.5),
        ("secondary", ("page", "card", "chosen", "warn"), 4.5),
        ("blue", ("page", "card", "chosen", "warn"), 4.5),
        ("purple", ("page", "card", "chosen", "warn"), 4.5),
        ("link-hover", ("page", "card", "chosen", "warn"), 4.5),
        ("on-brand", ("brand",), 4.5),
        ("on-sample", ("sample",), 4.5),
        ("on-focus", ("focus",), 4.5),
        ("on-told", ("told",), 4.5),
        ("edge", ("page", "card"), 3),
    ],
)
def test_every_property_reads_on_the_grounds_it_stands_on(block, words, grounds, least):
    shown = properties(block)
    for ground in grounds:
        assert contrast(shown[words], shown[ground]) >= least, ground


def test_no_stylesheet_of_a_page_names_a_colour():
    """Paper aside, which is light: a colour that is written out would stay light on a dark screen."""
    for sheet in SHEETS:
        if sheet.name in ("colours.css", "screen.css"):
            continue
        on_screen = re.sub(r"@media print \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet.read_text())
        assert re.findall(r"#[0-9a-fA-F]{3,6}\b(?=[;, }])|rgba?\(", on_screen) == [], sheet.name
