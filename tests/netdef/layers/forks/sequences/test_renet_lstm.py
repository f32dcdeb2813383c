"""ReNetLSTM against a loop over the patches of each line."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer

import netdef

FILLER = "{ type: 'uniform' min: -0.7 max: 0.7 }"


def walked(cells, blobs):
    """h of each of these patches, one after the other, by the blobs of one way."""
    w_i, w_c, w_o, w_f, s_i, s_o, s_f, b_i, b_c, b_o, b_f = blobs
    h = s = torch.zeros(len(b_i)).double()
    found = []
    for cell in cells:
        x = torch.cat((cell.flatten(), h))
        i, f = torch.sigmoid(w_i @ x + s_i @ s + b_i), torch.sigmoid(w_f @ x + s_f @ s + b_f)
        s = i * torch.tanh(w_c @ x + b_c) + f * s
        h = torch.sigmoid(w_o @ x + s_o @ s + b_o) * torch.tanh(s)
        found.append(h)
    return found


@pytest.mark.parametrize("direction", ["X_DIR", "Y_DIR"])
@pytest.mark.parametrize("peephole", ["true", "false"])
def test_lines_are_walked_both_ways(direction, peephole):
    x = draw(2, 3, 6, 8)
    param = (f"renet_lstm_param {{ direction: {direction} num_output: 5 patch_height: 3 patch_width: 2 peephole: {peephole} "
             f"general_weight_filler {FILLER} general_bias_filler {FILLER} forget_gate_bias_filler {{ value: 1 }} "
             "input_gate_bias_filler { value: 0.5 } }")
    net = one_layer("ReNetLSTM", param, x=x)
    top, blobs = net(x=x)["y0"], [blob.detach() for blob in net.params["l"]]
    assert top.shape == (2, 10, 2, 4)
    assert [tuple(blob.shape) for blob in blobs] == [*[(5, 23)] * 4, *[(5, 5)] * 3, *[(5,)] * 4] * 2
    assert [float(blob[0]) for blob in blobs[9:11]] == [0, 1] and bool(blobs[4].any()) == (peephole == "true")
    cells = x.reshape(2, 3, 2, 3, 4, 2).permute(0, 2, 4, 1, 3, 5)  # item, row, column, channel, height, width
    for n in range(2):
        for line in range(2 if direction == "X_DIR" else 4):
            on_line = cells[n, line] if direction == "X_DIR" else cells[n, :, line]
            outputs = top[n, :, line] if direction == "X_DIR" else top[n, :, :, line]
            torch.testing.assert_close(outputs[:5].T, torch.stack(walked(on_line, blobs[:11])))
            torch.testing.assert_close(outputs[5:].T, torch.stack(walked(on_line.flip(0), blobs[11:])).flip(0))


def test_refused_sizes():
    with pytest.raises(netdef.SpecError, match="cuts planes of 4 x 5 into patches of 2 x 3; they must fit"):
        one_layer("ReNetLSTM", "renet_lstm_param { num_output: 2 patch_height: 2 patch_width: 3 }", x=(1, 2, 4, 5))
    with pytest.raises(netdef.SpecError, match="`num_output`"):
        one_layer("ReNetLSTM", x=(1, 2, 4, 5))
