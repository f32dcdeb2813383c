"""What Caffe has and torch has no word for, in plain torch: written into generated modules as it stands here.

Each function needs torch, ``F`` and those that it calls from this file, and nothing else.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def local_response_norm_within(x: Tensor, size: int, alpha: float, beta: float) -> Tensor:
    """Caffe's LRN WITHIN_CHANNEL: each pixel by the mean of squares in a square of side ``size`` around it."""
    squares = F.avg_pool2d(x * x, size, stride=1, padding=size // 2, count_include_pad=True)
    return x * (1 + alpha * squares) ** -beta


def padded_max_pool(x: Tensor, kernel: tuple, stride: tuple, before: tuple, after: tuple) -> Tensor:
    """Max pooling of a plane padded by more than half the kernel, which torch refuses."""
    x = F.pad(x, (before[1], after[1], before[0], after[0]), value=torch.finfo(x.dtype).min)
    return F.max_pool2d(x, kernel, stride)


def padded_average_pool(x: Tensor, kernel: tuple, stride: tuple, pad: tuple, size: tuple) -> Tensor:
    """Average pooling of a plane padded by more than half the kernel, to ``size``; padding counts, as zeros."""
    x = F.pad(x, (pad[1], pad[1], pad[0], pad[0]))
    return F.avg_pool2d(x, kernel, stride, ceil_mode=True)[:, :, : size[0], : size[1]]


def stochastic_pool(x: Tensor, kernel: tuple, stride: tuple, after: tuple) -> Tensor:
    """What stochastic pooling (Zeiler and Fergus 2013) gives at test time: the sum of squares over the sum."""
    x = F.pad(x, (0, after[1], 0, after[0]))
    area = kernel[0] * kernel[1]
    mass, squares = (area * F.avg_pool2d(y, kernel, stride) for y in (x, x * x))
    return torch.where(mass > 0, squares / torch.where(mass > 0, mass, 1), 0)


def mean_variance_norm(x: Tensor, axes: tuple, eps: float | None) -> Tensor:
    """Caffe's MVN: ``eps`` is added to the deviation, not to the variance; None leaves the variance as it is."""
    x = x.reshape(x.shape + (1,) * (4 - x.ndim))
    x = x - x.mean(axes, keepdim=True)
    return x if eps is None else x / (x.square().mean(axes, keepdim=True).sqrt() + eps)


def greatest(x: Tensor, count: int, axis: int) -> tuple[Tensor, Tensor]:
    """The greatest numbers along an axis and their indices, as floats; of equals the higher index is first, as in Caffe."""
    values, indices = x.flip(axis).sort(dim=axis, descending=True, stable=True)
    return values.narrow(axis, 0, count), (x.shape[axis] - 1 - indices.narrow(axis, 0, count)).to(x.dtype)


def reorg(x: Tensor, stride: int, reverse: bool) -> Tensor:
    """YOLO 9000's reorg, which reads numbers through another shape on the way, as darknet does."""
    n, c, h, w = x.shape
    less = c // stride**2
    if reverse:
        return x.reshape(n, stride, stride, less, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, less, h * stride, w * stride)
    blocks = x.reshape(n, less, h, stride, w, stride)
    return blocks.permute(0, 3, 5, 1, 2, 4).reshape(n, c * stride**2, h // stride, w // stride)


def unpool(x: Tensor, index: Tensor, size: tuple) -> Tensor:
    """SegNet's upsampling: values go where max pooling took them from, in planes of ``size``; an index beyond is left out."""
    places = index.long().flatten(2)
    beyond = (places < 0) | (places >= size[0] * size[1])
    plane = x.new_zeros(*x.shape[:2], size[0] * size[1])
    values = x.flatten(2).masked_fill(beyond, 0)
    return plane.scatter_add(2, places.masked_fill(beyond, 0), values).unflatten(2, size)


def pyramid_pool(x: Tensor, height: int, average: bool) -> Tensor:
    """Spatial pyramid pooling (He et al. 2014): each plane in 1, 4, 16, ... bins; a level's bins follow the last's."""
    levels = []
    for level in range(height):
        bins = 2**level
        kernel = [-(-size // bins) for size in x.shape[2:]]
        room = [k * bins - size for k, size in zip(kernel, x.shape[2:])]
        sides = ((room[1] + 1) // 2, room[1] // 2, (room[0] + 1) // 2, room[0] // 2)
        padded = F.pad(x, sides, value=0.0 if average else torch.finfo(x.dtype).min)
        levels.append(F.avg_pool2d(padded, kernel) if average else F.max_pool2d(padded, kernel))
    return levels[0] if height == 1 else torch.cat([y.flatten(1) for y in levels], 1)


class CaffeLSTM(nn.Module):
    """Caffe's LSTM: gates stand in the order input, forget, output, candidate; ``cont`` is 0 where a sequence begins.

    The state goes on from call to call, as in Caffe, unless ``h`` and ``c`` come in; then the last ones go out. It begins
    at zero, and again when the number of sequences changes.
    """

    def __init__(self, inputs: int, size: int, static: int = 0):
        super().__init__()
        self.input_weight, self.bias = nn.Parameter(torch.empty(4 * size, inputs)), nn.Parameter(torch.empty(4 * size))
        self.static_weight = nn.Parameter(torch.empty(4 * size, static)) if static else None
        self.hidden_weight = nn.Parameter(torch.empty(4 * size, size))
        self.state = None

    def forward(self, x: Tensor, cont: Tensor, static: Tensor | None = None, h: Tensor | None = None,
                c: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor, Tensor]:
        given = h is not None
        gates = F.linear(x.flatten(2), self.input_weight, self.bias)
        if static is not None:
            gates = gates + F.linear(static.flatten(1), self.static_weight)
        if not given:
            zeros = x.new_zeros(1, x.shape[1], self.hidden_weight.shape[1])
            h, c = self.state if self.state is not None and self.state[0].shape == zeros.shape else (zeros, zeros)
        h, c, tops = h[0], c[0], []
        for step, goes_on in zip(gates, cont.to(x.dtype).unsqueeze(2)):
            i, f, o, g = (step + F.linear(h * goes_on, self.hidden_weight)).chunk(4, 1)
            c = i.sigmoid() * g.tanh() + f.sigmoid() * (c * goes_on)
            h = o.sigmoid() * c.tanh()
            tops.append(h)
        self.state = None if given else (h[None].detach(), c[None].detach())
        return (torch.stack(tops), h[None], c[None]) if given else torch.stack(tops)


class CaffeRNN(nn.Module):
    """Caffe's RNN: ``h = tanh(W x + b + W_h (cont * h))``, and ``tanh(W_o h + b_o)`` of each step is the top.

    The state goes on from call to call, as in Caffe, unless ``h`` comes in; then the last one goes out. It begins at zero,
    and again when the number of sequences changes.
    """

    def __init__(self, inputs: int, size: int, static: int = 0):
        super().__init__()
        self.input_weight, self.bias = nn.Parameter(torch.empty(size, inputs)), nn.Parameter(torch.empty(size))
        self.static_weight = nn.Parameter(torch.empty(size, static)) if static else None
        self.hidden_weight = nn.Parameter(torch.empty(size, size))
        self.output_weight, self.output_bias = nn.Parameter(torch.empty(size, size)), nn.Parameter(torch.empty(size))
        self.state = None

    def forward(self, x: Tensor, cont: Tensor, static: Tensor | None = None,
                h: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        given = h is not None
        sums = F.linear(x.flatten(2), self.input_weight, self.bias)
        if static is not None:
            sums = sums + F.linear(static.flatten(1), self.static_weight)
        if not given:
            zeros = x.new_zeros(1, x.shape[1], self.hidden_weight.shape[1])
            h = self.state if self.state is not None and self.state.shape == zeros.shape else zeros
        h, tops = h[0], []
        for step, goes_on in zip(sums, cont.to(x.dtype).unsqueeze(2)):
            h = (step + F.linear(h * goes_on, self.hidden_weight)).tanh()
            tops.append(h)
        self.state = None if given else h[None].detach()
        top = F.linear(torch.stack(tops), self.output_weight, self.output_bias).tanh()
        return (top, h[None]) if given else top
