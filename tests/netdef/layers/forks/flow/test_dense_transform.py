"""DSTFlow's losses: what two images miss at a flow, and how smooth it is. Gradients are of the sums."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch import Tensor

import netdef

A, B = draw(2, 3, 3, 4, seed=2), draw(2, 3, 3, 4, seed=3)
FLOW = torch.rand(2, 2, 3, 4, generator=torch.Generator().manual_seed(1)).double() * 2.4 - 1.2
PHASES = pytest.mark.parametrize("phase", ["TRAIN", "TEST"])


def run(kind: str, param: str = "", phase: str = "TEST", **bottoms: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss, and the gradients of those bottoms that have one."""
    bottoms = {name: bottom.clone().requires_grad_() for name, bottom in bottoms.items()}
    loss = one_layer(kind, param, phase, **bottoms)(**bottoms)["y0"]
    gradients = torch.autograd.grad(loss, list(bottoms.values()), allow_unused=True)
    return loss, {name: gradient for name, gradient in zip(bottoms, gradients) if gradient is not None}


def derivative(function: Callable[[Tensor], float], x: Tensor) -> Tensor:
    """By differences of 1e-6 on each side."""
    out = torch.empty_like(x)
    for place in range(x.numel()):
        values = []
        for side in (1e-6, -1e-6):
            moved = x.clone()
            moved.view(-1)[place] += side
            values.append(function(moved))
        out.view(-1)[place] = (values[0] - values[1]) / 2e-6
    return out


def at(image: Tensor, row: int, column: int) -> Tensor:
    inside = 0 <= row < image.shape[1] and 0 <= column < image.shape[2]
    return image[:, row, column] if inside else torch.zeros(len(image), dtype=image.dtype)


def missed(a: Tensor, b: Tensor, flow: Tensor) -> list[Tensor]:
    """The difference of the channels at each place of each item."""
    out = []
    for n, row, column in torch.cartesian_prod(*map(torch.arange, (len(a), *a.shape[2:]))).tolist():
        x, y = column + flow[n, 0, row, column].item(), row + flow[n, 1, row, column].item()
        left, top = math.floor(x), math.floor(y)
        value = sum((1 - abs(x - i)) * (1 - abs(y - j)) * at(b[n], j, i) for i in (left, left + 1) for j in (top, top + 1))
        out.append(a[n, :, row, column] - value)
    return out


@PHASES
def test_what_images_miss_at_a_flow(phase: str):
    def total(a: Tensor, b: Tensor, flow: Tensor) -> float:
        return sum(math.sqrt(d.square().sum().item() + 1e-6) for d in missed(a, b, flow))

    loss, gradients = run("DataLoss", "", phase, a=A, b=B, f=FLOW)
    assert loss.item() == pytest.approx(total(A, B, FLOW) / 24)
    torch.testing.assert_close(gradients["a"], derivative(lambda a: total(a, B, FLOW), A), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(gradients["b"], derivative(lambda b: total(A, b, FLOW), B), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(gradients["f"], derivative(lambda f: total(A, B, f), FLOW), rtol=1e-5, atol=1e-6)
    by_items = run("DataLoss", "data_loss_param { normalize_by_num_entries: false }", phase, a=A, b=B, f=FLOW)
    assert by_items[0].item() == pytest.approx(total(A, B, FLOW) / 2)
    torch.testing.assert_close(by_items[1], gradients)


def test_unknown_pixels_and_small_differences_do_not_count():
    """The flow is 0: 3, 4 is 5; NaN, 4 is 4; 1.5 of 2 and 0 become 0, whose root is that of epsilon."""
    a = torch.tensor([[3.0, math.nan, 1.5, 0], [4.0, 4, 0, 0]]).double().reshape(1, 2, 1, 4)
    zeros = torch.zeros(1, 2, 1, 4).double()
    loss, gradients = run("DataLoss", "data_loss_param { plateau: 2 epsilon: 0.25 }", a=a, b=zeros, f=zeros)
    assert loss.item() == pytest.approx((math.sqrt(25.25) + math.sqrt(16.25) + 0.5 + 0.5) / 3.5)
    expected = torch.tensor([[3 / math.sqrt(25.25), 0, 0, 0], [4 / math.sqrt(25.25), 4 / math.sqrt(16.25), 0, 0]])
    torch.testing.assert_close(gradients["a"], expected.double().reshape(1, 2, 1, 4))


@PHASES
def test_slopes_of_images_miss_at_a_flow(phase: str):
    def slopes(image: Tensor) -> Tensor:
        around = torch.nn.functional.pad(image, (2, 2, 2, 2))
        rows, columns = image.shape[2:]
        taps = ((0, 1), (1, -8), (3, 8), (4, -1))
        across = sum(tap * around[:, :, 2 : 2 + rows, i : i + columns] for i, tap in taps)
        down = sum(tap * around[:, :, i : i + rows, 2 : 2 + columns] for i, tap in taps)
        return torch.cat((across, down), 1) / 12

    def total(flow: Tensor) -> float:
        return sum(math.sqrt(d.square().sum().item() + 1e-6) for d in missed(slopes(A), slopes(B), flow))

    loss, gradients = run("GradientLoss", "", phase, a=A, b=B, f=FLOW)
    assert loss.item() == pytest.approx(total(FLOW) / 24)
    assert not any(gradients[name].any() for name in ("a", "b") if name in gradients)
    torch.testing.assert_close(gradients["f"], derivative(total, FLOW), rtol=1e-5, atol=1e-6)


def smoothness(flow: Tensor, weight: Tensor, around: Tensor | None = None) -> float:
    """The sum, place by place, of a weight of single places; or what the fork's gradient, around a flow, is of."""
    total = 0.0
    for f, w, g in ((flow, weight, around), (flow.mT, weight.mT, None if around is None else around.mT)):
        items, _, rows, columns = f.shape
        for n, s, t in torch.cartesian_prod(*map(torch.arange, (items, rows, columns))).tolist():
            both = (w[n, s, t] + (w[n, s, t + 1] if t < columns - 1 else 0)).item()
            if g is None:
                total += both * math.sqrt(squares(f[n], s, t)[0] + 1e-6)
            else:
                total += both**2 * squares(f[n], s, t)[1] / (2 * math.sqrt(squares(g[n], s, t)[0] + 1e-6))
    return total


def squares(flow: Tensor, row: int, column: int) -> tuple[float, float]:
    """The square of the step along a row and of the mean of two slopes along columns; and that with the mean of squares."""
    _, rows, columns = flow.shape
    after = min(column + 1, columns - 1)
    step = (flow[:, row, after] - flow[:, row, column]).square().sum().item()
    if row in (0, rows - 1):
        return step, step
    slopes = (flow[:, row + 1, [column, after]] - flow[:, row - 1, [column, after]]) / 2
    return step + slopes.mean(1).square().sum().item(), step + slopes.square().mean(1).sum().item()


@PHASES
def test_a_flow_changes_where_the_image_does_not(phase: str):
    """An image of one grey has slopes at its borders alone; there two of the taps are beyond it."""
    image = torch.full((2, 3, 3, 4), 255 / 7.0).double()
    across, down = torch.tensor([7.0, -1, 1, -7]) / 12 / 7, torch.tensor([7.0, 0, -7]) / 12 / 7
    weight = (-5 * (across[None].square() + down[:, None].square()).sqrt()).exp().double().expand(2, 3, 4) / 2
    loss, gradients = run("SmoothLoss", "", phase, f=FLOW, a=image)
    assert loss.item() == pytest.approx(smoothness(FLOW, weight) / 24)
    learned = derivative(lambda f: smoothness(f, weight, FLOW), FLOW)
    torch.testing.assert_close(gradients["f"], learned, rtol=1e-5, atol=1e-6)


def test_an_even_height_leaves_out_the_second_channel():
    flow, image = draw(1, 2, 4, 3), draw(1, 3, 4, 3) * 100
    loss, gradients = run("SmoothLoss", "smooth_loss_param { normalize_by_num_entries: false }", f=flow, a=image)
    flow[:, 1] *= 3
    other, _ = run("SmoothLoss", "smooth_loss_param { normalize_by_num_entries: false }", f=flow, a=image)
    assert loss == other and gradients["f"][:, 0].any() and not gradients["f"][:, 1].any()


@PHASES
def test_places_outside_the_image(phase: str):
    """Columns 0, 1, 2 and rows 0, 1: -1.5 is 1.5 beyond, 2 + 3 is 3, row 1 + 2 is 2; the mean is over three."""
    flow = torch.zeros(1, 2, 2, 3).double()
    flow[0, 0, 0, 0], flow[0, 0, 0, 2], flow[0, 1, 1, 1], flow[0, 0, 1, 0] = -1.5, 3, 2, 2
    loss, gradients = run("STLoss", "", phase, f=flow)
    assert loss.item() == pytest.approx((1.5**2 + 3**2 + 2**2) / 2 / 3)
    expected = flow.clone()
    expected[0, 0, 1, 0] = 0
    torch.testing.assert_close(gradients["f"], expected)
    assert run("STLoss", "", phase, f=torch.zeros(1, 2, 2, 3))[0] == 0


def test_errors_of_a_flow():
    """Lengths 5, 2.5, 0 and infinity."""
    flow = torch.tensor([[3.0, 1.5, 0, math.nan], [4, 2, 0, 0]]).reshape(1, 2, 2, 2).double()
    mean, shares = tops_of("Floacc", "", 2, f=flow, g=torch.zeros_like(flow))
    assert mean == math.inf
    assert shares.tolist() == [0.25, 0.5, 0.5, 0.75]
    assert tops_of("Floacc", "", 2, f=flow[..., :1], g=torch.zeros(1, 2, 2, 1).double())[0] == 2.5


@pytest.mark.parametrize(("kind", "bottoms", "message"), [
    ("DataLoss", {"a": (1, 3, 4, 5), "b": (1, 3, 4, 5), "f": (1, 3, 4, 5)}, "two channels"),
    ("DataLoss", {"a": (1, 3, 4, 5), "b": (1, 2, 4, 5), "f": (1, 2, 4, 5)}, "must agree"),
    ("SmoothLoss", {"f": (1, 2, 4, 5), "a": (1, 2, 4, 5)}, "three channels"),
    ("Floacc", {"f": (1, 2, 4, 5), "g": (1, 2, 4, 4)}, "two flows"),
])
def test_refused(kind: str, bottoms: dict[str, tuple[int, ...]], message: str):
    with pytest.raises(netdef.SpecError, match=message):
        one_layer(kind, "", tops=2 if kind == "Floacc" else 1, **bottoms)
