"""Layers of users: errors of their code, their parameters, and what they return."""

from __future__ import annotations

import pytest
import torch

import netdef
from netdef.layers.core import registry

NET = """layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "mine" type: "Mine" bottom: "x" top: "y" }"""


class NoSuper(netdef.Layer):
    def __init__(self, spec, shapes):
        self.size = shapes[0][1]


class WrongName(netdef.Layer):
    def __init__(self, spec, shapes):
        super().__init__(spec, shapes)
        self.factor = spec.message.wonder_param.factor


class OtherArguments(netdef.Layer):
    def __init__(self):
        super().__init__()


class Undeclared(netdef.Layer):
    def __init__(self, spec, shapes):
        super().__init__(spec, shapes)
        self.product = torch.nn.Linear(3, 4)

    def forward(self, x):
        return self.product(x)


class Nothing(netdef.Layer):
    def forward(self, x):
        self.last = x


class TwoTops(netdef.Layer):
    def forward(self, x):
        return x, x


class Raises(netdef.Layer):
    def forward(self, x):
        return {}["key"]


class Good(netdef.Layer):
    def __init__(self, spec, shapes):
        super().__init__(spec, shapes)
        self.add_blob("factor", (3,), torch.nn.init.ones_)
        self.add_constant("two", (3,), lambda tensor: tensor.fill_(2))

    def forward(self, x):
        return self.two * self.blob("factor") * x


@pytest.fixture
def use(monkeypatch):
    """Register a class as the type ``Mine`` while the test runs, and build a net with it."""
    def build(cls):
        monkeypatch.setitem(registry._registry, "Mine", cls)
        monkeypatch.setattr(cls, "type_name", "Mine", raising=False)
        return netdef.loads(NET)

    return build


@pytest.mark.parametrize(("cls", "said"), [
    (NoSuper, r"is of the class NoSuper, whose constructor must begin with `super\(\).__init__\(spec, shapes\)`"),
    (WrongName, r"cannot be built: AttributeError: .*wonder_param.* \(.*test_users_layers.py, line \d+\)"),
    (OtherArguments, r"cannot be built: TypeError: .*__init__\(\) takes 1 positional argument but 3 were given"),
    (Undeclared, "has product.weight, product.bias, which no file of weights would hold: declare each by `add_blob`, or by"),
    (Nothing, "wants a tensor from `forward`; it returned NoneType"),
    (TwoTops, "wants a tensor from `forward`; it returned Tensor, Tensor"),
    (Raises, r"cannot be built: KeyError: 'key' \(.*test_users_layers.py, line \d+\)"),
])
def test_mistakes_in_a_class_are_problems_with_the_place_of_the_layer(use, cls, said):
    with pytest.raises(netdef.SpecError, match=rf"<text>:2:1: layer `mine` \(Mine\) {said}"):
        use(cls)


def test_the_error_of_the_code_is_the_cause(use):
    with pytest.raises(netdef.SpecError) as caught:
        use(WrongName)
    assert isinstance(caught.value.__cause__, AttributeError)


def test_a_class_without_mistakes(use):
    assert use(Good)(x=torch.ones(2, 3))["y"].tolist() == [[2.0] * 3] * 2
