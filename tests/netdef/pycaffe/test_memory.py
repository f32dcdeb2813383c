"""The memory of a blob as array and tensor."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import as_strided

from netdef.pycaffe import memory
from netdef.pycaffe.memory import BlobMemory, put_all

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


def test_a_synced_blob_is_the_array_again_on_the_cpu(monkeypatch):
    """An array that is held counts there without being asked for again, as Caffe's pointer does."""
    shared = [False]
    monkeypatch.setattr(memory, "shares_memory", lambda device: shared[0])
    blob = BlobMemory((2,))
    array = blob.array
    array[:] = 1, 2
    assert blob.tensor(CPU).tolist() == [1, 2] and not blob.is_array
    array[0] = 5
    assert blob.tensor(CPU).tolist() == [1, 2]
    shared[0] = True
    array[1] = 6
    assert blob.tensor(CPU).tolist() == [5, 6] and blob.is_array and blob.array.tolist() == [5, 6]


def test_reshaping_keeps_as_many_values():
    blob = BlobMemory((2, 3))
    blob.array[:] = [[1, 2, 3], [4, 5, 6]]
    blob.reshape((3, 2))
    assert blob.array.tolist() == [[1, 2], [3, 4], [5, 6]]
    blob.reshape((5,))
    assert blob.shape == (5,) and blob.array.tolist() == [0] * 5


def test_an_array_that_is_read_no_more_and_not_held_is_updated_when_it_is_read_again():
    blob = BlobMemory((2,))
    address = blob.array.ctypes.data
    assert blob.view is not None
    for numbers, in_memory in (([4.0, 5], [4, 5]), ([6.0, 7], [4, 5]), ([8.0, 9], [4, 5])):  # the first pass follows a read
        blob.put(torch.tensor(numbers))
        blob.refresh()
        assert blob.view.tolist() == in_memory and blob.tensor(CPU).tolist() == numbers
    assert blob.array.tolist() == [8, 9] and blob.array.ctypes.data == address


HOLDS: dict[str, Callable[[np.ndarray], object]] = {
    "array": lambda array: array,
    "part": lambda array: array[1:],
    "part of a part": lambda array: array[:, 1:][0],
    "transposed": lambda array: array.T,
    "bits": lambda array: array.ravel().view(np.int32),
    "iterator": lambda array: array.flat,
    "windows": lambda array: as_strided(array, (2,), (4,)),
    "asarray": lambda array: np.asarray(array)[...],
    "buffer": memoryview,
    "tensor": torch.from_numpy,
    "pointer": lambda array: array.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
}


@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS)
def test_an_array_of_which_a_script_holds_any_view_is_updated_by_every_pass(hold):
    blob = BlobMemory((2, 3))
    held = hold(blob.array)
    assert held is not None and blob.view is not None
    for number in (3.0, 4, 5):
        blob.put(torch.full((2, 3), number))
        blob.refresh()
        assert (blob.view == number).all()


def test_an_array_from_before_a_change_of_shape_is_updated_by_every_pass():
    blob = BlobMemory((2, 3))
    array = blob.array
    blob.reshape((3, 2))
    for number in (3, 4, 5):
        blob.put(torch.full((3, 2), float(number)))
        blob.refresh()
        assert array.tolist() == [[number] * 3] * 2


def test_an_array_of_another_size_than_the_last_pass_left_gives_way():
    blob = BlobMemory((2,))
    assert blob.array.tolist() == [0, 0]
    for _ in range(2):
        blob.put(torch.arange(6.0))
        blob.refresh()
        assert blob.shape == (6,)
    blob.reshape((3, 2))
    assert blob.array.tolist() == [[0, 1], [2, 3], [4, 5]]
    blob.put(torch.ones(1))
    blob.reshape((1, 1))
    assert blob.array.tolist() == [[1]]


def test_several_results_are_stored_together():
    held, read, unread, other_size, small_and_last = (BlobMemory((2,)) for _ in range(5))
    arrays = [held.array, other_size.array]
    for blob in (read, unread):
        assert blob.array is not None
    unread.put(torch.zeros(2))
    unread.refresh()
    blobs = held, read, unread, other_size, small_and_last
    tensors = [torch.full((2,), float(i)) for i in range(3)] + [torch.full((3,), 3.0), torch.full((2,), 4.0)]
    put_all(blobs, tensors)
    assert arrays[0].tolist() == [0, 0] and read.view is not None and read.view.tolist() == [1, 1] and read.is_array
    assert unread.view is not None and unread.view.tolist() == [0, 0] and small_and_last.view is None
    assert [blob.array.tolist() for blob in blobs] == [tensor.tolist() for tensor in tensors]
