"""LSTM and RNN as plain modules of torch, which are copied into written modules (see `TorchCode`).

Each needs ``torch``, ``F`` and ``nn``, and nothing else of this file.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CaffeLSTM(nn.Module):
    """Caffe's LSTM: gates stand in the order input, forget, output, candidate; ``cont`` is 0 where a sequence begins.

    The state goes on from call to call, as in Caffe, unless ``h`` and ``c`` come in; then the last ones go out. It begins
    at zero, and again when the number of sequences changes. ``forget_bias`` is added to the forget gates.
    With ``static_at_start`` the static input counts in the first step alone.
    """

    def __init__(self, inputs: int, size: int, static: int = 0, forget_bias: float = 0, static_at_start: bool = False):
        super().__init__()
        self.forget_bias, self.static_at_start = forget_bias, static_at_start
        self.input_weight, self.bias = nn.Parameter(torch.empty(4 * size, inputs)), nn.Parameter(torch.empty(4 * size))
        self.static_weight = nn.Parameter(torch.empty(4 * size, static)) if static else None
        self.hidden_weight = nn.Parameter(torch.empty(4 * size, size))
        self.state: tuple[Tensor, Tensor] | None = None

    def forward(self, x: Tensor, cont: Tensor, static: Tensor | None = None, h: Tensor | None = None,
                c: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor, Tensor]:
        given = h is not None
        gates = F.linear(x.flatten(2), self.input_weight, self.bias)
        if self.static_weight is not None and static is not None:
            more = F.linear(static.flatten(1), self.static_weight)
            gates = torch.cat((gates[:1] + more, gates[1:])) if self.static_at_start else gates + more
        if h is None or c is None:
            zeros = x.new_zeros(1, x.shape[1], self.hidden_weight.shape[1])
            h, c = self.state if self.state is not None and self.state[0].shape == zeros.shape else (zeros, zeros)
        h, c, tops = h[0], c[0], []
        for step, goes_on in zip(gates, cont.to(x.dtype).unsqueeze(2)):
            i, f, o, g = (step + F.linear(h * goes_on, self.hidden_weight)).chunk(4, 1)
            c = i.sigmoid() * g.tanh() + (f + self.forget_bias).sigmoid() * (c * goes_on)
            h = o.sigmoid() * c.tanh()
            tops.append(h)
        self.state = None if given else (h[None].detach(), c[None].detach())
        return (torch.stack(tops), h[None], c[None]) if given else torch.stack(tops)


class CaffeRNN(nn.Module):
    """Caffe's RNN: ``h = tanh(W x + b + W_h (cont * h))``, and ``tanh(W_o h + b_o)`` of each step is the top.

    The state goes on from call to call, as in Caffe, unless ``h`` comes in; then the last one goes out. It begins at zero,
    and again when the number of sequences changes. With ``static_at_start`` the static input counts in the first step alone.
    """

    def __init__(self, inputs: int, size: int, static: int = 0, static_at_start: bool = False):
        super().__init__()
        self.static_at_start = static_at_start
        self.input_weight, self.bias = nn.Parameter(torch.empty(size, inputs)), nn.Parameter(torch.empty(size))
        self.static_weight = nn.Parameter(torch.empty(size, static)) if static else None
        self.hidden_weight = nn.Parameter(torch.empty(size, size))
        self.output_weight, self.output_bias = nn.Parameter(torch.empty(size, size)), nn.Parameter(torch.empty(size))
        self.state: Tensor | None = None

    def forward(self, x: Tensor, cont: Tensor, static: Tensor | None = None,
                h: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        given = h is not None
        sums = F.linear(x.flatten(2), self.input_weight, self.bias)
        if self.static_weight is not None and static is not None:
            more = F.linear(static.flatten(1), self.static_weight)
            sums = torch.cat((sums[:1] + more, sums[1:])) if self.static_at_start else sums + more
        if h is None:
            zeros = x.new_zeros(1, x.shape[1], self.hidden_weight.shape[1])
            h = self.state if self.state is not None and self.state.shape == zeros.shape else zeros
        h, tops = h[0], []
        for step, goes_on in zip(sums, cont.to(x.dtype).unsqueeze(2)):
            h = (step + F.linear(h * goes_on, self.hidden_weight)).tanh()
            tops.append(h)
        self.state = None if given else h[None].detach()
        top = F.linear(torch.stack(tops), self.output_weight, self.output_bias).tanh()
        return (top, h[None]) if given else top
