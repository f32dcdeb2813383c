"""`DataUnlabeled`: each item `nt` times."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netdef.errors import SpecError

DATA = "type: 'DataUnlabeled' top: 'data' top: 'label' data_param { source: 'db' backend: LMDB batch_size: 6 %s } nt: %s %s"


@pytest.mark.parametrize("more", ["", "transform_param { mirror: true }"])
def test_items_are_repeated_and_go_on(make_feed: Callable, make_database: Callable, random_images: Callable, more: str):
    make_database(random_images(5, 3, 4, 6))
    feed = make_feed(DATA % ("", 3, more))
    labels = [next(feed)["label"].tolist() for _ in range(3)]
    assert labels == [[0, 0, 0, 1, 1, 1], [2, 2, 2, 3, 3, 3], [4, 4, 4, 0, 0, 0]]


def test_crops_differ(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(5, 1, 9, 11))
    batch = next(make_feed(DATA % ("", 6, "transform_param { crop_size: 5 }")))["data"]
    assert len({image.numpy().tobytes() for image in batch}) > 1


def test_shuffled_items_are_repeated(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(5, 3, 4, 6))
    labels = next(make_feed(DATA % ("shuffle: true", 2, "")))["label"].tolist()
    assert labels[::2] == labels[1::2] and len(set(labels)) == 3


def test_a_number_of_times_that_does_not_divide_the_batch_is_refused(make_feed: Callable, make_database: Callable,
                                                                     random_images: Callable):
    make_database(random_images(5, 3, 4, 6))
    for times in (1, 4):
        with pytest.raises(SpecError, match=f"divisor of its `batch_size` of 6; it is {times}"):
            make_feed(DATA % ("", times, ""))
