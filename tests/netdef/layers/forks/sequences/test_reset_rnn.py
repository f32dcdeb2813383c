"""ResetRNN: its steps by hand."""

from __future__ import annotations

import torch
from one_layer import draw, one_layer


def test_steps_by_hand_and_the_state_goes_on():
    net = one_layer("ResetRNN", "lstm_param { hidden_dim: 2 buffer_size: 3 }", x=(6, 5), c=(6,))
    blobs = net.params["l"]
    assert [tuple(b.shape) for b in blobs] == [(2, 5), (2,), (2, 5), (2,), (2, 5), (2,), (2, 2), (2, 2), (2, 2)]
    with torch.no_grad():
        for i, blob in enumerate(blobs):
            blob.copy_(draw(*blob.shape, seed=i))
    w_h, b_h, w_f, b_f, w_z, b_z, u_f, u_z, u_h = (blob.detach() for blob in blobs)
    states = [torch.zeros(2).double()] * 3
    for seed, marks in ((11, [0, 0, 0, 1, 0, 1]), (12, [1, 0, 1, 1, 1, 0.5])):
        x, wanted = draw(6, 5, seed=seed), []
        for item, mark in enumerate(marks):
            h = states[item % 3] * mark
            f, z = (w_f @ x[item] + b_f + u_f @ h).sigmoid(), (w_z @ x[item] + b_z + u_z @ h).sigmoid()
            states[item % 3] = z * h + (1 - z) * (w_h @ x[item] + b_h + u_h @ (f * h)).sigmoid()
            wanted.append(states[item % 3])
        assert torch.allclose(net(x=x, c=torch.tensor(marks).double())["y0"], torch.stack(wanted))
