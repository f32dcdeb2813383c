"""Pooling: rounding, clipping, padding, ties, and empty windows."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, top_of

import netdef
from netdef.errors import SpecError

LOWEST = torch.finfo(torch.float32).min


def build(param: str, shape: tuple[int, ...], tops: str = 'top: "y"', phase: str = "TEST") -> netdef.Net:
    dims = " ".join(f"dim: {size}" for size in shape)
    return netdef.loads(
        f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }}'
        f'layer {{ name: "l" type: "Pooling" bottom: "x" {tops} pooling_param {{ {param} }} }}', phase=phase)


def windows(size: int, kernel: int, stride: int, pad: int, ceil: bool) -> list[tuple[int, int]]:
    """First and last + 1 of each window along one axis, in the bottom's pixels, as Caffe lays them."""
    count = (math.ceil if ceil else math.floor)((size + 2 * pad - kernel) / stride) + 1
    if pad and (count - 1) * stride >= size + pad:
        count -= 1
    return [(i * stride - pad, min(i * stride - pad + kernel, size + pad)) for i in range(count)]


WINDOWS = [(3, 2, 0), (2, 2, 1), (3, 2, 1), (3, 2, 2), (4, 3, 3), (3, 1, 2), (2, 3, 0), (7, 1, 3)]


@pytest.mark.parametrize("ceil", [True, False])
@pytest.mark.parametrize("tops", ['top: "y"', 'top: "y" top: "index"'])
@pytest.mark.parametrize(("kernel", "stride", "pad"), WINDOWS)
def test_max_is_the_first_greatest_element_of_its_window(kernel, stride, pad, tops, ceil):
    x = torch.randint(-5, 5, (1, 2, 7, 8)).float()  # many ties
    param = f"kernel_size: {kernel} stride: {stride} pad: {pad} round_mode: {'CEIL' if ceil else 'FLOOR'}"
    net = build(param, x.shape, tops)
    leaf = x.requires_grad_()
    out = net(x=leaf)
    out["y"].sum().backward()
    slope = torch.zeros(1, 2, 7, 8)
    rows, columns = windows(7, kernel, stride, pad, ceil), windows(8, kernel, stride, pad, ceil)
    assert net.shapes["y"] == tuple(out["y"].shape) == (1, 2, len(rows), len(columns))
    for c in range(2):
        for i, (top, bottom) in enumerate(rows):
            for j, (left, right) in enumerate(columns):
                seen = [(h, w) for h in range(max(top, 0), min(bottom, 7)) for w in range(max(left, 0), min(right, 8))]
                best = max(seen, key=lambda place: x[0, c, place[0], place[1]].item())  # max keeps the first
                assert out["y"][0, c, i, j] == x[0, c, best[0], best[1]]
                slope[0, c, best[0], best[1]] += 1
                if "index" in out:
                    assert out["index"][0, c, i, j] == best[0] * 8 + best[1]
    assert x.grad.equal(slope)


@pytest.mark.parametrize("pad", [0, 1, 2])
def test_min_is_the_first_least_element_of_its_window(pad):
    x = torch.randint(-3, 3, (1, 1, 7, 8)).float().requires_grad_()
    for tops in ('top: "y"', 'top: "y" top: "index"'):
        out = build(f"pool: MIN kernel_size: 3 stride: 2 pad: {pad}", x.shape, tops)(x=x)
        slope = torch.zeros(7, 8)
        for i, (top, bottom) in enumerate(windows(7, 3, 2, pad, True)):
            for j, (left, right) in enumerate(windows(8, 3, 2, pad, True)):
                seen = [(h, w) for h in range(max(top, 0), min(bottom, 7)) for w in range(max(left, 0), min(right, 8))]
                least = min(seen, key=lambda place: x[0, 0, place[0], place[1]].item())  # min keeps the first
                assert out["y"][0, 0, i, j] == x[0, 0, least[0], least[1]]
                slope[least] += 1
                if "index" in out:
                    assert out["index"][0, 0, i, j] == least[0] * 8 + least[1]
        (grad,) = torch.autograd.grad(out["y"].sum(), x)
        assert grad[0, 0].equal(slope)


@pytest.mark.parametrize("ceil", [True, False])
@pytest.mark.parametrize(("kernel", "stride", "pad"), WINDOWS)
def test_average_counts_padding_as_part_of_the_window(kernel, stride, pad, ceil):
    x = torch.randn(1, 2, 7, 8, dtype=torch.float64)
    param = f"pool: AVE kernel_size: {kernel} stride: {stride} pad: {pad} round_mode: {'CEIL' if ceil else 'FLOOR'}"
    net = build(param, x.shape)
    y = net(x=x)["y"]
    rows, columns = windows(7, kernel, stride, pad, ceil), windows(8, kernel, stride, pad, ceil)
    assert net.shapes["y"] == tuple(y.shape) == (1, 2, len(rows), len(columns))
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            total = x[0, 1, max(top, 0) : bottom, max(left, 0) : right].sum()
            assert y[0, 1, i, j].item() == pytest.approx(total.item() / ((bottom - top) * (right - left)))


def test_each_axis_has_its_own_sizes():
    net = build("kernel_h: 3 kernel_w: 2 stride_h: 1 stride_w: 3 pad_h: 1 pad_w: 0", (1, 2, 5, 11))
    assert net.shapes["y"] == (1, 2, 5, 4)


@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
def test_global_pooling_follows_the_size_of_its_bottom(memory):
    x = torch.randn(2, 3, 5, 4).contiguous(memory_format=memory)
    assert build("global_pooling: true", (2, 3, 7, 6))(x=x)["y"].equal(x.amax((2, 3), keepdim=True))
    y = build("pool: AVE global_pooling: true", (2, 3, 7, 6))(x=x)["y"]
    torch.testing.assert_close(y, x.sum((2, 3), keepdim=True) / 20)
    index = build("global_pooling: true", (2, 3, 7, 6), 'top: "y" top: "index"')(x=x)["index"]
    assert index.equal(x.flatten(2).argmax(2).float().reshape(2, 3, 1, 1))


def test_gradient_of_equal_elements_goes_to_the_first():
    x = torch.zeros(1, 1, 3, 4, requires_grad=True)
    build("global_pooling: true", (1, 1, 3, 4))(x=x)["y"].backward()
    assert x.grad.flatten().tolist() == [1] + [0] * 11


def test_nan_is_never_the_maximum_with_indices():
    nan = math.nan
    x = torch.tensor([[nan, 2.0, nan, nan], [1.0, nan, -math.inf, nan]]).reshape(1, 1, 2, 4).requires_grad_()
    out = build("kernel_size: 2 stride: 2", x.shape, 'top: "y" top: "index"')(x=x)
    assert out["y"].flatten().tolist() == [2, LOWEST] and out["index"].flatten().tolist() == [1, -1]
    out["y"].sum().backward()
    assert x.grad.flatten().tolist() == [0, 1, 0, 0, 0, 0, 0, 0]


def test_with_one_top_a_nan_shows():
    x = torch.zeros(1, 1, 2, 4)
    x[0, 0, 1, 3] = math.nan
    y = build("kernel_size: 2 stride: 2", x.shape)(x=x)["y"].flatten()
    assert y[0] == 0 and y[1].isnan()


@pytest.mark.parametrize("pool", ["MAX", "AVE"])
def test_a_window_outside_the_bottom_is_refused_when_built_and_when_run(pool):
    with pytest.raises(SpecError, match="last window at 6, outside a bottom of size 6.*FLOOR"):
        build(f"pool: {pool} kernel_size: 2 stride: 3", (1, 2, 5, 6))
    net = build(f"pool: {pool} kernel_size: 2 stride: 3", (1, 2, 5, 7))
    assert net.shapes["y"] == (1, 2, 2, 3)
    with pytest.raises(SpecError, match="outside a bottom of size 6"):
        net(x=torch.zeros(1, 2, 6, 7))
    assert build(f"pool: {pool} kernel_size: 2 stride: 3 round_mode: FLOOR", (1, 2, 5, 6)).shapes["y"] == (1, 2, 2, 2)


@pytest.mark.parametrize("pool", ["MAX", "AVE"])
def test_a_kernel_of_1_takes_every_second_element(pool):
    """Of 6 columns the windows are at 0, 2 and 4; one at 6, which BVLC has, is left out as in intel's fork."""
    x = torch.arange(30.0).reshape(1, 1, 5, 6)
    net = build(f"pool: {pool} kernel_size: 1 stride: 2", x.shape)
    assert net.shapes["y"] == (1, 1, 3, 3)
    assert torch.equal(net(x=x)["y"], x[..., ::2, ::2])


def test_stochastic_draws_in_proportion_in_training():
    x = torch.tensor([[0.0, 1.0], [3.0, 0.0]]).expand(40, 50, 2, 2).requires_grad_()
    y = build("pool: STOCHASTIC kernel_size: 2", x.shape, phase="TRAIN")(x=x)["y"]
    assert set(y.flatten().tolist()) == {1.0, 3.0}
    assert abs((y == 3).float().mean() - 0.75) < 6 * (0.75 * 0.25 / 2000) ** 0.5
    (slope,) = torch.autograd.grad(y.sum(), x)
    assert slope.sum() == 2000 and slope[:, :, 0, 0].sum() == slope[:, :, 1, 1].sum() == 0


def test_stochastic_in_test_is_the_expected_value_and_0_where_nothing_is_positive():
    x = torch.tensor([[0.0, 1.0, -1.0], [3.0, 0.0, 0.0]]).reshape(1, 1, 2, 3)
    y = build("pool: STOCHASTIC kernel_size: 2 stride: 2", x.shape)(x=x)["y"]
    assert y.flatten().tolist() == [(1 + 9) / 4, 0]


@pytest.mark.parametrize(
    ("param", "tops", "words"),
    [
        ("kernel_h: 2", 'top: "y"', ("`kernel_h` without `kernel_w`",)),
        ("kernel_size: 2 pad_w: 1", 'top: "y"', ("`pad_w` without `pad_h`",)),
        ("kernel_size: 2 stride: 2 stride_h: 1 stride_w: 1", 'top: "y"', ("both `stride` and `stride_h`",)),
        ("kernel_size: 0", 'top: "y"', ("kernel (0, 0)",)),
        ("kernel_size: 2 stride: 0", 'top: "y"', ("stride (0, 0)",)),
        ("kernel_size: 2 pad: 2", 'top: "y"', ("pad (2, 2)", "kernel (2, 2)")),
        ("kernel_size: 2 global_pooling: true", 'top: "y"', ("globally", "`kernel_size`")),
        ("kernel_size: 9", 'top: "y"', ("kernel of 9", "size 5")),
        ("kernel_size: 2 pool: AVE", 'top: "y" top: "z"', ("two tops", "AVE")),
    ],
)
def test_bad_parameters_are_refused_in_one_complaint(param, tops, words):
    with pytest.raises(SpecError) as error:
        build(param, (1, 2, 5, 6), tops)
    (problem,) = error.value.problems
    assert problem.span is not None and all(word in problem.message for word in words), problem.message


def test_ceil_mode_is_the_round_mode():
    x = draw(2, 3, 6, 5)
    for forks, ours in (("ceil_mode: false", "round_mode: FLOOR"), ("ceil_mode: true", "")):
        one, other = (top_of("Pooling", f"pooling_param {{ kernel_size: 3 stride: 2 {p} }}", x=x) for p in (forks, ours))
        assert torch.equal(one, other)
    assert top_of("Pooling", "pooling_param { kernel_size: 3 stride: 2 ceil_mode: false }", x=x).shape == (2, 3, 2, 2)
    with pytest.raises(netdef.SpecError, match="both `round_mode` and the `ceil_mode`"):
        top_of("Pooling", "pooling_param { kernel_size: 3 ceil_mode: true round_mode: CEIL }", x=x)


def places(size: int, kernel: int, stride: int, before: int, after: int, ceil: bool) -> list[tuple[int, int]]:
    """`windows` in Synopsys' fork, with padding of its own on each side."""
    count = (math.ceil if ceil else math.floor)((size + before + after - kernel) / stride) + 1
    if (count - 1) * stride >= size + before:
        count -= 1
    return [(i * stride - before, min(i * stride - before + kernel, size + after)) for i in range(count)]


@pytest.mark.parametrize("ceil", [True, False])
@pytest.mark.parametrize("pads", [(0, 1, 2, 0), (1, 0, 0, 3), (2, 2, 1, 1)])
@pytest.mark.parametrize("pool", ["MAX", "AVE", "AVE_EXC_PAD", "AVE_TF"])
def test_each_side_is_padded_by_itself(pool, pads, ceil):
    x = draw(2, 3, 7, 8)
    top_pad, bottom_pad, left_pad, right_pad = pads
    sides = f"pad_t: {top_pad} pad_b: {bottom_pad} pad_l: {left_pad} pad_r: {right_pad}"
    param = f"pool: {pool} kernel_size: 3 stride: 2 {sides} ceil_mode: {str(ceil).lower()}"
    net = build(param, x.shape).double()
    y = net(x=x)["y"]
    rows, columns = places(7, 3, 2, top_pad, bottom_pad, ceil), places(8, 3, 2, left_pad, right_pad, ceil)
    assert net.shapes["y"] == tuple(y.shape) == (2, 3, len(rows), len(columns))
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            seen = x[:, :, max(top, 0) : min(bottom, 7), max(left, 0) : min(right, 8)].flatten(2)
            count = (bottom - top) * (right - left) if pool == "AVE" else seen.shape[2]
            torch.testing.assert_close(y[:, :, i, j], seen.amax(2) if pool == "MAX" else seen.sum(2) / count)


def test_padding_does_not_count():
    """Of 1, 2, 3, 4 and one zero behind: the means of 1 2 3 and of 3 4."""
    x = torch.tensor([1.0, 2, 3, 4]).reshape(1, 1, 1, 4)
    size = "kernel_h: 1 kernel_w: 3 stride_h: 1 stride_w: 2 pad_r: 1"
    assert build(f"pool: AVE_EXC_PAD {size}", x.shape)(x=x)["y"].flatten().tolist() == pytest.approx([2, 3.5])
    assert build(f"pool: AVE {size}", x.shape)(x=x)["y"].flatten().tolist() == pytest.approx([2, 7 / 3])
    same = build(f"pool: AVE avg_include_pad: false {size}", x.shape)(x=x)["y"]
    assert same.flatten().tolist() == pytest.approx([2, 3.5])


@pytest.mark.parametrize(("kernel", "stride", "size", "before", "after"),
                         [(3, 2, 7, 1, 1), (3, 2, 8, 0, 1), (4, 3, 7, 1, 2), (1, 2, 4, 0, 0), (2, 3, 8, 0, 0)])
def test_same_padding_of_tensorflow(kernel, stride, size, before, after):
    x = draw(1, 2, 1, size)
    param = f"pool: AVE pad_type: 1 kernel_h: 1 kernel_w: {kernel} stride_h: 1 stride_w: {stride}"
    y = build(param, x.shape).double()(x=x)["y"]
    padded = torch.zeros(2, before + size + after).double()
    padded[:, before : before + size] = x[0, :, 0]
    count = math.ceil(size / stride)
    assert y.shape == (1, 2, 1, count)
    torch.testing.assert_close(y[0, :, 0], padded.unfold(1, kernel, stride).mean(2)[:, :count])


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("kernel_size: 3 pad: 1 pad_l: 1", "both `pad` and `pad_l`"),
        ("kernel_size: 3 pad_type: 1 pad_b: 1", "both `pad_type` and `pad_b`"),
        ("kernel_size: 3 pad_type: 2", "0 (by `pad`) or 1"),
        ("kernel_size: 2 pad_t: 2", "pad (2, 0)"),
        ("kernel_size: 2 stride: 3 pad_r: 4", "last window at 6, outside a bottom of size 6"),
        ("global_pooling: true pad_r: 1", "globally"),
        ("pool: STOCHASTIC kernel_size: 3 pad_r: 1", "STOCHASTIC pooling takes none"),
    ],
)
def test_paddings_that_contradict_each_other_are_refused(param, words):
    with pytest.raises(SpecError) as error:
        build(param, (1, 2, 5, 6))
    assert words in str(error.value)


def volume(x: torch.Tensor, places: list[list[tuple[int, int]]], pool: str) -> torch.Tensor:
    """The top of one volume: each window's maximum, or its sum over the size of its cut-off window."""
    top = torch.empty([len(axis) for axis in places])
    for index in torch.cartesian_prod(*(torch.arange(len(axis)) for axis in places)).tolist():
        window = [axis[i] for axis, i in zip(places, index)]
        part = x[tuple(slice(max(first, 0), last) for first, last in window)]
        size = math.prod(last - first for first, last in window)
        top[tuple(index)] = part.max() if pool == "MAX" else part.sum() / size
    return top


@pytest.mark.parametrize("pool", ["MAX", "AVE"])
@pytest.mark.parametrize(("param", "sides"), [
    ("kernel_size: 3 stride: 2", [(3, 2, 0)] * 3),
    ("kernel_size: [1, 2, 3] stride: [1, 2, 2] pad: [0, 1, 1]", [(1, 1, 0), (2, 2, 1), (3, 2, 1)]),
])
def test_volumes_are_pooled_over_three_axes(param, sides, pool):
    x = draw(2, 3, 5, 6, 7).float()
    padded = any(pad for *_, pad in sides)
    places = [windows(size, *side, True) for size, side in zip((5, 6, 7), sides)]
    net = build(f"pool: {pool} {param}", x.shape)
    top = net(x=x)["y"]
    assert padded or len(places[2]) == 3  # of 7: 0, 2, 4
    assert net.shapes["y"] == tuple(top.shape) == (2, 3, *map(len, places))
    torch.testing.assert_close(top[1, 2], volume(x[1, 2], places, pool))


@pytest.mark.parametrize(("param", "tops"), [
    ("pool: STOCHASTIC kernel_size: 2", 'top: "y"'), ("kernel_size: 3 pad: 2", 'top: "y"'),
    ("kernel_size: 2", 'top: "y" top: "index"')])
def test_volumes_have_the_simple_kinds_of_pooling(param, tops):
    with pytest.raises(SpecError, match="pools volumes; that takes MAX or AVE, one top, and a pad of at most half"):
        build(param, (1, 2, 4, 5, 6), tops)


def test_volumes_can_be_pooled_globally():
    x = draw(2, 3, 5, 4, 6).float()
    for pool, expected in (("MAX", x.amax((2, 3, 4))), ("AVE", x.mean((2, 3, 4)))):
        top = build(f"pool: {pool} global_pooling: true", x.shape)(x=x)["y"]
        assert top.shape == (2, 3, 1, 1, 1)
        torch.testing.assert_close(top.flatten(1), expected)


@pytest.mark.parametrize(("param", "steps"), [
    ("dilation: 2", (2, 2)), ("dilation: [1, 3]", (1, 3)), ("dilation: 2 pad: 1", (2, 2)), ("dilation: 1", (1, 1)),
])
def test_windows_with_steps_between_their_values(param, steps):
    """As in naibaf7's fork: ``pooled = ceil((size + 2 pad - reach) / stride) + 1``, with reach (kernel - 1) dilation + 1."""
    x, pad = draw(2, 3, 9, 12), 1 if "pad" in param else 0
    top = top_of("Pooling", f"pooling_param {{ kernel_size: 2 stride: 2 {param} }}", x=x)
    counts = [math.ceil((size + 2 * pad - step - 1) / 2) + 1 for size, step in zip((9, 12), steps)]
    assert top.shape == (2, 3, *counts)
    for row in range(counts[0]):
        for column in range(counts[1]):
            rows, columns = ([index for index in (2 * at - pad, 2 * at - pad + step) if 0 <= index < size]
                             for at, step, size in zip((row, column), steps, (9, 12)))
            wanted = x[:, :, rows][:, :, :, columns].flatten(2).amax(2)
            torch.testing.assert_close(top[:, :, row, column], wanted)


def test_steps_between_the_values_of_volumes():
    x = draw(1, 2, 5, 6, 7)
    top = top_of("Pooling", "pooling_param { kernel_size: 2 dilation: 3 }", x=x)
    corners = [x[:, :, i:i + 2, j:j + 3, k:k + 4] for i in (0, 3) for j in (0, 3) for k in (0, 3)]
    torch.testing.assert_close(top, torch.stack(corners).amax(0))


@pytest.mark.parametrize(("param", "said"), [
    ("pool: AVE kernel_size: 2 dilation: 2", "has `dilation`; that takes MAX, one top"),
    ("global_pooling: true dilation: 2", r"pools globally with dilation \(2, 2\)"),
    ("kernel_size: 2 dilation: [1, 2, 3]", "gives `dilation` 3 times for 2 axes"),
    ("kernel_size: 2 dilation: 0", r"has dilation \(0,\); it must be at least 1"),
    ("kernel_size: 3 dilation: 4", "has a kernel of 9, which does not fit a bottom of size 7 with pad 0"),
])
def test_steps_that_do_not_fit_are_refused(param, said):
    with pytest.raises(SpecError, match=said):
        build(param, (1, 2, 7, 8))
