"""The nets that `bench_step.py` and `bench_infer.py` measure: their text, their module by hand, their sizes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import handwritten
import handwritten_today
import nets_of_today
import torch
from torch import Tensor

from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.graph.net import Net
from netdef.schema.messages import NetParameter

ROOT = Path(__file__).parent.parent
SEED = 1


class Subject(NamedTuple):
    """A net: its module by hand, the shape of a batch to train on, its classes.

    ``bias_rate`` and ``bias_decay`` are ``lr_mult`` and ``decay_mult`` of its biases in the text, ``labels`` the shape of an
    image's labels.
    """

    by_hand: type[handwritten.Classifier]
    batch: tuple[int, ...]
    classes: int = 1000
    bias_rate: float = 1.0
    bias_decay: float = 1.0
    labels: tuple[int, ...] = ()

    def inputs(self, device: torch.device, batch: int | None = None) -> dict[str, Tensor]:
        """Random images and labels, ``batch`` of them."""
        generator = torch.Generator().manual_seed(SEED)
        shape = (batch or self.batch[0], *self.batch[1:])
        labels = torch.randint(self.classes, (*shape[:1], *self.labels), generator=generator)
        return {"data": torch.randn(shape, generator=generator).to(device), "label": labels.to(device)}


SUBJECTS = {
    "lenet": Subject(handwritten.LeNet, (64, 1, 28, 28), 10, 2.0, 1.0),
    "cifar10_quick": Subject(handwritten.Cifar10Quick, (100, 3, 32, 32), 10, 2.0, 1.0),
    "alexnet": Subject(handwritten.AlexNet, (10, 3, 227, 227), 1000, 2.0, 0.0),
    "googlenet": Subject(handwritten.GoogLeNet, (4, 3, 224, 224), 1000, 2.0, 0.0),
    "resnet50": Subject(handwritten_today.ResNet50, (4, 3, 224, 224)),
    "mobilenet_v2": Subject(handwritten_today.MobileNetV2, (8, 3, 224, 224)),
    "vgg16": Subject(handwritten_today.VGG16, (2, 3, 224, 224)),
    "densenet121": Subject(handwritten_today.DenseNet121, (4, 3, 224, 224)),
    "squeezenet": Subject(handwritten_today.SqueezeNet, (8, 3, 224, 224)),
    "ssd300": Subject(handwritten_today.SSD300, (2, 3, 300, 300), 21, labels=nets_of_today.LABELS["ssd300"]),
}


def trained(net: Net) -> list[Tensor]:
    """The tensors that training changes, in the order of the text: without BatchNorm's statistics."""
    return [entry.tensor for entry in net.learnable if entry.tensor.requires_grad]


def training_net(name: str) -> NetParameter:
    """The net to train, with Input layers in place of its data layers."""
    batch = SUBJECTS[name].batch
    if name in nets_of_today.NETS:
        return nets_of_today.training_net(name, batch[0]).to_proto()
    message = NetParameter()
    message.CopyFrom(filter_net(read_net(ROOT / "models" / name / "train_val.prototxt"), "TRAIN").message)
    for layer in message.layer:
        if layer.type == "Data":
            layer.type = "Input"
            layer.input_param.shape.add().dim.extend(batch)
            layer.input_param.shape.add().dim.extend(batch[:1])
    return message


def deploy_net(name: str, batch: int) -> NetParameter:
    """The net that makes probabilities of ``batch`` images."""
    if name in nets_of_today.NETS:
        return nets_of_today.deploy_net(name, batch).to_proto()
    message = NetParameter()
    message.CopyFrom(read_net(ROOT / "models" / name / "deploy.prototxt").message)
    for layer in message.layer:
        if layer.type == "Input":
            layer.input_param.shape[0].dim[0] = batch
    return message
