"""Data layers from a line of prototxt, databases from arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from netdef.data import catalogue  # noqa: F401
from netdef.data.databases.datum_writer import DatumWriter
from netdef.data.feeding.feed import Feed
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.layers.core.registry import layer_class
from netdef.schema import messages


@pytest.fixture
def make_feed(tmp_path: Path) -> Iterator[Callable[..., Feed]]:
    """``make_feed(text, phase)``: the feed of a layer's text, files looked up in ``tmp_path``; closed at the end."""
    made: list[Feed] = []

    def make(text: str, phase: str = "TRAIN", name: str = "input") -> Feed:
        (spec,) = filter_net(read_net_text(f"layer {{ name: '{name}' {text} }}", tmp_path), phase).layers
        made.append(layer_class(spec)(spec))
        return made[-1]

    yield make
    for feed in made:
        feed.close()


@pytest.fixture
def make_database(tmp_path: Path) -> Callable[..., Path]:
    """``make_database(images)``: an LMDB ``db`` of uint8 images (C, H, W) or datums, labelled 0, 1, 2, ..."""

    def make(images: list, name: str = "db") -> Path:
        with DatumWriter(tmp_path / name) as writer:
            for label, image in enumerate(images):
                if isinstance(image, np.ndarray):
                    channels, height, width = image.shape
                    image = messages.Datum(
                        channels=channels, height=height, width=width, data=image.tobytes(), label=label
                    )
                writer.add(image)
        return tmp_path / name

    return make


@pytest.fixture
def random_images() -> Callable[..., list[np.ndarray]]:
    """``random_images(count, C, H, W)``: distinct ones, the same every time."""
    return lambda *shape: list(np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8))
