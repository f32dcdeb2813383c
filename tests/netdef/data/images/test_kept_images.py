"""Raw images that are kept after the first time they are read."""

from __future__ import annotations

import pickle

import numpy as np

from netdef.data.images import kept_images
from netdef.data.images.kept_images import KeptImages

IMAGE = np.zeros((2, 3, 5), np.uint8)


def test_images_are_known_once_they_are_kept(random_images):
    images, labels = np.stack(random_images(3, 2, 3, 5)), np.float32([7, 8, 9])
    kept = KeptImages(4, (2, 3, 5))
    assert kept.get([0, 2]) is None
    kept.keep([3, 0, 2], images, labels)
    found, theirs = kept.get([2, 3])
    assert np.array_equal(found, images[[2, 0]]) and theirs.tolist() == [9, 7]
    assert kept.get(slice(1, 3)) is None and kept.get(slice(2, 4)) is not None
    theirs[:] = 0  # a caller may write to its labels
    assert kept.get([2])[1].tolist() == [9]


def test_images_of_another_shape_are_not_kept(random_images):
    kept = KeptImages(4, (2, 3, 5))
    kept.keep([0, 1], np.stack(random_images(2, 2, 5, 3)), np.float32([1, 2]))
    assert kept.get([0]) is None


def test_only_small_databases_of_bytes_have_room(monkeypatch):
    assert KeptImages.of(11, IMAGE).count == 11
    assert KeptImages.of(None, IMAGE) is None and KeptImages.of(11, IMAGE.astype(np.float32)) is None
    monkeypatch.setattr(kept_images, "MOST_BYTES", 11 * 30)
    assert KeptImages.of(11, IMAGE) is not None and KeptImages.of(12, IMAGE) is None


def test_a_copy_begins_with_none():
    kept = KeptImages(2, (1, 1, 1))
    kept.keep(slice(0, 2), np.ones((2, 1, 1, 1), np.uint8), np.float32([1, 2]))
    copy = pickle.loads(pickle.dumps(kept))
    assert copy.get([0]) is None and (copy.count, copy.shape) == (2, (1, 1, 1))
