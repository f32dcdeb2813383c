"""Stored blobs and masks."""

from __future__ import annotations

import numpy as np
import torch

from netdef.schema.messages import MaskParameter
from netdef.weights.stored_layers import StoredBlob, as_array, get_mask, memory_of, set_mask


def test_old_shapes_have_ones_in_front():
    """Caffe's rule: missing axes count as 1 in front."""
    old = StoredBlob((1, 1, 2, 3), lambda into: None, old_style=True)
    assert old.fits((2, 3)) and old.fits((1, 2, 3)) and old.fits((1, 1, 2, 3))
    assert not old.fits((3, 2)) and not old.fits((6,)) and not old.fits((1, 1, 1, 2, 3))
    new = StoredBlob((1, 1, 2, 3), lambda into: None)
    assert new.fits((1, 1, 2, 3)) and not new.fits((2, 3))


def test_a_mask_is_stored_in_a_message_and_read():
    message = MaskParameter(sparsity=0.25)
    assert get_mask(message) is None
    kept = torch.tensor([[True, False, True], [False, False, True]])
    set_mask(message, (2, 3), kept)
    found = get_mask(message)
    assert found is not None and found.shape == (2, 3) and torch.equal(found.kept(), kept) and message.sparsity == 0.25
    set_mask(message, (2, 3), None)
    found = get_mask(message)
    assert found is not None and found.shape == (2, 3) and found.kept() is None


def test_shared_blobs_have_the_same_memory_key():
    blob = torch.ones(2, 6)
    assert memory_of(blob) == memory_of(blob.view(3, 4)) == memory_of(blob.detach())
    assert memory_of(blob) != memory_of(blob.clone())


def test_arrays_are_row_by_row_in_single_precision():
    blob = torch.arange(6.0, dtype=torch.float64).reshape(2, 3).t()
    array = as_array(blob)
    assert array.dtype == np.float32 and array.flags.c_contiguous and array.tolist() == [[0, 3], [1, 4], [2, 5]]
