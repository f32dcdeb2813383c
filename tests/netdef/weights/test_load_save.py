"""Weights into a net and out of it, whatever the kind of file."""

import pytest
import torch
from oracle import shared

from netdef.errors import FileError
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.weights import caffemodel
from netdef.weights.load import LoadReport, Reshaped, load_weights
from netdef.weights.mask_bits import pack_mask, unpack_mask
from netdef.weights.save import save_weights

ENDINGS = [".caffemodel", ".caffemodel.h5", ".safetensors"]


def example(make_net, seed):
    """Two layers that share a weight, a buffer, a scalar, a name with a slash, masks; every shape another."""
    draw = torch.Generator().manual_seed(seed)

    def parameter(*shape):
        return torch.nn.Parameter(torch.rand(shape, generator=draw))

    weight = parameter(3, 7)
    conv = torch.nn.Parameter(parameter(4, 2, 3, 5).detach().to(memory_format=torch.channels_last))
    params = {
        "conv": [conv, parameter(4)],
        "relu": [],
        "in/fa": [weight],
        "fb": [weight, parameter(3)],
        "bn": [torch.rand(6, generator=draw), torch.rand(1, generator=draw)],
        "half": [torch.nn.Parameter(parameter(2, 2).detach().half())],
        "slope": [parameter()],
    }
    kept = torch.rand(4, 2, 3, 5, generator=draw) < 0.5
    return make_net(params, {"conv_mask": ((4, 2, 3, 5), kept), "fa_mask": ((3, 7), None)})


@pytest.mark.parametrize("ending", ENDINGS)
def test_round_trip(make_net, tmp_path, ending):
    one, other = example(make_net, 1), example(make_net, 2)
    other.masks["fa_mask"].kept = torch.zeros(3, 7, dtype=torch.bool)
    memory = {layer: [(blob.data_ptr(), blob.stride()) for blob in blobs] for layer, blobs in other.params.items()}
    save_weights(one, tmp_path / f"x{ending}")
    report = load_weights(other, tmp_path / f"x{ending}")
    for layer, blobs in one.params.items():
        assert all(torch.equal(a, b) for a, b in zip(blobs, other.params[layer], strict=True))
        assert memory[layer] == [(blob.data_ptr(), blob.stride()) for blob in other.params[layer]]
    assert torch.equal(other.masks["conv_mask"].kept, one.masks["conv_mask"].kept)
    assert other.masks["fa_mask"].kept is None
    assert sorted(report.used) == ["bn", "conv", "fb", "half", "in/fa", "slope"]
    assert (report.only_in_file, report.only_in_net, report.reshaped) == ((), (), ())
    assert sorted(report.masks) == ["conv_mask", "fa_mask"]


@pytest.mark.parametrize("kind", [".caffemodel", ".h5"])
def test_a_kind_decides_for_any_name(make_net, tmp_path, kind):
    saved, loaded = example(make_net, 1), example(make_net, 2)
    save_weights(saved, tmp_path / "weights", kind)
    load_weights(loaded, tmp_path / "weights")
    assert torch.equal(loaded.params["conv"][0], saved.params["conv"][0])


def test_the_file_has_the_layers_messages(make_net, tmp_path):
    """A shared weight with each of its layers, masks in their layers' messages, as stock Caffe reads it."""
    net = example(make_net, 1)
    net.masks["attached"] = type(net.masks["fa_mask"])((3, 7))  # by the trainer: not in the text
    save_weights(net, tmp_path / "x.caffemodel")
    proto = NetParameter.FromString((tmp_path / "x.caffemodel").read_bytes())
    assert [layer.name for layer in proto.layer] == ["conv_mask", "fa_mask", *net.params, "attached"]
    assert [len(layer.blobs) for layer in proto.layer] == [0, 0, 2, 0, 1, 2, 2, 1, 1, 0]
    mask = proto.layer[0].mask_param
    assert mask.sparsity == 0.25 and list(mask.shape.dim) == [4, 2, 3, 5] and len(mask.bits) == 15
    assert proto.layer[1].mask_param.HasField("shape") and not proto.layer[1].mask_param.HasField("bits")
    assert proto.layer[2].bottom == ["x"]
    assert not net.spec.layers[0].message.mask_param.HasField("shape")  # the net's own message is as it was


def test_mask_bits():
    kept = torch.tensor([[True, False, False], [True, True, False], [False, False, True]])
    assert pack_mask(kept) == bytes([0b00011001, 0b1])
    assert torch.equal(unpack_mask((3, 3), pack_mask(kept)), kept)
    assert torch.equal(unpack_mask((3, 3), pack_mask(kept.t().contiguous().t())), kept)
    with pytest.raises(ValueError, match=r"a mask of shape \(3, 3\) takes 2 bytes; 1 are there"):
        unpack_mask((3, 3), b"\x00")
    with pytest.raises(ValueError, match=r"a mask of shape \(3, 3\) has bits beyond its 9 weights"):
        unpack_mask((3, 3), b"\x00\x02")
    assert unpack_mask((0, 4), b"").shape == (0, 4)


def write(path, layers):
    caffemodel.write(path, "n", [(LayerParameter(name=name), blobs) for name, blobs in layers.items()])
    return path


def test_what_only_one_side_has(make_net, tmp_path):
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


def test_all_that_does_not_fit_at_once_and_nothing_copied(make_net, tmp_path):
    layers = {"conv": [torch.ones(2, 3, 1, 1)], "good": [torch.ones(4)], "ip": [torch.ones(5, 6)] * 3, "none": []}
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
        "  layer `conv`, blob 0: the file has shape (2, 3, 1, 1), the net (2, 3)\n"
        "  layer `ip`: the file has 3 blobs, the net 2\n"
        "  layer `none`: the file has 0 blobs, the net 1\n"
        "To learn a layer from scratch rather than copy it from the file, give it another name in the net."
    )
    assert net.params["good"][0].eq(0).all()


@pytest.mark.parametrize("ending", ENDINGS)
def test_shared_in_another_shape(make_net, tmp_path, ending):
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
def test_a_mask_of_another_shape(make_net, tmp_path, ending):
    kept = torch.ones(2, 3, dtype=torch.bool)
    save_weights(make_net({"ip": [torch.ones(2, 3)]}, {"m": ((2, 3), kept)}), tmp_path / f"x{ending}")
    net = make_net({"ip": [torch.zeros(2, 3)]}, {"m": ((3, 2), None)})
    with pytest.raises(FileError, match=r"layer `m`: the file has a mask of shape \(2, 3\), the net \(3, 2\)"):
        load_weights(net, tmp_path / f"x{ending}")
    assert net.params["ip"][0].eq(0).all()


def test_mask_bits_that_are_too_few(make_net, tmp_path):
    message = LayerParameter(name="m", mask_param={"shape": {"dim": [2, 9]}, "bits": b"\x15"})
    caffemodel.write(tmp_path / "x.caffemodel", "n", [(message, [])])
    with pytest.raises(FileError, match=r"x.caffemodel: .*a mask of shape \(2, 9\) takes 3 bytes; 1 are there"):
        load_weights(make_net({}, {"m": ((2, 9), None)}), tmp_path / "x.caffemodel")


def test_four_dimensions_of_old(make_net, tmp_path):
    """Caffe's rule: missing axes count as 1 in front; nothing else is forgiven."""
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
    for shapes in ([(3, 2), (2,)], [(6,), (2,)], [(1, 1, 1, 2, 3), (2,)], [(2, 3, 1), (2,)]):
        with pytest.raises(FileError, match=r"the file has shape \(1, 1, 2, 3\)"):
            load_weights(make_net({"ip": [torch.zeros(shape) for shape in shapes]}), path)


def test_namesakes_in_a_file(make_net, tmp_path):
    """A train file has `data` twice; of layers with weights the last one stays, as in Caffe."""
    layers = [(LayerParameter(name="ip"), [torch.full((3,), value)]) for value in (1.0, 2.0)]
    caffemodel.write(tmp_path / "x.caffemodel", "n", [*layers, (LayerParameter(name="ip"), [])])
    net = make_net({"ip": [torch.zeros(3)]})
    load_weights(net, tmp_path / "x.caffemodel")
    assert net.params["ip"][0].tolist() == [2, 2, 2]


def test_a_real_file_of_2014(make_net):
    path = shared("corpus/models/lenet_everpeace_2014/lenet_iter_5000.caffemodel")
    shapes = {"conv1": [(20, 1, 5, 5), (20,)], "conv2": [(50, 20, 5, 5), (50,)], "ip1": [(500, 800), (500,)],
              "ip2": [(10, 500), (10,)]}  # fmt: skip
    net = make_net({name: [torch.zeros(shape) for shape in each] for name, each in shapes.items()})
    report = load_weights(net, path)
    assert report.used == tuple(shapes) and len(report.reshaped) == 6
    assert all(blob.ne(0).any() for blobs in net.params.values() for blob in blobs)


def test_a_file_too_short_for_its_parameters_is_not_half_loaded(make_net, tmp_path):
    path = write(tmp_path / "x.caffemodel", {"a": [torch.ones(2)], "b": [torch.ones(30)]})
    path.write_bytes(path.read_bytes()[:-4])
    net = make_net({"a": [torch.zeros(2)], "b": [torch.zeros(30)]})
    with pytest.raises(FileError, match="as if cut off"):
        load_weights(net, path)
    assert net.params["a"][0].eq(0).all()
