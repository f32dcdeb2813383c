"""Check layers: the project's own, and those that users register.

    from netdef.testing import check_layer

    def test_my_layer():
        check_layer('layer { name: "l" type: "Mine" bottom: "x" top: "y" mine_param { size: 3 } }', x=(2, 3, 5, 4))

It checks what every layer promises; what a layer computes is for its own tests.
"""

from __future__ import annotations

import copy
import functools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from google.protobuf.message import Message
from torch import Tensor
from torch.autograd.gradcheck import GradcheckError

from netdef.api import compile_net
from netdef.convert.torch_source.writer import write_module
from netdef.definition.definitions import PhaseName
from netdef.errors import SpecError, first_line
from netdef.layer_runs import OneLayer, Run
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape
from netdef.weights.load import load_weights
from netdef.weights.save import save_weights


def check_layer(
    text: str, phase: PhaseName = "TRAIN", *, gradients: bool = True, allow_python: bool = False, **inputs: Shape | Tensor
) -> None:
    """Check a layer on small inputs; AssertionError says which promise it breaks.

    ``text`` is one layer in prototxt. ``inputs`` name its bottoms: a shape stands for normal random numbers that take
    part in the gradient check; a tensor (labels, indices) is used as it is, and takes part if it requires grad. Use
    sizes that differ pairwise: equal ones hide a wrong axis. ``allow_python`` lets a Python layer run its module.

    Checked are: the shapes stated before a run; the same numbers, gradients included, in a second run and after a copy;
    gradients in float64 against finite differences (not with ``gradients=False``); blobs bit for bit through
    ``.caffemodel`` bytes, and through `to_torch` and `from_torch`; the same numbers in TEST from a module with the layer's
    `torch_code`, if it has that; a mask of ones that changes no bit, and one of zeros under which the layer is that of zero
    weights, whatever the weights hold, and they get no gradient; ``fresh_output`` and (to rounding)
    ``has_inplace_kernel`` where they are claimed; no protobuf message kept.
    """
    _Check(text, phase, inputs, allow_python).all(gradients)


class _Check(OneLayer):
    """The promises, one method each."""

    def all(self, gradients: bool) -> None:
        self.no_message_is_kept()
        self.stated_shapes_are_true()
        self.two_runs_give_the_same()
        if gradients:
            self.gradients_are_true()
        self.blobs_survive_a_file()
        self.blobs_survive_torchs_state()
        self.torch_code_is_true()
        for blob in self.layer.maskable:
            if blob in self.layer.blob_names:
                self.masks_are_obeyed(blob)
        if self.layer.fresh_output:
            self.tops_are_fresh()
        if self.layer.has_inplace_kernel:
            self.inplace_kernel_is_true()

    def no_message_is_kept(self) -> None:
        for path, value in _attributes(self.layer):
            foreign = isinstance(value, Message) or type(value).__module__.startswith("google.")  # or a repeated field
            assert not foreign, f"{self.title} keeps a message in `{path}`"

    def stated_shapes_are_true(self) -> None:
        for blob, top in self.run(self.net)[0].items():
            stated = self.net.shapes[blob]
            shape = tuple(top.shape)
            assert shape == stated, f"{self.title} states {stated} for `{blob}`, and makes {shape}"

    def two_runs_give_the_same(self) -> None:
        expected = self.run(self.net)
        self.expect_same(expected, self.run(self.net), "gives other numbers in a second run")
        self.expect_same(expected, self.run(copy.deepcopy(self.net)), "gives other numbers when copied")

    def gradients_are_true(self) -> None:
        net = self.another_net().double()
        blobs = dict(net.named_parameters())
        names, points = [], []
        for name, value in [*self.inputs.items(), *blobs.items()]:
            if value.requires_grad:
                names.append(name)
                points.append(value.detach().double().requires_grad_())

        def outputs(*values: Tensor) -> tuple[Tensor, ...]:
            given = dict(zip(names, values))
            inputs = {blob: given.get(blob, x if not x.is_floating_point() else x.double())
                      for blob, x in self.inputs.items()}
            tops = self.call(net, inputs, {name: value for name, value in given.items() if name in blobs})
            return tuple(top for top in tops.values() if top.requires_grad)

        if not points:
            return
        assert outputs(*points), f"{self.title} has no top that a gradient comes from; check it with gradients=False"
        try:
            torch.autograd.gradcheck(outputs, points, fast_mode=True)
        except GradcheckError as error:
            reason = first_line(error)
            raise AssertionError(f"{self.title} has a wrong gradient (inputs {', '.join(names)}): {reason}") from None

    def blobs_survive_a_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "layer.caffemodel"
            save_weights(self.net, path)
            other = compile_net(self.spec, self.phase)
            load_weights(other, path)
        for index, (blob, back) in enumerate(zip(self.layer.blobs, other.layers[self.name].blobs)):
            assert torch.equal(blob, back), f"{self.title}: blob {index} comes back changed from a .caffemodel"

    @torch.no_grad()
    def blobs_survive_torchs_state(self) -> None:
        state = {name: value.clone() for name, value in self.layer.to_torch().items()}
        other = self.another_net().layers[self.name]
        for mine, theirs in zip(other.blobs, other.from_torch(state), strict=True):
            mine.copy_(theirs)
        self.expect_same((state, {}), (other.to_torch(), {}), "has another state after `from_torch(to_torch())`")

    @torch.no_grad()
    def torch_code_is_true(self) -> None:
        """Compare a module with the layer's source to the layer, in TEST, if the layer can be written."""
        net = self.another_net(phase="TEST")
        try:
            module = write_module(net, "a check")
        except SpecError:
            return
        space: dict[str, Any] = {"__name__": "made", "__file__": "made.py"}
        exec(compile(module.text, "made.py", "exec"), space)
        made = space[module.name]()
        made.load_state_dict(module.state)
        expected = self.call(net, self.inputs, {})
        torch.manual_seed(2)
        tops = made.eval()(*(self.inputs[blob] for blob in net.inputs))
        found = {blob: top.to(expected[blob].dtype)  # torch's indices are whole numbers
                 for blob, top in zip(net.outputs, [tops] if isinstance(tops, Tensor) else tops)}
        self.expect_same((expected, {}), (found, {}), "computes other numbers than its `torch_code`", tolerance=1e-5)

    def masks_are_obeyed(self, blob: str) -> None:
        index = self.layer.blob_names.index(blob)
        masked = self.another_net(index)
        (mask,) = masked.masks.values()
        weight = self.layer.blobs[index]
        mask.set(torch.ones_like(weight, dtype=torch.bool))
        self.expect_same(self.run(self.net), self.run(masked), f"changes under a mask of ones over blob {index}")
        mask.set(torch.zeros_like(weight, dtype=torch.bool))
        bare = self.another_net()
        with torch.no_grad():
            bare.layers[self.name].blobs[index].zero_()
            masked.layers[self.name].blobs[index].fill_(torch.nan)
        tops, gradients = self.run(masked)
        bare_tops, bare_gradients = self.run(bare)
        key = next(name for name, value in masked.named_parameters() if value is masked.layers[self.name].blobs[index])
        gradient = gradients.pop(key)
        bare_gradients.pop(key)
        self.expect_same(
            (bare_tops, bare_gradients), (tops, gradients), f"with blob {index} masked away is not that of zeros")
        assert not gradient.any(), f"{self.title} lets a gradient through a mask of zeros over blob {index}"

    def tops_are_fresh(self) -> None:
        memory = {x.untyped_storage().data_ptr() for x in (*self.inputs.values(), *self.layer.blobs)}

        def overwrite(tops: dict[str, Tensor]) -> None:
            for blob, top in tops.items():
                fresh = top.untyped_storage().data_ptr() not in memory
                assert fresh, f"{self.title} claims `fresh_output`, and top `{blob}` is not fresh memory"
                top.detach().zero_()

        expected = self.run(self.net)
        try:
            overwritten = self.run(self.net, after=overwrite)
        except RuntimeError as error:  # raised by autograd
            raise AssertionError(f"{self.title} claims `fresh_output`, and reads a top in backward: {error}") from None
        self.expect_same(({}, expected[1]), ({}, overwritten[1]), "claims `fresh_output`, and reads a top in backward")

    def inplace_kernel_is_true(self) -> None:
        expected = self.run(self.net)
        net = self.another_net()
        net.layers[self.name].inplace = True
        # Leaves cannot be overwritten: the layer gets copies.
        self.expect_same(expected, self.run(net, cloned=True), "gives other numbers in place", tolerance=1e-6)

    @property
    def title(self) -> str:
        return f"layer type `{self.layer.type_name}`"

    def expect_same(self, one: Run, other: Run, complaint: str, tolerance: float = 0.0) -> None:
        for mine, theirs in zip(one, other):
            for name, value in mine.items():
                assert torch.allclose(value, theirs[name], tolerance, tolerance, equal_nan=True), (
                    f"{self.title} {complaint}: `{name}` differs by {(value - theirs[name]).abs().max():.3g}")


def _attributes(layer: Layer) -> Iterator[tuple[str, object]]:
    """All that a layer's attributes hold, with their paths; masks are left out."""
    queue = [(name, value) for name, value in vars(layer).items() if name != "masks"]
    while queue:
        path, value = queue.pop()
        yield path, value
        if isinstance(value, functools.partial):
            queue += [(path, value.func), (path, value.args), (path, value.keywords)]
        elif isinstance(value, Mapping):
            queue += [(f"{path}[{key!r}]", item) for key, item in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
            queue += [(f"{path}[{i}]", item) for i, item in enumerate(value)]
