"""The data that are made for the benchmark, and the batches that layer and DataLoader make of them."""

from __future__ import annotations

import pytest
import torch

from netdef.data.databases.open import open_records
from netdef.schema.messages import Datum


@pytest.fixture
def candidates(tool, monkeypatch, tmp_path):
    """With two batches of JPEGs in the folder."""
    found = tool("data_candidates")
    monkeypatch.setattr(found, "JPEGS", 64)
    found.make_jpegs(tmp_path)
    return found


def test_the_jpegs(candidates, tmp_path):
    datums = [Datum.FromString(bytes(value)) for _, value in open_records(tmp_path / "jpegs").walk()]
    assert len(datums) == 64 and all(datum.encoded and datum.label < 10 for datum in datums)
    assert 10_000 < sum(len(datum.data) for datum in datums) / 64 < 40_000


def test_layer_and_loader_give_the_same_kind_of_batches(candidates, tmp_path):
    image, label = candidates.Jpegs(tmp_path / "jpegs")[5]
    assert image.shape == (3, 227, 227) and image.dtype == torch.float32 and 0 <= label < 10
    assert len(candidates.Jpegs(tmp_path / "jpegs")) == 64
    feed = candidates.feed(tmp_path, workers=0)
    assert feed.take(2) > 0
    feed.rest()
    net = candidates.compile_net(candidates.read_net_text(candidates.DATA, tmp_path), "TRAIN")
    assert next(net.feeds)["data"].shape == (32, 3, 227, 227)
    net.feeds.close()


def test_a_net_waits_only_if_it_is_fed(candidates, tmp_path):
    candidates.make_digits(tmp_path)
    place = candidates.Place(tmp_path, "cpu", 0)
    fed, at_hand = (place.make(candidates.SMALL_NET + how) for how in ("", candidates.AT_HAND))
    assert fed.take(1) > 0 and at_hand.take(1) == 0
    fed.rest()
