"""Crops in several sizes and at a few places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netdef.data.images.crop_choice import CropChoice, read_crop_choice
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import SpecError


@pytest.fixture
def make() -> Callable[..., CropChoice | None]:
    def choice(text: str, phase: str = "TRAIN", kind: str = "Data", crop: tuple[int, int] | None = (224, 224)):
        net = read_net_text(f"layer {{ name: 'd' type: '{kind}' top: 'd' transform_param {{ {text} }} }}")
        return read_crop_choice(filter_net(net, phase).layers[0], crop)

    return choice


def test_sizes_are_the_shorter_side_times_a_ratio_each(make: Callable):
    """Of 256: 256, 224, 192 and 168.96, cut to a whole number; neighbours in the list go together."""
    sides = 256, 224, 192, 168
    assert make("multi_scale: true").sizes((256, 340)) == [
        (sides[i], sides[j]) for i in range(4) for j in range(4) if abs(i - j) <= 1]
    assert make("multi_scale: true max_distort: 0 scale_ratios: [1, .5]").sizes((340, 256)) == [(256, 256), (128, 128)]


def test_a_side_near_the_crops_is_as_long(make: Callable):
    """Of 250: 225, which is within 2 of the crop's height 223 and not of its width 228."""
    assert make("multi_scale: true scale_ratios: 0.9", crop=(223, 228)).sizes((250, 300)) == [(223, 225)]


@pytest.mark.parametrize("draw, place", [
    (0, (0, 0)), (0.25, (0, 8)), (0.5, (4, 0)), (0.7, (4, 8)), (0.99, (2, 4))])
def test_fixed_places_are_the_corners_and_the_centre(make: Callable, draw: float, place: tuple[int, int]):
    """A crop of 3 x 5 leaves 6 rows and 11 columns of 9 x 16; a quarter of that is 1 row and 2 columns."""
    assert make("fix_crop: true", crop=(3, 5)).window((9, 16), (draw, 0.6, 0.6)) == (*place, 3, 5)


def test_more_fixed_places(make: Callable):
    choice = make("fix_crop: true more_fix_crop: true", crop=(3, 5))
    places = {choice.window((9, 16), (i / 13 + 0.01, 0, 0))[:2] for i in range(13)}
    assert places == {(row, column) for row in (0, 2, 4) for column in (0, 4, 8)} | {(1, 2), (1, 6), (3, 2), (3, 6)}


def test_without_fixed_places_a_crop_lies_anywhere(make: Callable):
    choice = make("multi_scale: true scale_ratios: 0.5 scale_ratios: 0.25", crop=(7, 7))
    assert choice.window((8, 11), (0, 0.99, 0)) == (0, 7, 4, 4)
    assert choice.window((8, 11), (0.99, 0, 0.99)) == (6, 0, 2, 2)


def test_only_crops_of_train_are_chosen(make: Callable):
    assert make("multi_scale: true", "TEST") is None
    assert make("scale_ratios: 0.5") is None


@pytest.mark.parametrize("text, options, complaint", [
    ("multi_scale: true", {"crop": None}, "`multi_scale`, which needs a `crop_size`"),
    ("fix_crop: true", {"kind": "WindowData"}, "`fix_crop`, which only Data, ImageData and VideoData layers read"),
    ("multi_scale: true scale_ratios: 0.5 scale_ratios: 1.5", {}, "`scale_ratios` of 1.5; they are above 0 and at most 1"),
    ("multi_scale: true max_distort: -1", {}, "`max_distort` of -1"),
])
def test_contradictions_are_refused(make: Callable, text: str, options: dict, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        make(text, **options)
