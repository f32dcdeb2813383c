"""Every feed is a function of seed, number and rank; seeking equals drawing."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

from netdef.data.feeding.feed import Feed, Feeds
from netdef.errors import SpecError

MIRRORED = "type: 'Data' top: 'data' top: 'label' transform_param { mirror: true crop_size: 3 } \
data_param { source: 'db' backend: LMDB batch_size: 4 }"
SHUFFLED = "type: 'HDF5Data' top: 'x' top: 'label' hdf5_data_param { source: 'list.txt' batch_size: 4 shuffle: true }"
MEMORY = "type: 'MemoryData' top: 'data' top: 'label' \
memory_data_param { batch_size: 4 channels: 2 height: 3 width: 5 }"


@pytest.fixture(params=["Data", "rand_skip", "ahead", "workers", "pinned workers", "HDF5Data", "MemoryData"])
def make_any(
    request: pytest.FixtureRequest,
    make_feed: Callable,
    make_database: Callable,
    random_images: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable:
    """Makes the same feed again and again: 11 items (MemoryData: 12), batches of 4."""
    make_database(random_images(11, 2, 5, 7))
    rng = np.random.default_rng(2)
    for name, count in (("a.h5", 7), ("b.h5", 4)):
        with h5py.File(tmp_path / name, "w") as file:
            file["x"] = rng.random((count, 3, 2))
            file["label"] = np.arange(count) + 100 * (name == "b.h5")
    (tmp_path / "list.txt").write_text("a.h5\n\nb.h5\n")
    skipping = MIRRORED.replace("batch_size", "rand_skip: 5 batch_size")
    text = {"rand_skip": skipping, "HDF5Data": SHUFFLED, "MemoryData": MEMORY}.get(request.param, MIRRORED)

    def make() -> Feed:
        feed = make_feed(text)
        if request.param in ("ahead", "workers", "pinned workers"):
            feed.work_ahead(3)
        if request.param in ("workers", "pinned workers"):
            feed.use_workers(2)
        if request.param == "pinned workers":
            monkeypatch.setattr(torch.Tensor, "pin_memory", torch.Tensor.clone)  # without a GPU there is no such memory
            feed.pin()
        if request.param == "MemoryData":
            feed.set_arrays(np.stack(random_images(12, 2, 3, 5)), np.arange(12))
        return feed

    return make


def draw(feed: Feed, count: int) -> list[dict[str, torch.Tensor]]:
    return [next(feed) for _ in range(count)]


def same(left: list[dict[str, torch.Tensor]], right: list[dict[str, torch.Tensor]]) -> bool:
    return len(left) == len(right) and all(
        a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a) for a, b in zip(left, right)
    )


def test_batches_follow_from_the_seed(make_any: Callable):
    feeds = [make_any(), make_any(), make_any()]
    for feed, seed in zip(feeds, (5, 5, 6)):
        feed.configure(seed)
    first, second, other = (draw(feed, 9) for feed in feeds)
    assert same(first, second)
    assert same(first, other) == (feeds[0].type_name == "MemoryData")


def test_negative_seed_is_accepted(make_any: Callable):
    negative, same_bits = make_any(), make_any()
    negative.configure(-1)
    same_bits.configure(2**64 - 1)
    assert same(draw(negative, 1), draw(same_bits, 1))


@pytest.mark.parametrize("position", [0, 1, 2, 3, 7, 20])
def test_seeking_equals_drawing(make_any: Callable, position: int):
    drawn, sought = make_any(), make_any()
    draw(drawn, position)
    sought.seek(position)
    assert drawn.position == sought.position == position
    assert same(draw(drawn, 5), draw(sought, 5))
    assert drawn.position == position + 5


def test_seeking_back_repeats_batches(make_any: Callable):
    feed = make_any()
    before = draw(feed, 6)
    feed.seek(2)
    assert same(draw(feed, 4), before[2:])


def test_configuring_in_the_middle_keeps_the_position(make_any: Callable):
    late, early = make_any(), make_any()
    draw(late, 3)
    late.configure(9)
    early.configure(9)
    draw(early, 3)
    assert same(draw(late, 4), draw(early, 4))


@pytest.mark.parametrize("world", [2, 3])
def test_ranks_take_every_nth_batch(make_any: Callable, world: int):
    whole = draw(make_any(), 4 * world)
    for rank in range(world):
        feed = make_any()
        feed.configure(0, rank, world)
        assert same(draw(feed, 4), whole[rank::world])


def test_batches_are_float32_of_the_declared_shapes(make_any: Callable):
    feed = make_any()
    for batch in draw(feed, 3):
        assert {name: tuple(tensor.shape) for name, tensor in batch.items()} == feed.shapes
        assert {tensor.dtype for tensor in batch.values()} == {torch.float32}


def test_batches_share_no_memory(make_any: Callable):
    feed = make_any()
    batch = next(feed)
    kept = {name: tensor.clone() for name, tensor in batch.items()}
    for tensor in batch.values():
        tensor.zero_()
    feed.seek(0)
    assert same([next(feed)], [kept])


def test_copies_and_pickles_continue_at_the_same_batch(make_any: Callable):
    feed = make_any()
    draw(feed, 2)
    twins = [copy.deepcopy(feed), pickle.loads(pickle.dumps(feed))]
    expected = draw(feed, 3)
    for twin in twins:
        assert same(draw(twin, 3), expected)
        twin.close()


def test_a_closed_feed_opens_again(make_any: Callable):
    feed, other = make_any(), make_any()
    draw(feed, 2)
    feed.close()
    draw(other, 2)
    assert same(draw(feed, 2), draw(other, 2))


def test_negative_position_and_rank_beyond_world_are_refused(make_any: Callable):
    feed = make_any()
    with pytest.raises(ValueError, match="-1"):
        feed.seek(-1)
    with pytest.raises(ValueError, match="rank 2"):
        feed.configure(0, 2, 2)


def test_two_layers_of_a_net_draw_differently(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(11, 2, 5, 7))
    left, right = make_feed(MIRRORED), make_feed(MIRRORED, name="other")
    assert not same(draw(left, 3), draw(right, 3))


def test_feeds_merge_batches_and_seek(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(11, 2, 5, 7))

    def make() -> Feeds:
        return Feeds([make_feed(MIRRORED), make_feed(MIRRORED.replace("'data'", "'b'").replace("'label'", "'c'"))])

    feeds = make()
    feeds.configure(4)
    batches = [batch for batch, _ in zip(feeds, range(3))]
    assert len(feeds) == 2 and list(batches[0]) == ["data", "label", "b", "c"]
    position = feeds.positions
    expected = [next(feeds), next(feeds)]
    later = make()
    later.configure(4)
    later.seek(position)
    assert same([next(later), next(later)], expected)
    assert later.positions == [position[0] + 2, position[1] + 2]
    with pytest.raises(ValueError, match="1 positions for 2"):
        later.seek([3])
    later.close()


def test_feeds_without_layers_are_false():
    assert not Feeds() and Feeds().positions == []


def test_batch_beyond_the_largest_blob_is_refused(make_any: Callable, make_feed: Callable):
    made = make_any()
    text = {"Data": MIRRORED, "HDF5Data": SHUFFLED, "MemoryData": MEMORY}[made.type_name]
    with pytest.raises(SpecError, match=r"would make top `\w+` of shape \(2000000000, .*more than 2147483647 values"):
        make_feed(text.replace("batch_size: 4", "batch_size: 2000000000"))


@pytest.mark.parametrize("text", [MIRRORED, SHUFFLED, MEMORY], ids=["Data", "HDF5Data", "MemoryData"])
def test_batch_size_0_is_refused(make_feed: Callable, text: str):
    with pytest.raises(SpecError, match="batch_size of at least 1, not 0"):
        make_feed(text.replace("batch_size: 4", "batch_size: 0"))
