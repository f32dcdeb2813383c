"""Arrays beside tensors that numpy cannot share: those of a GPU, and those in another order than C's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netdef.pycaffe.host_copies import HostCopy, Mirror


def test_a_host_copy_has_the_tensors_numbers_when_it_is_read():
    tensor = torch.tensor([[1.0, 2, 3], [4, 5, 6]])
    copy = HostCopy(tensor)
    array = copy.read(tensor)
    assert array.tolist() == [[1, 2, 3], [4, 5, 6]] and copy.read(tensor) is not None and not np.shares_memory(
        array, tensor.numpy())
    tensor.data.fill_(7)
    assert copy.read(tensor)[0, 0] == 1  # torch does not count it, and nobody has told of it
    copy.changed(tensor)
    assert (copy.read(tensor) == 7).all() and (array == 7).all()
    array[...] = 9
    tensor.add_(1)  # later than what was written to the array
    copy.write(tensor)
    assert (tensor == 8).all() and (copy.read(tensor) == 8).all() and (array == 8).all()


def test_a_host_copy_of_another_tensor_than_before_is_read_again():
    copy = HostCopy(torch.ones(2, 5))
    for number in (1.0, 2, 3):
        assert (copy.read(torch.full((2, 5), number)) == number).all()
    assert not copy.read(None).any()
    copy.read(None)[...] = 4
    assert copy.is_newer(None) and not copy.is_newer(torch.zeros(2, 5))
    other = torch.zeros(2, 5)
    copy.copy_to(other)
    assert (other == 4).all() and not copy.is_newer(other)


def test_a_host_copy_of_nothing_is_zeros():
    copy = HostCopy(torch.ones(2, 5))
    assert copy.read(None).tolist() == [[0] * 5] * 2


def test_what_is_written_to_a_host_copy_is_brought_over_once():
    tensor = torch.zeros(3, requires_grad=True)
    copy = HostCopy(tensor)
    copy.write(tensor)  # the tensor is newer
    copy.read(tensor)[:] = 1, 2, 3
    copy.write(tensor)
    assert tensor.tolist() == [1, 2, 3] and not copy.is_newer(tensor)
    with torch.no_grad():
        tensor.fill_(5)
    copy.write(tensor)
    assert tensor.tolist() == [5, 5, 5]


def channels_last() -> torch.Tensor:
    """2 x 3 x 2 x 4, its numbers those of C order."""
    return torch.arange(48.0).reshape(2, 3, 2, 4).contiguous(memory_format=torch.channels_last)


def test_a_mirror_is_in_c_order_and_the_tensor_stays_in_its_own():
    tensor = channels_last()
    mirror = Mirror(tensor)
    array = mirror.read(tensor)
    assert array.flags.c_contiguous and array.ravel().tolist() == list(range(48))
    array[1, 2, 1, 3] = 100
    mirror.write(tensor)
    assert tensor[1, 2, 1, 3] == 100 and tensor.is_contiguous(memory_format=torch.channels_last)


def test_a_mirror_follows_operations_in_place_and_leaves_writes_before_them():
    tensor = channels_last()
    mirror = Mirror(tensor)
    array = mirror.read(tensor)
    array[:] = -1
    tensor.mul_(2)  # later than what was written to the array
    mirror.write(tensor)
    assert array.ravel().tolist() == list(range(0, 96, 2)) and tensor[0, 0, 0, 1] == 2
    tensor.add_(1)
    assert mirror.read(tensor)[0, 0, 0, 0] == 1 and array[0, 0, 0, 0] == 1


def test_a_mirror_that_nobody_wrote_to_leaves_the_tensors_version():
    """Autograd refuses a backward pass through a tensor whose version has changed."""
    tensor = channels_last()
    mirror, version = Mirror(tensor), tensor._version
    mirror.write(tensor)
    assert tensor._version == version


def test_a_mirror_is_told_of_changes_that_torch_does_not_count():
    tensor = channels_last()
    mirror = Mirror(tensor)
    tensor.data.zero_()
    assert mirror.read(tensor).any()
    mirror.changed(tensor)
    assert not mirror.read(tensor).any()


def test_a_mirror_that_no_script_looks_at_is_updated_when_it_is_read(monkeypatch):
    tensor = channels_last()
    mirror = Mirror(tensor)
    mirror.read(tensor)[0, 0, 0, 0] = 5
    mirror.write(tensor)
    assert tensor[0, 0, 0, 0] == 5
    with monkeypatch.context() as patch:
        patch.setattr(torch, "equal", lambda *_: pytest.fail("nobody can have written to the array"))
        mirror.write(tensor)
    tensor.add_(1)
    mirror.write(tensor)
    mirror.changed(tensor)
    assert mirror._view[0, 0, 0, 0] == 5 and mirror.read(tensor)[0, 0, 0, 0] == 6
    array = mirror.read(tensor)[0]
    mirror.write(tensor)  # the read
    tensor.add_(1)
    mirror.write(tensor)
    assert array[0, 0, 0] == 7
