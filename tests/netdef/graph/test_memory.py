"""Weights that do not fit into memory are an error."""

from __future__ import annotations

from small_nets import INPUT, complaints, ip

import netdef


def test_weights_beyond_the_memory_are_an_error(monkeypatch):
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 1024, "SC_PHYS_PAGES": 1024**2}.__getitem__)
    (said,) = complaints(ip("wide", "x", 50_000) + ip("huge", "wide", 20_000))
    wide, huge = 4 * (3 + 1) * 50_000 / 2**30, 4 * (50_000 + 1) * 20_000 / 2**30
    assert said == (f"the net's weights take {wide + huge:.1f} GiB, layer `huge` alone {huge:.1f}; cpu has 1.0")


def test_a_shared_weight_is_allocated_once():
    net = netdef.loads(INPUT + ip("a", "x", 4, 'param { name: "w" }') + ip("b", "x", 4, 'param { name: "w" }'))
    memory = {blob.data_ptr() for blobs in net.params.values() for blob in blobs}
    assert len(memory) == 3 and not any(blob.is_meta for blobs in net.params.values() for blob in blobs)
