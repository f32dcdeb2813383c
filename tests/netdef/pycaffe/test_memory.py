"""The memory of a blob as array and tensor."""

from __future__ import annotations

import numpy as np
import torch

from netdef.pycaffe.memory import BlobMemory

CPU = torch.device("cpu")


def test_all_values_are_the_start_at_first():
    assert BlobMemory((2, 3), 1.5).array.tolist() == [[1.5] * 3] * 2
    assert BlobMemory((2,), 0.5).tensor(CPU).tolist() == [0.5, 0.5]


def test_the_array_stays_one_object_and_follows_each_pass():
    blob = BlobMemory((3,))
    array = blob.array
    array[:] = 1, 2, 3
    assert blob.tensor(CPU).tolist() == [1, 2, 3] and blob.is_array
    blob.put(torch.tensor([4.0, 5, 6]))
    blob.refresh()
    assert array.tolist() == [4, 5, 6] and np.shares_memory(blob.array, array)


def test_on_another_device_the_array_is_copied_when_it_is_read(elsewhere: None):
    blob = BlobMemory((2,))
    array = blob.array
    blob.put(torch.tensor([4.0, 5]))
    blob.refresh()
    assert array.tolist() == [0, 0]
    assert blob.array.tolist() == [4, 5]


def test_reshaping_keeps_as_many_values():
    blob = BlobMemory((2, 3))
    blob.array[:] = [[1, 2, 3], [4, 5, 6]]
    blob.reshape((3, 2))
    assert blob.array.tolist() == [[1, 2], [3, 4], [5, 6]]
    blob.reshape((5,))
    assert blob.shape == (5,) and blob.array.tolist() == [0] * 5
