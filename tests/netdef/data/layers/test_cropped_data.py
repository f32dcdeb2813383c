"""Data that tells how its images were cropped."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from netdef.errors import SpecError
from netdef.schema import messages

PLANE = np.arange(48, dtype=np.uint8).reshape(1, 6, 8)


def data(transform: str = "crop_size: 4 mirror: true") -> str:
    return ("type: 'Data' top: 'data' top: 'crop' data_param { source: 'db' batch_size: 5 backend: LMDB get_mirror_crop: true } "
            f"transform_param {{ {transform} }}")


def encoded() -> messages.Datum:
    file = io.BytesIO()
    Image.fromarray(PLANE[0]).save(file, "png")
    return messages.Datum(encoded=True, data=file.getvalue())


@pytest.mark.parametrize("make_images", [lambda: [PLANE] * 3, lambda: [encoded()] * 3], ids=["raw", "encoded"])
def test_images_can_be_cropped_again_by_it(make_feed: Callable, make_database: Callable, make_images: Callable):
    make_database(make_images())
    feed = make_feed(data())
    assert feed.shapes == {"data": (5, 1, 4, 4), "crop": (5, 4, 1, 1)}
    seen = set()
    for _ in range(40):
        batch = next(feed)
        for image, (mirrored, side, row, column) in zip(batch["data"].numpy(), batch["crop"].flatten(1).int().tolist()):
            cut = PLANE[:, row : row + side, column : column + side]
            np.testing.assert_array_equal(image, cut[..., ::-1] if mirrored else cut)
            seen.add((mirrored, row, column))
    assert len(seen) == 2 * 3 * 5


def test_the_crop_of_testing_is_central(make_feed: Callable, make_database: Callable):
    make_database([PLANE] * 2)
    assert next(make_feed(data("crop_size: 4"), "TEST"))["crop"].flatten(1).tolist() == [[0, 4, 1, 2]] * 5
    assert next(make_feed(data(""), "TEST"))["crop"].flatten(1).tolist() == [[0, 0, 0, 0]] * 5


def test_labels_are_not_read_for_images_alone(make_feed: Callable, make_database: Callable):
    make_database([PLANE] * 2)
    assert set(next(make_feed(data().replace("top: 'crop' ", "")))) == {"data"}


def test_changed_sizes_are_refused(make_feed: Callable, make_database: Callable):
    make_database([PLANE] * 2)
    with pytest.raises(SpecError, match="`get_mirror_crop`, which cannot tell"):
        make_feed(data("crop_size: 2 multi_scale: true"))
