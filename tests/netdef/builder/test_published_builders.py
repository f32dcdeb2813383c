"""Model builders written for pycaffe, with another import line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import netdef
import netdef.builder.net_spec as caffe
from netdef.builder.net_spec import layers as L
from netdef.builder.net_spec import params as P
from netdef.builder.net_spec import to_proto
from netdef.definition.read import read_solver
from netdef.schema import messages as caffe_pb2


def caffenet(source, batch_size=256, include_acc=False):
    """Functions that return several tops; nothing has a name."""

    def conv_relu(bottom, ks, nout, stride=1, pad=0, group=1):
        conv = L.Convolution(bottom, kernel_size=ks, stride=stride, num_output=nout, pad=pad, group=group)
        return conv, L.ReLU(conv, in_place=True)

    data, label = L.Data(source=source, backend=P.Data.LMDB, batch_size=batch_size, ntop=2,
                         transform_param=dict(crop_size=227, mean_value=[104, 117, 123], mirror=True))
    _conv1, relu1 = conv_relu(data, 11, 96, stride=4)
    pool1 = L.Pooling(relu1, pool=P.Pooling.MAX, kernel_size=3, stride=2)
    norm1 = L.LRN(pool1, local_size=5, alpha=1e-4, beta=0.75)
    _conv2, relu2 = conv_relu(norm1, 5, 256, pad=2, group=2)
    drop = L.Dropout(relu2, in_place=True)
    fc = L.InnerProduct(drop, num_output=1000)
    loss = L.SoftmaxWithLoss(fc, label)
    return to_proto(loss, L.Accuracy(fc, label)) if include_acc else to_proto(loss)


def resnet(depths=(2, 1), train=True):
    """Keyword dictionaries, names put together from strings, tops by item, by attribute and through `tops`."""
    common = dict(weight_filler={"type": "msra"}, bias_term=False, param=[dict(lr_mult=1, decay_mult=1)])
    n = caffe.NetSpec()

    def unit(name, bottom, nout, ks, stride=1, pad=0, relu=True, **kwargs):
        kwargs = dict(common, **kwargs)
        n[name] = L.Convolution(bottom, num_output=nout, kernel_size=ks, stride=stride, pad=pad, **kwargs)
        setattr(n, name + "_bn", L.BatchNorm(n.tops[name], in_place=True, batch_norm_param={"use_global_stats": False},
                                             param=[dict(lr_mult=0, decay_mult=0)] * 3))
        n[name + "_scale"] = L.Scale(getattr(n, name + "_bn"), scale_param=dict(bias_term=True), in_place=True)
        if relu:
            n[name + "_relu"] = L.ReLU(n[name + "_scale"], in_place=True)
        return n.tops[list(n.tops)[-1]]

    if train:
        n.data, n.label = L.ImageData(
            image_data_param=dict(source="list.txt", batch_size=np.int64(8), shuffle=True, new_height=32, new_width=32),
            ntop=2, include=[dict(phase=caffe.TRAIN)], transform_param=dict(mirror=1, mean_value=[104., 117., 123.]))
    else:
        n.data = L.Input(shape=[dict(dim=[1, 3, 32, 32])])
    net = unit("conv1", n.data, 16, 3, pad=1)
    for stage, depth in enumerate(depths):
        for i in range(depth):
            base, stride = f"res{stage}{chr(97 + i)}", 2 if stage and not i else 1
            nout = 16 * 2 ** stage
            short = unit(base + "_branch1", net, nout, 1, stride, relu=False) if stride > 1 else net
            net = unit(base + "_branch2a", net, nout, 3, stride, 1)
            net = unit(base + "_branch2b", net, nout, 3, pad=1, relu=False)
            n[base] = L.Eltwise(short, net, operation=P.Eltwise.SUM)
            net = n[base] = L.ReLU(n[base])  # the same name twice: the sum is left without one
    n.pool = L.Pooling(net, pool=P.Pooling.AVE, global_pooling=True)
    n.fc = L.InnerProduct(n.pool, num_output=10, param=[dict(lr_mult=1, decay_mult=1), dict(lr_mult=2, decay_mult=0)])
    if train:
        n.loss = L.SoftmaxWithLoss(n.fc, n.label, propagate_down=[1, 0],
                                   loss_param=dict(normalization=P.Loss.VALID, ignore_label=255))
        n.extra = L.Python(n.fc, n.label, module="losses", layer="Mine", param_str=str(dict(a=1)), loss_weight=0.5)
        n.acc = L.Accuracy(n.fc, n.label, include=dict(phase=caffe.TEST), accuracy_param=dict(top_k=5))
        n.silence = L.Silence(n.data, ntop=0)
    else:
        n.prob = L.Softmax(n.fc)
    return n.to_proto()


def ssd():
    """Dictionaries of parameters at the top of the script, and the enums of a fork."""
    multibox = {
        "loc_loss_type": P.MultiBoxLoss.SMOOTH_L1, "conf_loss_type": P.MultiBoxLoss.SOFTMAX, "num_classes": 3,
        "share_location": True, "match_type": P.MultiBoxLoss.PER_PREDICTION, "overlap_threshold": 0.5,
        "use_prior_for_matching": True, "mining_type": P.MultiBoxLoss.MAX_NEGATIVE, "neg_pos_ratio": 3.,
        "code_type": P.PriorBox.CENTER_SIZE, "ignore_cross_boundary_bbox": False}
    n = caffe.NetSpec()
    n.data = L.Input(shape=dict(dim=[2, 3, 30, 20]))
    n["label"] = L.Input(input_param={"shape": {"dim": [1, 1, 4, 8]}}, name="truth")
    n.conv = L.Convolution(n.data, num_output=8, kernel_size=3, stride=5, **{"param": [{"lr_mult": 1}, {"lr_mult": 2}]})
    n["conv_norm"] = L.Normalize(n.conv, scale_filler=dict(type="constant", value=20), across_spatial=False,
                                 channel_shared=False)
    for kind, count in (("loc", 4), ("conf", 3)):
        n[kind] = L.Convolution(n["conv_norm"], num_output=4 * count, kernel_size=3, pad=1)
        n[kind + "_perm"] = L.Permute(n[kind], order=[0, 2, 3, 1])
        n[kind + "_flat"] = L.Flatten(n[kind + "_perm"], axis=1)
    n.priors = L.PriorBox(n.conv_norm, n.data, min_size=10., max_size=14., aspect_ratio=[2], flip=True, clip=False,
                          variance=[0.1, 0.1, 0.2, 0.2])
    n.mbox_loss = L.MultiBoxLoss(
        *[n.loc_flat, n.conf_flat, n.priors, n.label], multibox_loss_param=multibox,
        loss_param={"normalization": P.Loss.VALID}, propagate_down=[True, True, False, False])
    return n.to_proto()


def test_the_builder_of_caffenet_runs():
    net = caffenet("train_lmdb", include_acc=True)
    assert [layer.name for layer in net.layer] == [
        "Data1", "Convolution1", "ReLU1", "Pooling1", "LRN1", "Convolution2", "ReLU2", "Dropout1", "InnerProduct1",
        "SoftmaxWithLoss1", "Accuracy1"]
    assert list(net.layer[-1].bottom) == ["InnerProduct1", "Data2"]
    assert list(net.layer[0].transform_param.mean_value) == [104, 117, 123] and net.layer[5].convolution_param.group == 2


@pytest.mark.parametrize("train", [False, True])
def test_the_builder_of_resnet_runs(train: bool, tmp_path: Path):
    (tmp_path / "net.prototxt").write_text('name: "ResNet"\n' + str(resnet(train=train)))
    if train:
        layers = {layer.name: layer for layer in resnet().layer}
        assert layers["extra"].python_param.param_str == "{'a': 1}" and list(layers["extra"].loss_weight) == [0.5]
        assert list(layers["loss"].propagate_down) == [True, False] and layers["data"].include[0].phase == 0
        with pytest.raises(netdef.SpecError, match="`losses.Mine`.*--allow-python"):  # the text reads; code is beside it
            netdef.load(tmp_path / "net.prototxt", "TRAIN")
    else:
        net = netdef.load(tmp_path / "net.prototxt", device="meta")
        assert net.name == "ResNet" and net.outputs == ["prob"]
        assert net.shapes["res1a"] == (1, 32, 16, 16) and net.shapes["Eltwise1"] == (1, 16, 32, 32)


def test_the_builder_of_ssd_runs():
    net = netdef.from_proto(ssd(), phase="TRAIN", device="meta")
    assert net.shapes["loc_flat"] == (2, 6 * 4 * 16) and net.shapes["priors"] == (1, 2, 6 * 4 * 16)
    assert net.outputs == ["mbox_loss"]


def test_a_solver_message_is_written_and_read(tmp_path: Path):
    solver = caffe_pb2.SolverParameter()
    solver.train_net, solver.base_lr, solver.max_iter, solver.type = "train.prototxt", 0.01, 100, "Adam"
    solver.test_net.append("test.prototxt")
    solver.solver_mode = caffe_pb2.SolverParameter.GPU
    solver.snapshot_prefix = str(tmp_path / "run")
    (tmp_path / "solver.prototxt").write_text(str(solver))
    assert read_solver(tmp_path / "solver.prototxt").message == solver
