"""The harness finds each broken promise. The layers here are a user's own, so this is also how one is written."""

from __future__ import annotations

import pytest
import torch

from netdef.errors import NetdefError
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import _registry, register
from netdef.layers.core.torch_code import TorchCode
from netdef.testing import check_layer


class Swish2(Layer):
    """weight * x * sigmoid(x), right in every respect."""

    maskable = ("weight",)
    fresh_output = True

    def __init__(self, spec, shapes):
        super().__init__(spec, shapes)
        self.add_blob("weight", shapes[0][1:], constant(1.0))

    def forward(self, x):
        return x * torch.sigmoid(x) * self.blob("weight")


class KeepsMessage(Swish2):
    def __init__(self, spec, shapes):
        super().__init__(spec, shapes)
        self.params = {"swish": [spec.message.swish_param]}


class OtherShapeOnMeta(Swish2):
    def forward(self, x):
        y = super().forward(x)
        return y[..., :1] if x.is_meta else y


class Unrepeatable(Swish2):
    count = 0

    def forward(self, x):
        Unrepeatable.count += 1
        return super().forward(x) + Unrepeatable.count


class WrongGradient(Swish2):
    def forward(self, x):
        return super().forward(x) + x.detach()


class ForgetsMask(Swish2):
    def forward(self, x):
        return x * torch.sigmoid(x) * self.weight


class StaleTop(Swish2):
    maskable = ()

    def forward(self, x):
        return x.exp()  # torch's backward reads the result


class BottomIsTop(Swish2):
    maskable = ()

    def forward(self, x):
        return x[:]


class WrongInPlace(Swish2):
    maskable = ()
    fresh_output = False
    has_inplace_kernel = True

    def forward(self, x):
        return x.mul_(2) if self.inplace else x * 3


class WrongState(Swish2):
    def from_torch(self, tensors):
        return [tensors["weight"] * 2]


class WrongCode(Swish2):
    def torch_code(self, me, bottoms):
        return TorchCode(f"F.silu({bottoms[0]})")  # without its weight


class Undifferentiable(Swish2):
    fresh_output = False

    def forward(self, x):
        return x.detach() * 2


@pytest.fixture
def check():
    """check(class) runs the harness on a class as if a user had registered it, and forgets it again."""

    def run(cls: type[Layer], **kwargs) -> None:
        register("UsersOwn")(cls)
        try:
            check_layer('layer { name: "l" type: "UsersOwn" bottom: "x" top: "y" }', x=(2, 3, 4), **kwargs)
        finally:
            del _registry["UsersOwn"]

    return run


def test_a_good_layer_passes_in_both_phases(check):
    check(Swish2, phase="TRAIN")
    check(Swish2, phase="TEST")


@pytest.mark.parametrize(
    ("cls", "complaint"),
    [
        (KeepsMessage, r"keeps a message in `params\['swish'\]\[0\]`"),
        (OtherShapeOnMeta, r"states \(2, 3, 1\) for `y`, and makes \(2, 3, 4\)"),
        (Unrepeatable, "gives other numbers in a second run: `y` differs by 1"),
        (WrongGradient, "wrong gradient"),
        (ForgetsMask, "masked away is not that of zeros"),
        (StaleTop, "backward"),
        (BottomIsTop, "not fresh memory"),
        (WrongInPlace, "other numbers in place"),
        (WrongState, r"has another state after `from_torch\(to_torch\(\)\)`: `weight`"),
        (WrongCode, "computes other numbers than its `torch_code`: `y`"),
        (Undifferentiable, "no top that a gradient comes from"),
    ],
)
def test_each_broken_promise_is_named(check, cls, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check(cls)


def test_labels_are_used_as_they_are():
    labels = torch.tensor([2.0, 0.0])
    check_layer('layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" top: "y" }', x=(2, 3), t=labels)
    with pytest.raises(NetdefError, match="label"):
        check_layer(
            'layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" top: "y" }', x=(2, 3), t=labels + 7)


def test_sources_and_several_tops_can_be_checked(check):
    class Ramp(Layer):
        n_bottoms = at_least(0)
        n_tops = at_least(1)

        def forward(self, x):
            return x * 2, x * 3

    register("Ramp")(Ramp)
    try:
        check_layer('layer { name: "l" type: "Ramp" bottom: "x" top: "y" top: "z" }', x=(3, 2))
    finally:
        del _registry["Ramp"]
