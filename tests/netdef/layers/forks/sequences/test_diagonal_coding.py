"""DecoderInput, DecoderExtract, DecoderConv3 and DecoderOutput of CCN: a diagonal a pass."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.nn.functional import conv2d

import netdef
from netdef.layers.forks.sequences.diagonal_coding import interval_tables

GROUPS, HEIGHT, WIDTH = 3, 2, 4
DIAGONALS = GROUPS + HEIGHT + WIDTH - 2


def codes(number: int) -> list[tuple[int, int, int]]:
    """Group, row and column of the codes of a diagonal, by row + column and then by row."""
    places = sorted((r + c, r, c) for r in range(HEIGHT) for c in range(WIDTH))
    return [(number - d, r, c) for d, r, c in places if 0 <= number - d < GROUPS]


def test_codes_of_a_diagonal_go_to_their_places():
    net = one_layer("DecoderInput", f"decoder_param {{ nchannels: {GROUPS} }}", x=(2, 1, HEIGHT, WIDTH))
    wanted = torch.zeros(2, GROUPS, HEIGHT, WIDTH).double()
    for step in range(DIAGONALS + 3):  # with pass 0, and one behind the last diagonal
        x = draw(2, 1, HEIGHT, WIDTH, seed=step)
        if step % (DIAGONALS + 2) == 0:
            wanted = torch.zeros_like(wanted)
        elif step <= DIAGONALS:
            places = codes(step - 1)
            for item in (0, 1):
                for index, (g, r, c) in enumerate(places):
                    wanted[item, g, r, c] = x.flatten()[item * len(places) + index]
        assert torch.equal(net(x=x)["y0"], wanted), step


@pytest.mark.parametrize(("param", "late"), [("", 1), ("decoder_param { extract_label: true }", 0)])
def test_codes_of_a_diagonal_are_listed(param: str, late: int):
    x = draw(2, GROUPS, HEIGHT, WIDTH)
    net = one_layer("DecoderExtract", param, x=x)
    wanted = torch.zeros(2 * HEIGHT * WIDTH).double()
    for step in range(DIAGONALS + late):
        places = codes(step - late) if step >= late else []
        wanted[: 2 * len(places)] = torch.tensor([x[item, g, r, c] for item in (0, 1) for g, r, c in places])
        assert torch.equal(net(x=x)["y0"].flatten(), wanted), step


def test_all_diagonals_make_the_constrained_convolution():
    """Weights on diagonals behind an output's do not count: i + j + channel // 2 above output // 2 + 2."""
    x = draw(2, 2 * GROUPS, HEIGHT, WIDTH).requires_grad_()
    net = one_layer("DecoderConv3", "convolution_param { num_output: 6 kernel_size: 3 pad: 1 constrain: 6 group_in: 2 "
                    "group_out: 2 weight_filler { type: 'xavier' } bias_filler { type: 'uniform' } }", x=x)
    weight, bias = (blob.detach().clone() for blob in net.layers["l"].blobs)
    for output in range(6):
        for channel in range(6):
            for i in range(3):
                for j in range(3):
                    if i + j + channel // 2 > output // 2 + 2:
                        weight[output, channel, i, j] = 0
    whole, seen = conv2d(x, weight, bias, padding=1), torch.zeros(2, 6, HEIGHT, WIDTH).double()
    for step in range(DIAGONALS):
        top = net(x=x)["y0"]
        for g, r, c in codes(step):
            seen[:, 2 * g : 2 * g + 2, r, c] = whole.detach()[:, 2 * g : 2 * g + 2, r, c]
        torch.testing.assert_close(top, seen)
    torch.testing.assert_close(seen, whole.detach())


def test_tables_of_chances():
    """Rounded sums of 8: 4, 4, 7, 8, where the second and those behind move up by 1, and from the widest, the first, down again.

    And 0, 4, 7, 8, where all move up by 1, and from the second down.
    """
    chances = torch.tensor([[0.5, 0.02, 0.3, 0.18], [0.02, 0.5, 0.3, 0.18]]).double()
    assert interval_tables(chances, 8).tolist() == [[0, 3, 4, 7, 8], [0, 1, 4, 7, 8]]


def test_tables_of_the_codes_of_a_diagonal():
    x = draw(2, GROUPS * 5, HEIGHT, WIDTH)
    net = one_layer("DecoderOutput", f"decoder_param {{ nchannels: {GROUPS} total_region: 1000 }}", x=x)
    net(x=x)
    top = net(x=x)["y0"]
    assert top.shape == (2 * HEIGHT * WIDTH + 1, 1, 1, 6)
    places = codes(1)
    rows = torch.stack([x[item, 5 * g : 5 * g + 5, r, c] for item in (0, 1) for g, r, c in places])
    wanted = torch.cat((torch.zeros(len(rows), 1), (rows.softmax(1).cumsum(1) * 1000 + 0.5).floor()), 1)
    assert torch.equal(top[: len(rows), 0, 0], wanted)  # no chance is below 1 / 1000
    assert top.flatten()[rows.shape[0] * 6] == -1


def test_a_net_begins_again():
    """By `reset_state`, and for bottoms of another shape."""
    net = one_layer("DecoderExtract", "", x=(1, GROUPS, HEIGHT, WIDTH))
    x = draw(1, GROUPS, HEIGHT, WIDTH)
    net(x=x)
    assert net(x=x)["y0"].flatten()[0] == x[0, 0, 0, 0]
    net.reset_state()
    assert not net(x=x)["y0"].any()
    assert net(x=x)["y0"].any()
    assert not net(x=draw(1, GROUPS, HEIGHT, WIDTH + 1))["y0"].any()


@pytest.mark.parametrize(("kind", "param", "complaint"), [
    ("DecoderInput", "decoder_param { nchannels: 3 }", "wants one channel"),
    ("DecoderOutput", "decoder_param { nchannels: 5 }", "a multiple of `nchannels` 5"),
    ("DecoderConv3", "convolution_param { num_output: 6 kernel_size: 3 constrain: 6 }", "planes that keep their size"),
])
def test_what_does_not_fit_is_refused(kind: str, param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer(kind, param, x=(2, 6, 4, 5))
