"""dsd-features: blobs as HDF5 and as databases."""

from __future__ import annotations

from functools import partial

import h5py
import numpy as np
import pytest
import torch
from caffe_cli import put_case
from commands import output_of

import netdef
from dsd.cli.features import main
from netdef.data.databases.open import open_records
from netdef.data.databases.records import key_text
from netdef.data.images.datum import datum_array, parse_datum

MODEL = "--model=net.prototxt", "--weights=snap_iter_10.caffemodel"


@pytest.fixture
def case(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def expected(case) -> dict[str, np.ndarray]:
    """The blobs of three batches."""
    net = netdef.load("net.prototxt", weights="snap_iter_10.caffemodel", device="cpu")
    with torch.no_grad():
        batches = [net.activations(**next(net.feeds)) for _ in range(3)]
    return {blob: np.concatenate([batch[blob].numpy() for batch in batches]) for blob in ("ip1", "ip2", "label")}


run = partial(output_of, main)


def test_blobs_are_written_to_one_hdf5_file(case, expected):
    shown = run(*MODEL, "--blobs=ip2,label", "--batches=3", "--out=x.h5")
    assert f"x.h5: {len(expected['ip2'])} items" in shown
    with h5py.File("x.h5") as file:
        assert set(file) == {"ip2", "label"}
        for blob in file:
            np.testing.assert_array_equal(file[blob][:], expected[blob])
    assert "--force" in run(*MODEL, "--blobs=ip2", "--batches=3", "--out=x.h5", status=2)
    run(*MODEL, "--blobs=ip1", "--batches=1", "--out=x.h5", "--force")
    with h5py.File("x.h5") as file:
        assert set(file) == {"ip1"} and len(file["ip1"]) == len(expected["ip1"]) // 3


@pytest.mark.parametrize("backend", ["lmdb", "leveldb"])
def test_blobs_are_written_to_databases(case, expected, backend):
    if backend == "leveldb":
        pytest.importorskip("plyvel", reason="needs the extra `leveldb`")
    run(*MODEL, "--blobs=ip1,label", "--batches=3", "--out=a,b", f"--backend={backend}")
    for blob, path in (("ip1", "a"), ("label", "b")):
        records = open_records(case / path)
        items = [(key_text(item), datum_array(parse_datum(item[1]))) for item in records.walk()]
        records.close()
        assert [key for key, _ in items] == [f"{i:010}" for i in range(len(expected[blob]))]
        for (_, array), values in zip(items, expected[blob], strict=True):
            assert array.shape == (values.size, 1, 1)
            np.testing.assert_array_equal(array.ravel(), values.ravel())


@pytest.mark.parametrize(
    "flags, complaint",
    [
        (("--blobs=ip3", "--out=x.h5"), "has no blob `ip3`; did you mean `ip"),
        (("--blobs=loss", "--out=x.h5"), "blob `loss` is one number"),
        (("--blobs=ip1,ip2", "--out=a"), "2 blobs need one .h5 file or 2 databases, not 1"),
        (("--blobs=ip1,ip2", "--out=a,a"), "names a twice; each blob needs a place of its own"),
        (("--blobs=ip1,ip1", "--out=a,b"), "a blob is named twice"),
        (("--blobs=ip1", "--out=x.h5", "--batches=0"), "0 is not in the range"),
    ],
)
def test_mistakes_end_with_a_message_and_2(case, flags, complaint):
    before = {path.name for path in case.iterdir()}
    assert complaint in run(*MODEL, "--batches=2", *flags, status=2)
    assert {path.name for path in case.iterdir()} == before


def test_a_net_without_data_is_refused(case):
    (case / "deploy.prototxt").write_text("layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 2 } } }")
    shown = run("--model=deploy.prototxt", MODEL[1], "--blobs=x", "--batches=2", "--out=x.h5", status=2)
    assert "deploy.prototxt:1:33: layer `x` (Input) waits for the tensors of a program" in shown and "in the TEST net" in shown


def test_blobs_that_are_not_finite_are_written_with_a_warning(case):
    net = netdef.load("net.prototxt", weights="snap_iter_10.caffemodel")
    with torch.no_grad():
        net.params["ip2"][1][2] = float("inf")
    netdef.save_weights(net, "broken.caffemodel")
    shown = run("--model=net.prototxt", "--weights=broken.caffemodel", "--blobs=ip1,ip2", "--batches=3", "--out=x.h5")
    assert shown.count("warning: ") == 1
    assert f"warning: blob `ip2` has {net.shapes['ip2'][0]} infinite of" in shown and "values in batch 0" in shown
    with h5py.File("x.h5") as file:
        assert np.isinf(file["ip2"][:, 2]).all()
