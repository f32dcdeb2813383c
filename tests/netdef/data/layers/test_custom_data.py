"""CustomData: several tops of one record, and the order of records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netdef.data.images.mean_file import write_mean
from netdef.errors import FileError, SpecError
from netdef.schema.messages import Datum

FLOW = np.array([[[32, -16, 32767], [0, 1, -32768]], [[64, 8, 3], [-3, 2, 1]]], "<i2")
BITS = [[1, 0, 1], [0, 0, 1]]


def layer(param: str, tops: int) -> str:
    return ("type: 'CustomData' " + " ".join(f"top: 't{i}'" for i in range(tops))
            + f" data_param {{ source: 'db' backend: LMDB batch_size: 1 {param} }}")


def test_parts_of_a_record(make_feed: Callable, make_database: Callable):
    image = np.arange(18, dtype=np.uint8).reshape(3, 2, 3)
    data = image.tobytes() + FLOW.tobytes() + bytes([0b100101])
    make_database([Datum(channels=6, height=2, width=3, data=data, label=9)])
    feed = make_feed(layer("slice_point: [3, 5] encoding: [UINT8, UINT16FLOW, BOOL1] scale: 2 subtract: [1, 0, 3]", 4))
    batch = next(feed)
    assert feed.shapes == {"t0": (1, 3, 2, 3), "t1": (1, 2, 2, 3), "t2": (1, 1, 2, 3), "t3": (1, 1, 1, 1)}
    np.testing.assert_array_equal(batch["t0"][0], 2 * (image.astype(np.float32) - np.array([1, 0, 3])[:, None, None]))
    flow = FLOW / 16
    flow[0, 0, 2] = np.nan
    np.testing.assert_array_equal(batch["t1"][0], flow)
    assert batch["t2"][0, 0].tolist() == np.multiply(2, BITS).tolist() and batch["t3"].flatten().tolist() == [9]


def test_floats_and_a_mean(make_feed: Callable, make_database: Callable, tmp_path: Path):
    values = np.arange(12, dtype=np.float32).reshape(2, 2, 3) / 4
    make_database([Datum(channels=2, height=2, width=3, float_data=values.flatten())])
    write_mean(tmp_path / "mean.binaryproto", values / 2)
    batch = next(make_feed(layer("slice_point: 1 mean_file: 'mean.binaryproto'", 2)))
    np.testing.assert_array_equal(batch["t0"][0], values[:1] / 2)
    np.testing.assert_array_equal(batch["t1"][0], values[1:] / 2)


def order(make_feed: Callable, param: str, count: int, phase: str = "TRAIN") -> list[int]:
    feed = make_feed(layer(param, 1), phase)
    return [int(next(feed)["t0"]) for _ in range(count)]


def test_which_records_are_read(make_feed: Callable, make_database: Callable, tmp_path: Path):
    make_database([np.full((1, 1, 1), i, np.uint8) for i in range(6)])
    (tmp_path / "list").write_text("1 2 1\n1 2 1\n")
    chosen = "preselection_file: 'list' preselection_label: 1"
    assert order(make_feed, chosen, 5) == [0, 2, 3, 5, 0]
    assert order(make_feed, f"{chosen} range_start: 1 range_end: 2", 3) == [2, 3, 2]
    assert order(make_feed, "range_start: 4 range_end: 99", 3) == [4, 5, 4]


def shuffled(items: list[int], draws: list[int]) -> list[int]:
    """Each item changes places with one of those up to it."""
    for i, drawn in zip(range(1, len(items)), draws):
        j = drawn % (i + 1)
        items[i], items[j] = items[j], items[i]
    return items


def test_the_order_of_a_seed(make_feed: Callable, make_database: Callable):
    make_database([np.full((1, 1, 1), i, np.uint8) for i in range(6)])
    draws = [1804289383, 846930886, 1681692777, 1714636915, 1957747793]  # of C's rand after srand(1), which is that of none
    whole = shuffled(list(range(6)), draws)
    for seed in ("", "rand_permute_seed: 1"):
        assert order(make_feed, f"rand_permute: true {seed}", 7) == [*whole, whole[0]]
    assert order(make_feed, "rand_permute: true rand_permute_seed: 2", 6) != whole
    assert order(make_feed, "rand_permute: true range_end: 2", 4) == [*whole[:3], whole[0]]
    after = "rand_permute: true range_start: 3 rand_permute_order: FIRST_RANGE_THEN_PERMUTE"
    assert order(make_feed, after, 3) == shuffled([3, 4, 5], draws)
    blocks = [*shuffled([0, 1, 2], draws), 3, 4, 5]  # the last of four, and of two, stay
    assert order(make_feed, "rand_permute: true block_size: 4", 6) == blocks


def test_a_new_order_each_batches(make_feed: Callable, make_database: Callable):
    make_database([np.full((1, 1, 1), i, np.uint8) for i in range(8)])
    found = order(make_feed, "rand_permute: true permute_every_iter: 8", 24)
    turns = [found[start : start + 8] for start in (0, 8, 16)]
    assert [sorted(turn) for turn in turns] == [list(range(8))] * 3 and len({tuple(turn) for turn in turns}) == 3
    assert found == order(make_feed, "rand_permute: true permute_every_iter: 8", 24)
    kept = order(make_feed, "rand_permute: true permute_every_iter: 8 block_size: 2", 16)
    assert kept == list(range(8)) * 2


@pytest.mark.parametrize("param, tops, said", [
    ("backend: LEVELDB", 1, "reads an LMDB only"), ("crop_size: 2", 1, "has `crop_size`"),
    ("slice_point: 2", 1, "1 tops for 2 parts"),
    ("slice_point: [2, 2]", 3, "they must rise"), ("encoding: BOOL1", 1, "bits for 3 channels"),
    ("subtract: [1, 2, 3, 4]", 1, "4 `subtract` for 3 channels"), ("range_start: 1 range_end: 0", 1, "reads no records"),
    ("preselection_file: 'list'", 1, "no `preselection_label`"),
    ("preselection_file: 'list' preselection_label: 1", 1, "reads 3 numbers in .*, and 2 records")])
def test_what_does_not_fit_is_refused(make_feed: Callable, make_database: Callable, tmp_path: Path, param, tops, said):
    make_database([np.zeros((3, 2, 2), np.uint8)] * 2)
    (tmp_path / "list").write_text("1 1 1")
    with pytest.raises(SpecError, match=said):
        make_feed(layer(param, tops).replace("backend: LMDB", "") if "LEVELDB" in param else layer(param, tops))


def test_records_that_do_not_fit_are_errors(make_feed: Callable, make_database: Callable):
    make_database([np.zeros((1, 2, 2), np.uint8), np.zeros((1, 2, 3), np.uint8)])
    with pytest.raises(FileError, match="item .* holds 4 bytes; it wants 8"):
        make_feed(layer("encoding: UINT16FLOW", 1))
    feed = make_feed(layer("", 1))
    next(feed)
    with pytest.raises(FileError, match="has shape .1, 2, 3., and the first record .1, 2, 2."):
        next(feed)
