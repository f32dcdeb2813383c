"""Figures inside HTML."""

from __future__ import annotations

import pytest
from report_pages import Page

from dsd.display.plotting import COLOURS, LIGHT, drawing, new_figure
from dsd.report.svg import css_variables, svg


@pytest.fixture
def drawn() -> str:
    pytest.importorskip("matplotlib")
    with drawing():
        figure = new_figure(3, 2)
        figure.add_subplot().plot([1, 2, 4], color=LIGHT["blue"])
        return svg(figure, "curve", "One < two")


def test_ids_begin_with_the_name_and_references_have_targets(drawn: str):
    page = Page(drawn)
    assert page.ids and all(name.startswith("curve-") for name in page.ids) and set(page.links) <= set(page.ids)


def test_colours_are_variables(drawn: str):
    assert "var(--blue)" in drawn and not any(light in drawn for light in LIGHT.values())


def test_the_description_is_escaped(drawn: str):
    assert 'aria-label="One &lt; two"' in drawn and "<title>One &lt; two</title>" in drawn


def test_each_scheme_sets_every_variable():
    for dark in (False, True):
        assert css_variables(dark).count("--") == len(COLOURS)
    assert f"--ink: {COLOURS['ink'][1]};" in css_variables(True)
