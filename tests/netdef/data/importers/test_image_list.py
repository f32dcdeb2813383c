"""Images become the datums that the original convert_imageset made of them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from caffe_cli import IMAGES
from oracle import shared

from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.images.datum import datum_array
from netdef.data.images.image_file import decode
from netdef.data.images.list_file import read_list
from netdef.data.importers.image_list import ImageConversion, convert_images
from netdef.errors import NetdefError


@pytest.mark.parametrize(
    "name, how",
    [
        ("plain", ImageConversion()),
        ("resize", ImageConversion(height=9, width=7)),
        ("gray", ImageConversion(color=False, height=9, width=7)),
        ("missing", ImageConversion(height=9, width=7)),
        ("encoded", ImageConversion(encoded=True)),
        ("encpng", ImageConversion(encoded=True, encode_type="png", height=9, width=7)),
    ],
)
def test_databases_equal_the_recorded_ones(name: str, how: ImageConversion):
    entries = read_list(IMAGES / ("list_spaces.txt" if name == "missing" else "list.txt"))
    made = {item.key: item.datum for item in convert_images(entries, str(IMAGES / "img"), how) if item.datum}
    items = json.loads((IMAGES / f"{name}_lmdb.json").read_text())
    recorded = np.load(IMAGES / f"{name}_lmdb.npz")
    assert list(made) == [item["key"] for item in items]
    for item in items:
        datum, values = made[item["key"]], recorded[item["key"]]
        for field in ("channels", "height", "width", "label", "encoded"):
            assert getattr(datum, field) == item[field]
        if name == "encpng":  # another program's PNG of the same pixels
            np.testing.assert_array_equal(datum_array(datum), decode(values.tobytes()))
        else:
            assert datum.data == values.tobytes()


@pytest.mark.parametrize(
    "name, how",
    [
        ("plain", ImageConversion()),
        ("gray", ImageConversion(color=False, height=9, width=7)),
        ("encoded", ImageConversion(encoded=True)),
    ],
)
def test_databases_equal_the_recorded_ones_to_the_byte(name: str, how: ImageConversion):
    recorded = LmdbRecords(shared(f"golden/cli/images/{name}_lmdb"))
    made = convert_images(read_list(IMAGES / "list.txt"), str(IMAGES / "img"), how)
    assert [(item.key.encode(), item.datum.SerializeToString()) for item in made] == recorded.read(0, 6)
    recorded.close()


def test_unreadable_images_have_a_reason_and_keep_their_number():
    made = list(convert_images([("missing.png", 1), ("im1.png", 2)] * 50, f"{IMAGES}/img/", ImageConversion()))
    assert [item.key[:8] for item in made] == [f"{i:08}" for i in range(100)]
    assert all(item.datum is None and "missing.png: No such file" in item.problem for item in made[::2])
    assert {item.datum.label for item in made[1::2]} == {2}
    for encoded in (False, True):
        (made,) = convert_images([("im\0.png", 0)], f"{IMAGES}/img/", ImageConversion(encoded=encoded))
        assert "im\0.png: embedded null byte" in made.problem


def test_gray_stores_colour_files_grey():
    (made,) = convert_images([("im0.png", 0)], str(IMAGES / "img"), ImageConversion(color=False, encoded=True))
    assert decode(made.datum.data).shape == made.shape == (1, 10, 12)
    (made,) = convert_images([("im2.png", 0)], str(IMAGES / "img"), ImageConversion(color=False, encoded=True))
    assert made.datum.data == (IMAGES / "img" / "im2.png").read_bytes()


@pytest.mark.parametrize(
    "mistake, said",
    [({"height": 3}, "cannot resize to 3 x 0"), ({"encode_type": "pgn"}, "encoded as `pgn`; did you mean `p")],
)
def test_invalid_options_are_refused(mistake: dict, said: str):
    with pytest.raises(NetdefError, match=said):
        ImageConversion(**mistake)
