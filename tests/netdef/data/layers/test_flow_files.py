"""FloatReader, ImgReader and DisparityData."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.errors import FileError, SpecError

VALUES = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 5.5


def test_floats_so_many_times(make_feed: Callable, tmp_path: Path):
    (tmp_path / "x.float3").write_bytes(b"float\n3\n4\n3\n2\n" + VALUES.tobytes())
    feed = make_feed("type: 'FloatReader' top: 'x' reader_param { file: 'x.float3' num: 2 }")
    assert feed.shapes == {"x": (2, 2, 3, 4)}
    for _ in range(2):
        assert np.array_equal(next(feed)["x"], np.stack((VALUES, VALUES)))
    with pytest.raises(SpecError, match="reader_param"):
        make_feed("type: 'FloatReader' top: 'x' reader_param { file: 'none' }")


def test_an_image_so_many_times(make_feed: Callable, tmp_path: Path):
    pixels = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
    Image.fromarray(pixels).save(tmp_path / "x.png")
    feed = make_feed("type: 'ImgReader' top: 'x' reader_param { file: 'x.png' num: 3 } "
                     "transform_param { scale: 0.5 mean_value: 4 }")
    wanted = (pixels[..., ::-1].transpose(2, 0, 1).astype(np.float32) - 4) / 2  # blue first
    assert np.array_equal(next(feed)["x"], np.stack([wanted] * 3))
    cut = make_feed("type: 'ImgReader' top: 'x' reader_param { file: 'x.png' } transform_param { crop_size: 2 }")
    first, second = next(cut)["x"], next(cut)["x"]
    assert first.shape == (1, 3, 2, 2) and np.array_equal(first, second)


def disparity(param: str) -> str:
    return ("type: 'DisparityData' top: 'x' top: 'label' image_data_param { source: 'list' root_folder: 'maps/' batch_size: 2 "
            f"{param} }}")


def test_maps_with_their_signs_changed(make_feed: Callable, tmp_path: Path):
    (tmp_path / "maps").mkdir()
    for i in range(2):
        (tmp_path / "maps" / f"{i}.pfm").write_bytes(b"Pf\n4 3\n-1\n" + VALUES[i, ::-1].tobytes())
    (tmp_path / "list").write_text("0.pfm 4\n1.pfm 7\n")
    with pytest.warns(UserWarning, match="transform_param does nothing"):
        feed = make_feed(disparity("is_color: false new_height: 3 new_width: 4") + " transform_param { scale: 2 }")
    batch = next(feed)
    assert np.array_equal(batch["x"][:, 0], -VALUES) and batch["label"].tolist() == [4, 7]
    with pytest.raises(FileError, match=r"has shape \(1, 3, 4\), and layer .* wants \(3, 3, 4\)"):
        make_feed(disparity("new_height: 3 new_width: 4"))
