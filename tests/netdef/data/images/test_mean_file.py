"""Mean images in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netdef.data.images.mean_file import read_mean, write_mean
from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import SpecError
from netdef.schema.messages import BlobProto

MEAN = np.random.default_rng(1).random((2, 3, 5), np.float32)


@pytest.fixture
def spec(tmp_path: Path) -> LayerDefinition:
    (layer,) = read_net_text('layer { name: "d" type: "Data" transform_param { mean_file: "m" } }', tmp_path).layers
    return layer


def test_what_is_written_is_read(spec: LayerDefinition, tmp_path: Path):
    write_mean(tmp_path / "m", MEAN)
    blob = BlobProto.FromString((tmp_path / "m").read_bytes())
    assert (blob.num, blob.channels, blob.height, blob.width) == (1, 2, 3, 5) and not blob.HasField("shape")
    np.testing.assert_array_equal(np.array(blob.data, np.float32).reshape(MEAN.shape), MEAN)
    np.testing.assert_array_equal(read_mean(spec, "m"), MEAN)


def blob(num: int, channels: int, height: int, width: int, values: int) -> bytes:
    return BlobProto(num=num, channels=channels, height=height, width=width, data=[0.0] * values).SerializeToString()


@pytest.mark.parametrize("shape", [(2, 3, 5), (1, 2, 3, 5), (1, 1, 2, 3, 5)])
def test_a_shape_may_have_axes_of_1_before_it(spec: LayerDefinition, tmp_path: Path, shape: tuple[int, ...]):
    blob = BlobProto(data=MEAN.ravel().tolist())
    blob.shape.dim.extend(shape)
    (tmp_path / "m").write_bytes(blob.SerializeToString())
    np.testing.assert_array_equal(read_mean(spec, "m"), MEAN)


@pytest.mark.parametrize(
    "data, said",
    [
        (b"\xff" * 9, "cannot read its mean_file .*m: "),
        (blob(2, 2, 3, 1, values=12), r"has a mean_file of shape \(2, 2, 3, 1\); it takes one image"),
        (blob(1, 1, 2, 3, values=5), "cannot read its mean_file"),
    ],
)
def test_files_without_one_image_are_refused(spec: LayerDefinition, tmp_path: Path, data: bytes, said: str):
    (tmp_path / "m").write_bytes(data)
    with pytest.raises(SpecError, match=said) as caught:
        read_mean(spec, "m")
    assert caught.value.problems[0].span.text.startswith("mean_file")
