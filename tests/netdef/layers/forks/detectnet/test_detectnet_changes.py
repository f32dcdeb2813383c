"""The changes of an image and of its boxes, by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw

from netdef.layers.forks.detectnet.detectnet_changes import Change
from netdef.layers.forks.detectnet.detectnet_grid import LabelledBox


@pytest.mark.parametrize("change", [
    Change((31, 41), offset=(3, 4)), Change((31, 41), flip=True), Change((31, 41), rotation=20.0, offset=(1, -2)),
    Change((31, 41), rotation=-90.0, flip=True), Change((61, 53), rotation=35.0, offset=(5, 9)),
])
def test_a_spot_in_a_box_moves_with_it(change):
    """A spot about (17, 12) of an image of 41 x 31; scaled sides and corners differ by less than a pixel."""
    y, x = torch.arange(31.0).double()[:, None], torch.arange(41.0).double()
    spot = torch.exp(-((x - 17) ** 2 + (y - 12) ** 2) / 8).expand(3, 31, 41)
    size = change.canvas()
    image = change.place(spot, size)[0]
    box = change.move(LabelledBox(14, 10, 6, 4, 1), 31, 41)
    row, column = divmod(int(image.argmax()), size[1])
    assert math.hypot(box.x + box.width / 2 - column, box.y + box.height / 2 - row) < 1.2
    assert image.max() == pytest.approx(1, abs=0.1)
    assert (box.width, box.height) == pytest.approx((6 * change.size[1] / 41, 4 * change.size[0] / 31))


def test_colours():
    """Blue, green, red: a red, a dull yellow and a grey become a green, a dull cyan and the grey."""
    image = torch.tensor([[0, 50, 70], [0, 100, 70], [200, 100, 70.0]]).double()[:, None]
    size = (1, 3)
    turned = torch.tensor([[0, 100, 70], [200, 100, 70], [0, 50, 70.0]]).double()[:, None]
    torch.testing.assert_close(Change(size, hue=120).recolour(image), turned)
    assert Change(size, hue=360).recolour(image).sub(image).abs().max() < 1e-9
    pale = torch.tensor([[100, 75, 70], [100, 100, 70], [200, 100, 70.0]]).double()[:, None]
    torch.testing.assert_close(Change(size, saturation=0.5).recolour(image), pale)


def test_no_change_is_the_image_itself():
    image = draw(3, 4, 7)
    change = Change((4, 7))
    assert change.recolour(image) is image and torch.equal(change.place(image, (4, 7)), image)
    assert change.move(LabelledBox(1, 2, 3, 1, 5), 4, 7) == LabelledBox(1, 2, 3, 1, 5)


def test_halfway_between_pixels_the_cubic_weighs_four():
    """A column of 4 pixels becomes one of 7. At d = 1/2 the weights are -1/16, 9/16, 9/16, -1/16; at the border the first
    pixel counts once more outside."""
    column = torch.tensor([1.0, 5, 2, 8]).double().reshape(1, 4, 1)
    found = Change((7, 1)).place(column, (7, 1)).flatten().tolist()
    assert found[::2] == pytest.approx([1, 5, 2, 8])
    assert found[1::2] == pytest.approx([(-1 + 9 + 45 - 2) / 16, (-1 + 45 + 18 - 8) / 16, (-5 + 18 + 72 - 8) / 16])


def test_the_image_is_surrounded_by_its_border_pixels_once_and_then_zeros():
    """The part begins two rows above the image, and one column within it."""
    image = draw(3, 5, 6)
    part = Change((5, 6), offset=(-2, 1)).place(image, (9, 8))
    wanted = torch.zeros(3, 9, 8).double()
    wanted[:, 1:8, :6] = image[:, [0, 0, 1, 2, 3, 4, 4]][:, :, [1, 2, 3, 4, 5, 5]]
    assert torch.equal(part, wanted)


def test_the_canvas_holds_the_rotated_image():
    """2 and 8 between first and last pixels, turned by the angle of a 3-4-5 triangle: 8 * 3/5 + 2 * 4/5 is 6.4 and
    8 * 4/5 + 2 * 3/5 is 7.6."""
    assert Change((3, 9)).canvas() == (3, 9)
    assert Change((3, 9), rotation=math.degrees(math.atan2(3, 4))).canvas() == (7 + 1, 8 + 1)


def test_a_mirrored_and_scaled_box():
    """In an image of 10 x 20, doubled in height and halved in width; the left edge is 20 - 3 - 4 - 1 = 12 when mirrored."""
    assert Change((20, 10), flip=True, offset=(1, 2)).move(LabelledBox(3, 5, 4, 2, 6), 10, 20) == LabelledBox(
        12 / 2 - 2, 5 * 2 - 1, 4 / 2, 2 * 2, 6)
