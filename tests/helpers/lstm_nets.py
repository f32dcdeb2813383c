"""Nets with an LSTM, markers for it, and its equations written out."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

import netdef

T, N, D, H, S = 7, 3, 5, 4, 2
FILLERS = 'weight_filler { type: "uniform" min: -1 max: 1 } bias_filler { type: "uniform" min: -1 max: 1 }'


def text(
    kind: str = "LSTM", param: str = "", tops: Sequence[str] = ("y",), size: int = H, **shapes: tuple[int, ...]
) -> str:
    inputs = "".join(
        f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ '
        f'{" ".join(f"dim: {size}" for size in shape)} }} }} }}\n' for name, shape in shapes.items())
    blobs = " ".join([*(f'bottom: "{name}"' for name in shapes), *(f'top: "{top}"' for top in tops)])
    param = f"recurrent_param {{ num_output: {size} {FILLERS} {param} }}" if kind == "LSTM" else ""
    return f'{inputs}layer {{ name: "l" type: "{kind}" {blobs} {param} }}'


def build(*args, phase: str = "TRAIN", steps: int = T, n: int = N, **more) -> netdef.Net:
    kwargs = {"x": (steps, n, D), "cont": (steps, n)} | more
    return netdef.loads(text(*args, **kwargs), phase=phase)


def written_out(net: netdef.Net, x: Tensor, cont: Tensor, s: Tensor | None = None, h=0.0, c=0.0) -> list[Tensor]:
    """h of every step, and the last h and c, sequence by sequence and gate by gate."""
    wx, b, *ws, wh = net.params["l"]
    hs = []
    h, c = h + torch.zeros(x.shape[1], H), c + torch.zeros(x.shape[1], H)
    for t in range(len(x)):
        k = cont[t, :, None]
        z = x[t].flatten(1) @ wx.T + b + (h * k) @ wh.T
        if s is not None:
            z = z + s @ ws[0].T
        i, f, o = (torch.sigmoid(z[:, gate * H : (gate + 1) * H]) for gate in range(3))
        c = f * k * c + i * torch.tanh(z[:, 3 * H :])
        h = o * torch.tanh(c)
        hs.append(h)
    return [torch.stack(hs), h, c]


def markers(*restarts: tuple[int, int], steps: int = T) -> Tensor:
    cont = torch.ones(steps, N)
    for step, sequence in restarts:
        cont[step, sequence] = 0
    return cont


RESTARTS = {
    "none": markers(),
    "at first": markers((0, 0), (0, 1), (0, 2)),
    "in a run": markers((4, 1)),
    "at the last": markers((6, 0), (6, 2)),
    "everywhere": markers((0, 0), (1, 1), (2, 2), (3, 0), (4, 1), (5, 2), (6, 0)),
    "in part": torch.full((T, N), 0.25),
}
