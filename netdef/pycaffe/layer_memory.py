"""The memory of a layer's own blobs: its weights, its statistics, and their gradients.

On the CPU a script's array is the layer's memory itself, if that is in C order. A tensor that is kept in another order,
as the weights of convolutions are, stays so, and the array is a `Mirror` of it: a net that is looked at computes the
same bits as one that is not. A GPU's tensor has a `HostCopy`. All layers and nets that share a tensor share its copy.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterable, MutableMapping
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.weak import WeakTensorKeyDictionary

from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape
from netdef.pycaffe.host_copies import HostCopy, Mirror
from netdef.pycaffe.memory import shares_memory


class LayerMemory:
    """The memory of a tensor that a layer holds under ``name``: a blob, or the constant of a DummyData layer."""

    __slots__ = ("layer", "name")

    def __init__(self, layer: Layer, name: str):
        self.layer, self.name = layer, name

    @property
    def home(self) -> Tensor:
        """The layer's tensor itself. Layers that share a blob have the same."""
        return getattr(self.layer, self.name)

    @property
    def gradient(self) -> GradientMemory:
        """The memory of the tensor's gradient."""
        return gradient_of(self.home)

    @property
    def shape(self) -> Shape:
        return tuple(self._in_own_shape.shape)

    @property
    def array(self) -> np.ndarray:
        home = self.home
        if _is_array(home):
            if not isinstance(home, nn.Parameter):
                _arrays.add(home, None)
            return self._in_own_shape.detach().numpy()
        if (copy := _arrays.of.get(home)) is None:
            copy = _arrays.add(home, Mirror(home) if shares_memory(home.device) else HostCopy(home))
        return copy.read(home).reshape(self.shape)

    def tensor(self, device: torch.device) -> Tensor:
        self.upload()
        return self._in_own_shape.detach()

    @property
    def is_array(self) -> bool:
        return _is_array(self.home)

    def put(self, tensor: Tensor) -> None:
        """Do nothing: the top of such a layer is this tensor itself."""

    def refresh(self) -> None:
        """Do nothing: passes do not change it."""

    def reshape(self, shape: Shape) -> None:
        if shape != self.shape:
            old = self._in_own_shape.detach()
            self.replace(old.reshape(shape) if math.prod(shape) == old.numel() else old.new_zeros(shape))

    def upload(self) -> None:
        """Copy writes to the array to the layer."""
        home = self.home
        if not _is_array(home) and (copy := _arrays.of.get(home)) is not None:
            copy.write(home)

    def changed(self) -> None:
        """Mark the layer's tensor as written to, or moved to another device."""
        home = self.home
        if home not in _arrays.of:
            return
        copy = _arrays.of[home]
        if isinstance(copy, HostCopy) == shares_memory(home.device):
            _arrays.drop(home)
        elif copy is not None:
            copy.changed(home)

    def replace(self, tensor: Tensor) -> None:
        """Make the layer compute with another tensor."""
        if isinstance(self.home, nn.Parameter) and not isinstance(tensor, nn.Parameter):
            tensor = nn.Parameter(tensor, self.home.requires_grad)
        if tensor.numel() == math.prod(self.shape) and tuple(tensor.shape) != self.shape:
            self.layer.share_blob(self.name, tensor)
        else:
            setattr(self.layer, self.name, tensor)
        _arrays.changes += 1

    @property
    def _in_own_shape(self) -> Tensor:
        """The tensor in this layer's shape, which may differ from the owner's if it is shared."""
        if self.name not in self.layer.blob_names:
            return self.home
        return self.layer.blobs[self.layer.blob_names.index(self.name)]


class GradientMemory:
    """The memory of a tensor's gradient, which adds up in ``tensor.grad`` until it is cleared.

    After a solver's step it is the update; ``pending`` computes that when it is first read.
    """

    def __init__(self, tensor: Tensor):
        self._owner = weakref.ref(tensor)
        self._copy: HostCopy | None = None
        self.pending: Callable[[Tensor], Tensor] | None = None

    @property
    def array(self) -> np.ndarray:
        owner = self._settled()
        if self._copy is None or self._copy.view.shape != owner.shape:
            self._copy = HostCopy(owner)
        array = self._copy.read(owner.grad)
        if shares_memory(owner.device):
            owner.grad = self._copy.view  # what is written to the array and what passes add are one
        return array

    def get(self) -> Tensor | None:
        """The gradient, including writes to the array; None for zeros."""
        owner, copy = self._settled(), self._copy
        if copy is not None and owner.grad is not copy.view and copy.is_newer(owner.grad):
            owner.grad = torch.empty_like(owner) if owner.grad is None else owner.grad
            copy.copy_to(owner.grad)
        return owner.grad

    def add(self, gradient: Tensor) -> None:
        """Add the result of a backward pass."""
        known = self.get()
        self._tensor.grad = gradient.detach() if known is None else known.add_(gradient)
        self.changed()

    def clear(self) -> None:
        """Set it to zeros."""
        self.pending = None
        if self._tensor.grad is not None:
            self._tensor.grad.zero_()
        self.changed()

    def changed(self) -> None:
        """Mark ``tensor.grad`` as replaced or written to."""
        if self._copy is not None and self._tensor.grad is not self._copy.view:
            self._copy.changed(self._tensor.grad)

    def refresh(self) -> None:
        """Update the array, if there is one, on the CPU."""
        if self._copy is not None and shares_memory(self._tensor.device):
            _ = self.array

    @property
    def _tensor(self) -> Tensor:
        tensor = self._owner()
        assert tensor is not None  # the caller holds it
        return tensor

    def _settled(self) -> Tensor:
        """The tensor, with an up-to-date ``grad``."""
        tensor = self._tensor
        if self.pending is not None:
            tensor.grad, self.pending = self.pending(tensor), None
            self.changed()
        elif shares_memory(tensor.device):
            self.changed()
        return tensor


def _is_array(tensor: Tensor) -> bool:
    """Whether numpy can have a tensor's memory as an array in C order."""
    return shares_memory(tensor.device) and tensor.is_contiguous()


class _Arrays:
    """The copies ``of`` tensors that scripts have as arrays; None for statistics whose own memory a script has.

    ``changes`` counts what makes other memories have copies.
    """

    def __init__(self) -> None:
        self.of: MutableMapping[Tensor, HostCopy | Mirror | None] = WeakTensorKeyDictionary()
        self.changes = 0

    def add(self, tensor: Tensor, copy: _Copy) -> _Copy:
        """Keep a copy, or None, of a tensor."""
        if tensor not in self.of:
            self.changes += 1
        self.of[tensor] = copy
        return copy

    def drop(self, tensor: Tensor) -> None:
        """Forget the copy of a tensor."""
        del self.of[tensor]
        self.changes += 1


_Copy = TypeVar("_Copy", HostCopy | Mirror, None)
_arrays = _Arrays()
_gradients: MutableMapping[Tensor, GradientMemory] = WeakTensorKeyDictionary()


class Uploads:
    """Copy what scripts write to the arrays of some memories to the layers' tensors.

    The memories with arrays are looked up again when an array was made, or dropped, for any tensor.
    """

    def __init__(self, memories: Iterable[LayerMemory]):
        self._all, self._changes = list(memories), -1
        self._copied: list[LayerMemory] = []
        self._own: list[LayerMemory] = []  # whose own memory scripts have

    def run(self) -> None:
        """Copy what was written since the last call."""
        if self._changes != _arrays.changes:
            known = [memory for memory in self._all if memory.home in _arrays.of]
            self._copied = [memory for memory in known if _arrays.of[memory.home] is not None]
            self._own = [memory for memory in known if _arrays.of[memory.home] is None]
            self._changes = _arrays.changes
        for memory in self._own:  # torch does not count these writes, and layers keep what they derive from statistics
            torch.autograd.graph.increment_version(memory.home)
        for memory in self._copied:
            memory.upload()


def gradient_of(tensor: Tensor) -> GradientMemory:
    """The memory of a tensor's gradient."""
    if (found := _gradients.get(tensor)) is None:
        found = _gradients[tensor] = GradientMemory(tensor)
    return found
