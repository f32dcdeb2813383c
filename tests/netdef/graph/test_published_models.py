"""Published nets with their weights, against outputs of the original Caffe."""

import numpy as np
import pytest
import torch
from oracle import SHARED, shared

from netdef.api import compile_net
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net, read_net_message
from netdef.schema.messages import NetParameter
from netdef.schema.where import Where

TOLERANCE = 1e-4  # of the output's range
REFERENCES = sorted(path.stem for path in (SHARED / "corpus/reference").glob("*.npz"))
# Recorded from files that were changed first (mask blobs multiplied in or cut off, layers renamed to fit the net), or
# that fill only some of the net's layers.
CHANGED = (".masked", ".stripped", ".derived", "lenet_deepcompression.weights")


@pytest.mark.parametrize("frozen", [False, True])  # True folds BatchNorm and Scale into weights
@pytest.mark.parametrize("reference", REFERENCES or ["none"])
def test_outputs_are_those_of_caffe(reference, frozen):
    recorded = np.load(shared(f"corpus/reference/{reference}.npz"))
    if reference.endswith(CHANGED):
        pytest.skip("the weight file of this recording is not published as it was")
    model, _, weights = reference.partition(".")
    folder = shared(f"corpus/models/{model}")
    text = next(
        path
        for name in (f"{weights}.prototxt", "deploy.prototxt", "train_test.prototxt")
        if (path := folder / name).exists()
    )
    files = [path for path in sorted(folder.iterdir()) if ".caffemodel" in path.name]
    stem = weights.removesuffix(".h5") or "weights"
    (file,) = [
        path
        for path in files
        if path.name in (f"{stem}.caffemodel", f"{stem}.caffemodel.h5")
        and (weights.endswith(".h5") == path.name.endswith(".h5"))
    ] or [folder / "weights.caffemodel"]
    net = compile_net(deployed(read_net(text), recorded["input"].shape), "TEST", weights=file)
    net.requires_grad_(not frozen)
    with torch.no_grad():
        outputs = net(torch.from_numpy(recorded["input"]))
    names = [name.removeprefix("out/") for name in recorded if name.startswith("out/")]
    assert names
    for name in names:
        wanted, found = recorded[f"out/{name}"], outputs[name].numpy()
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() <= TOLERANCE * (np.ptp(wanted) or np.abs(wanted).max()), name


def deployed(spec, shape):
    """A net for training with an Input for its data and a Softmax for its loss, as it was recorded."""
    layers = filter_net(spec, "TEST").message.layer
    if layers[0].type != "Data":
        return spec
    message = NetParameter()
    message.layer.add(name="data", type="Input", top=layers[0].top[:1], input_param={"shape": [{"dim": shape}]})
    message.layer.extend(layer for layer in layers[1:] if layer.type not in ("SoftmaxWithLoss", "Accuracy"))
    message.layer.add(name="prob", type="Softmax", bottom=message.layer[-1].top, top=["prob"])
    return read_net_message(message, Where(), spec.base_dir)
