"""DataVariableSize: images of different sizes in one batch."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import netdef
from netdef.errors import FileError, SpecError
from netdef.schema.messages import Datum

HIGH = np.arange(12, dtype=np.uint8).reshape(2, 3, 2)
WIDE = np.arange(20, dtype=np.uint8).reshape(2, 2, 5)


def layer(param: str = "max_pixel_num: 10", transform: str = "mean_value: 1 mean_value: 3 scale: 0.5") -> str:
    return ("type: 'DataVariableSize' top: 'data' top: 'size' top: 'label' data_variable_size_param { source: 'db' batch_size: 2 "
            f"backend: LMDB {param} }} transform_param {{ {transform} }}")


def test_smaller_images_are_filled_with_zeros(make_feed: Callable, make_database: Callable):
    make_database([HIGH, WIDE, HIGH])
    feed = make_feed(layer(), "TEST")
    assert feed.shapes == {"data": (2, 2, 3, 2), "size": (2, 1, 1, 2), "label": (2,)}
    first, second = next(feed), next(feed)
    expected = np.zeros((2, 2, 3, 5), np.float32)
    means = np.array([1, 3])[:, None, None]
    expected[0, :, :, :2] = (HIGH - means) / 2.0
    expected[1, :, :2] = (WIDE - means) / 2.0
    np.testing.assert_array_equal(first["data"].numpy(), expected)
    assert first["size"].tolist() == [[[[3, 2]]], [[[2, 5]]]]
    assert second["data"].shape == (2, 2, 3, 2) and second["size"].flatten().tolist() == [3, 2, 3, 2]


def test_images_are_resized_and_mirrored_in_training_alone(make_feed: Callable, make_database: Callable):
    file = io.BytesIO()
    Image.fromarray(np.tile(np.arange(4, dtype=np.uint8) * 60, (2, 1))).save(file, "png")
    make_database([Datum(encoded=True, data=file.getvalue(), label=7)] * 2)
    transform = "mean_value: 60 mirror: true crop_size: 1 resize_short_side_min: 2 resize_short_side_max: 2"
    row = [-60, 0, 60, 120]
    batch = next(make_feed(layer("max_pixel_num: 8", transform), "TEST"))
    assert batch["data"].tolist() == [[[row] * 2]] * 2 and batch["label"].tolist() == [7, 7]
    feed = make_feed(layer("max_pixel_num: 8", transform))
    assert {tuple(row) for _ in range(20) for row in next(feed)["data"][:, 0, 0].tolist()} == {tuple(row), tuple(row[::-1])}
    batch = next(make_feed(layer("max_pixel_num: 32", transform.replace("2", "4")), "TEST"))
    assert batch["data"].shape == (2, 1, 4, 8) and batch["size"].flatten().tolist() == [4, 8] * 2


def test_listed_records_have_the_labels_of_the_list(make_feed: Callable, make_database: Callable, tmp_path: Path):
    make_database([HIGH, WIDE])
    keys = [key for key, _ in make_feed(layer()).records.read(0, 2)]
    (tmp_path / "list.txt").write_text(f"{bytes(keys[1]).decode()} 4\n{bytes(keys[0]).decode()} 9\n")
    batch = next(make_feed(layer("max_pixel_num: 10 selective_list: 'list.txt' selective_list_shuffle: false")))
    assert batch["label"].tolist() == [4, 9] and batch["size"].flatten().tolist() == [2, 5, 3, 2]


def test_a_net_takes_each_batch_in_its_size(make_feed: Callable, make_database: Callable, tmp_path: Path):
    make_database([HIGH, WIDE, HIGH])
    text = layer().replace("'db'", f"'{tmp_path / 'db'}'")
    net = netdef.loads(f"layer {{ name: 'd' {text} }} layer {{ name: 'r' type: 'Reduction' bottom: 'data' top: 'y' "
                       "reduction_param { axis: 1 } }", phase="TEST")
    batch = next(net.feeds)
    torch.testing.assert_close(net(**batch)["y"], batch["data"].sum((1, 2, 3)))


def test_what_does_not_fit_is_refused(make_feed: Callable, make_database: Callable):
    make_database([HIGH, WIDE])
    with pytest.raises(SpecError, match="has 0 `mean_value`; for images of 2 channels it wants 1 or 2"):
        make_feed(layer(transform=""))
    with pytest.raises(FileError, match="is of 3 x 2 pixels, more than the `max_pixel_num` 5"):
        make_feed(layer("max_pixel_num: 5"))
    make_database([HIGH, WIDE[:1]], "other")
    with pytest.raises(FileError, match="has 1 channels, the first of .* 2"):
        next(make_feed(layer().replace("'db'", "'other'")))
