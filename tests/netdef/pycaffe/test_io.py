"""Arrays to messages and back, to the recorded byte."""

import sys
from types import ModuleType

import numpy as np
import pytest

from netdef.pycaffe import io
from netdef.schema.messages import BlobProto, Datum


def test_a_blob_as_recorded(pyapi, recorded_io, close):
    blob = io.array_to_blobproto(recorded_io["bp_in"], recorded_io["bp_diff"])
    assert blob.SerializeToString() == (pyapi / "blobproto.bin").read_bytes()
    close(io.blobproto_to_array(blob), recorded_io["bp_data"])
    close(io.blobproto_to_array(blob, return_diff=True), recorded_io["bp_diff"])


def test_a_blob_of_four_dimensions():
    blob = BlobProto(num=1, channels=2, height=3, width=1, data=range(6))
    assert np.array_equal(io.blobproto_to_array(blob), np.arange(6.0).reshape(1, 2, 3, 1))


def test_a_blob_whose_numbers_are_not_as_many_as_its_shape_says():
    with pytest.raises(ValueError, match="6 are there"):
        io.blobproto_to_array(BlobProto(data=range(6)))
    assert io.blobproto_to_array(BlobProto(data=[123])) == 123


def test_a_list_of_blobs():
    arrays = [np.arange(6.0).reshape(2, 3), np.array([0.5])]
    back = io.blobprotovector_str_to_arraylist(io.arraylist_to_blobprotovector_str(arrays))
    assert len(back) == 2 and all(np.array_equal(mine, theirs) for mine, theirs in zip(back, arrays))


def test_a_datum_of_bytes_as_recorded(pyapi, recorded_io):
    recorded = Datum.FromString((pyapi / "datum_uint8.bin").read_bytes())
    datum = io.array_to_datum(recorded_io["datum_uint8"], recorded.label)
    assert datum == recorded
    assert np.array_equal(io.datum_to_array(datum), recorded_io["datum_uint8"])


def test_a_datum_of_floats(recorded_io, close):
    datum = io.array_to_datum(recorded_io["datum_float"])
    assert not datum.data and not datum.HasField("label")
    close(io.datum_to_array(datum), recorded_io["datum_float"])


def test_a_datum_has_three_axes():
    with pytest.raises(ValueError, match="3 axes"):
        io.array_to_datum(np.zeros((2, 3)))


def test_scikit_image_is_there_if_it_is_installed(monkeypatch):
    skimage, skimage_io = ModuleType("skimage"), ModuleType("skimage.io")
    skimage.__path__ = []
    monkeypatch.setitem(sys.modules, "skimage", skimage)
    monkeypatch.setitem(sys.modules, "skimage.io", skimage_io)
    assert io.skimage is skimage
    monkeypatch.setitem(sys.modules, "skimage.io", None)
    with pytest.raises(ImportError, match="skimage"):
        _ = io.skimage
    with pytest.raises(AttributeError, match=r"`caffe.io` has no attribute `nothing`"):
        _ = io.nothing
