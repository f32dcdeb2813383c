"""ImageData of some images of each class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netdef.data.feeding.feed import Feed
from netdef.errors import FileError, SpecError

COUNTS = {"amy": 5, "bob": 2, "cleo": 4, "dan": 1}  # images of each class, whose pixels are 10 x label + number
LABELS = {"amy": 3, "bob": 7, "cleo": 11, "dan": 20}


@pytest.fixture
def faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, count in COUNTS.items():
        (tmp_path / "all" / name).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (7, 5), (10 * LABELS[name] + number,) * 3).save(tmp_path / "all" / name / f"{number}.png")
    (tmp_path / "list.txt").write_text("".join(f"{name} {label}\n" for name, label in LABELS.items()))
    return tmp_path


def classes(more: str = "", sample: int = 3, label: int = 2, transform: str = "") -> str:
    return (f"type: 'ImageData' top: 'data' top: 'label' top: 'index' transform_param {{ {transform} }} image_data_param {{ "
            f"source: 'list.txt' root_folder: 'all' sample_num: {sample} label_num: {label} "
            f"batch_size: {sample * label} {more} }}")


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_a_batch_has_so_many_different_images_of_each_class(faces: Path, make_feed: Callable[..., Feed], phase: str):
    feed = make_feed(classes(), phase)
    assert feed.shapes == {"data": (6, 3, 5, 7), "label": (2,), "index": (6,)}
    drawn, sizes = set(), set()
    for _ in range(40):
        batch = {top: value.numpy() for top, value in next(feed).items()}
        values = batch["data"][:, 0, 0, 0]
        assert (batch["data"] == values[:, None, None, None]).all() and len(set(values)) == 6
        np.testing.assert_array_equal(values // 10, batch["index"])
        counts = batch["label"].astype(int).tolist()
        assert sum(counts) == 6
        runs = np.split(batch["index"], np.cumsum(counts)[:-1])
        assert all(len(set(run)) == 1 for run in runs) and len({run[0] for run in runs}) == len(counts)
        for run, count in zip(runs, counts):
            name = next(name for name, label in LABELS.items() if label == run[0])
            assert count == min(3, COUNTS[name]) or run is runs[-1]
        drawn.add(tuple(values))
        sizes.add(len(counts))
    assert len(drawn) > 30 and sizes == {2, 3}


def test_batches_follow_from_their_number(faces: Path, make_feed: Callable[..., Feed]):
    one, other = make_feed(classes("probability: 0.5 lower: 0.3 higher: 0.6 min_aspect_ratio: 0.4 max_aspect_ratio: 0.9")), None
    expected = [next(one) for _ in range(4)][3]
    other = make_feed(classes("probability: 0.5 lower: 0.3 higher: 0.6 min_aspect_ratio: 0.4 max_aspect_ratio: 0.9"))
    other.seek(3)
    found = next(other)
    assert all(np.array_equal(found[top], expected[top]) for top in expected)


def test_parts_become_the_mean(faces: Path, make_feed: Callable[..., Feed]):
    lost = "probability: 0 lower: 0.4 higher: 0.6 min_aspect_ratio: 0.5 max_aspect_ratio: 0.9"
    feed = make_feed(classes(lost, transform="mean_value: 99"))
    for _ in range(5):
        batch = next(feed)
        for image, label in zip(batch["data"].numpy(), batch["index"].numpy()):
            gone = image[0] == 0
            rows, columns = np.where(gone)
            assert 1 <= gone.sum() <= 0.36 * 35  # at most 0.6 x 0.6 of 5 x 7
            assert gone.sum() == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)  # a rectangle
            assert set((image[0][~gone] + 99) // 10) == {label}


@pytest.mark.parametrize(("text", "said"), [
    (classes().replace("batch_size: 6", "batch_size: 5"), "has `batch_size` 5; it is `label_num` x `sample_num`, 2 x 3"),
    (classes(sample=4, label=3), "wants 12 images a batch, at most 4 of a class; its list of 4 classes has fewer"),
    (classes("probability: 0.5"), "loses parts of 1 to 1 of a side, with ratios from 1 to 1"),
    (classes("probability: 2"), "has `probability` 2"),
])
def test_what_is_refused(faces: Path, make_feed: Callable[..., Feed], text: str, said: str):
    with pytest.raises(SpecError) as caught:
        make_feed(text)
    assert said in str(caught.value)


def test_a_folder_that_is_not_there(faces: Path, make_feed: Callable[..., Feed]):
    (faces / "list.txt").write_text("amy 3\neve 4\n")
    with pytest.raises((FileError, SpecError), match="lists `all/eve`, and there is no folder of that name with images"):
        make_feed(classes())
