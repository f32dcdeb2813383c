"""Write prototxts of nets that people use: ResNet-50, MobileNet-v2, VGG-16, DenseNet-121, SqueezeNet-1.1, SSD300.

``python tools/nets_of_today.py FOLDER [--batch 1]``

The nets are those of their papers, with ImageNet's 1,000 classes (SSD300: Pascal's 20 and background), written with
`netdef.netspec`: ``<net>_train.prototxt`` with inputs and a loss, ``<net>_deploy.prototxt`` with an input and probabilities.
`tools/handwritten_today.py` has them in PyTorch.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from netdef.netspec import NetSpec, Top
from netdef.netspec import layers as L
from netdef.netspec import params as P

SIZE, CLASSES = 224, 1000
SSD_SIZE, SSD_CLASSES = 300, 21


class Writer:
    """Add named layers to a `NetSpec`, each in the form that published prototxts have.

    ``boxes`` are the offsets of boxes, if the net finds objects: (N, 4 numbers of each box).
    """

    def __init__(self, net: NetSpec):
        self.net = net
        self.boxes: Top | None = None

    def add(self, name: str, top: Top) -> Top:
        self.net[name] = top
        return top

    def conv(
        self, name: str, x: Top, outputs: int, kernel: int, stride: int = 1, pad: int = 0, group: int = 1, dilation: int = 1,
        bias: bool = False
    ) -> Top:
        return self.add(name, L.Convolution(
            x, num_output=outputs, kernel_size=kernel, stride=stride, pad=pad, group=group, dilation=dilation, bias_term=bias,
            weight_filler=dict(type="msra")))

    def norm(self, name: str, x: Top, in_place: bool = True) -> Top:
        x = self.add(f"{name}_bn", L.BatchNorm(x, in_place=in_place))
        return self.add(f"{name}_scale", L.Scale(
            x, in_place=True, bias_term=True, filler=dict(type="constant", value=1)))

    def relu(self, name: str, x: Top) -> Top:
        return self.add(f"{name}_relu", L.ReLU(x, in_place=True))

    def conv_relu(
        self, name: str, x: Top, outputs: int, kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1
    ) -> Top:
        return self.relu(name, self.conv(name, x, outputs, kernel, stride, pad, dilation=dilation, bias=True))

    def conv_norm(
        self, name: str, x: Top, outputs: int, kernel: int, stride: int = 1, pad: int = 0, group: int = 1, relu: bool = True
    ) -> Top:
        x = self.norm(name, self.conv(name, x, outputs, kernel, stride, pad, group))
        return self.relu(name, x) if relu else x

    def max_pool(self, name: str, x: Top, kernel: int = 3, stride: int = 2, pad: int = 0) -> Top:
        return self.add(name, L.Pooling(x, pool=P.Pooling.MAX, kernel_size=kernel, stride=stride, pad=pad))

    def mean(self, name: str, x: Top) -> Top:
        return self.add(name, L.Pooling(x, pool=P.Pooling.AVE, global_pooling=True))

    def inner(self, name: str, x: Top, outputs: int = CLASSES) -> Top:
        return self.add(name, L.InnerProduct(x, num_output=outputs, weight_filler=dict(type="xavier")))


def resnet50(w: Writer, x: Top) -> Top:
    """He et al. 2015. The first convolution of a stage's first block has the stride."""
    x = w.max_pool("pool1", w.conv_norm("conv1", x, 64, 7, 2, 3))
    for stage, (blocks, width) in enumerate(((3, 64), (4, 128), (6, 256), (3, 512)), 2):
        for block in range(blocks):
            name, stride = f"res{stage}{chr(ord('a') + block)}", 2 if stage > 2 and not block else 1
            short = x if block else w.conv_norm(f"{name}_branch1", x, 4 * width, 1, stride, relu=False)
            x = w.conv_norm(f"{name}_branch2a", x, width, 1, stride)
            x = w.conv_norm(f"{name}_branch2b", x, width, 3, pad=1)
            x = w.conv_norm(f"{name}_branch2c", x, 4 * width, 1, relu=False)
            x = w.relu(name, w.add(name, L.Eltwise(short, x)))
    return w.inner("fc1000", w.mean("pool5", x))


# Expansion, channels, blocks, stride of the first: table 2 of the paper.
INVERTED = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def mobilenet_v2(w: Writer, x: Top) -> Top:
    """Sandler et al. 2018, with ReLU as in the prototxt that is best known."""
    x, channels = w.conv_norm("conv1", x, 32, 3, 2, 1), 32
    for stage, (expansion, outputs, blocks, first) in enumerate(INVERTED, 2):
        for block in range(blocks):
            name, stride, wide = f"conv{stage}_{block + 1}", 1 if block else first, expansion * channels
            y = w.conv_norm(f"{name}_expand", x, wide, 1)
            y = w.conv_norm(f"{name}_dwise", y, wide, 3, stride, 1, group=wide)
            y = w.conv_norm(f"{name}_linear", y, outputs, 1, relu=False)
            x = w.add(name, L.Eltwise(x, y)) if stride == 1 and channels == outputs else y
            channels = outputs
    return w.inner("fc", w.mean("pool", w.conv_norm("conv9", x, 1280, 1)))


VGG_STAGES = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))  # convolutions, their channels


def vgg_stage(w: Writer, x: Top, stage: int) -> Top:
    """The convolutions of a stage of VGG-16, counted from 1."""
    layers, outputs = VGG_STAGES[stage - 1]
    for number in range(1, layers + 1):
        x = w.conv_relu(f"conv{stage}_{number}", x, outputs, 3, pad=1)
    return x


def vgg16(w: Writer, x: Top) -> Top:
    """Simonyan and Zisserman 2014, configuration D."""
    for stage in range(1, 6):
        x = w.max_pool(f"pool{stage}", vgg_stage(w, x, stage), 2)
    for name in ("fc6", "fc7"):
        x = w.relu(name, w.inner(name, x, 4096))
        x = w.add(f"drop_{name}", L.Dropout(x, in_place=True, dropout_ratio=0.5))
    return w.inner("fc8", x)


# Name, channels of the 1x1 and of the 3x3 convolution, stride and padding of the latter.
EXTRA = (("conv6", 256, 512, 2, 1), ("conv7", 128, 256, 2, 1), ("conv8", 128, 256, 1, 0), ("conv9", 128, 256, 1, 0))
BOXES = (4, 6, 6, 6, 4, 4)  # at each place of the six sources


def ssd300(w: Writer, x: Top) -> Top:
    """Liu et al. 2016, on VGG-16: scores (N, 8732 boxes, 21 classes). The boxes themselves and their matching are left out."""
    sources = []
    for stage in range(1, 5):
        x = vgg_stage(w, x, stage)
        if stage == 4:
            sources.append(x)
        x = w.max_pool(f"pool{stage}", x, 2)
    x = w.max_pool("pool5", vgg_stage(w, x, 5), 3, 1, 1)
    x = w.conv_relu("fc7", w.conv_relu("fc6", x, 1024, 3, pad=6, dilation=6), 1024, 1)
    sources.append(x)
    for name, small, outputs, stride, pad in EXTRA:
        x = w.conv_relu(f"{name}_2", w.conv_relu(f"{name}_1", x, small, 1), outputs, 3, stride, pad)
        sources.append(x)
    sources[0] = w.add("conv4_3_norm", L.Normalize(
        sources[0], across_spatial=False, channel_shared=False, scale_filler=dict(type="constant", value=20)))
    heads: dict[str, list[Top]] = {"loc": [], "conf": []}
    for number, (source, boxes) in enumerate(zip(sources, BOXES)):
        for kind, numbers in (("loc", 4), ("conf", SSD_CLASSES)):
            name = f"source{number}_{kind}"
            y = w.add(f"{name}_perm", L.Permute(w.conv(name, source, numbers * boxes, 3, pad=1, bias=True), order=[0, 2, 3, 1]))
            heads[kind].append(w.add(f"{name}_flat", L.Flatten(y)))
    w.boxes = w.add("mbox_loc", L.Concat(*heads["loc"]))
    scores = w.add("mbox_conf", L.Concat(*heads["conf"]))
    return w.add("mbox_conf_reshape", L.Reshape(scores, shape=dict(dim=[0, -1, SSD_CLASSES])))


def densenet121(w: Writer, x: Top) -> Top:
    """Huang et al. 2016: growth 32, bottlenecks of 128 channels."""
    x, channels = w.max_pool("pool1", w.conv_norm("conv1", x, 64, 7, 2, 3)), 64
    for stage, layers in enumerate((6, 12, 24, 16), 2):
        for number in range(1, layers + 1):
            name = f"conv{stage}_{number}"
            y = w.relu(f"{name}_x1", w.norm(f"{name}_x1", x, in_place=False))
            y = w.conv_norm(f"{name}_x1", y, 128, 1)
            x = w.add(f"concat_{stage}_{number}", L.Concat(x, w.conv(f"{name}_x2", y, 32, 3, pad=1)))
            channels += 32
        name = f"conv{stage}_blk"
        x = w.relu(name, w.norm(name, x, in_place=False))
        if stage < 5:
            channels //= 2
            x = w.conv(name, x, channels, 1)
            x = w.add(f"pool{stage}", L.Pooling(x, pool=P.Pooling.AVE, kernel_size=2, stride=2))
    return w.inner("fc6", w.mean("pool5", x))


def squeezenet(w: Writer, x: Top) -> Top:
    """Iandola et al. 2016, version 1.1, without its Dropout: what that draws depends on the memory order."""
    x = w.max_pool("pool1", w.conv_relu("conv1", x, 64, 3, 2))
    for number, squeezed in enumerate((16, 16, 32, 32, 48, 48, 64, 64), 2):
        name = f"fire{number}"
        small = w.conv_relu(f"{name}_squeeze1x1", x, squeezed, 1)
        one = w.conv_relu(f"{name}_expand1x1", small, 4 * squeezed, 1)
        three = w.conv_relu(f"{name}_expand3x3", small, 4 * squeezed, 3, pad=1)
        x = w.add(f"{name}_concat", L.Concat(one, three))
        if number in (3, 5):
            x = w.max_pool(f"pool{number}", x)
    x = w.mean("pool10", w.conv_relu("conv10", x, CLASSES, 1))
    return w.add("flat10", L.Flatten(x))


NETS: dict[str, Callable[[Writer, Top], Top]] = {
    "resnet50": resnet50, "mobilenet_v2": mobilenet_v2, "vgg16": vgg16, "densenet121": densenet121, "squeezenet": squeezenet,
    "ssd300": ssd300}
LABELS = {"ssd300": (8732,)}
"""Labels of an image, of nets that have several; classes are then the last axis of the scores."""


def size_of(name: str) -> int:
    return SSD_SIZE if name == "ssd300" else SIZE


def training_net(name: str, batch: int) -> NetSpec:
    """A net with the inputs ``data`` and ``label`` and the output ``loss``; offsets are to become 0, a mean over boxes."""
    net, size, labels = NetSpec(name), size_of(name), LABELS.get(name, ())
    net.data, net.label = L.Input(shape=[dict(dim=[batch, 3, size, size]), dict(dim=[batch, *labels])], ntop=2)
    writer = Writer(net)
    scores = NETS[name](writer, net.data)
    if writer.boxes is not None:
        net.zeros = L.DummyData(shape=dict(dim=[batch, 4 * math.prod(labels)]))
        net.boxes_loss = L.SmoothL1Loss(writer.boxes, net.zeros, loss_weight=1 / math.prod(labels))
    net.loss = L.SoftmaxWithLoss(scores, net.label, softmax_param=dict(axis=1 + len(labels)))
    return net


def deploy_net(name: str, batch: int) -> NetSpec:
    """A net with the input ``data`` and the output ``prob``."""
    net = NetSpec(name)
    net.data = L.Input(shape=dict(dim=[batch, 3, size_of(name), size_of(name)]))
    net.prob = L.Softmax(NETS[name](Writer(net), net.data), axis=1 + len(LABELS.get(name, ())))
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--batch", type=int, default=1)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in NETS:
        training_net(name, arguments.batch).save(arguments.folder / f"{name}_train.prototxt")
        deploy_net(name, arguments.batch).save(arguments.folder / f"{name}_deploy.prototxt")


if __name__ == "__main__":
    main()
