"""Batches equal those of the original Caffe's data layers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
from oracle import golden_cases

from netdef.data import catalogue  # noqa: F401
from netdef.data.databases.lmdb import LmdbRecords
from netdef.data.feeding.feed import Feed
from netdef.data.images.datum import datum_array, parse_datum
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.layers.core.registry import known_types, layer_class

Batch = dict[str, np.ndarray]


class Case:
    """A recorded case and the feed of its net."""

    def __init__(self, folder: Path):
        self.meta = json.loads((folder / "meta.json").read_text())
        (spec,) = filter_net(read_net(folder / "net.prototxt"), self.meta["phase"]).layers
        if spec.type not in known_types():
            pytest.skip(f"no layer type {spec.type} yet")
        self.feed: Feed = layer_class(spec)(spec)
        self.recorded = np.load(folder / "golden.npz")

    def ours(self, count: int) -> list[Batch]:
        return [{name: tensor.numpy() for name, tensor in next(self.feed).items()} for _ in range(count)]

    def theirs(self) -> list[Batch]:
        return [{name: self.recorded[f"step{k}/{name}"] for name in self.feed.tops} for k in range(self.meta["steps"])]


def cases(*names: str) -> list[Path]:
    """The recorded cases of these names; without names, all whose batches are not random."""
    recorded = [folder for folder in golden_cases("data") if (folder / "golden.npz").is_file()]
    if names:
        return [folder for folder in recorded if folder.name in names]
    return [folder for folder in recorded if not json.loads((folder / "meta.json").read_text())["random"]]


@pytest.fixture
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.chdir(request.param.parent)
    made = Case(request.param)
    yield made
    made.feed.close()


def replay(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases(*names), indirect=True, ids=lambda folder: folder.name)


def source_images() -> list[np.ndarray]:
    return [datum_array(parse_datum(value)) for _, value in LmdbRecords(Path("files/rgb_lmdb")).walk()]


@replay()
def test_batches_equal_caffes_bit_for_bit(case: Case):
    if "in/data" in case.recorded:
        case.feed.set_arrays(case.recorded["in/data"], case.recorded["in/label"])
    theirs = case.theirs()
    for ours, recorded in zip(case.ours(len(theirs)), theirs):
        for name, array in recorded.items():
            np.testing.assert_array_equal(ours[name], array)


@replay("data_bs_gt_n", "data_crop_test", "data_float", "hdf5_types", "memory_data")
def test_declared_shapes_match_the_batches(case: Case):
    assert case.feed.shapes == {name: array.shape for name, array in case.theirs()[0].items()}


@replay("data_crop_train")
@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_training_crops_cover_all_positions(case: Case, whose: str):
    images = source_images()
    crops = np.concatenate([batch["data"] for batch in (case.ours(60) if whose == "ours" else case.theirs())])
    seen = set()
    for index, crop in enumerate(crops):
        image = images[index % len(images)]
        places = [
            (row, column)
            for row in range(8 - 5 + 1)
            for column in range(9 - 5 + 1)
            if np.array_equal(image[:, row : row + 5, column : column + 5], crop)
        ]
        assert len(places) == 1
        seen.update(places)
    # Theirs are 12 crops only; in 180 each of the 20 places turns up.
    assert len(seen) == 20 if whose == "ours" else len(seen) > 1


@replay("data_mirror_test")
def test_about_half_of_the_images_are_mirrored_in_test(case: Case):
    images = source_images()
    flips = []
    for index, image in enumerate(np.concatenate([batch["data"] for batch in case.ours(40)])):
        original = images[index % len(images)]
        flips.append(np.array_equal(image, original[..., ::-1]))
        assert flips[-1] or np.array_equal(image, original)
    assert 30 < sum(flips) < 90  # of 120: 5 standard deviations and a half


@replay("hdf5_shuffle")
def test_hdf5_files_are_shuffled_and_rows_within_them(case: Case):
    parts = []
    for name in ("files/part0.h5", "files/part1.h5"):
        with h5py.File(name) as file:
            parts.append(sorted(file["label"][:].tolist()))
    total = sum(map(len, parts))
    labels = np.concatenate([batch["label"] for batch in case.ours(total)]).tolist()
    epochs = [labels[start : start + total] for start in range(0, len(labels), total)]
    firsts = set()
    for epoch in epochs:
        first = next(n for n, part in enumerate(parts) if sorted(epoch[: len(part)]) == part)
        assert sorted(epoch[len(parts[first]) :]) == parts[1 - first]
        firsts.add(first)
    assert firsts == {0, 1} and len({tuple(epoch) for epoch in epochs}) > 1


@replay("window_square")
def test_recorded_windows_are_among_ours_bit_for_bit(case: Case):
    for batch in case.theirs():
        for index, (crop, label) in enumerate(zip(batch["data"], batch["label"])):
            ours = []
            for window in case.feed.kinds[index >= 3]:  # the last quarter is foreground
                out = np.zeros_like(crop)
                case.feed.cut(out, case.feed.load(window.image), window, flip=False)
                ours.append((window.label, out))
            assert any(label == theirs and np.array_equal(crop, out) for theirs, out in ours)
    labels = [batch["label"] for batch in case.ours(20)]
    assert all(label[:3].max() == 0 for label in labels) and {label[3] for label in labels} == {1, 2}
