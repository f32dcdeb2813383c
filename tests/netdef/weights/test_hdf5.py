""".caffemodel.h5 files as Caffe has them."""

import h5py
import numpy as np
import pytest
import torch
from oracle import golden_cases

from netdef.errors import FileError
from netdef.schema.messages import LayerParameter
from netdef.weights import hdf5

RECORDED = [case for case in golden_cases("solvers") if (case / "snap_iter_6.caffemodel.h5").exists()]


def read_all(path):
    arrays = {}
    with hdf5.read(path) as layers:
        for layer in layers:
            for index, blob in layer.blobs.items():
                into = torch.full(blob.shape, torch.nan)
                blob.read(into)
                arrays[layer.name, index] = into.numpy()
    return arrays


def outline(path):
    """Names in a file with shape and type of what they name."""
    found = {}

    def note(name, item):
        found[name] = (item.shape, item.dtype) if isinstance(item, h5py.Dataset) else None

    with h5py.File(path) as file:
        file.visititems(note)
    return found


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case.name)
def test_recorded_files_are_read_and_written(case, tmp_path):
    """Read: the parameters recorded after six iterations. Written again: the same names, shapes and types."""
    recorded = np.load(case / "golden.npz")
    path = case / "snap_iter_6.caffemodel.h5"
    found = read_all(path)
    assert found
    for (layer, index), array in found.items():
        assert np.array_equal(array, recorded[f"param/{layer}/{index}"][5])
    with hdf5.read(path) as layers:
        again = [
            (LayerParameter(name=layer.name), [torch.from_numpy(found[layer.name, i]) for i in range(len(layer.blobs))])
            for layer in layers
        ]
    hdf5.write(tmp_path / "x.caffemodel.h5", "n", again)
    assert outline(tmp_path / "x.caffemodel.h5") == outline(path)
    written = read_all(tmp_path / "x.caffemodel.h5")
    assert written.keys() == found.keys() and all(np.array_equal(array, written[key]) for key, array in found.items())


def test_names_with_slashes_and_layers_of_one_name(tmp_path):
    """Caffe cannot write either: it aborts."""
    blobs = {name: [torch.full((2,), float(i))] for i, name in enumerate(["a", "a/b", "a/b/1x1"])}
    layers = [(LayerParameter(name="loss"), []), (LayerParameter(name="loss"), [])]
    layers += [(LayerParameter(name=name), each) for name, each in blobs.items()]
    hdf5.write(tmp_path / "x.h5", "n", layers)
    assert {name: list(array) for (name, _), array in read_all(tmp_path / "x.h5").items()} == {
        "a": [0, 0], "a/b": [1, 1], "a/b/1x1": [2, 2]
    }  # fmt: skip


def test_a_shared_blob_is_with_its_first_layer(tmp_path):
    weight = torch.ones(2, 3)
    layers = [(LayerParameter(name="fa"), [weight]), (LayerParameter(name="fb"), [weight, torch.zeros(2)])]
    hdf5.write(tmp_path / "x.h5", "n", layers)
    assert list(read_all(tmp_path / "x.h5")) == [("fa", 0), ("fb", 1)]
    assert "data/fb" in outline(tmp_path / "x.h5")


def test_masks_are_outside_of_data(tmp_path):
    messages = [
        LayerParameter(name="m/1", mask_param={"shape": {"dim": [2, 3]}, "bits": b"\x15"}),
        LayerParameter(name="all", mask_param={"shape": {"dim": [5]}}),
    ]
    hdf5.write(tmp_path / "x.h5", "n", [(message, []) for message in messages])
    assert {name for name in outline(tmp_path / "x.h5") if "data/" in name} == {"data/m", "data/m/1", "data/all"}
    with hdf5.read(tmp_path / "x.h5") as layers:
        masks = {layer.name: (layer.mask.shape, layer.mask.kept()) for layer in layers if layer.mask}
    assert masks["m/1"][0] == (2, 3) and masks["m/1"][1].tolist() == [[True, False, True], [False, True, False]]
    assert masks["all"] == ((5,), None)


def test_a_file_without_weights_is_refused(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["data"] = np.zeros((3, 2))
        file["label"] = np.zeros(3)
    with pytest.raises(FileError, match="x.h5: holds `data`, `label`; weights are in a group `data`"):
        read_all(tmp_path / "x.h5")


DAMAGE = {
    "a mask without numbers for a shape": ("mask/m", {"data": np.uint8([3])}, "abc", "invalid literal"),
    "a mask whose shape is no list": ("mask/m", {"data": np.uint8([3])}, 3, "not iterable"),
    "a mask of any size": (
        "mask/m", {"shape": (2**40,), "dtype": "u1"}, [2, 3], r"mask `m` is no row of bytes for a shape of \(2, 3\)"),
    "a mask of text": ("mask/m", {"data": "hello"}, [2, 3], "mask `m` is no row of bytes"),
    "a blob of text": ("data/ip/0", {"data": np.array([b"a", b"b"])}, None, r"`data/ip/0` holds \|S1, not numbers"),
    "a blob of lists": ("data/ip/0", {"shape": 2, "dtype": h5py.vlen_dtype("f4")}, None, "holds object, not numbers"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_contents_that_are_no_weights_are_refused(tmp_path, what):
    name, content, shape, said = DAMAGE[what]
    path = tmp_path / "x.h5"
    hdf5.write(path, "n", [(LayerParameter(name="ip"), [])])
    with h5py.File(path, "a") as file:
        made = file.create_dataset(name, **content)
        if shape is not None:
            made.attrs["shape"] = shape
    with pytest.raises(FileError, match=f"^{path}: cannot be read as weights: .*{said}"):
        read_all(path)


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "x.h5"
    hdf5.write(path, "n", [(LayerParameter(name="ip"), [torch.ones(300, 20)])])
    whole = path.read_bytes()
    for size in (1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(FileError, match=f"^{path}: cannot be read as weights"):
            read_all(path)
