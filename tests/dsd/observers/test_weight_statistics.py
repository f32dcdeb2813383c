from __future__ import annotations

import math

import pytest
import torch

from dsd.observers.weight_statistics import BINS, Drift, drift, histogram, overlap, regrowth

T = torch.tensor


def edges(found) -> dict[float, int]:
    """{left edge: count} of bins that have any."""
    return {(found.first + i) * found.width: n for i, n in enumerate(found.counts) if n}


def test_values_fall_into_bins_that_begin_at_multiples_of_their_width():
    found = histogram(T([-1.0, -0.0, 0.0, 0.5, 0.506, 0.9999, 0.0078125]))
    assert found.width == 1 / 64  # 1.0 needs a bin on this side of 2, and 128 of them are enough
    assert edges(found) == {-1.0: 1, 0.0: 1, 0.5: 2, 63 / 64: 1}
    assert (found.zeros, found.not_finite, found.total) == (2, 0, 7)
    assert found.mean_abs == pytest.approx((1.0 + 0.5 + 0.506 + 0.9999 + 0.0078125) / 7)


def test_all_bins_of_each_side_can_be_used():
    values = torch.arange(-BINS, BINS) / 64 + 1 / 256
    found = histogram(values)
    assert found.first == -BINS and found.counts == (1,) * (2 * BINS)


def test_no_value_is_lost_in_pieces(monkeypatch):
    monkeypatch.setattr("dsd.observers.weight_statistics._PIECE", 7)
    values = torch.linspace(-3, 2, 61)
    whole = histogram(values)
    monkeypatch.undo()
    assert whole == histogram(values) and whole.total == 61


def test_values_that_are_not_finite_are_counted_separately():
    found = histogram(T([math.nan, math.inf, -math.inf, 0.25, 0.0]))
    assert (found.not_finite, found.zeros, edges(found), found.mean_abs) == (3, 1, {0.25: 1}, 0.125)


@pytest.mark.parametrize("values, zeros, mean", [([], 0, None), ([0.0, -0.0], 2, 0.0)])
def test_nothing_but_zeros_has_no_bins(values, zeros, mean):
    found = histogram(torch.tensor(values))
    assert (found.counts, found.zeros, found.mean_abs) == ((), zeros, mean)


@pytest.mark.parametrize("scale", [1e-42, 1e-30, 1e30])
def test_any_magnitude_has_bins(scale):
    found = histogram(T([scale, -scale / 2, 0.0]))
    assert sum(found.counts) == 2 and found.zeros == 1


def test_coarser_bins_are_whole_finer_ones():
    found = histogram(T([-0.3, -0.26, 0.1, 0.24, 0.26, 0.3]))
    assert found.exponent < -2
    assert edges(found.coarser(-2)) == {-0.5: 2, 0.0: 2, 0.25: 2}
    assert edges(found.coarser(0)) == {-1.0: 2, 0.0: 4}
    assert found.coarser(-40) == found


def test_overlap_by_counting():
    before = T([1, 1, 1, 0, 0, 0, 0, 1, 1, 1]).bool()  # prunes 4
    now = T([1, 1, 1, 1, 1, 0, 0, 0, 1, 1]).bool()  # prunes 3, two of them again
    found = overlap(before, now)
    assert (found.weights, found.kept_before, found.kept_now, found.kept_both) == (10, 6, 7, 5)
    assert found.jaccard == pytest.approx(2 / 5)
    assert found.by_chance == pytest.approx(1.2 / (4 + 3 - 1.2))  # 10 * 0.4 * 0.3 in both
    assert found.at_most == pytest.approx(3 / 4)


def test_masks_that_prune_nothing_have_no_overlap():
    found = overlap(torch.ones(5).bool(), torch.ones(5).bool())
    assert (found.jaccard, found.by_chance, found.at_most) == (None, None, None)


def test_masks_by_chance_are_as_expected():
    generator = torch.Generator().manual_seed(1)
    found = overlap(*(torch.rand(200_000, generator=generator) > share for share in (0.5, 0.3)))
    assert found.jaccard == pytest.approx(found.by_chance, abs=0.005)


def test_drift_by_hand():
    assert drift(T([3.0, 4.0]), T([3.0, 4.0])) == Drift(2, 0.0, 1.0)
    assert drift(T([3.0, 4.0]), T([-4.0, 3.0])) == Drift(2, pytest.approx(math.sqrt(2)), 0.0)
    assert drift(T([1.0, 9.0, 0.0]), T([-2.0, 5.0, 7.0]), T([True, False, True])) == Drift(
        2, pytest.approx(math.sqrt(9 + 49)), pytest.approx(-2 / math.sqrt(53)))


@pytest.mark.parametrize(
    "before, after, distance", [([0.0], [1.0], None), ([1.0], [0.0], 1.0), ([math.nan], [1.0], None)])
def test_drift_without_a_direction(before, after, distance):
    assert drift(T(before), T(after)) == Drift(1, distance, None)


def test_drift_in_pieces(monkeypatch):
    monkeypatch.setattr("dsd.observers.weight_statistics._PIECE", 3)
    before, after, among = torch.arange(1.0, 12), torch.arange(11.0, 0, -1), torch.arange(11) % 2 == 0
    a, b = before[among].double(), after[among].double()
    found = drift(before, after, among)
    assert found.count == 6
    assert found.distance == pytest.approx(float((b - a).norm() / a.norm()))
    assert found.cosine == pytest.approx(float(a @ b / (a.norm() * b.norm())))


def test_regrowth_counts_from_the_threshold_on():
    found = regrowth(T([0.0, -0.5, 0.49, 0.7, math.nan]), 0.5)
    assert (found.count, found.above) == (5, 2)
    assert regrowth(T([1.0]), None).above is None
