"""AlexNet and GoogLeNet of ``models/``, built without memory: parameters counted by hand, shapes as in Caffe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from oracle import shared

import netdef
from netdef.definition.definitions import NetDefinition
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.graph.build import build
from netdef.graph.link import link
from netdef.graph.net import Net
from netdef.schema.messages import NetParameter

MODELS = Path(__file__).parents[3] / "models"

# Outputs of an inception: 1x1, reduction and 3x3, reduction and 5x5, projected pool (Szegedy et al., table 1).
INCEPTIONS = [
    (64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64),
    (192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64), (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128), (256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128),
]  # fmt: skip


def weighted(outputs: int, inputs: int, kernel: int = 1, group: int = 1) -> int:
    """Weights and biases of a convolution, or of an inner product."""
    return outputs * (inputs // group * kernel * kernel + 1)


ALEXNET = (
    weighted(96, 3, 11) + weighted(256, 96, 5, 2) + weighted(384, 256, 3) + weighted(384, 384, 3, 2)
    + weighted(256, 384, 3, 2) + weighted(4096, 256 * 6 * 6) + weighted(4096, 4096) + weighted(1000, 4096)
)  # fmt: skip


def googlenet() -> int:
    total, channels = weighted(64, 3, 7) + weighted(64, 64) + weighted(192, 64, 3), 192
    for n1, reduce3, n3, reduce5, n5, pool in INCEPTIONS:
        total += weighted(n1, channels) + weighted(reduce3, channels) + weighted(n3, reduce3, 3)
        total += weighted(reduce5, channels) + weighted(n5, reduce5, 5) + weighted(pool, channels)
        channels = n1 + n3 + n5 + pool
    return total + weighted(1000, channels)


def auxiliary(channels: int) -> int:
    return weighted(128, channels) + weighted(1024, 128 * 4 * 4) + weighted(1000, 1024)


def parameters(net: Net) -> int:
    return sum(blob.numel() for blobs in net.params.values() for blob in blobs)


def train_val(name: str, phase: str, batch: tuple[int, ...]) -> Net:
    """The training file on the meta device, its data layer replaced by inputs."""
    spec = filter_net(read_net(MODELS / name / "train_val.prototxt"), phase)
    message = NetParameter()
    message.CopyFrom(spec.message)
    message.layer[0].type = "Input"
    message.layer[0].input_param.shape.add().dim.extend(batch)
    message.layer[0].input_param.shape.add().dim.extend(batch[:1])
    return build(link(NetDefinition(message, spec.where, spec.base_dir, spec.phase)), "meta")


@pytest.mark.parametrize(("name", "count"), [("alexnet", ALEXNET), ("googlenet", googlenet())])
def test_deployed_nets_have_their_parameters_and_outputs(name: str, count: int) -> None:
    net = netdef.load(MODELS / name / "deploy.prototxt", device="meta")
    assert parameters(net) == count
    assert net.inputs == ["data"] and net.outputs == ["prob"]
    assert net.shapes["prob"] == (10, 1000)


@pytest.mark.parametrize(
    ("name", "recorded"),
    [
        ("alexnet", "prototxt/BVLC+caffe/models/bvlc_alexnet/deploy.prototxt"),
        ("googlenet", "prototxt/alexgkendall+caffe-posenet/models/bvlc_googlenet/deploy.prototxt"),
    ],
)
def test_deployed_layers_and_shapes_are_those_of_caffe(name: str, recorded: str) -> None:
    nets = json.loads(shared("golden/shapes/caffe_net_shapes_TEST.json").read_text())
    caffe = next(entry for entry in nets if entry["path"] == recorded)
    net = netdef.load(MODELS / name / "deploy.prototxt", device="meta")
    blobs = {layer: shapes for layer, _, _, _, shapes in caffe["layers"] if shapes}
    assert {key: [list(blob.shape) for blob in blobs] for key, blobs in net.params.items()} == blobs
    assert {blob: list(shape) for blob, shape in net.shapes.items()} == {b: caffe["blobs"][b] for b in net.shapes}


def test_alexnet_trains_what_it_deploys() -> None:
    train = train_val("alexnet", "TRAIN", (7, 3, 227, 227))
    assert parameters(train) == ALEXNET
    assert train.outputs == ["loss"]
    assert train_val("alexnet", "TEST", (5, 3, 227, 227)).outputs == ["accuracy", "loss"]


def test_googlenet_trains_with_two_auxiliary_losses() -> None:
    train = train_val("googlenet", "TRAIN", (7, 3, 224, 224))
    assert parameters(train) == googlenet() + auxiliary(512) + auxiliary(528)
    assert train.outputs == ["loss1/loss1", "loss2/loss1", "loss3/loss3"]
    weights = {v.blob: w for node in train.graph.nodes for v, w in zip(node.tops, node.loss_weights) if w}
    assert weights == pytest.approx({"loss1/loss1": 0.3, "loss2/loss1": 0.3, "loss3/loss3": 1.0})
    tests = train_val("googlenet", "TEST", (5, 3, 224, 224)).outputs
    assert [top for top in tests if "/top-" in top] == [f"loss{i}/top-{k}" for i in (1, 2, 3) for k in (1, 5)]


# An inception has six convolutions, the stem three, an auxiliary classifier one and an inner product.
@pytest.mark.parametrize(("name", "side", "count"), [("alexnet", 227, 7), ("googlenet", 224, 3 + 9 * 6 + 2 * 2)])
def test_every_relu_overwrites_its_bottom(name: str, side: int, count: int) -> None:
    net = train_val(name, "TRAIN", (2, 3, side, side))
    assert [layer.inplace for layer in net.layers.values() if layer.type_name == "ReLU"] == [True] * count
