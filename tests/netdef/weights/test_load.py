"""Load weight files into nets: reports and errors."""

import pytest
import torch
from oracle import shared

import netdef
from netdef.errors import FileError
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.weights import caffemodel
from netdef.weights.load import LoadReport, Reshaped, load_weights
from netdef.weights.save import save_weights


def write(path, layers):
    caffemodel.write(path, "n", [(LayerParameter(name=name), blobs) for name, blobs in layers.items()])
    return path


def test_layers_that_only_one_side_has_are_reported(make_net, tmp_path):
    path = write(tmp_path / "x.caffemodel", {"data": [], "conv": [torch.ones(2, 3)], "fc8": [torch.ones(5)]})
    net = make_net({"conv": [torch.zeros(2, 3)], "fc8_flickr": [torch.zeros(7)], "relu": []})
    report = load_weights(net, path)
    assert report == LoadReport(str(path), ("conv",), ("fc8",), ("fc8_flickr",), (), ())
    assert net.params["conv"][0].eq(1).all() and net.params["fc8_flickr"][0].eq(0).all()
    assert str(report) == (
        f"{path}: weights of 1 layer used\n"
        "  only in the file, not used: `fc8`\n"
        "  only in the net, left as they were: `fc8_flickr`"
    )


def test_a_file_of_which_no_layer_is_in_the_net_is_told(make_net, tmp_path):
    path = write(tmp_path / "x.caffemodel", {name: [torch.ones(5)] for name in "abcd"})
    net = make_net({"conv": [torch.zeros(2, 3)]})
    said = f"{path}: no layer of it is in the net, so nothing was loaded; it has `a`, `b`, `c` and 1 more, the net `conv`"
    with pytest.warns(UserWarning, match=f"^{said}$"):
        assert load_weights(net, path).used == ()


def test_everything_that_does_not_fit_is_reported_at_once_and_nothing_is_copied(make_net, tmp_path):
    layers = {"conv": [torch.ones(3, 2, 1, 1)], "good": [torch.ones(4)], "ip": [torch.ones(5, 6)] * 3, "none": []}
    net = make_net(
        {
            "conv": [torch.zeros(2, 3)],
            "good": [torch.zeros(4)],
            "ip": [torch.zeros(5, 6), torch.zeros(5)],
            "none": [torch.zeros(1)],
        }
    )
    with pytest.raises(FileError) as caught:
        load_weights(net, write(tmp_path / "x.caffemodel", layers))
    assert str(caught.value) == (
        f"{tmp_path}/x.caffemodel: does not fit the net\n"
        "  layer `conv`, blob 0: the file has shape (3, 2, 1, 1), the net (2, 3)\n"
        "  layer `ip`: the file has 3 blobs, the net 2\n"
        "  layer `none`: the file has 0 blobs, the net 1\n"
        "To learn a layer from scratch rather than copy it from the file, give it another name in the net."
    )
    assert net.params["good"][0].eq(0).all()


@pytest.mark.parametrize("ending", [".caffemodel", ".caffemodel.h5", ".safetensors"])
def test_a_blob_shared_in_another_shape_is_loaded(make_net, tmp_path, ending):
    """`share_mode: PERMISSIVE`: the borrower's blob is a view; HDF5 and safetensors have the owner's only."""

    def net(value):
        weight = torch.full((2, 6), value)
        return make_net({"owner": [weight], "borrower": [weight.view(3, 4), torch.full((5,), value)]})

    one, other = net(1.0), net(0.0)
    save_weights(one, tmp_path / f"x{ending}")
    report = load_weights(other, tmp_path / f"x{ending}")
    assert report.only_in_net == () and report.reshaped == ()
    assert all(blob.eq(1).all() for blobs in other.params.values() for blob in blobs)


@pytest.mark.parametrize("ending", [".caffemodel", ".caffemodel.h5"])
def test_a_mask_of_another_shape_is_refused(make_net, tmp_path, ending):
    kept = torch.ones(2, 3, dtype=torch.bool)
    save_weights(make_net({"ip": [torch.ones(2, 3)]}, {"m": ((2, 3), kept)}), tmp_path / f"x{ending}")
    net = make_net({"ip": [torch.zeros(2, 3)]}, {"m": ((3, 2), None)})
    with pytest.raises(FileError, match=r"layer `m`: the file has a mask of shape \(2, 3\), the net \(3, 2\)"):
        load_weights(net, tmp_path / f"x{ending}")
    assert net.params["ip"][0].eq(0).all()


def test_too_few_mask_bits_are_refused(make_net, tmp_path):
    message = LayerParameter(name="m", mask_param={"shape": {"dim": [2, 9]}, "bits": b"\x15"})
    caffemodel.write(tmp_path / "x.caffemodel", "n", [(message, [])])
    with pytest.raises(FileError, match=r"x.caffemodel: .*a mask of shape \(2, 9\) takes 3 bytes; 1 are there"):
        load_weights(make_net({}, {"m": ((2, 9), None)}), tmp_path / "x.caffemodel")


def test_blobs_of_four_dimensions_are_loaded(make_net, tmp_path):
    path = tmp_path / "x.caffemodel"
    blobs = [
        {"num": 1, "channels": 1, "height": 2, "width": 3, "data": range(6)},
        {"num": 1, "channels": 1, "height": 1, "width": 2, "data": [7, 8]},
    ]
    path.write_bytes(NetParameter(layers=[{"name": "ip", "blobs": blobs}]).SerializeToString())
    net = make_net({"ip": [torch.zeros(2, 3), torch.zeros(2)]})
    report = load_weights(net, path)
    assert net.params["ip"][0].tolist() == [[0, 1, 2], [3, 4, 5]] and net.params["ip"][1].tolist() == [7, 8]
    assert report.reshaped == (Reshaped("ip", 0, (1, 1, 2, 3), (2, 3)), Reshaped("ip", 1, (1, 1, 1, 2), (2,)))
    assert str(report).splitlines()[1:] == ["  stored in four dimensions, as before 2014: `ip`"]
    for shapes in ([(3, 2), (2,)], [(6,), (2,)], [(1, 3, 1, 2), (2,)]):
        with pytest.raises(FileError, match=r"the file has shape \(1, 1, 2, 3\)"):
            load_weights(make_net({"ip": [torch.zeros(shape) for shape in shapes]}), path)


@pytest.mark.parametrize(("in_file", "in_net"), [
    ((1, 5, 1, 1), (5,)), ((), (1,)), ((4, 3, 1, 1), (4, 3)), ((4, 3), (4, 3, 1, 1)),
    ((4, 2, 3, 5), (4, 30)), ((4, 30), (4, 2, 3, 5)),
])
def test_other_axes_of_the_same_values_are_read_with_a_note(make_net, tmp_path, in_file, in_net):
    values = torch.arange(float(torch.Size(in_file).numel())).reshape(in_file)
    net = make_net({"l": [torch.zeros(in_net)]})
    report = load_weights(net, write(tmp_path / "x.caffemodel", {"l": [values]}))
    assert net.params["l"][0].tolist() == values.reshape(in_net).tolist()
    assert report.reshaped == (Reshaped("l", 0, in_file, in_net, old_style=False),)
    assert str(report).splitlines()[1:] == ["  stored with other axes of size 1, or flattened: `l`"]


@pytest.mark.parametrize(("in_file", "in_net"), [((3, 4), (4, 3)), ((12,), (4, 3)), ((2, 4, 3, 5), (4, 30)), ((4, 6), (2, 3, 4))])
def test_matrices_are_never_transposed_or_cut_by_guess(make_net, tmp_path, in_file, in_net):
    with pytest.raises(FileError, match="layer `l`, blob 0: the file has shape"):
        load_weights(make_net({"l": [torch.zeros(in_net)]}), write(tmp_path / "x.caffemodel", {"l": [torch.ones(in_file)]}))


def test_of_layers_with_one_name_the_last_with_blobs_counts(make_net, tmp_path):
    """A train file has `data` twice; of layers with weights the last one stays, as in Caffe."""
    layers = [(LayerParameter(name="ip"), [torch.full((3,), value)]) for value in (1.0, 2.0)]
    caffemodel.write(tmp_path / "x.caffemodel", "n", [*layers, (LayerParameter(name="ip"), [])])
    net = make_net({"ip": [torch.zeros(3)]})
    load_weights(net, tmp_path / "x.caffemodel")
    assert net.params["ip"][0].tolist() == [2, 2, 2]


def test_a_published_file_of_2014_is_loaded(make_net):
    path = shared("corpus/models/lenet_everpeace_2014/lenet_iter_5000.caffemodel")
    shapes = {"conv1": [(20, 1, 5, 5), (20,)], "conv2": [(50, 20, 5, 5), (50,)], "ip1": [(500, 800), (500,)],
              "ip2": [(10, 500), (10,)]}  # fmt: skip
    net = make_net({name: [torch.zeros(shape) for shape in each] for name, each in shapes.items()})
    report = load_weights(net, path)
    assert report.used == tuple(shapes) and len(report.reshaped) == 6
    assert all(blob.ne(0).any() for blobs in net.params.values() for blob in blobs)


def test_a_truncated_file_is_not_loaded_in_part(make_net, tmp_path):
    path = write(tmp_path / "x.caffemodel", {"a": [torch.ones(2)], "b": [torch.ones(30)]})
    path.write_bytes(path.read_bytes()[:-4])
    net = make_net({"a": [torch.zeros(2)], "b": [torch.zeros(30)]})
    with pytest.raises(FileError, match="as if cut off"):
        load_weights(net, path)
    assert net.params["a"][0].eq(0).all()


def test_recorded_weights_of_a_net_in_both_of_caffes_formats(monkeypatch):
    """The original Caffe's start weights of LeNet, in both of its formats."""
    folder = shared("golden/nets/lenet")
    monkeypatch.chdir(shared("golden/nets/root"))  # where the net's databases are looked up
    nets = [netdef.load(folder / "net_small.prototxt") for _ in range(2)]
    reports = [
        netdef.load_weights(net, folder / name) for net, name in zip(nets, ("init.caffemodel", "init.caffemodel.h5"))
    ]
    assert sorted(reports[0].used) == sorted(reports[1].used) == ["conv1", "conv2", "ip1", "ip2"]
    for layer, blobs in nets[0].params.items():
        assert all(torch.equal(one, other) for one, other in zip(blobs, nets[1].params[layer], strict=True))
