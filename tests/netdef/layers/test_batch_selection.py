"""BatchReindex and Filter: selected items, and gradients."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.errors import NetdefError, SpecError


def build(kind: str, *shapes: tuple, tops: int = 1) -> torch.nn.Module:
    """Bottoms a, b, ...; tops y0, y1, ..."""
    names = "abc"[: len(shapes)]
    text = " ".join("shape { " + " ".join(f"dim: {d}" for d in shape) + " }" for shape in shapes)
    blobs = [*(f'bottom: "{name}"' for name in names), *(f'top: "y{i}"' for i in range(tops))]
    return netdef.loads(f'layer {{ name: "i" type: "Input" {" ".join(f"top: {name!r}" for name in names)} '
                        f'input_param {{ {text} }} }} layer {{ name: "l" type: "{kind}" {" ".join(blobs)} }}')


@pytest.mark.parametrize("number", [torch.float32, torch.int64])
def test_reindex_selects_items_in_any_order_and_number(number):
    x = torch.tensor([[1.0, 2], [3, 4], [5, 6]], requires_grad=True)
    y = build("BatchReindex", (3, 2), (4,))(a=x, b=torch.tensor([2, 0, 2, 2], dtype=number))["y0"]
    assert y.tolist() == [[5, 6], [1, 2], [5, 6], [5, 6]]
    (y * torch.tensor([[1.0], [10], [100], [1000]])).sum().backward()
    assert x.grad.tolist() == [[10, 10], [0, 0], [1101, 1101]]


@pytest.mark.parametrize("stray", [-1, 3])
def test_reindex_reports_a_missing_item(stray):
    net = build("BatchReindex", (3, 2), (2,))
    with pytest.raises(NetdefError, match=rf"`l` \(BatchReindex\) is to take item {stray} of a batch of 3"):
        net(a=torch.ones(3, 2), b=torch.tensor([0.0, stray]))


def test_filter_keeps_what_is_not_zero_of_every_bottom():
    net = build("Filter", (3, 2), (3, 4, 5), (3, 1), tops=2)
    x = torch.tensor([[1.0, 2], [3, 4], [5, 6]], requires_grad=True)
    y = torch.arange(60.0).reshape(3, 4, 5)
    outputs = net(a=x, b=y, c=torch.tensor([[-0.5], [0], [7]]))
    assert outputs["y0"].tolist() == [[1, 2], [5, 6]]
    assert torch.equal(outputs["y1"], y[[0, 2]])
    outputs["y0"].sum().backward()
    assert x.grad.tolist() == [[1, 1], [0, 0], [1, 1]]


def test_filter_states_whole_batches_and_may_keep_none():
    net = build("Filter", (3, 2), (3,))
    assert net.shapes["y0"] == (3, 2)
    assert net(a=torch.ones(3, 2), b=torch.zeros(3))["y0"].shape == (0, 2)


@pytest.mark.parametrize("kind, shapes, tops, words", [
    ("BatchReindex", [(3, 2), (2, 2)], 1, r"1 axis; `b` has shape \(2, 2\)"),
    ("Filter", [(3, 2), (3,)], 2, "2 bottoms and 2 tops"),
    ("Filter", [(3, 2), (3, 2)], 1, r"shape \(3, 2\); it wants one number an item"),
    ("Filter", [(3, 2), (4, 2), (3,)], 2, r"\(4, 2\) \(`b`\) and selects by one of shape \(3,\)"),
])
def test_bottoms_that_do_not_fit_are_refused(kind, shapes, tops, words):
    with pytest.raises(SpecError, match=words):
        build(kind, *shapes, tops=tops)
