"""`MemoryData`: arrays set by the program."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from netdef.errors import NetdefError, SpecError

TEXT = "type: 'MemoryData' top: 'data' top: 'label' memory_data_param { batch_size: 2 channels: 3 height: 4 width: 5 }"
ARRAY = np.arange(6 * 3 * 4 * 5, dtype=np.float64).reshape(6, 3, 4, 5)


def test_batches_wrap_around(make_feed: Callable):
    feed = make_feed(TEXT)
    feed.set_arrays(ARRAY, np.arange(6))
    assert feed.shapes == {"data": (2, 3, 4, 5), "label": (2, 1, 1, 1)}
    drawn = [next(feed) for _ in range(4)]
    assert [batch["label"].flatten().tolist() for batch in drawn] == [[0, 1], [2, 3], [4, 5], [0, 1]]
    np.testing.assert_array_equal(drawn[2]["data"], ARRAY[4:])


def test_data_of_any_number_of_axes(make_feed: Callable):
    """As in naibaf7's fork: all sizes by `dim`, and the label may be left out."""
    text = "type: 'MemoryData' top: 'data' memory_data_param { dim: 2 dim: 3 dim: 4 dim: 5 dim: 6 }"
    data = np.arange(4 * 3 * 4 * 5 * 6).reshape(4, 3, 4, 5, 6)
    feed = make_feed(text)
    feed.set_arrays(data)
    assert feed.shapes == {"data": (2, 3, 4, 5, 6)}
    np.testing.assert_array_equal([next(feed) for _ in range(2)][1]["data"], data[2:])
    feed = make_feed(text.replace("top: 'data'", "top: 'data' top: 'label'").replace("dim: 6", ""))
    assert feed.shapes == {"data": (2, 3, 4, 5), "label": (2, 1, 1, 1)}
    with pytest.raises(SpecError, match=r"needs sizes above 0, not \(3, 0, 5, 6\)"):
        make_feed(text.replace("dim: 4", "dim: 0"))


def test_a_label_is_left_out_with_dim_alone(make_feed: Callable):
    with pytest.raises(SpecError, match="has 1 top; it makes 2, data and label"):
        make_feed(TEXT.replace("top: 'label'", ""))


def test_set_arrays_copies_and_starts_at_the_beginning(make_feed: Callable):
    feed = make_feed(TEXT)
    feed.set_arrays(ARRAY, np.arange(6))
    next(feed)
    mine = ARRAY[:2] + 1
    feed.set_arrays(mine, np.array([8, 9]))
    mine[:] = 0
    batch = next(feed)
    np.testing.assert_array_equal(batch["data"], ARRAY[:2] + 1)
    assert batch["label"].flatten().tolist() == [8, 9] and feed.position == 1


def test_batch_before_set_arrays_is_refused(make_feed: Callable):
    with pytest.raises(NetdefError, match=r"layer `input` \(MemoryData\) has no data yet: call set_arrays"):
        next(make_feed(TEXT))


@pytest.mark.parametrize(
    "data, labels, said",
    [
        (ARRAY[:, :2], range(6), r"\(N, 3, 4, 5\), not \(6, 2, 4, 5\)"),
        (ARRAY[0], range(3), r"not \(3, 4, 5\)"),
        (ARRAY, range(5), "5 labels for 6 items"),
        (ARRAY[:5], range(5), "multiples of its batch size 2, not 5"),
        (ARRAY[:0], [], "not 0 items"),
    ],
)
def test_wrong_shapes_are_refused(make_feed: Callable, data: np.ndarray, labels: list, said: str):
    with pytest.raises(ValueError, match=said):
        make_feed(TEXT).set_arrays(data, np.array(labels))


def test_sizes_of_0_are_refused(make_feed: Callable):
    with pytest.raises(SpecError, match=r"above 0, not \(3, 0, 5\)"):
        make_feed(TEXT.replace("height: 4", ""))


def test_transform_param_warns(make_feed: Callable):
    with pytest.warns(UserWarning, match="transform_param does nothing"):
        feed = make_feed(TEXT + " transform_param { scale: 3 }")
    feed.set_arrays(ARRAY, np.arange(6))
    np.testing.assert_array_equal(next(feed)["data"], ARRAY[:2])


def test_sparse_data_are_arrays_with_their_zeros(make_feed: Callable):
    """MemorySparseData, as DeepDetect's nets for words end in when they are used."""
    feed = make_feed(TEXT.replace("MemoryData", "MemorySparseData"))
    feed.set_arrays(ARRAY, np.arange(6))
    np.testing.assert_array_equal(next(feed)["data"], ARRAY[:2])
