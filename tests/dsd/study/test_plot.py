"""The pictures of a study."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex
from PIL import Image
from studies import run, study, written

from dsd.display.plotting import LIGHT, drawing
from dsd.study.plot import _last_common, curves_figure, differences_figure, styles, write_pictures
from dsd.study.recorded_study import RecordedStudy


@pytest.fixture
def three(tmp_path) -> RecordedStudy:
    """Two arms and their control; the second arm is the first one again."""
    content = study()
    content["arms"]["again"] = {"control": "control", "run": "again", "phases": content["arms"]["dsd"]["phases"]}
    content["runs"] += [run("again", 1, (0, 90.0), (4, 10.0), (4, 60.0), (6, 6.5)), run("again", 2, (0, 88.0), (6, 9.0))]
    content["comparisons"].append(content["comparisons"][0] | dict(arm="again"))
    return written(tmp_path, content)


def test_an_arm_has_one_colour_in_every_picture(three):
    colours = {name: colour for name, (colour, _) in styles(three).items()}
    assert colours["control"] == LIGHT["grey"] and len(set(colours.values())) == 3
    with drawing():
        (curves,), (differences,) = (figure.axes for figure in (curves_figure(three), differences_figure(three)))
    drawn = {line.get_label(): to_hex(line.get_color()) for line in curves.lines if not line.get_label().startswith("_")}
    assert drawn == colours
    dots = {round(line.get_ydata()[0]): to_hex(line.get_color()) for line in differences.lines if line.get_marker() == "o"}
    names = [label.get_text() for label in differences.get_yticklabels()]
    assert {names[row]: colour for row, colour in dots.items()} == {arm: colours[arm] for arm in ("dsd", "again")}


def test_curves_are_drawn_from_where_they_part(tmp_path):
    content = study()
    for one in content["runs"]:  # as runs are: a test under the masks of each phase at the border, the control's equal
        after = 70.0 if one["arm"] == "dsd" else 100 * (1 - one["tests"][1]["outputs"]["accuracy"])
        one["tests"][2:-1] = [dict(iteration=4, phase="sparse", outputs={"accuracy": 1 - after / 100})]
    found = written(tmp_path, content)
    control, dsd = (found.means()[arm] for arm in ("control", "dsd"))
    assert list(dsd)[_last_common(dsd, control)] == (4, 0)
    with drawing():
        lines = {line.get_label(): line for line in curves_figure(found).axes[0].lines}
    assert list(lines["control"].get_xdata()) == [0, 4, 4, 6] and list(lines["dsd"].get_xdata()) == [4, 4, 6]
    assert list(lines["dsd"].get_ydata()) == pytest.approx([11, 70, 7.75])


def test_the_band_is_from_the_best_seed_to_the_worst(tmp_path):
    with drawing():
        (axes,) = curves_figure(written(tmp_path, study())).axes
    (control, *_) = (band.get_datalim(axes.transData) for band in axes.collections)
    assert (control.y0, control.y1) == pytest.approx((8, 90))


def test_pictures_are_written_as_png_and_svg(tmp_path):
    found = written(tmp_path, study())
    png, svg = write_pictures(found, tmp_path / "x")
    assert (png.name, svg.name) == ("x.png", "x.svg") and "<svg" in svg.read_text()
    with Image.open(png) as image:
        assert image.size == (1600, 640)


def test_nothing_is_drawn_without_a_finite_error(tmp_path):
    content = study() | {"runs": [run("dsd", 1, (4, None), (6, None))], "comparisons": []}
    found = written(tmp_path, content)
    assert write_pictures(found, tmp_path / "x") == []
    with drawing():
        assert curves_figure(found) is None and differences_figure(found) is None
