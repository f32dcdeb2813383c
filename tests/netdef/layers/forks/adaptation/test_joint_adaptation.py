"""JMMDLoss by a loop, where all draws give the same: two items, and two that are equal."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, tops_of

import netdef

S, T = draw(2, 3), draw(1, 3, seed=2).expand(2, -1)
P = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]).double()
Q = torch.tensor([[0.3, 0.5, 0.2], [0.3, 0.5, 0.2]]).double()
LABELS = torch.tensor([1.0, 2]).double()
PARAM = "jmmd_param { kernel_num: 3 sigma: 1.5 %s }"
FACTORS = (0.5, 1, 2)


def square(a, b):
    return (a - b).square().sum()


def of_features(a, b):
    items = [*S, *T]
    gamma = 12 / sum(square(a, b).item() for a in items for b in items)
    return sum(torch.exp(-gamma * factor * square(a, b)) for factor in FACTORS)


def joint(alike, s=S, t=T):
    """The loss with the values of a kernel of classes: of two of the first set, of each and one of the second, of two there."""
    ss, s0t, s1t, tt = alike
    within = of_features(s[0], s[1]) * ss + of_features(t[0], t[1]) * tt
    return within - of_features(s[0], t[0]) * s0t - of_features(s[1], t[0]) * s1t


def rbf(a, b, *sigmas):
    return sum(math.exp(-square(a, b).item() / sigma) for sigma in sigmas)


E0, E1 = torch.eye(3).double()[[1, 2]]
KERNELS = {
    "label_kernel_mode: PROB_RBF label_kernel_num: 2 label_kernel_mul: 4":
        [rbf(*pair, 1.5 / 4, 1.5) for pair in ((P[0], P[1]), (P[0], Q[0]), (P[1], Q[0]), (Q[0], Q[1]))],
    "label_kernel_mode: ONE_OF_K_RBF": [math.exp(-1), rbf(E0, Q[0], 1.5), rbf(E1, Q[0], 1.5), 1],
    "": [0, 1, 0, 1],  # IDENTIFY: label 1 is the greatest of Q, label 2 is not.
}


@pytest.mark.parametrize("mode", KERNELS)
@pytest.mark.parametrize("back", ["", "label_back_propagate: true"])
def test_values_and_gradients_of_each_kernel_of_classes(mode: str, back: str):
    s, p = S.clone().requires_grad_(), P.clone().requires_grad_()
    inputs = {"s": s, "t": T, "p": p, "q": Q, "label": LABELS}
    first, second = tops_of("JMMDLoss", PARAM % f"{mode} {back}", 2, "TRAIN", **inputs)
    wanted = joint(KERNELS[mode], s=s)
    assert first.item() == pytest.approx(wanted.item()) and second.item() == pytest.approx(wanted.item())
    if not back:
        return
    second.backward()
    ss, s0t, s1t, _ = KERNELS[mode]
    near, first_far, second_far = (of_features(*pair) for pair in ((S[0], S[1]), (S[0], T[0]), (S[1], T[0])))
    slope = -2 / 1.5  # times the difference and both kernels
    of_p = [slope * (near * ss * (P[0] - P[1]) - first_far * s0t * (P[0] - Q[0])),
            slope * (near * ss * (P[1] - P[0]) - second_far * s1t * (P[1] - Q[0]))]
    torch.testing.assert_close(p.grad, torch.stack(of_p))
    assert s.grad is None or not s.grad.any()


def test_the_gradient_of_features_counts_the_classes():
    values = KERNELS[mode := "label_kernel_mode: ONE_OF_K_RBF"]
    s, t = S.clone().requires_grad_(), T.clone()
    net = one_layer("JMMDLoss", PARAM % f"{mode} fix_gamma: true", "TRAIN", tops=2, s=S, t=T, p=P, q=Q, label=LABELS)
    net(s=s, t=t, p=P, q=Q, label=LABELS)
    net(s=s, t=t, p=P, q=Q, label=LABELS)["y0"].backward()
    again = S.clone().requires_grad_()
    joint(values, s=again).backward()
    torch.testing.assert_close(s.grad, again.grad)


def test_without_classes_it_is_that_of_features():
    first, _ = tops_of("JMMDLoss", PARAM % "", 2, "TRAIN", s=S, t=T)
    assert first.item() == pytest.approx(joint((1, 1, 1, 1)).item())


def test_sigma_of_drawn_pairs():
    """All pairs of different items have a squared distance of 2."""
    p, q = torch.eye(4).double().split(2)
    param = "jmmd_param { kernel_num: 3 auto_sigma: true label_kernel_num: 1 label_kernel_mode: PROB_RBF }"
    first, _ = tops_of("JMMDLoss", param, 2, "TRAIN", s=S, t=T, p=p, q=q)
    assert first.item() == pytest.approx(joint([math.exp(-1)] * 4).item())


def test_a_single_item_has_no_discrepancy():
    tops = tops_of("JMMDLoss", "", 2, "TRAIN", s=draw(1, 3), t=draw(4, 3))
    assert [top.item() for top in tops] == [0, 0]


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("label_kernel_mode: PROB_RBF label_back_propagate: true", [(2, 3), (4, 3), (2, 5), (4, 5)], "wants 5"),
    ("", [(2, 3), (4, 3), (2, 5)], "has 3 bottoms"),
    ("", [(2, 3), (4, 3), (2, 5), (4, 6), (2,)], "equally many probabilities"),
    ("label_kernel_mode: PROB_RBF sigma: 0", [(2, 3), (4, 3), (2, 5), (4, 5)], "`sigma`"),
])
def test_refusals(param: str, shapes, words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("JMMDLoss", f"jmmd_param {{ {param} }}", tops=2, **{f"x{i}": shape for i, shape in enumerate(shapes)})
