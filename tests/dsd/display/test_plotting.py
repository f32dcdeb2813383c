"""The palette and style of pictures."""

from __future__ import annotations

import math
import sys

import pytest

from dsd.display.plotting import LIGHT, PhaseSpan, curve_label, drawing, encode, load_matplotlib, new_figure, series, shade_phases
from netdef.errors import NetdefError


def test_the_first_24_curves_differ():
    assert len({series(number) for number in range(24)}) == 24 and series(24) == series(0)


def test_light_colours_differ():
    assert len(set(LIGHT.values())) == len(LIGHT)


def test_a_missing_matplotlib_is_reported_with_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(NetdefError, match="netdef-dsd.plot."):
        load_matplotlib()


def test_formats_by_name():
    pytest.importorskip("matplotlib")
    with drawing():
        figure = new_figure(2, 1)
        assert encode(figure, "png").startswith(b"\x89PNG") and b"<svg" in encode(figure, "svg")
        with pytest.raises(NetdefError, match="cannot be written as `bmp2`"):
            encode(figure, "bmp2")


def test_old_phases_are_sparse_if_they_have_a_sparsity():
    facts = {"name": "a", "start": 3, "end": 7}
    assert PhaseSpan.of({**facts, "sparsity": 0.5}) == PhaseSpan("a", 3, 7, True, 0.5)
    assert PhaseSpan.of({**facts, "sparsity": None}).sparse is False
    assert PhaseSpan.of({**facts, "sparsity": None, "sparse": True}).sparse is True


def test_sparse_phases_are_tinted_and_named():
    pytest.importorskip("matplotlib")
    with drawing():
        axes = new_figure(6, 2).add_subplot()
        shade_phases(axes, [PhaseSpan("dense", 0, 50, False), PhaseSpan("sparse", 50, 100, True, 0.25)])
    assert len(axes.patches) == 1 and [text.get_text() for text in axes.texts] == ["dense", "sparse 25%"]


def test_a_curve_that_ends_in_nan_says_since_when():
    assert curve_label("loss", [(1, 2.0), (2, math.nan), (3, 1.0)]) == "loss"
    assert curve_label("loss", [(1, 2.0), (5, math.nan), (7, math.inf)]) == "loss, not finite from 5 on"
