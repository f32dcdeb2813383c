"""Recurrent layers and torch's modules beside them compute the same, also with a carried state."""

from __future__ import annotations

import pytest
import torch


@pytest.mark.parametrize(("kind", "starts", "static"), [
    ("LSTM", (0,), False), ("LSTM", (0, 3), False), ("LSTM", (0,), True), ("RNN", (0,), False)])
def test_both_compute_the_same_twice(tool, monkeypatch, kind, starts, static):
    bench = tool("bench_lstm")
    for name, size in (("STEPS", 7), ("SEQUENCES", 6), ("FEATURES", 3), ("SIZE", 4), ("STATIC", 2)):
        monkeypatch.setattr(bench, name, size)
    torch.manual_seed(2)
    inputs = bench.Inputs(starts, static, torch.device("cpu"))
    ours, blobs = bench.ours(kind, inputs)
    by_hand, parameters = bench.by_hand(kind, inputs, [blob.detach() for blob in blobs])
    for _ in range(2):
        found = ours()
        assert found.shape == (7, 6, 4)
        torch.testing.assert_close(found, by_hand(), rtol=1e-4, atol=1e-5)
    assert bench.milliseconds(by_hand, inputs, parameters, iter([1.0, 1.25]).__next__) == 250


def test_a_quarter_of_the_sequences_begins_at_each_start(tool):
    cont = tool("bench_lstm").Inputs((0, 10, 21), False, torch.device("cpu")).cont
    assert cont.shape == (50, 32) and int((cont == 0).sum()) == 3 * 8
    assert (cont[0, ::4] == 0).all() and (cont[10, 2::4] == 0).all() and (cont[21, 1::4] == 0).all()
