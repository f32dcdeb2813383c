"""Losses of forks: smooth L1, hard example mining, L1, centres, triplets."""

import math

import pytest
import torch
from torch.autograd import gradcheck

import netdef


def net(kind, param, tops=1, **inputs):
    text = "".join(
        f'layer {{ name: "{n} in" type: "Input" top: "{n}" input_param {{ shape {{ '
        f"{' '.join(f'dim: {size}' for size in x.shape)} }} }} }}"
        for n, x in inputs.items()
    )
    blobs = " ".join([*(f'bottom: "{n}"' for n in inputs), *(f'top: "y{i}"' for i in range(tops))])
    return netdef.loads(f'{text} layer {{ name: "l" type: "{kind}" {blobs} {param} }}').double()


def run(kind, param, tops=1, **inputs):
    outputs = net(kind, param, tops, **inputs)(**inputs)
    return [outputs[f"y{i}"] for i in range(tops)]


def draw(*shape, seed=1):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).double() * 2


def smooth(x, sigma=1.0):
    return 0.5 * (sigma * x) ** 2 if abs(x) < 1 / sigma**2 else abs(x) - 0.5 / sigma**2


@pytest.mark.parametrize("sigma", [1.0, 3.0, 0.5])
def test_smooth_l1(sigma):
    a, b, inner, outer = (draw(3, 5, seed=seed) for seed in range(4))
    (loss,) = run("SmoothL1Loss", f"smooth_l1_loss_param {{ sigma: {sigma} }}", a=a, b=b, i=inner, o=outer)
    values = zip(*(x.flatten().tolist() for x in (a, b, inner, outer)))
    assert float(loss) == pytest.approx(sum(w * smooth(v * (x - y), sigma) for x, y, v, w in values) / 3)


def test_l1():
    a, b = draw(3, 5), draw(3, 5, seed=2)
    (loss,) = run("L1Loss", "", a=a, b=b)
    assert float(loss) == pytest.approx(sum(abs(x - y) for x, y in zip(a.flatten().tolist(), b.flatten().tolist())) / 3)


def test_smooth_l1_of_each_region():
    a, b, w = draw(3, 8, 1, 2), draw(3, 8, 1, 2, seed=2), draw(3, 8, 1, 2, seed=3)
    each = torch.tensor(
        [
            [
                [
                    [
                        sum(smooth(float(w[n, c, 0, x] * (a[n, c, 0, x] - b[n, c, 0, x]))) for c in range(8))
                        for x in range(2)
                    ]
                ]
            ]
            for n in range(3)
        ]
    ).double()
    for mode, count in (("PRE_FIXED pre_fixed_normalizer: 128", 128), ("BATCH_SIZE", 3), ("VALID", 6), ("NONE", 1)):
        found = run(
            "SmoothL1LossOHEM",
            f"loss_weight: 1 loss_weight: 0 loss_param {{ normalization: {mode} }}",
            2,
            a=a,
            b=b,
            w=w,
        )
        assert float(found[0]) == pytest.approx(float(each.sum()) / count)
        torch.testing.assert_close(found[1], each, check_dtype=False, rtol=1e-6, atol=1e-6)


def test_smooth_l1_of_each_region_beside_the_usual_loss():
    a, b = draw(3, 8, 1, 2), draw(3, 8, 1, 2, seed=2)
    loss, found = run("SmoothL1Loss", "smooth_l1_loss_param { sigma: 2 } loss_weight: 1 loss_weight: 0", 2, a=a, b=b)
    each = [
        [sum(smooth(float(a[n, c, 0, x] - b[n, c, 0, x]), 2) for c in range(8)) for x in range(2)] for n in range(3)
    ]
    torch.testing.assert_close(found[:, 0, 0], torch.tensor(each).double())
    assert float(loss) == pytest.approx(sum(map(sum, each)) / 3)


def test_softmax_loss_of_each_prediction():
    x, labels = draw(3, 4), torch.tensor([2.0, 0, 1]).double()
    each = [math.log(sum(math.exp(s) for s in row)) - row[int(t)] for row, t in zip(x.tolist(), labels)]
    param = """loss_weight: 1 loss_weight: 0 loss_weight: 0
               loss_param { normalization: PRE_FIXED pre_fixed_normalizer: 7 ignore_label: 0 }"""
    loss, shares, found = run("SoftmaxWithLossOHEM", param, 3, x=x, t=labels)
    torch.testing.assert_close(shares, torch.softmax(x, 1))
    assert float(loss) == pytest.approx((each[0] + each[2]) / 7)
    assert found.tolist() == pytest.approx([each[0], 0, each[2]])


def test_a_fixed_normaliser_of_the_usual_loss():
    x, labels = draw(3, 4), torch.tensor([2.0, 0, 1]).double()
    (whole,) = run("SoftmaxWithLoss", "loss_param { normalization: NONE }", x=x, t=labels)
    (loss,) = run("SoftmaxWithLoss", "loss_param { normalization: PRE_FIXED pre_fixed_normalizer: 128 }", x=x, t=labels)
    assert float(loss) == pytest.approx(float(whole) / 128)


def test_hard_examples_keep_their_labels():
    """Two of each image: regions 1 and 3 of image 0, 2 and 5 of image 1."""
    regions = torch.tensor([[i, 0, 0, 1, 1] for i in (0, 0, 1, 0, 1, 1)]).double()
    losses = torch.tensor([0.1, 0.9, 0.5, 0.4, 0.2, 0.3]).double()
    labels, weights = torch.arange(1.0, 7).double(), draw(6, 8)
    kept, kept_weights = run(
        "BoxAnnotatorOHEM",
        "box_annotator_ohem_param { roi_per_img: 2 ignore_label: -1 }",
        2,
        r=regions,
        l=losses,
        t=labels,
        w=weights,
    )
    assert kept.tolist() == [-1, 2, 3, 4, -1, 6]
    mask = torch.tensor([0, 1, 1, 1, 0, 1])[:, None]
    assert torch.equal(kept_weights, weights * mask)


def test_triplets():
    a, p, n = (draw(5, 3, seed=seed) for seed in range(3))
    (loss,) = run("TripletLoss", "triplet_loss_param { margin: 2.5 }", a=a, p=p, n=n)
    expected = [max(0.0, 2.5 + float(((x - y) ** 2).sum() - ((x - z) ** 2).sum())) for x, y, z in zip(a, p, n)]
    assert 0 in expected and max(expected) > 0
    assert float(loss) == pytest.approx(sum(expected) / 10)


def center_loss():
    x, labels = draw(5, 3).requires_grad_(), torch.tensor([2.0, 0, 2, 2, 1]).double()
    made = net("CenterLoss", "center_loss_param { num_output: 4 } loss_weight: 0.01", x=x, t=labels)
    with torch.no_grad():
        made.layers["l"].centers.copy_(draw(4, 3, seed=9))
    return made, x, labels


def test_centers_value_and_gradients():
    made, x, labels = center_loss()
    centers = made.layers["l"].centers
    distance = x.detach() - centers.detach()[labels.long()]
    output = made(x=x, t=labels)
    assert float(output["y0"].detach()) == pytest.approx(float((distance**2).sum()) / 10)
    made.loss(output).backward()
    torch.testing.assert_close(x.grad, 0.01 * distance / 5)
    # The rule of the paper, without the loss weight: class 3 has no member and stays.
    moves = torch.stack(
        [-distance[1] / 2, -distance[4] / 2, -(distance[0] + distance[2] + distance[3]) / 4, torch.zeros(3)]
    )
    torch.testing.assert_close(centers.grad, moves)


def test_centers_gradient_of_features():
    made, x, labels = center_loss()
    assert gradcheck(lambda x: made(x=x, t=labels)["y0"], (x,))


def test_a_stray_class():
    made, x, _ = center_loss()
    with pytest.raises(netdef.NetdefError, match="got the label 4"):
        made(x=x, t=torch.tensor([0.0, 1, 4, 2, 3]))
