"""LSTM of LRCN's fork in 2014: the steps of LSTM on one axis."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError

CONT = torch.tensor([0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1]).double()  # 4 steps of 3 sequences


def both():
    """A layer of 4 steps of 3 sequences, and an LSTM with its blobs."""
    ours = one_layer("LSTM", "lstm_param { hidden_dim: 2 buffer_size: 3 }", x=(12, 5), c=(12,))
    todays = one_layer("LSTM", "recurrent_param { num_output: 2 }", x=(4, 3, 5), c=(4, 3))
    assert [tuple(blob.shape) for blob in ours.params["l"]] == [(8, 5), (8,), (8, 2)]
    with torch.no_grad():
        for i, (blob, other) in enumerate(zip(ours.params["l"], todays.params["l"])):
            other.copy_(blob.copy_(draw(*blob.shape, seed=i)))
    return ours, todays


def test_items_are_steps_of_sequences():
    ours, todays = both()
    for seed in (3, 4):  # the second goes on where the first ended
        x = draw(12, 5, seed=seed)
        wanted = todays(x=x.reshape(4, 3, 5), c=CONT.reshape(4, 3))["y0"]
        assert torch.allclose(ours(x=x, c=CONT)["y0"], wanted.reshape(12, 2))
        CONT[:3] = 1
    CONT[:3] = 0


def test_one_feature_and_markers_of_four_axes():
    net = one_layer("LSTM", "lstm_param { hidden_dim: 1 }", x=(2, 1, 1, 1), c=(2, 1, 1, 1))
    with torch.no_grad():
        for blob in net.params["l"]:
            blob.fill_(1)
    y = net(x=torch.ones(2, 1, 1, 1).double(), c=torch.zeros(2, 1, 1, 1))["y0"].flatten()
    two = torch.tensor(2.0).double()
    assert y.tolist() == pytest.approx([float(two.sigmoid() * (two.sigmoid() * two.tanh()).tanh())] * 2)


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("hidden_dim: 2 buffer_size: 5", {"x": (12, 5), "c": (12,)}, "does not divide the 12 items"),
    ("hidden_dim: 0", {"x": (12, 5), "c": (12,)}, "`hidden_dim` 0"),
    ("hidden_dim: 2", {"x": (12, 5), "c": (6, 2)}, "wants 12 numbers"),
    ("hidden_dim: 2 diagonal_cell_gates: true", {"x": (12, 5), "c": (12,)}, "not implemented"),
    ("hidden_dim: 2", {"x": (12, 5), "c": (12,), "h": (1, 2), "s": (1, 2)}, "4 bottoms; with `lstm_param` it wants 2")])
def test_refusals(param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer("LSTM", f"lstm_param {{ {param} }}", **shapes)
