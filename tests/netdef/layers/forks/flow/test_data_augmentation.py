"""DataAugmentation: crops pixel by pixel, the mean of the first passes, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

from netdef.convert.exported import run_onnx, save_onnx
from netdef.convert.torch_source.writer import write_module
from netdef.errors import SpecError


def param(text: str) -> str:
    return f"augmentation_param {{ {text} }}"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("size", [(3, 4), (5, 6), (4, 3)])  # of images of 5 x 6: an odd difference, none, both
def test_crops_pixel_by_pixel(phase, size):
    x = draw(2, 3, 5, 6)
    top = top_of("DataAugmentation", param(f"crop_height: {size[0]} crop_width: {size[1]}"), phase, x=x)
    assert top.shape == (2, 3, *size)
    for i, j in np.ndindex(*size):
        row, column = (min(k - side / 2 + whole / 2, whole - 1.05) for k, side, whole in zip((i, j), size, (5, 6)))
        h, w = math.floor(row), math.floor(column)
        a, b = row - h, column - w
        wanted = ((1 - a) * (1 - b) * x[..., h, w] + (1 - a) * b * x[..., h, w + 1] + a * (1 - b) * x[..., h + 1, w]
                  + a * b * x[..., h + 1, w + 1])
        torch.testing.assert_close(top[..., i, j], wanted, rtol=1e-6, atol=1e-6)  # places are float32, as there


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_means_of_three_channels(phase):
    x = draw(2, 3, 5, 4)
    means = "mean: 1 mean: 2 mean: 4"
    wanted = x - torch.tensor([1.0, 2, 4]).double().reshape(3, 1, 1)
    torch.testing.assert_close(top_of("DataAugmentation", param(f"{means} mean_per_pixel: false"), phase, x=x), wanted)
    assert torch.equal(top_of("DataAugmentation", param(means), phase, x=x), x)


@pytest.mark.parametrize("per_pixel", [True, False])
def test_the_mean_is_that_of_the_first_passes(per_pixel):
    batches = [draw(2, 3, 5, 4, seed=i) for i in range(3)]
    made = param(f"recompute_mean: 2 mean_per_pixel: {str(per_pixel).lower()}")
    net = one_layer("DataAugmentation", made, "TRAIN", x=batches[0])
    for seen, batch in enumerate(batches, 1):
        mean = torch.stack(batches[: min(seen, 2)]).mean((0, 1))
        wanted = batch - (mean if per_pixel else mean.mean((1, 2), keepdim=True))
        torch.testing.assert_close(net(x=batch)["y0"], wanted)
    count, mean, channel_mean = net.params["l"]
    assert count.item() == 3 and mean.shape == (1, 3, 5, 4)
    torch.testing.assert_close(channel_mean, mean.mean((2, 3), keepdim=True))


def test_a_test_takes_the_batch_into_an_unfinished_mean_and_keeps_nothing():
    x = draw(2, 3, 5, 4)
    net = one_layer("DataAugmentation", param("recompute_mean: 3"), x=x)
    net.params["l"][0].fill_(2)
    net.params["l"][1].fill_(0.5)
    for _ in range(2):
        torch.testing.assert_close(net(x=x)["y0"], x - (2 * 0.5 + x.mean(0)) / 3)
    net.params["l"][0].fill_(3)
    torch.testing.assert_close(net(x=x)["y0"], x - 0.5)
    assert net.params["l"][0].item() == 3


CROP = "crop_height: 4 crop_width: 3"


@pytest.mark.parametrize("phase, more", [("TRAIN", ""), ("TEST", "augment_during_test: true")])
def test_drawn_changes_come_with_their_numbers(phase, more):
    """Mirrored, and a quarter of the crop's height further down."""
    x = draw(2, 3, 7, 6)
    made = f"{CROP} mirror {{ rand_type: 'bernoulli' prob: 1 }} translate_y {{ mean: 0.25 }} {more}"
    images, numbers = tops_of("DataAugmentation", param(made), 2, phase, x=x)
    assert numbers.shape == (2, 42, 1, 1) and numbers[:, 0].flatten().tolist() == [1, 1]
    assert numbers[:, 2].flatten().tolist() == [0.25, 0.25] and numbers.count_nonzero() == 4
    between = (x[..., 1:] + x[..., :-1]) / 2  # the middle of six columns is at 3, that of three at 1.5
    rows = (between[:, :, 2:6] + between[:, :, 3:7]) / 2
    torch.testing.assert_close(images, rows[..., [4, 3, 2]])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_second_bottom_gives_the_numbers(phase):
    x = draw(2, 3, 7, 6)
    made = param(f"{CROP} translate_x {{ spread: 0.2 }} augment_during_test: true")
    first, numbers = tops_of("DataAugmentation", made, 2, phase, x=x)
    assert numbers[:, 1].abs().min() > 0
    torch.testing.assert_close(top_of("DataAugmentation", param(CROP), phase, x=x, p=numbers), first)


def test_nothing_is_drawn_in_a_test_or_without_a_crop():
    x = draw(2, 3, 5, 4)
    for made, phase in ((f"{CROP} zoom {{ spread: 0.2 }}", "TEST"), ("zoom { spread: 0.2 }", "TRAIN")):
        images, numbers = tops_of("DataAugmentation", param(made), 2, phase, x=x)
        plain = top_of("DataAugmentation", param(CROP if CROP in made else ""), x=x)
        assert torch.equal(images, plain) and not numbers.any()


def test_the_mean_is_that_of_changed_images():
    x = draw(2, 3, 7, 6)
    made = f"{CROP} translate_x {{ mean: 0.2 }} recompute_mean: 5"
    changed = top_of("DataAugmentation", param(made.replace("recompute_mean: 5", "")), "TRAIN", x=x)
    torch.testing.assert_close(top_of("DataAugmentation", param(made), "TRAIN", x=x), changed - changed.mean(0))


@pytest.mark.parametrize(("made", "said"), [
    ("crop_height: 6 crop_width: 3", "has a `crop_height` of 6 for images of 5"),
    ("crop_height: 5 crop_width: 0", "has a `crop_width` of 0 for images of 4"),
    ("mean: 1 mean: 2 mean: 3 mean_per_pixel: false", "has the means of three channels; `x` has 2"),
    ("crop_height: 4 crop_width: 3 augment_during_test: true gamma { mean: 2 }", "only images of three channels"),
    ("chromatic_eigvec: 1", "has 1 numbers of `chromatic_eigvec`"),
])
def test_refusals(made, said):
    with pytest.raises(SpecError, match=said):
        one_layer("DataAugmentation", param(made), x=(2, 2, 5, 4))


def test_source_is_written_once_the_mean_is_fixed():
    net = one_layer("DataAugmentation", param("recompute_mean: 2 crop_height: 4 crop_width: 3"), x=(2, 3, 5, 4)).float()
    with pytest.raises(SpecError, match="takes its mean of 2 passes, and has seen 0"):
        write_module(net, "here")
    net.params["l"][0].fill_(2)
    assert "crop_middle(x, 4, 3) - self.l_mean" in write_module(net, "here").text


def test_a_crop_is_written_as_onnx(tmp_path):
    pytest.importorskip("onnxruntime")
    net = one_layer("DataAugmentation", "augmentation_param { crop_width: 6 crop_height: 5 }", x=(2, 3, 7, 8)).float()
    save_onnx(net, tmp_path / "crop.onnx")
    x = draw(2, 3, 7, 8).float()
    found = run_onnx(tmp_path / "crop.onnx", {"x": x}, ["y0"])["y0"]
    torch.testing.assert_close(found, net(x=x)["y0"])
