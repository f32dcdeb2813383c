"""PriorBox against its definition, box by box."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of

import netdef


def prior_boxes(param, plane=(2, 3), image=(20, 30)):
    return top_of("PriorBox", f"prior_box_param {{ {param} }}", x=torch.zeros(1, 7, *plane), i=torch.zeros(1, 4, *image))


def test_priors_by_hand():
    """Two rows and three columns over 20 x 30: steps of 10, centres 5, 15, 25 and 5, 15."""
    top = prior_boxes(
        "min_size: 4.9 min_size: 6 max_size: 9 max_size: 10 aspect_ratio: 2 aspect_ratio: 1 variance: 0.3"
    )
    expected = []
    for y in (5, 15):
        for x in (5, 15, 25):
            for least, most in ((4, 9), (6, 10)):  # 4.9 is cut to 4
                mean = math.sqrt(least * most)
                for w, h in (
                    (least, least),
                    (mean, mean),
                    (least * 2**0.5, least / 2**0.5),
                    (least / 2**0.5, least * 2**0.5),
                ):
                    expected += [(x - w / 2) / 30, (y - h / 2) / 20, (x + w / 2) / 30, (y + h / 2) / 20]
    assert top.shape == (1, 2, 2 * 3 * 8 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))
    torch.testing.assert_close(top[0, 1], torch.full_like(top[0, 1], 0.3), rtol=1e-6, atol=0)


def test_steps_offsets_sizes_and_clipping():
    top = prior_boxes(
        "min_size: 8 aspect_ratio: 4 flip: false clip: true step_h: 6 step_w: 5 offset: 0.25 img_h: 12 img_w: 15 "
        "variance: 0.1 variance: 0.2 variance: 0.3 variance: 0.4",
        plane=(1, 2),
    )
    expected = []
    for x in (1.25, 6.25):
        for w, h in ((8, 8), (16, 4)):
            expected += [(x - w / 2) / 15, (1.5 - h / 2) / 12, (x + w / 2) / 15, (1.5 + h / 2) / 12]
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype).clamp(0, 1))
    torch.testing.assert_close(top[0, 1], torch.tensor([0.1, 0.2, 0.3, 0.4] * 4, dtype=top.dtype), rtol=1e-6, atol=0)


def test_several_offsets_at_a_place():
    """OpenCV's form of TextBoxes: each box at each of the offsets."""
    top = prior_boxes("min_size: 6 aspect_ratio: 4 flip: false offset_h: 0.5 offset_w: 0.5 offset_h: 1 offset_w: 0.25",
                      plane=(1, 2))
    expected = []
    for column in (0, 1):  # steps of 15 and 20
        for w, h in ((6, 6), (12, 3)):
            for x, y in (((column + 0.5) * 15, 10), ((column + 0.25) * 15, 20)):
                expected += [(x - w / 2) / 30, (y - h / 2) / 20, (x + w / 2) / 30, (y + h / 2) / 20]
    assert top.shape == (1, 2, 2 * 2 * 2 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))


def test_each_box_again_a_step_lower():
    """TextBoxes++: each box at the offset, and with its centre at the end of the step."""
    dense = prior_boxes("min_size: 6 aspect_ratio: 4 flip: false denser_prior_boxes: true offset: 0.25", plane=(1, 2))
    stated = prior_boxes("min_size: 6 aspect_ratio: 4 flip: false offset_h: 0.25 offset_w: 0.25 offset_h: 1 offset_w: 0.25",
                         plane=(1, 2))
    assert torch.equal(dense, stated)


def test_ratios_of_one_side():
    """SSTD: a ratio given twice counts once, 1 not at all, and 2 beside its inverse 0.5 is another box."""
    ratios = "aspect_ratio: 2 aspect_ratio: 1 aspect_ratio: 2 aspect_ratio: 0.5"
    top = prior_boxes(f"by_side: true min_size: 4.5 max_size: 8.5 {ratios}", plane=(1, 1))
    mean = math.sqrt(4.5 * 8)
    sides = [(4.5, 4.5), (mean, mean), (9, 4.5), (2.25, 4.5), (4.5, 9), (4.5, 2.25)]
    expected = [[(15 - w / 2) / 30, (10 - h / 2) / 20, (15 + w / 2) / 30, (10 + h / 2) / 20] for w, h in sides]
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype).flatten())
    assert prior_boxes(f"by_side: true min_size: 4.5 flip: false {ratios}", plane=(1, 1)).numel() == 2 * 3 * 4


@pytest.mark.parametrize(
    ("param", "message"),
    [
        ("min_size: 3 offset_h: 1", "1 `offset_h` and 0 `offset_w`"),
        ("min_size: 3 offset_h: 1 offset_w: 1 offset: 0.5", "both `offset` and `offset_h`"),
        ("min_size: 3 offset_h: 1 offset_w: 1 denser_prior_boxes: true", "both `offset_h` and `denser_prior_boxes`"),
        ("", "needs a `min_size`"),
        ("min_size: 3 max_size: 3", "`max_size` 3, which is not above its `min_size` 3"),
        ("min_size: 3 max_size: 4 max_size: 5", "2 `max_size` and 1 `min_size`"),
        ("min_size: 3 aspect_ratio: 0", "`aspect_ratio` 0"),
        ("min_size: 3 aspect_ratio: inf", "`aspect_ratio` inf"),
        ("min_size: 3 variance: 0.1 variance: 0.2", "`variance`"),
        ("min_size: 3 step: 4 step_h: 4", "both `step` and `step_h`"),
    ],
)
def test_bad_parameters_are_refused(param, message):
    with pytest.raises(netdef.SpecError, match=message):
        prior_boxes(param)


def test_boxes_of_given_sides():
    top = top_of("PriorBoxClustered", "prior_box_param { width: 4.5 width: 7 height: 3 height: 2.5 step: 10 }",
                 x=torch.zeros(1, 7, 2, 3), i=torch.zeros(1, 4, 20, 30))
    expected = [[(x - w / 2) / 30, (y - h / 2) / 20, (x + w / 2) / 30, (y + h / 2) / 20]
                for y in (5, 15) for x in (5, 15, 25) for w, h in ((4.5, 3), (7, 2.5))]
    assert top.shape == (1, 2, 2 * 3 * 2 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected).flatten().to(top.dtype))
    assert top[0, 1].unique().numel() == 1


@pytest.mark.parametrize(("param", "complaint"), [
    ("", "has 0 `width` and 0 `height`; it wants as many of both, at least one"),
    ("width: 3 width: 4 height: 2", "has 2 `width` and 1 `height`"), ("width: 0 height: 2", "has `width` 0; it must be above 0")])
def test_sides_that_do_not_fit_are_refused(param, complaint):
    with pytest.raises(netdef.SpecError, match=complaint):
        top_of("PriorBoxClustered", f"prior_box_param {{ {param} }}", x=torch.zeros(1, 7, 2, 3), i=torch.zeros(1, 4, 20, 30))


def dense(size, density, width, height):
    """The boxes of a size at the six places of `prior_boxes`, cut to the image of 20 x 30."""
    shift = int(size / density)
    for y in (5, 15):
        for x in (5, 15, 25):
            for row in range(density):
                for column in range(density):
                    cx, cy = (centre - int(size) // 2 + shift / 2 + step * shift for centre, step in ((x, column), (y, row)))
                    yield [max((cx - width / 2) / 30, 0), max((cy - height / 2) / 20, 0), min((cx + width / 2) / 30, 1),
                           min((cy + height / 2) / 20, 1)]


def by_place(*kinds):
    """Boxes of several kinds in the order of the places."""
    lists = [list(kind) for kind in kinds]
    each = [len(boxes) // 6 for boxes in lists]
    return [box for place in range(6) for boxes, n in zip(lists, each) for box in boxes[place * n : place * n + n]]


def test_squares_of_faceboxes():
    """Of 32 at 16 points, of 64 at 4, of 128 at 1; all a pixel smaller, and not cut to the image."""
    top = prior_boxes("min_size: 32 min_size: 64 min_size: 128 step: 32 faceboxes: true", (2, 3), (64, 96))
    expected = []
    for y in (16, 48):
        for x in (16, 48, 80):
            for size, near in ((32, (-16, -8, 0, 8)), (64, (-16, 0)), (128, (0,))):
                for down in near:
                    for right in near:
                        sides = ((x + right, 96), (y + down, 64))
                        expected += [(middle + sign * (size - 1) / 2) / length for sign in (-1, 1) for middle, length in sides]
    assert top.shape == (1, 2, 2 * 3 * 21 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))


def test_squares_of_faceboxes_have_no_other_ratios():
    with pytest.raises(netdef.SpecError, match="has squares alone, as in FaceBoxes' fork"):
        prior_boxes("min_size: 32 aspect_ratio: 2 faceboxes: true")


def test_dense_boxes_of_fixed_sizes():
    top = prior_boxes("fixed_size: 7.5 fixed_size: 12 density: 2 density: 1 step: 10")
    expected = by_place(dense(7.5, 2, 7, 7), dense(12, 1, 12, 12))
    assert top.shape == (1, 2, 6 * 5 * 4)
    torch.testing.assert_close(top[0, 0], torch.tensor(expected).flatten().to(top.dtype))


def test_dense_boxes_of_ratios_and_beside_others():
    root = 2**0.5
    top = prior_boxes("fixed_size: 6 density: 3 fixed_ratio: 1 fixed_ratio: 2 step: 10")
    expected = by_place(dense(6, 3, 6, 6), dense(6, 3, 6 * root, 6 / root))
    torch.testing.assert_close(top[0, 0], torch.tensor(expected).flatten().to(top.dtype))
    both = prior_boxes("fixed_size: 6 density: 3 min_size: 4 aspect_ratio: 2 flip: false step: 10")
    plain = prior_boxes("min_size: 4 aspect_ratio: 2 flip: false step: 10")[0, 0].reshape(6, 8)
    boxes = by_place(dense(6, 3, 6, 6), dense(6, 3, 6 * root, 6 / root))
    expected = torch.cat((torch.tensor(boxes).reshape(6, 72).to(plain.dtype), plain), 1)
    torch.testing.assert_close(both[0, 0].reshape(6, 80), expected)


def test_dense_boxes_want_a_density_each():
    with pytest.raises(netdef.SpecError, match="has 2 `fixed_size` and 1 `density`"):
        prior_boxes("fixed_size: 6 fixed_size: 7 density: 3")
    with pytest.raises(netdef.SpecError, match="has `density` 0; it must be above 0"):
        prior_boxes("fixed_size: 6 density: 0")


def test_boxes_of_aspect_ratios_alone():
    top = prior_boxes("min_size: 6 min_size: 4 aspect_ratio: 0.5 aspect_ratio: 3 flip: false use_default: false", (1, 1))
    expected = []
    for size in (6, 4):
        for ratio in (0.5, 3):
            w, h = size * ratio**0.5, size / ratio**0.5
            expected += [(15 - w / 2) / 30, (10 - h / 2) / 20, (15 + w / 2) / 30, (10 + h / 2) / 20]
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))


def test_tensorflows_order_of_boxes_and_of_their_sides():
    top = prior_boxes("min_size: 60 min_size: 8 max_size: 90 max_size: 18 aspect_ratio: 4 flip: false tf: true yx_order: true "
                      "variance: 0.1 variance: 0.2 variance: 0.3 variance: 0.4", (1, 1))
    expected = []
    for w, h, cut in ((60, 60, 0.05), (120, 30, 0), (5400**0.5, 5400**0.5, 0), (8, 8, 0), (16, 4, 0), (12, 12, 0)):
        expected += [(10 - h / 2) / 20 + cut, (15 - w / 2) / 30 + cut, (10 + h / 2) / 20 - cut, (15 + w / 2) / 30 - cut]
    torch.testing.assert_close(top[0, 0], torch.tensor(expected, dtype=top.dtype))
    torch.testing.assert_close(top[0, 1], torch.tensor([0.1, 0.2, 0.3, 0.4] * 6, dtype=top.dtype), rtol=1e-6, atol=0)


def of_sizes(*sizes: tuple[float, float]) -> list[float]:
    """The boxes of one place in the middle of an image of 20 x 30."""
    return [side for w, h in sizes for side in ((15 - w / 2) / 30, (10 - h / 2) / 20, (15 + w / 2) / 30, (10 + h / 2) / 20)]


def test_the_order_of_keras():
    top = prior_boxes("min_size: 8 max_size: 18 aspect_ratio: 4 aspect_ratio: 16 keras: true", (1, 1))
    wanted = of_sizes((12, 12), (8, 8), (16, 4), (32, 2), (4, 16), (2, 32))
    torch.testing.assert_close(top[0, 0], torch.tensor(wanted, dtype=top.dtype))


def test_boxes_that_the_text_gives():
    top = prior_boxes("min_size: 8 aspect_ratio: 4 box_width: 3.5 box_width: 6 box_height: 2 box_height: 7", (1, 1))
    torch.testing.assert_close(top[0, 0], torch.tensor(of_sizes((3.5, 2), (6, 7)), dtype=top.dtype))
    with pytest.raises(netdef.SpecError, match="has 1 `width` and 0 `height`"):
        prior_boxes("box_width: 3", (1, 1))


@pytest.mark.parametrize("param", ["", "aspect_ratio: 1", "aspect_ratio: 2 max_size: 9"])
def test_aspect_ratios_alone_want_some_and_nothing_else(param):
    with pytest.raises(netdef.SpecError, match="wants some, other than 1, and no `max_size`"):
        prior_boxes(f"min_size: 4 use_default: false {param}")
