"""Published models, converted, against recorded outputs of the original Caffe."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from oracle import SHARED, shared

import netdef
from netdef.convert.edits.fold_batch_norm import fold_batch_norm
from netdef.convert.open import open_model
from netdef.convert.options import OpenOptions
from netdef.convert.verify import Difference, compare_with_recorded
from netdef.convert.write import Verification, convert

TOLERANCE = 1e-4  # of an output's range
MODELS = {
    "brocolli_pnet": "weights", "cifar10_full_bxuan.cifar10_full_iter_60000.h5": "cifar10_full_iter_60000",
    "cifar10_quick_ict.cifar10_quick_iter_4000": "cifar10_quick_iter_4000", "hyperlpr_segmentation": "weights",
    "lenet300100_dns.sparse": "sparse", "lenet_dns.sparse": "sparse",
    "lenet_everpeace_2014.lenet_iter_5000": "lenet_iter_5000", "mtcnn_det1": "weights", "mtcnn_det2": "weights",
    "vgg68_bn": "weights", "wechat_sr": "weights",
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_modules_of_published_models_give_the_recorded_outputs(name, tmp_path):
    recorded = np.load(shared(f"corpus/reference/{name}.npz"))
    folder = SHARED / "corpus/models" / name.partition(".")[0]
    weights = folder / f"{MODELS[name]}.caffemodel{'.h5' if name.endswith('.h5') else ''}"
    net = open_model(str(folder / "deploy.prototxt"), [weights], OpenOptions()).net
    x = torch.from_numpy(recorded["input"])
    outcome = convert(net, net, tmp_path / "model.py", name, Verification({"recorded": {net.inputs[0]: x}}, TOLERANCE))
    assert not outcome.differs
    space: dict = {"__name__": "model", "__file__": str(tmp_path / "model.py")}
    exec((tmp_path / "model.py").read_text(), space)
    with torch.no_grad():
        tops = space["load"]()(x)
    for blob, top in zip(net.outputs, (tops,) if isinstance(tops, torch.Tensor) else tops):
        assert Difference.of(blob, torch.from_numpy(recorded[f"out/{blob}"]), top).relative <= TOLERANCE, blob


@pytest.mark.parametrize("name, weights, text", [
    ("lenet_deepcompression", "weights", None),  # its deploy.prototxt names two layers otherwise
    ("lenet_jwcom_small", "lenet_iter_10000", "train_test.prototxt"),  # its deploy.prototxt is of a larger net
])
def test_deploy_nets_give_the_recorded_outputs(name, weights, text):
    reference = shared(f"corpus/reference/{name}.{weights}.derived.npz")
    folder = SHARED / "corpus/models" / name
    how = OpenOptions(shapes={"data": (64, 1, 28, 28)})
    model = open_model(text and str(folder / text), [folder / f"{weights}.caffemodel"], how)
    (found,) = compare_with_recorded(model.net, reference)
    assert found.blob == "prob" and found.relative <= TOLERANCE


def test_batch_norm_folds_as_its_author_folded_it():
    folder = shared("corpus/models/vgg68_bn")
    net = netdef.load(folder / "deploy.prototxt", weights=folder / "weights.caffemodel")
    theirs = netdef.load(folder / "merged.prototxt", weights=folder / "merged.caffemodel")
    folded, folds = fold_batch_norm(net)
    assert folds and set(folded.params) == set(theirs.params)
    for layer, blobs in theirs.params.items():
        for index, blob in enumerate(blobs):
            mine = folded.params[layer][index]
            assert (mine - blob).abs().max() <= 1e-5 * blob.abs().max(), (layer, index)
