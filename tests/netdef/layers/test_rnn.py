"""RNN: against the equations written out, state between batches, masks. What it shares with LSTM is tested there."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import netdef
from netdef.api import compile_net
from netdef.definition.read import read_net_text
from netdef.graph.pruning import attach_masks

T, N, D, H, S = 7, 3, 5, 4, 2


def text(param: str = "", tops: str = 'top: "y"', **more: tuple[int, ...]) -> str:
    shapes = {"x": (T, N, D), "cont": (T, N)} | more
    inputs = "".join(
        f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ '
        f'{" ".join(f"dim: {size}" for size in shape)} }} }} }}\n' for name, shape in shapes.items())
    bottoms = " ".join(f'bottom: "{name}"' for name in shapes)
    fillers = 'weight_filler { type: "uniform" min: -1 max: 1 } bias_filler { type: "uniform" min: -1 max: 1 }'
    param = f"recurrent_param {{ num_output: {H} {fillers} {param} }}"
    return f'{inputs}layer {{ name: "l" type: "RNN" {bottoms} {tops} {param} }}'


def written_out(net: netdef.Net, x: Tensor, cont: Tensor, s: Tensor | None = None, h=0.0) -> tuple[Tensor, Tensor]:
    wx, b, *ws, wh, wo, bo = net.params["l"]
    ys, h = [], h + torch.zeros(N, H)
    for t in range(len(x)):
        z = x[t] @ wx.T + b + (h * cont[t, :, None]) @ wh.T
        h = torch.tanh(z if s is None else z + s @ ws[0].T)
        ys.append(torch.tanh(h @ wo.T + bo))
    return torch.stack(ys), h


@pytest.mark.parametrize("static", [False, True])
@pytest.mark.parametrize("every", [1, 4, 9])
def test_two_batches_match_the_equations(every, static):
    net = netdef.loads(text(**({"s": (N, S)} if static else {})), phase="TRAIN")
    s = {"s": torch.randn(N, S)} if static else {}
    cont, h = torch.ones(T, N), 0.0
    cont[every::every, 1] = 0
    for _ in range(2):
        x = torch.randn(T, N, D, requires_grad=True)
        y = net(x=x, cont=cont, **s)["y"]
        expected, h = written_out(net, x, cont, h=h, **s)
        h = h.detach()
        torch.testing.assert_close(y, expected)
        slope, sources = torch.randn(T, N, H), [x, *net.parameters()]
        torch.testing.assert_close(
            torch.autograd.grad(y, sources, slope), torch.autograd.grad(expected, sources, slope))
    torch.testing.assert_close(net.layers["l"].h, h[None])
    assert net.layers["l"].carried == ("h",)


def test_exposed_states_are_bottoms_and_tops():
    net = netdef.loads(text("expose_hidden: true", 'top: "y" top: "hT"', h=(1, N, H)))
    inputs = {"x": torch.randn(T, N, D), "cont": torch.ones(T, N)}
    h = torch.randn(1, N, H)
    tops = net(**inputs, h=h)
    y, last = written_out(net, *inputs.values(), h=h[0])
    torch.testing.assert_close([tops["y"], tops["hT"]], [y, last[None]])
    assert not tops["hT"].requires_grad and net.layers["l"].carried == ()


@pytest.mark.parametrize(("static", "blobs"), [
    ({}, {0: "input_weight", 2: "hidden_weight", 3: "output_weight"}),
    ({"s": (N, S)}, {0: "input_weight", 2: "static_weight", 3: "hidden_weight", 4: "output_weight"}),
])
def test_every_weight_has_a_mask_of_its_own(static, blobs):
    net = compile_net(attach_masks(read_net_text(text(**static)), {"l": None}))
    assert net.masked == {f"l_mask_{index}": [("l", blob)] for index, blob in blobs.items()}


def test_multiply_adds():
    net = netdef.loads(text(s=(N, S)))
    assert net.rows[-1].multiply_adds == T * N * H * (D + H + H) + N * H * S


@pytest.mark.parametrize(("kind", "param"), [("RNN", "tf_rnn: true"), ("SimpleRNN", "")])
def test_the_state_is_the_top_in_synopsys_fork(kind: str, param: str):
    net = netdef.loads(text(param, s=(N, S)).replace('type: "RNN"', f'type: "{kind}"'), phase="TRAIN")
    wx, b, ws, wh = net.params["l"]
    x, s, cont, h, wanted = torch.randn(T, N, D), torch.randn(N, S), torch.ones(T, N), torch.zeros(N, H), []
    cont[3, 1] = 0
    for t in range(T):
        h = torch.tanh(x[t] @ wx.T + b + s @ ws.T + (h * cont[t, :, None]) @ wh.T)
        wanted.append(h)
    torch.testing.assert_close(net(x=x, cont=cont, s=s)["y"], torch.stack(wanted))
    assert net.layers["l"].weight_indices(read_net_text(text(param).replace('"RNN"', f'"{kind}"')).layers[-1], 3) == (0, 2, 3)
