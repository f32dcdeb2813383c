"""Permute, Squeeze, ShuffleChannel and Reorg, place by place."""

import numpy as np
import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


def run(kind, param, x):
    dims = " ".join(f"dim: {size}" for size in x.shape)
    net = netdef.loads(
        f'layer {{ name: "x" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }}'
        f'layer {{ name: "l" type: "{kind}" bottom: "x" top: "y" {param} }}'
    )
    return net(x=torch.from_numpy(x))["y"].numpy()


def numbered(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_permute_names_axes_and_appends_the_rest():
    x = numbered(2, 3, 4, 5)
    assert np.array_equal(
        run("Permute", "permute_param { order: 0 order: 2 order: 3 order: 1 }", x), x.transpose(0, 2, 3, 1)
    )
    assert np.array_equal(run("Permute", "permute_param { order: 2 }", x), x.transpose(2, 0, 1, 3))
    assert np.array_equal(run("Permute", "", x), x)


@pytest.mark.parametrize(
    ("kind", "param", "message"),
    [
        ("Permute", "permute_param { order: 1 order: 1 }", "names axis 1 twice"),
        ("Permute", "permute_param { order: 4 }", "names axis 4, but its bottom has 4 axes"),
        ("Squeeze", "squeeze_param { axis: 1 }", r"takes away axis 1 of a bottom of shape \(2, 3, 4, 5\)"),
        ("ShuffleChannel", "shuffle_channel_param { group: 2 }", "channels that `group` 2 divides"),
        ("Reorg", "reorg_param { stride: 2 }", "multiples of `stride` squared, 4"),
        ("Tiling", "tiling_param { tile_dim: 2 }", r"multiple of `tile_dim` squared, 4, channels"),
        ("Reorg", "", "multiples of `stride` squared, 0"),
    ],
)
def test_bad_parameters_are_refused(kind, param, message):
    with pytest.raises(netdef.SpecError, match=message):
        run(kind, param, numbered(2, 3, 4, 5))


def test_squeeze_takes_all_or_those_named():
    x = numbered(1, 3, 1, 4)
    assert run("Squeeze", "", x).shape == (3, 4)
    assert run("Squeeze", "squeeze_param { axis: 2 }", x).shape == (1, 3, 4)
    assert run("Squeeze", "squeeze_param { axis: -4 }", x).shape == (3, 1, 4)


def test_channels_are_shuffled_by_groups():
    """Six channels in three groups of two: the first of each, then the second of each."""
    x = numbered(2, 6, 4, 5)
    assert np.array_equal(run("ShuffleChannel", "shuffle_channel_param { group: 3 }", x), x[:, [0, 2, 4, 1, 3, 5]])


def test_tiles_of_channels():
    """Channel 4 c + 2 i + j is row i, column j of each tile of channel c."""
    x = numbered(2, 8, 3, 5)
    top = run("Tiling", "tiling_param { tile_dim: 2 }", x)
    assert top.shape == (2, 2, 6, 10)
    for i in range(2):
        for j in range(2):
            assert np.array_equal(top[:, :, i::2, j::2], x[:, 2 * i + j :: 4])
    check_layer('layer { name: "l" type: "Tiling" bottom: "x" top: "y" tiling_param { tile_dim: 2 } }', x=(2, 4, 3, 5))


def darknet(x, n, c, h, w, s, to_blocks):
    """darknet's loop: number (k, j, i) of a blob of (c, h, w) and its place in one of (c / s^2, h s, w s)."""
    flat, out = x.reshape(n, -1), np.empty_like(x.reshape(n, -1))
    less = c // s**2
    for k in range(c):
        for j in range(h):
            for i in range(w):
                offset, c2 = divmod(k, less)
                plain = i + w * (j + h * k)
                spread = i * s + offset % s + w * s * (j * s + offset // s + h * s * c2)
                if to_blocks:
                    out[:, plain] = flat[:, spread]
                else:
                    out[:, spread] = flat[:, plain]
    return out


def test_reorg_is_darknets():
    x = numbered(2, 8, 6, 4)
    top = run("Reorg", "reorg_param { stride: 2 }", x)
    assert top.shape == (2, 32, 3, 2)
    assert np.array_equal(top.reshape(2, -1), darknet(x, 2, 8, 6, 4, 2, True))
    top = run("Reorg", "reorg_param { stride: 2 reverse: true }", x)
    assert top.shape == (2, 2, 12, 8)
    assert np.array_equal(top.reshape(2, -1), darknet(x, 2, 8, 6, 4, 2, False))


def test_reorg_by_three():
    x = numbered(1, 9, 6, 3)
    top = run("Reorg", "reorg_param { stride: 3 }", x)
    assert np.array_equal(top.reshape(1, -1), darknet(x, 1, 9, 6, 3, 3, True))


def test_transpose_and_reverse():
    x = draw(2, 3, 5, 4)
    top = top_of("Transpose", "transpose_param { dim: 3 dim: 2 dim: 0 dim: 1 }", x=x)
    assert top.shape == (4, 5, 2, 3) and torch.equal(top[1, 3, 0, 2], x[0, 2, 3, 1])
    assert torch.equal(top_of("Reverse", "reverse_param { axis: 2 }", x=x), x[:, :, [4, 3, 2, 1, 0]])
    assert torch.equal(top_of("Reverse", x=x), x[[1, 0]])
    for named in ("dim: 0 dim: 1 dim: 2", "dim: 0 dim: 1 dim: 2 dim: 2"):
        with pytest.raises(netdef.SpecError, match="each of the 4 axes of its bottom once"):
            top_of("Transpose", f"transpose_param {{ {named} }}", x=x)


@pytest.mark.parametrize(("param", "turned"), [
    ("", lambda x: x[..., ::-1]),
    ("flip_height: true", lambda x: x[..., ::-1, ::-1]),
    ("flip_width: false flip_height: true", lambda x: x[..., ::-1, :]),
    ("flip_width: false", lambda x: x),
])
def test_flip(param, turned):
    x = numbered(2, 3, 5, 4)
    assert np.array_equal(run("Flip", f"flip_param {{ {param} }}", x), turned(x))


def test_matrices_of_items_are_transposed_as_in_lstm_cf():
    x = torch.arange(24.0).double().reshape(2, 3, 2, 2)
    there = top_of("Transpose", "transpose_param { transposetype: CONVTOLSTM shape { dim: 4 dim: 2 dim: 3 } }", x=x)
    wanted = torch.stack([x[n].flatten(1).t() for n in range(2)])
    assert there.equal(wanted.reshape(4, 2, 3))
    back = top_of("Transpose", "transpose_param { transposetype: LSTMTOCONV shape { dim: [2, 12] } }", x=x)
    assert back[1, :4].tolist() == [12, 15, 18, 21]  # every third of the second item: it is 4 rows of 3


def test_another_number_of_elements_is_refused():
    with pytest.raises(netdef.SpecError, match=r"cannot make a bottom of shape \(2, 3\) into \(5,\)"):
        one_layer("Transpose", "transpose_param { transposetype: LSTMTOCONV shape { dim: 5 } }", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="2 to 4 axes"):
        one_layer("Transpose", "transpose_param { transposetype: LSTMTOCONV shape { dim: 5 } }", x=(5,))
