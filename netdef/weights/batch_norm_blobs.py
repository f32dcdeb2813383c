"""Read the blobs of BatchNorm in the orders of NVIDIA's fork, which TI's took over.

Caffe stores sums of means, sums of variances, and the factor that both are divided by. NVIDIA's versions store the mean and
the variance themselves:

=========== ========================================== ======================================
0.14, cuDNN scale, bias, one value, mean, variance     each but the third of four axes
0.15        scale, bias, mean, variance, one value
0.16 on     mean, variance, one value, scale, bias     the one value is 0 or 1; the last two may be absent
=========== ========================================== ======================================
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from netdef.graph.net import Net
from netdef.weights.stored_layers import StoredBlob, StoredLayer

_FACTOR = 2
"""The index of the factor."""


def _fill_with_one(into: Tensor) -> None:
    into.fill_(1.0)


_ONE = StoredBlob((1,), _fill_with_one)


def arrange_batch_norms(net: Net, stored: Mapping[str, StoredLayer]) -> tuple[str, ...]:
    """Put the blobs of BatchNorm layers into Caffe's order, in place; return the layers stored in another one.

    A factor of 0 beside statistics that are not all 0 means that these are the mean and the variance; Caffe would read them
    as 0. One warning says which layers.
    """
    found, params = [], net.params
    for spec in net.spec.layers:
        if spec.message.type == "BatchNorm" and spec.name in stored and spec.name in params:
            layer = stored[spec.name]
            if len(params[spec.name]) == 5:
                layer.blobs = _in_order(layer.blobs)
            if _FACTOR in layer.blobs and layer.blobs[_FACTOR] is not _ONE and _is_without_factor(layer.blobs):
                layer.blobs[_FACTOR] = _ONE
            if layer.blobs.get(_FACTOR) is _ONE:
                found.append(spec.name)
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        warnings.warn(f"{', '.join(f'`{name}`' for name in found[:3])}{more}: read as NVIDIA's fork stores BatchNorm: mean and "
                      "variance themselves, not sums of them", stacklevel=3)
    return tuple(found)


def lacks_scale(found: Mapping[int, StoredBlob], blobs: Sequence[Tensor]) -> bool:
    """Whether a file has five blobs for a BatchNorm of three."""
    return len(found) == 5 and len(blobs) == 3 and tuple(blobs[_FACTOR].shape) == (1,)


def scale_bias_hint(found: Mapping[int, StoredBlob], blobs: Sequence[Tensor]) -> str:
    """A hint to add to the error about such a file."""
    hint = "; a BatchNorm with a scale and a bias, as in NVIDIA's fork, has `batch_norm_param { scale_bias: true }`"
    return hint if lacks_scale(found, blobs) else ""


def _in_order(blobs: dict[int, StoredBlob]) -> dict[int, StoredBlob]:
    """Five blobs as mean, variance, factor, scale, bias."""
    if sorted(blobs) != [0, 1, 2, 3, 4]:
        return blobs
    sizes = [math.prod(blobs[i].shape) for i in range(5)]
    if sizes[4] == 1 != sizes[2]:  # 0.15
        return {0: blobs[2], 1: blobs[3], 2: _ONE, 3: blobs[0], 4: blobs[1]}
    if all(len(blob.shape) == 4 and not blob.old_style for blob in blobs.values()):  # 0.14
        return {0: blobs[3], 1: blobs[4], 2: _ONE, 3: blobs[0], 4: blobs[1]}
    return blobs


def _is_without_factor(blobs: Mapping[int, StoredBlob]) -> bool:
    """Whether the factor is 0 although the statistics are not."""
    def values(index: int) -> Tensor:
        into = torch.empty(blobs[index].shape)
        blobs[index].read(into)
        return into

    return math.prod(blobs[_FACTOR].shape) == 1 and not values(_FACTOR).any() and any(
        bool(values(index).any()) for index in (0, 1) if index in blobs)
