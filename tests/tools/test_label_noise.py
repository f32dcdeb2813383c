"""Labels made wrong."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from netdef.data.databases.datum_writer import DatumWriter
from netdef.data.databases.open import open_records
from netdef.data.images.datum import array_datum, parse_datum

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "label_noise.py"))


def test_as_many_are_drawn_as_asked_for_and_the_rest_stay():
    labels = np.arange(5000) % 10
    spoilt = TOOL["spoil"](labels, 0.4, seed=3)
    assert set(spoilt) == set(range(10))
    assert np.mean(spoilt != labels) == pytest.approx(0.36, abs=0.03)  # 0.4 * 9/10, 4 standard deviations
    assert np.array_equal(TOOL["spoil"](labels, 0.4, seed=3), spoilt)
    assert np.array_equal(TOOL["spoil"](labels, 0, seed=3), labels)


def test_images_stay_as_they_are(tmp_path):
    images = np.arange(7 * 6, dtype=np.uint8).reshape(7, 1, 2, 3)
    with DatumWriter(tmp_path / "clean") as writer:
        for number, image in enumerate(images):
            writer.add(array_datum(image, number % 3))
    arguments = [str(tmp_path / "clean"), str(tmp_path / "noisy"), "--first", "5", "--share", "1"]
    run = CliRunner().invoke(TOOL["main"], arguments)
    assert run.exit_code == 0 and "noisy: 5 items, " in run.output
    found = [parse_datum(value) for _, value in open_records(tmp_path / "noisy").walk()]
    assert [datum.data for datum in found] == [image.tobytes() for image in images[:5]]
    assert {datum.label for datum in found} <= {0, 1, 2}
    again = CliRunner().invoke(TOOL["main"], arguments)
    assert again.exit_code == 1 and "is there already" in again.output
