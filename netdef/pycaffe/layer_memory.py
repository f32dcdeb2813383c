"""The memory of a layer's own blobs: its weights, its statistics, and their gradients.

On the CPU a script's array is the layer's memory itself, if that is in C order. A tensor that is kept in another order,
as the weights of convolutions are, stays so, and the array is a `Mirror` of it: a net that is looked at computes the
same bits as one that is not. A GPU's tensor has a `HostCopy`. All layers and nets that share a tensor share its copy.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, MutableMapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.weak import WeakTensorKeyDictionary

from netdef.layers.core.base import Layer
from netdef.layers.core.shapes import Shape
from netdef.pycaffe.host_copies import HostCopy, Mirror
from netdef.pycaffe.memory import Newer, shares_memory


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
                _arrays[home] = None
            return self._in_own_shape.detach().numpy()
        if (copy := _arrays.get(home)) is None:
            copy = _arrays[home] = Mirror(home) if shares_memory(home.device) else HostCopy(home)
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
        if not _is_array(home) and (copy := _arrays.get(home)) is not None:
            copy.write(home)

    def changed(self) -> None:
        """Mark the layer's tensor as written to, or moved to another device."""
        if (copy := _arrays.get(self.home)) is None:
            return
        if isinstance(copy, Mirror) != shares_memory(self.home.device):
            del _arrays[self.home]
        else:
            copy.changed(self.home)

    def replace(self, tensor: Tensor) -> None:
        """Make the layer compute with another tensor."""
        if isinstance(self.home, nn.Parameter) and not isinstance(tensor, nn.Parameter):
            tensor = nn.Parameter(tensor, self.home.requires_grad)
        if tensor.numel() == math.prod(self.shape) and tuple(tensor.shape) != self.shape:
            self.layer.share_blob(self.name, tensor)
        else:
            setattr(self.layer, self.name, tensor)

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
        if copy is not None and copy.newer is Newer.ARRAY and owner.grad is not copy.view:
            owner.grad = torch.empty_like(owner) if owner.grad is None else owner.grad
            copy.write(owner.grad)
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
            self._copy.newer = Newer.TENSOR

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


_arrays: MutableMapping[Tensor, HostCopy | Mirror | None] = WeakTensorKeyDictionary()
"""The copies that scripts have as arrays; None for statistics whose own memory a script has."""
_gradients: MutableMapping[Tensor, GradientMemory] = WeakTensorKeyDictionary()


def any_to_upload() -> bool:
    """Whether scripts have arrays that layers do not follow by themselves."""
    return bool(_arrays)


def gradient_of(tensor: Tensor) -> GradientMemory:
    """The memory of a tensor's gradient."""
    if (found := _gradients.get(tensor)) is None:
        found = _gradients[tensor] = GradientMemory(tensor)
    return found


def count_writes() -> None:
    """Tell torch that statistics may have been written to by way of an array: layers keep what they derive from them."""
    for tensor, copy in list(_arrays.items()):
        if copy is None:
            torch.autograd.graph.increment_version(tensor)
