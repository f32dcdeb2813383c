"""DetectNetTransformation: images in TEST and TRAIN, and boxes that change with them."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import NetdefError, SpecError

CHANGES = ("crop", "scale", "flip", "rotation", "hue_rotation", "desaturation")


def rows(*boxes):
    """The labels of one image."""
    label = torch.zeros(1, 1, 3, 16).double()
    label[0, 0, 0, :2] = torch.tensor([len(boxes), 16])
    for i, (x, y, width, height) in enumerate(boxes):
        label[0, 0, i + 1, :6] = torch.tensor([x, y, width, height, 0, 1])
    return label


def run(images, labels, phase, changes="", size=(20, 12), more=""):
    none = " ".join(f"{name}_prob: 0" for name in CHANGES if f"{name}_prob" not in changes)
    text = (f"detectnet_groundtruth_param {{ stride: 4 scale_cvg: 1 image_size_x: {size[0]} image_size_y: {size[1]} }} "
            f"detectnet_augmentation_param {{ {none} {changes} }} {more}")
    outputs = one_layer("DetectNetTransformation", text, phase, tops=2, x=images, t=labels)(x=images, t=labels)
    return outputs["y0"], outputs["y1"]


def corner(grid):
    """Left and top edge of the box in a grid with one."""
    row, column = grid[0, 0].nonzero()[0].tolist()
    return grid[0, 1, row, column].item() + 4 * column, grid[0, 2, row, column].item() + 4 * row


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_an_image_of_the_size_loses_its_mean_alone(phase):
    x = draw(1, 3, 12, 20)
    image, grid = run(x, rows((4, 4, 4, 4)), phase, more="transform_param { mean_value: 1 mean_value: 2 mean_value: 3 }")
    torch.testing.assert_close(image, x - torch.tensor([1.0, 2, 3])[:, None, None])
    assert grid[0, 0].nonzero().tolist() == [[1, 1]]


def test_in_test_an_image_is_brought_to_the_size():
    """A ramp of 11 pixels becomes one of 21, from its first value to its last; boxes double."""
    ramp = torch.arange(11.0).double().expand(1, 3, 6, 11)
    image, grid = run(ramp, rows((2, 1, 3, 4)), "TEST", size=(21, 12))
    torch.testing.assert_close(image[..., 2:-2], (torch.arange(21.0).double() / 2).expand(1, 3, 12, 21)[..., 2:-2])
    assert image[0, 0, 0, [0, -1]].tolist() == pytest.approx([0, 10])
    assert corner(grid) == pytest.approx((2 * 21 / 11, 2))


def test_in_training_the_middle_is_cut_out_with_zeros_around():
    x = draw(1, 3, 8, 30)
    image, grid = run(x, rows((9, 2, 4, 4)), "TRAIN", more="transform_param { mean_value: 5 }")
    expected = torch.zeros(1, 3, 12, 20).double()
    expected[:, :, 2:10] = x[..., 5:25] - 5
    torch.testing.assert_close(image[:, :, 3:9], expected[:, :, 3:9])
    assert corner(grid) == (4, 4) and image[:, :, [0, 11]].abs().max() == 0


def test_a_mirrored_image_and_its_box():
    x = draw(1, 3, 12, 20)
    image, grid = run(x, rows((4, 4, 5, 4)), "TRAIN", "flip_prob: 1 shift_x: 9")
    torch.testing.assert_close(image, x.flip(3))
    assert corner(grid) == (20 - 4 - 5 - 1, 4)


def test_parts_are_cut_anywhere_up_to_half_of_the_shift_beyond():
    x = (torch.arange(12.0)[:, None] * 20 + torch.arange(20.0) + 1).double().expand(1, 3, 12, 20)
    torch.manual_seed(2)
    found = set()
    for _ in range(60):
        image, grid = run(x, rows((8, 4, 4, 4)), "TRAIN", "crop_prob: 1 shift_x: 4 shift_y: 2")
        left, top = corner(grid)
        found.add((left - 8, top - 4))
        assert image[0, 0, int(top), int(left)] == x[0, 0, 4, 8]
    assert {x for x, _ in found} == {-2, -1, 0, 1, 2} and {y for _, y in found} == {-1, 0, 1}


@pytest.mark.parametrize(("shapes", "more", "said"), [
    (((1, 1, 12, 20), (1, 1, 3, 16)), "", "wants images of 3 channels"),
    (((1, 3, 12, 20), (1, 1, 3, 5)), "", "wants rows of 16 numbers; `t` has shape (1, 1, 3, 5)"),
    (((1, 3, 12, 20), (1, 1, 3, 16)), 'transform_param { mean_file: "m" }', "takes no mean_file; give `mean_value`"),
    (((1, 3, 12, 20), (1, 1, 3, 16)), "detectnet_augmentation_param { scale_min: 2 }", "`scale_min` 2 above `scale_max` 1"),
])
def test_bad_parameters_are_refused(shapes, more, said):
    with pytest.raises(SpecError) as error:
        one_layer("DetectNetTransformation", more, tops=2, x=shapes[0], t=shapes[1])
    assert said in str(error.value)


def test_labels_of_another_format_are_refused():
    labels = rows((4, 4, 4, 4))
    labels[0, 0, 0, 0] = 3
    with pytest.raises(NetdefError, match="labels that begin with 3 and 16; wanted are the number of boxes, at most 2, and 16"):
        run(draw(1, 3, 12, 20), labels, "TEST")
