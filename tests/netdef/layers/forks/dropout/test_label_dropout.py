"""Predictions of which some negatives count."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer
from torch.autograd import gradcheck

import netdef

# Of 6 x 5 places two are positive, one has no label, 27 are negative.
LABELS = torch.zeros(2, 3, 6, 5).double()
LABELS[:, :, 0, 1], LABELS[:, :, 3, 2], LABELS[:, :, 5, 4] = 1, 1, 2


def counting(text: str, x: torch.Tensor) -> torch.Tensor:
    net = one_layer("LabelDropout", f"label_drop_param {{ {text} }}", "TRAIN", x=x, t=LABELS)
    top = net(x=x, t=LABELS)["y0"]
    counts = top == x
    assert torch.equal(top[~counts], LABELS[~counts])
    return counts


def test_positives_and_the_greatest_negatives_count():
    x = draw(2, 3, 6, 5)
    counts = counting("drop_neg_ratio: 2.5 hard_ratio: 1", x)
    assert counts[LABELS == 1].all() and not counts[LABELS == 2].any()
    sizes = x.abs().where(LABELS == 0, -1).flatten(2)
    greatest = torch.zeros_like(sizes, dtype=torch.bool).scatter(2, sizes.topk(5).indices, True)
    assert torch.equal(counts.flatten(2) & (LABELS == 0).flatten(2), greatest)


def test_others_are_drawn():
    x = draw(2, 3, 6, 5)
    counts = [counting("drop_neg_ratio: 4 hard_ratio: 0.25 rand_ratio: 0.5", x) for _ in range(2)]
    for one in counts:
        assert (one & (LABELS == 0)).flatten(2).sum(2).eq(2 + 4).all()
    assert not torch.equal(*counts)


def test_all_count_if_there_are_no_more():
    assert torch.equal(counting("drop_neg_ratio: 13.5", draw(2, 3, 6, 5)), LABELS < 2)


def test_gradient():
    x = draw(2, 3, 6, 5).requires_grad_()
    net = one_layer("LabelDropout", "label_drop_param { hard_ratio: 1 }", "TRAIN", x=x, t=LABELS)
    assert gradcheck(lambda x: net(x=x, t=LABELS)["y0"], (x,))


def test_the_types_of_the_old_format():
    size = "resize_param { height: 3 width: 5 }"
    text = ("".join(f'layers {{ name: "{name}" type: RESIZE bottom: "{name}" top: "{name}2" {size} }} ' for name in ("x", "t"))
            + 'layers { name: "d" type: LABEL_DROPOUT bottom: "x2" bottom: "t2" top: "y" label_drop_param { hard_ratio: 1 } }')
    inputs = "".join(f'input: "{name}" input_dim: 1 input_dim: 2 input_dim: 6 input_dim: 4 ' for name in ("x", "t"))
    assert netdef.loads(inputs + text).shapes["y"] == (1, 2, 3, 5)


@pytest.mark.parametrize(("text", "labels", "complaint"), [
    ("hard_ratio: 0.75 rand_ratio: 0.5", (2, 3, 4, 5), "more than 1 in all"), ("", (2, 3, 5, 4), "must be of one shape")])
def test_what_does_not_fit_is_refused(text: str, labels: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("LabelDropout", f"label_drop_param {{ {text} }}", x=(2, 3, 4, 5), t=labels)
