"""``transform_param``: the arithmetic, and errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netdef.data.images.mean_file import write_mean
from netdef.data.images.transform import Transform
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError, SpecError
from netdef.schema import messages

IMAGE = np.arange(2 * 5 * 7, dtype=np.uint8).reshape(2, 5, 7)
KEEP, MIRROR = 1.0, 0.0


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Transform]:
    def transform(text: str, phase: str = "TRAIN", check: tuple[int, ...] | None = IMAGE.shape) -> Transform:
        text = f"layer {{ name: 'd' type: 'Data' top: 'd' transform_param {{ {text} }} }}"
        (spec,) = filter_net(read_net_text(text, tmp_path), phase).layers
        made = Transform(spec)
        if check:
            made.check(spec, check)
        return made

    return transform


def apply(transform: Transform, image: np.ndarray = IMAGE, mirror: float = KEEP, row: float = 0.0, column: float = 0.0):
    out = np.empty((1, *transform.shape(image.shape)), np.float32)
    transform.into(out, image[None], np.array([[mirror, row, column]]))
    return out[0]


def test_empty_param_changes_nothing(make: Callable):
    np.testing.assert_array_equal(apply(make("")), IMAGE)


def test_mean_then_scale(make: Callable):
    out = apply(make("mean_value: 3 mean_value: 10 scale: 0.5"))
    np.testing.assert_array_equal(out, (IMAGE - np.array([3.0, 10.0])[:, None, None]) * 0.5)


def test_one_mean_value_for_all_channels(make: Callable):
    np.testing.assert_array_equal(apply(make("mean_value: 4")), IMAGE - 4.0)


def test_mirroring_turns_columns(make: Callable):
    transform = make("mirror: true")
    np.testing.assert_array_equal(apply(transform, mirror=MIRROR), IMAGE[..., ::-1])
    np.testing.assert_array_equal(apply(transform, mirror=KEEP), IMAGE)


def test_no_mirroring_unless_asked_for(make: Callable):
    np.testing.assert_array_equal(apply(make(""), mirror=MIRROR), IMAGE)


def test_a_crop_in_test_is_central(make: Callable):
    transform = make("crop_size: 2", "TEST")
    np.testing.assert_array_equal(apply(transform, row=0.99, column=0.99), IMAGE[:, 1:3, 2:4])


@pytest.mark.parametrize("chance, row, column", [(0.0, 0, 0), (0.999999, 2, 4), (0.5, 1, 2)])
def test_a_crop_in_training_goes_from_edge_to_edge(make: Callable, chance: float, row: int, column: int):
    out = apply(make("crop_size: 3"), row=chance, column=chance)
    np.testing.assert_array_equal(out, IMAGE[:, row : row + 3, column : column + 3])


def test_a_crop_of_the_whole_side(make: Callable):
    out = apply(make("crop_size: 5"), row=0.999, column=0.0)
    np.testing.assert_array_equal(out, IMAGE[:, :, :5])


def test_the_mean_image_is_cut_where_the_image_is_and_mirrored_with_it(make: Callable, tmp_path: Path):
    mean = np.random.default_rng(5).random(IMAGE.shape, np.float32)
    write_mean(tmp_path / "mean.binaryproto", mean)
    transform = make("mean_file: 'mean.binaryproto' crop_size: 3 mirror: true scale: 2")
    out = apply(transform, mirror=MIRROR, row=0.5, column=0.999)
    expected = (IMAGE[:, 1:4, 4:7].astype(np.float32) - mean[:, 1:4, 4:7])[..., ::-1] * np.float32(2)
    np.testing.assert_array_equal(out, expected)


def test_mean_image_with_new_style_shape(make: Callable, tmp_path: Path):
    blob = messages.BlobProto(data=np.full(IMAGE.size, 1.5).tolist())
    blob.shape.dim.extend(IMAGE.shape)
    (tmp_path / "mean.binaryproto").write_bytes(blob.SerializeToString())
    np.testing.assert_array_equal(apply(make("mean_file: 'mean.binaryproto'")), IMAGE - 1.5)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("mean", ["mean_value: 1 mean_value: 2", "mean_file: 'mean.binaryproto'", ""])
def test_batch_equals_single_images(make: Callable, tmp_path: Path, mean: str, phase: str):
    write_mean(tmp_path / "mean.binaryproto", np.random.default_rng(5).random(IMAGE.shape, np.float32))
    transform = make(f"{mean} crop_size: 3 mirror: true scale: 0.25", phase)
    stack = np.stack([IMAGE, IMAGE + 100, IMAGE[:, ::-1], IMAGE + 3])
    draws = np.array([[KEEP, 0.1, 0.9], [MIRROR, 0.5, 0.2], [MIRROR, 0.99, 0.0], [KEEP, 0.4, 0.4]])
    out = np.empty((4, 2, 3, 3), np.float32)
    transform.into(out, stack, draws)
    for single, image, draw in zip(out, stack, draws):
        np.testing.assert_array_equal(single, apply(transform, image, *draw))


def test_floats_keep_their_values(make: Callable):
    image = np.array([[[0.1, -7.25]]], np.float32)
    np.testing.assert_array_equal(apply(make("scale: 3", check=None), image), image * np.float32(3))


@pytest.mark.parametrize(
    "text, said, field",
    [
        ("crop_size: 6", "cannot cut a crop_size of 6 out of an image of 5 x 7", "crop_size"),
        ("mean_value: 1 mean_value: 2 mean_value: 3", "has 3 mean_value; for images of 2 channels it takes 1 or 2", "mean_value"),
        ("mean_file: 'm' mean_value: 2", "gives both `mean_file` and `mean_value`; give one of them", "mean_value"),
        ("force_color: true force_gray: true", "gives both `force_color` and `force_gray`; give one of them", "force_gray"),
        ("mean_file: 'nowhere'", "there is no `", "mean_file"),
        ("mean_file: 'noise'", "cannot read its mean_file", "mean_file"),
        ("mean_file: 'short'", r"\(1, 1, 2, 3\).* 5 ", "mean_file"),
        ("mean_file: 'small'", r"has a mean_file of shape \(2, 5, 6\) for an image of shape \(2, 5, 7\)", "mean_file"),
        ("mean_file: 'two'", r"has a mean_file of shape \(2, 2, 5, 7\); it takes one image", "mean_file"),
    ],
)
def test_invalid_settings_have_a_place(make: Callable, tmp_path: Path, text: str, said: str, field: str):
    (tmp_path / "noise").write_bytes(b"\xff" * 9)
    short = messages.BlobProto(num=1, channels=1, height=2, width=3, data=[0.0] * 5)
    (tmp_path / "short").write_bytes(short.SerializeToString())
    two = messages.BlobProto(num=2, channels=2, height=5, width=7, data=[0.0] * 140)
    (tmp_path / "two").write_bytes(two.SerializeToString())
    write_mean(tmp_path / "small", np.zeros((2, 5, 6), np.float32))
    with pytest.raises(SpecError, match=said) as caught:
        make(text)
    (problem,) = caught.value.problems
    assert problem.span.text.startswith(field)


def test_later_images_that_do_not_fit_are_refused(make: Callable):
    transform = make("crop_size: 4", "TEST")
    with pytest.raises(NetdefError, match="out of an image of 3 x 9"):
        apply(transform, np.zeros((2, 3, 9), np.uint8))
    with pytest.raises(NetdefError, match=r"is of shape \(1, 4, 4\), the first of its batch of \(2, 4, 4\)"):
        transform.into(np.empty((1, 2, 4, 4), np.float32), np.zeros((1, 1, 6, 6), np.uint8), np.zeros((1, 3)))


@pytest.mark.parametrize("fields", ["crop_h: 2 crop_w: 3", "crop_height: 2 crop_width: 3"])
def test_a_crop_need_not_be_a_square(make: Callable, fields: str):
    transform = make(fields, "TEST")
    assert transform.shape(IMAGE.shape) == (2, 2, 3)
    np.testing.assert_array_equal(apply(transform), IMAGE[:, 1:3, 2:5])
    np.testing.assert_array_equal(apply(make(fields), row=0.999, column=0.0), IMAGE[:, 3:5, :3])
    np.testing.assert_array_equal(apply(make(f"{fields} crop_size: 4", "TEST")), IMAGE[:, :4, 1:5])


@pytest.mark.parametrize(
    "text, said",
    [
        ("crop_h: 2", "has `crop_h` 2 and `crop_w` 0; give both or neither"),
        ("crop_width: 2", "has `crop_height` 0 and `crop_width` 2; give both or neither"),
        ("crop_h: 2 crop_w: 8", "cannot cut a crop of 2 x 8 out of an image of 5 x 7"),
    ],
)
def test_crops_larger_than_the_image_are_refused(make: Callable, text: str, said: str):
    with pytest.raises(SpecError, match=said) as caught:
        make(text)
    assert caught.value.problems[0].span.text.startswith("crop_")


def test_optical_flow_turns_with_its_image(make: Callable):
    image = np.concatenate((IMAGE, IMAGE[:1] + 9))
    transform = make("mirror: true flow: true mean_value: 4", check=image.shape)
    mirrored = apply(transform, image, mirror=MIRROR)
    np.testing.assert_array_equal(mirrored[:2], IMAGE[..., ::-1] - 4.0)
    np.testing.assert_array_equal(mirrored[2], 255.0 - image[2][:, ::-1] - 4)
    np.testing.assert_array_equal(apply(transform, image, mirror=KEEP), image - 4.0)


def test_a_chosen_crop_is_resized(make: Callable):
    """A crop of 6 x 6 at row 1, column 3, halved: each pixel is the mean of four, rounded up."""
    image = np.random.default_rng(3).integers(0, 256, (2, 9, 11), dtype=np.uint8)
    transform = make("crop_size: 3 multi_scale: true scale_ratios: 0.7 mean_value: 1", check=image.shape)
    out = np.empty((1, 2, 3, 3), np.float32)
    transform.into(out, image[None], np.array([[KEEP, 0.3, 0.6, 0.0]]))
    cut = image[:, 1:7, 3:9].astype(int).reshape(2, 3, 2, 3, 2)
    np.testing.assert_array_equal(out[0], (cut.sum((2, 4)) + 2) // 4 - 1)


def test_the_mean_image_of_crops_in_several_sizes_is_cut_at_its_corner(make: Callable, tmp_path: Path):
    mean = np.arange(70, dtype=np.float32).reshape(IMAGE.shape) / 2
    write_mean(tmp_path / "mean.binaryproto", mean)
    transform = make("crop_size: 3 multi_scale: true scale_ratios: 0.6 mean_file: 'mean.binaryproto'")
    out = np.empty((1, 2, 3, 3), np.float32)
    transform.into(out, IMAGE[None], np.array([[KEEP, 0.9, 0.5, 0.0]]))
    np.testing.assert_array_equal(out[0], IMAGE[:, 2:5, 2:5] - mean[:, :3, :3])


def test_flow_to_the_right_is_turned_in_a_mirrored_image(make: Callable):
    image = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
    turned = image[..., ::-1].astype(int)
    turned[::2] = 255 - turned[::2]
    transform = make("mirror: true is_flow: true", check=image.shape)
    np.testing.assert_array_equal(apply(transform, image, mirror=MIRROR), turned)
    np.testing.assert_array_equal(apply(transform, image, mirror=KEEP), image)


def test_mean_values_of_one_image_are_repeated(make: Callable):
    image = np.zeros((6, 2, 3), np.uint8)
    transform = make("mean_value: [1, 2, 3]", check=None)
    transform.repeat_means(6)
    assert apply(transform, image)[:, 0, 0].tolist() == [-1, -2, -3, -1, -2, -3]
    transform = make("mean_value: [1, 2, 3]", check=None)
    transform.repeat_means(4)
    assert len(transform.mean_values) == 3


@pytest.mark.parametrize(("text", "phase", "is_random"), [
    ("", "TRAIN", True), ("", "TEST", False), ("center_crop: true", "TRAIN", False), ("random_crop_on_test: true", "TEST", True)])
def test_whether_the_crop_has_a_random_place(make: Callable[..., Transform], text: str, phase: str, is_random: bool):
    cut = apply(make(f"crop_size: 3 {text}", phase), row=0.99, column=0)
    np.testing.assert_array_equal(cut, IMAGE[:, 2:5, 0:3] if is_random else IMAGE[:, 1:4, 2:5])
