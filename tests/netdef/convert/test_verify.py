"""Differences between blobs, and comparison with recorded ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from netdef.convert.inputs import Preparation
from netdef.convert.verify import Difference, compare_with_recorded, differences
from netdef.errors import FileError, NetdefError


@pytest.mark.parametrize(("wanted", "found", "absolute", "relative"), [
    ([1.0, 3.0], [1.0, 3.5], 0.5, 0.25),  # over the range of the source
    ([2.0, 2.0], [2.0, 3.0], 1.0, 0.5),  # without a range, over the largest value
    ([0.0, 0.0], [0.0, 0.25], 0.25, 0.25),  # of zeros, as it is
    ([1.0, math.nan], [1.0, math.nan], 0.0, 0.0),
    ([1.0, math.inf], [1.0, math.inf], 0.0, 0.0),
    ([1.0, 2.0], [1.0, math.nan], math.inf, math.inf),
    ([], [], 0.0, 0.0),
])
def test_differences_are_absolute_and_relative(wanted, found, absolute, relative):
    difference = Difference.of("b", torch.tensor(wanted), torch.tensor(found))
    assert (difference.blob, difference.absolute, difference.relative) == ("b", absolute, relative)
    assert difference.finite == all(map(math.isfinite, wanted))
    assert difference.within(relative) and not difference.within(relative - 0.1 if relative < math.inf else 1e30)


def test_other_shapes_are_an_error():
    with pytest.raises(NetdefError, match=r"`b` has shape \(3, 2\) in the result, \(2, 3\) in the source"):
        Difference.of("b", torch.zeros(2, 3), torch.zeros(3, 2))


def test_only_blobs_of_both_are_compared():
    one = torch.zeros(1)
    assert [d.blob for d in differences({"a": one, "b": one, "c": one}, {"c": one, "a": one})] == ["a", "c"]


def test_recorded_outputs_are_compared(net, x):
    prob = net(x * 2)["prob"].detach().numpy()
    np.savez("ref.npz", input=x.numpy(), **{"out/prob": prob}, unknown=np.zeros(3))
    (found,) = compare_with_recorded(net, "ref.npz", Preparation(scale=2))
    assert found.blob == "prob" and found.relative <= 1e-6
    (found,) = compare_with_recorded(net, "ref.npz")
    assert found.relative > 1e-2
    np.savez("named.npz", data=x.numpy(), prob=prob)
    assert [d.blob for d in compare_with_recorded(net, "named.npz")] == ["prob"]
    np.savez("none.npz", input=x.numpy(), probs=prob)
    with pytest.raises(FileError, match="none.npz: has none of the net's blobs; it has input, probs"):
        compare_with_recorded(net, "none.npz")
