"""The memory of a net: how much, once for shared weights, filled in logical order."""

from __future__ import annotations

import torch
from small_nets import INPUT, complaints, ip

import netdef
from netdef.graph.memory import fill_as_caffe


def test_weights_beyond_the_memory_are_an_error(monkeypatch):
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 1024, "SC_PHYS_PAGES": 1024**2}.__getitem__)
    (said,) = complaints(ip("wide", "x", 50_000) + ip("huge", "wide", 20_000))
    wide, huge = 4 * (3 + 1) * 50_000 / 2**30, 4 * (50_000 + 1) * 20_000 / 2**30
    assert said == (f"the net's weights take {wide + huge:.1f} GiB, layer `huge` alone {huge:.1f}; cpu has 1.0")


def test_a_shared_weight_is_allocated_once():
    net = netdef.loads(INPUT + ip("a", "x", 4, 'param { name: "w" }') + ip("b", "x", 4, 'param { name: "w" }'))
    memory = {blob.data_ptr() for blobs in net.params.values() for blob in blobs}
    assert len(memory) == 3 and not any(blob.is_meta for blobs in net.params.values() for blob in blobs)


def test_a_fill_is_in_logical_order_in_any_layout():
    rows = torch.empty(2, 3, 4, 5)
    columns = torch.empty(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)

    def count(tensor: torch.Tensor) -> None:
        tensor.view(-1).copy_(torch.arange(120.0))

    for tensor in (rows, columns):
        fill_as_caffe(tensor, count)
    assert torch.equal(rows, columns) and rows[1, 2, 3, 4] == 119 and not columns.is_contiguous()
