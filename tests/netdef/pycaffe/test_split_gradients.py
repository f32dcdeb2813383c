"""The parts of a gradient that come from each reader of a blob, by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from netdef.pycaffe.split_gradients import watch


def parts_of(read: Callable[..., Tensor | Sequence[Tensor]], bottoms: Sequence[int], place: int) -> tuple[Tensor, Tensor, Tensor]:
    """A blob b = 2x of a leaf x and another one c; the sums of the parts that a layer gives its bottom ``place``, and the
    whole gradients of b and x. ``bottoms`` are 0 for b and 1 for c."""
    x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    blobs = [2 * x, x + 10]
    blobs[0].retain_grad()
    chosen, found = [blobs[i] for i in bottoms], []
    tops = read(*chosen)
    tops = [tops] if isinstance(tops, Tensor) else list(tops)
    watch(chosen, tops, place, found.append)
    (sum(top.sum() for top in tops) + (5 * blobs[0]).sum()).backward()
    return sum(found, torch.zeros(3)), blobs[0].grad, x.grad


def test_the_part_of_one_reader():
    """b is read by b^2 and by 5b: parts 2b and 5."""
    part, whole, slope = parts_of(lambda b: b * b, [0], 0)
    assert part.tolist() == [4, -8, 12] and whole.tolist() == [9, -3, 17] and slope.tolist() == [18, -6, 34]


def test_an_operation_that_reads_it_twice_gives_both():
    part, _, _ = parts_of(lambda b: b.exp() * 0 + b.square() + 3 * b, [0], 0)
    assert part.tolist() == [4 + 3, -8 + 3, 12 + 3]


@pytest.mark.parametrize(("place", "wanted"), [(0, [3, 3, 3]), (1, [4, 4, 4])])
def test_a_bottom_given_twice_has_a_part_at_each_place(place, wanted):
    part, whole, _ = parts_of(lambda a, b: 3 * a + 4 * b, [0, 0], place)
    assert part.tolist() == wanted and whole.tolist() == [12, 12, 12]


def test_other_bottoms_do_not_count():
    """c = x + 10 is read, too; the search ends at it, though it comes of the same leaf."""
    part, _, slope = parts_of(lambda b, c: b * c, [0, 1], 0)
    assert part.tolist() == [11, 8, 13]  # c
    assert slope.tolist() == [2 * (11 + 5) + 2, 2 * (8 + 5) - 4, 2 * (13 + 5) + 6]
    assert parts_of(lambda b, c: b * c, [0, 1], 1)[0].tolist() == [2, -4, 6]  # b


def test_the_way_through_another_bottom_does_not_count():
    """c = 3b is a bottom, too: of b * c the part of b is c alone, and the whole gradient 2 * 3b."""
    b = torch.tensor([2.0, -4.0]).requires_grad_() * 1
    b.retain_grad()
    c, found = 3 * b, []
    top = b * c
    watch([b, c], [top], 0, found.append)
    top.sum().backward()
    assert [part.tolist() for part in found] == [[6, -12]] and b.grad.tolist() == [12, -24]


def test_a_layer_of_two_tops():
    part, _, _ = parts_of(lambda b: (7 * b, b.square() / 2), [0], 0)
    assert part.tolist() == [7 + 2, 7 - 4, 7 + 6]


def test_nothing_is_kept_where_no_gradient_flows():
    part, whole, _ = parts_of(lambda b: b.detach() * 2, [0], 0)
    assert part.tolist() == [0, 0, 0] and whole.tolist() == [5, 5, 5]
