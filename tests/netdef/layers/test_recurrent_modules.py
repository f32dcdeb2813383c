"""The plain modules for LSTM and RNN compute what the layers do, with the blobs under the same names."""

from __future__ import annotations

import pytest
import torch
from lstm_nets import FILLERS, D, H, N, S, T
from one_layer import draw, one_layer

from netdef.layers.recurrent_modules import CaffeLSTM, CaffeRNN

MODULES = {"LSTM": (CaffeLSTM, ("h", "c")), "RNN": (CaffeRNN, ("h",))}


def pair(kind: str, param: str = "", tops: int = 1, **bottoms: tuple[int, ...]):
    """A net of one layer, and the module with its blobs."""
    net = one_layer(kind, f"recurrent_param {{ num_output: {H} {FILLERS} {param} }}", tops=tops, x=(T, N, D), cont=(T, N),
                    **bottoms)
    module = MODULES[kind][0](D, H, static=S if "static" in bottoms else 0).double()
    module.load_state_dict(net.layers["l"].to_torch())
    return net, module


@pytest.mark.parametrize("kind", MODULES)
@pytest.mark.parametrize("static", [False, True])
def test_two_batches_go_on_from_each_other(kind, static):
    net, module = pair(kind, **({"static": (N, S)} if static else {}))
    more = {"static": draw(N, S)} if static else {}
    cont = torch.ones(T, N)
    cont[0], cont[4, 1] = 0, 0.5
    with torch.no_grad():
        for seed in (1, 2):
            x = draw(T, N, D, seed=seed)
            torch.testing.assert_close(module(x, cont, **more), net(x=x, cont=cont, **more)["y0"])


@pytest.mark.parametrize("kind", MODULES)
def test_other_number_of_sequences_resets_the_state(kind):
    net, module = pair(kind)
    with torch.no_grad():
        for n in (N, N + 1, N + 1):  # the state of N sequences, of none, of N + 1
            x, cont = draw(T, n, D), torch.ones(T, n)
            torch.testing.assert_close(module(x, cont), net(x=x, cont=cont)["y0"])


@pytest.mark.parametrize("kind", MODULES)
def test_exposed_states_are_arguments_and_results(kind):
    states = MODULES[kind][1]
    net, module = pair(kind, "expose_hidden: true", 1 + len(states), **{name: (1, N, H) for name in states})
    x, cont = draw(T, N, D), torch.ones(T, N)
    given = {name: draw(1, N, H, seed=seed) for seed, name in enumerate(states)}
    with torch.no_grad():
        tops = net(x=x, cont=cont, **given)
        torch.testing.assert_close(list(module(x, cont, **given)), [tops[f"y{i}"] for i in range(1 + len(states))])
    assert module.state is None
