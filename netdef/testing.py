"""A harness for layers: ours, and those that a user registers.

    from netdef.testing import check_layer

    def test_my_layer():
        check_layer('layer { name: "l" type: "Mine" bottom: "x" top: "y" mine_param { size: 3 } }', x=(2, 3, 5, 4))

It checks what every layer promises; what a layer computes is for its own tests.
"""

from __future__ import annotations

import copy
import functools
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import torch
from google.protobuf.message import Message
from torch import Tensor
from torch.autograd.gradcheck import GradcheckError

from netdef.api import compile_net
from netdef.definition.definitions import PhaseName
from netdef.definition.read import read_net_text
from netdef.errors import first_line
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape
from netdef.layers.pruning import attach_masks
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
    ``.caffemodel`` bytes; a mask of ones that changes no bit, and one of zeros under which the layer is that of zero
    weights, whatever the weights hold, and they get no gradient; ``fresh_output`` and (to rounding)
    ``has_inplace_kernel`` where they are claimed; no protobuf message kept.
    """
    _Check(text, phase, inputs, allow_python).all(gradients)


class _Check:
    def __init__(self, text: str, phase: PhaseName, inputs: Mapping[str, Shape | Tensor], allow_python: bool):
        random = torch.Generator().manual_seed(1)
        self.inputs = {
            blob: (given.detach().clone().requires_grad_(given.requires_grad) if isinstance(given, Tensor)
                   else torch.randn(given, generator=random).requires_grad_())
            for blob, given in inputs.items()
        }
        declared = "".join(
            f'layer {{ name: "{blob} input" type: "Input" top: "{blob}" input_param {{ shape {{ '
            f'{" ".join(f"dim: {size}" for size in x.shape)} }} }} }}\n' for blob, x in self.inputs.items())
        self.spec, self.phase = read_net_text(declared + text, allow_python=allow_python), phase
        self.net = compile_net(self.spec, phase)
        (self.name, self.layer), = self.net.layers.items()
        with torch.no_grad():
            for blob in self.layer.blobs:
                # Zeros, the usual filler, would hide much. Statistics are positive.
                learnt = isinstance(blob, torch.nn.Parameter)
                blob.copy_(torch.randn(blob.shape, generator=random) if learnt
                           else 0.5 + torch.rand(blob.shape, generator=random))

    def all(self, gradients: bool) -> None:
        self.no_message_is_kept()
        self.stated_shapes_are_true()
        self.two_runs_give_the_same()
        if gradients:
            self.gradients_are_true()
        self.blobs_survive_a_file()
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
        tops, slopes = self.run(masked)
        bare_tops, bare_slopes = self.run(bare)
        key = next(name for name, value in masked.named_parameters() if value is masked.layers[self.name].blobs[index])
        slope = slopes.pop(key)
        bare_slopes.pop(key)
        self.expect_same(
            (bare_tops, bare_slopes), (tops, slopes), f"with blob {index} masked away is not that of zeros")
        assert not slope.any(), f"{self.title} lets a gradient through a mask of zeros over blob {index}"

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
        except RuntimeError as error:  # autograd saw it itself
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

    def expect_same(self, one: _Run, other: _Run, complaint: str, tolerance: float = 0.0) -> None:
        for mine, theirs in zip(one, other):
            for name, value in mine.items():
                assert torch.allclose(value, theirs[name], tolerance, tolerance, equal_nan=True), (
                    f"{self.title} {complaint}: `{name}` differs by {(value - theirs[name]).abs().max():.3g}")

    def another_net(self, mask: int | None = None) -> Net:
        """The same net with the same blobs; with ``mask``, the blob of that index is under a Mask."""
        spec = self.spec
        if mask is not None:
            spec = attach_masks(spec, {self.name: None}, blobs=(mask,))
        net = compile_net(spec, self.phase)
        with torch.no_grad():
            for theirs, mine in zip(net.layers[self.name].blobs, self.layer.blobs):
                theirs.copy_(mine)
        return net

    def call(self, net: Net, inputs: Mapping[str, Tensor], parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """One forward pass from the same seed and the same statistics or recurrent state, left as they were."""
        torch.manual_seed(2)
        state = {name: value.clone() for name, value in net.named_buffers()}
        return torch.func.functional_call(net, {**state, **parameters}, kwargs=dict(inputs))

    def run(self, net: Net, after: Callable[[dict[str, Tensor]], object] | None = None, cloned: bool = False) -> _Run:
        """The tops, and the gradients of all that takes part; ``after`` sees the tops before backward."""
        inputs = {blob: x.clone() if cloned else x for blob, x in self.inputs.items()}
        tops = self.call(net, inputs, {})
        kept = {blob: top.detach().clone() for blob, top in tops.items()}
        if after is not None:
            after(tops)
        random = torch.Generator().manual_seed(3)
        heads = [(top, torch.randn(top.shape, generator=random)) for top in tops.values() if top.requires_grad]
        parts = {**self.inputs, **dict(net.named_parameters())}
        parts = {name: part for name, part in parts.items() if part.requires_grad}
        if not heads or not parts:
            return kept, {}
        slopes = torch.autograd.grad(
            [top for top, _ in heads], list(parts.values()), [slope for _, slope in heads], allow_unused=True)
        return kept, {name: slope for name, slope in zip(parts, slopes) if slope is not None}


_Run = tuple[dict[str, Tensor], dict[str, Tensor]]


def _attributes(layer: Layer) -> Iterator[tuple[str, object]]:
    """Everything a layer's attributes hold, with the way to it; its masks are layers of their own."""
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
