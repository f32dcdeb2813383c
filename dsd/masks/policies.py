"""The ways to choose which weights are pruned: small functions from weights, old mask and iteration to a new mask.

None of them changes anything. A mask is a bool tensor of the weight's shape, true = kept. Counts are exact, ties go to
the lower index, and what is random follows from a seed. FIXED, the way of DSD itself (Han et al. 2017), is
`dsd.masks.magnitude.magnitude_mask`.
"""

from __future__ import annotations

from fractions import Fraction

import torch
from torch import Tensor
from torch.nn import functional as F

from dsd.masks.magnitude import kept_count, magnitude_mask, refuse_nan
from netdef.layers.core.base import Layer

# Dynamic Network Surgery prunes below 0.9 and splices above 1.1 times one threshold, so that weights near it stay put.
PRUNE, SPLICE = 0.9, 1.1


def ramp(sparsity: float, iteration: int, end: int) -> float:
    """The sparsity of GRADUAL at an iteration of its phase: ``sparsity * (1 - (1 - iteration / end)^3)``.

    Zhu and Gupta 2017, "To prune, or not to prune", equation 1, from no sparsity and the phase's first iteration on:
    fast while there is much to spare, slow towards the end. From ``end`` on it is ``sparsity``, to the bit.
    """
    return sparsity if iteration >= end else sparsity * (1 - (1 - iteration / end) ** 3)


def gradual_mask(weight: Tensor, kept: Tensor, sparsity: float) -> Tensor:
    """Of the weights kept so far, keep the `kept_count` largest; nothing that was pruned comes back.

    Zhu and Gupta 2017. A sparsity below that of ``kept`` prunes nothing. Raises `MaskError` for NaN among kept weights.
    """
    flat = kept.reshape(-1)
    survivors = weight.reshape(-1)[flat]
    count = min(kept_count(weight.numel(), sparsity), survivors.numel())
    found = flat.clone()
    if survivors.numel():
        found[flat] = magnitude_mask(survivors, 1 - Fraction(count, survivors.numel()))
    return found.view(weight.shape)


def surgery_threshold(weight: Tensor, c_rate: float) -> float:
    """The magnitude below which DYNAMIC prunes: ``0.9 * (mean + c_rate * standard deviation)`` of the magnitudes.

    Guo, Yao and Chen 2016, "Dynamic Network Surgery for Efficient DNNs", as in their code: over weights that are not 0.
    Raises `MaskError` for NaN.
    """
    refuse_nan(weight)
    magnitudes = weight.detach().abs().double()
    magnitudes = magnitudes[magnitudes != 0]
    if not magnitudes.numel():
        return 0.0
    return max(float(PRUNE * (magnitudes.mean() + c_rate * magnitudes.std(correction=0))), 0.0)


def surgery_mask(dense: Tensor, kept: Tensor, threshold: float) -> Tensor:
    """Prune what is not above ``threshold`` and splice, that is bring back, what is above 11/9 of it; the rest stays.

    Guo, Yao and Chen 2016. ``dense`` holds what pruned weights have learned to be under the mask.
    """
    magnitudes = dense.detach().abs()
    return (kept & (magnitudes > threshold)) | (magnitudes > threshold * (SPLICE / PRUNE))


def surgery_chance(iteration: int, gamma: float, power: float) -> float:
    """How likely a layer's mask is looked at in an iteration of the phase: ``(1 + gamma * iteration)^-power``.

    Guo, Yao and Chen 2016: surgery becomes rarer, so that training settles.
    """
    return (1 + gamma * iteration) ** -power


def n_of_m_mask(weight: Tensor, layer: Layer, n: int, m: int) -> Tensor:
    """Of every m consecutive inputs of an output (at one place of a kernel) keep the n of largest magnitude.

    Mishra et al. (NVIDIA) 2021, "Accelerating Sparse Deep Neural Networks", for 2 of 4. Inputs that m does not divide
    are filled up with zeros: of the r that are left at the end min(n, r) are kept. Raises `MaskError` for NaN.
    """
    refuse_nan(weight)
    rows = by_channel(weight.detach(), layer).abs().movedim(2, 3)  # inputs last
    inputs = rows.shape[3]
    groups = F.pad(rows, (0, -inputs % m), value=-1.0).unflatten(3, (-1, m))
    # A weight's rank is the number of those before it: larger, or equal and of lower index. m passes beat a sort.
    rank = torch.zeros(groups.shape, dtype=torch.int16, device=weight.device)
    for i in range(m):
        one = groups[..., i : i + 1]
        rank[..., : i + 1] += one > groups[..., : i + 1]
        rank[..., i + 1 :] += one >= groups[..., i + 1 :]
    return _from_channels((rank < n).flatten(3)[..., :inputs].movedim(3, 2), weight, layer)


def n_of_m_count(shape: torch.Size, layer: Layer, n: int, m: int) -> int:
    """How many weights `n_of_m_mask` keeps."""
    inputs = by_channel(torch.empty(shape, device="meta"), layer).shape[2]
    return shape.numel() // inputs * (inputs // m * n + min(n, inputs % m))


def channel_mask(weight: Tensor, layer: Layer, sparsity: float, order: int = 2) -> Tensor:
    """Keep exactly `kept_count` of the output channels, whole: those of largest L2 (``order`` 2) or L1 (1) norm.

    Li et al. 2017, "Pruning Filters for Efficient ConvNets", who rank by L1. The bias of a pruned channel goes on
    learning. Raises `MaskError` for NaN.
    """
    refuse_nan(weight)
    norms = torch.linalg.vector_norm(by_channel(weight.detach(), layer), order, dim=(2, 3), dtype=torch.float64)
    return _from_channels(magnitude_mask(norms, sparsity)[..., None, None], weight, layer)


def channel_count(shape: torch.Size, layer: Layer, sparsity: float) -> int:
    """How many weights `channel_mask` keeps."""
    channels = by_channel(torch.empty(shape, device="meta"), layer).shape[:2].numel()
    return kept_count(channels, sparsity) * (shape.numel() // channels)


def random_mask(weight: Tensor, sparsity: float, seed: int) -> Tensor:
    """Keep exactly `kept_count` weights, any of them: the control that shows what choosing by magnitude is worth.

    Drawn on the CPU, so that a seed gives the same mask on every device.
    """
    draw = torch.rand(weight.shape, generator=torch.Generator().manual_seed(seed))
    return magnitude_mask(draw, sparsity).to(weight.device)


def by_channel(tensor: Tensor, layer: Layer) -> Tensor:
    """A tensor of a layer's weight as (groups, outputs of a group, inputs, places of the kernel): a view if contiguous.

    Caffe keeps outputs first, but for Deconvolution (inputs, outputs of a group, ...), for InnerProduct with
    ``transpose`` and for Embed (inputs, outputs).
    """
    if tensor.ndim < 2:
        return tensor.reshape(1, -1, 1, 1)
    kernel = tensor.flatten(2) if tensor.ndim > 2 else tensor[..., None]
    if getattr(layer, "transposed", False):
        return kernel.unflatten(0, (layer.group, -1)).movedim(1, 2)
    if getattr(layer, "transpose", False) or layer.type_name == "Embed":
        kernel = kernel.transpose(0, 1)
    return kernel[None]


def _from_channels(kept: Tensor, weight: Tensor, layer: Layer) -> Tensor:
    mask = torch.empty(weight.shape, dtype=torch.bool, device=weight.device)
    by_channel(mask, layer).copy_(kept)
    return mask
