"""The blobs that users' layers see."""

from __future__ import annotations

import numpy as np

from netdef.layers.python.stand_in import UserBlob, UserBlobs, UserLayer


def test_a_blob_has_the_originals_names():
    blob = UserBlob((2, 3, 5))
    assert (blob.num, blob.channels, blob.height, blob.width, blob.count) == (2, 3, 5, 1, 30)
    assert blob.shape == (2, 3, 5) and blob.data.dtype == blob.diff.dtype == np.float32
    blob.data[...] = 4
    blob.diff[1, 2, 4] = 6
    assert blob.data.sum() == 120 and blob.diff.sum() == 6


def test_reshape_keeps_as_many_numbers():
    blob = UserBlob((2, 3))
    blob.data[...] = np.arange(6).reshape(2, 3)
    blob.reshape(np.int64(3), 2)
    assert blob.data.tolist() == [[0, 1], [2, 3], [4, 5]]
    blob.reshape(7, 1)
    assert blob.shape == (7, 1) and not blob.data.any() and blob.diff.shape == (7, 1)
    blob.reshape()
    assert blob.shape == () and blob.count == 1


def test_a_loaded_array_is_a_copy():
    array = np.arange(6.0).reshape(2, 3).T
    blob = UserBlob()
    blob.load(array)
    blob.data[0] = 9
    assert array[0].tolist() == [0, 3] and blob.data.dtype == np.float64 and blob.data.flags.c_contiguous


def test_parameters_are_added_one_by_one():
    class Mine(UserLayer):
        def __init__(self, parameter):
            pass  # calls nobody

    made = Mine(None)
    assert isinstance(made.blobs, UserBlobs)
    made.blobs.add_blob(5, 3)
    made.blobs.add_blob(5)
    assert [blob.shape for blob in made.blobs] == [(5, 3), (5,)]
