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
CSS = (Path(theme.__file__).parents[1] / "assets" / "rtt.css").read_text()


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


@pytest.mark.parametrize("colour", [theme.TEXT, theme.SECONDARY, theme.BLUE, theme.PURPLE, theme.GREY])
@pytest.mark.parametrize("ground", [theme.CARD, theme.PAGE])
def test_every_colour_of_text_reads_on_every_ground(colour, ground):
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("meaning", theme.SIGNALS)
def test_every_signal_stands_out_on_card_and_page_and_its_word_reads_on_a_card(meaning):
    colour = theme.SIGNALS[meaning][0]
    assert contrast(colour, theme.PAGE) >= 3
    assert contrast(colour, theme.CARD) >= 4.5


@pytest.mark.parametrize("eye", [None, *MACHADO])
def test_signals_that_mean_different_things_look_different_to_every_eye(eye):
    for one, other in itertools.combinations(theme.SIGNALS, 2):
        assert theme.SIGNALS[one][1] != theme.SIGNALS[other][1], "shapes differ too"
    judged = {name: theme.SIGNALS[name][0] for name in ("improving", "concerning")}
    assert difference(judged["improving"], judged["concerning"], eye) >= 60
    for name, colour in judged.items():
        assert difference(colour, theme.SIGNALS["common cause"][0], eye) >= 10, name


def test_no_red_or_green_anywhere_in_theme_or_stylesheet():
    found = {value for value in vars(theme).values() if isinstance(value, str) and value.startswith("#")}
    found |= set(re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b", CSS))
    for colour in found:
        hue, lightness, saturation = colorsys.rgb_to_hls(*rgb(colour))
        hue, saturation = hue * 360, saturation
        grey = saturation < 0.25 or lightness > 0.93 or lightness < 0.1
        assert grey or not (hue < 20 or hue > 330 or 75 < hue < 170), colour


def test_the_stylesheet_has_the_same_signal_colours_as_the_charts():
    for meaning, (colour, _) in theme.SIGNALS.items():
        rule = re.search(rf"\.rtt-signal--{meaning} {{ color: (#[0-9a-f]+)", CSS)
        assert rule is None or rule.group(1) == colour, meaning
