"""The base classes of layers.

A layer is a class that reads its message once, in the constructor, and has a pure ``forward``. A layer's file answers
the same questions at the same places: how many bottoms and tops (class attributes), which blobs in which order
(``add_blob`` calls in the constructor: that order is the mapping to weight files), what Caffe checks (constructor), what
it computes (``forward``). Data layers are no modules: see `Entry` and `netdef.data.feeding.feed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Protocol

import torch
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least, exactly
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.fillers import Fill, constant
from netdef.layers.core.float32 import without_autocast
from netdef.layers.core.layer_type import LayerType
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable

_ZERO = constant(0.0)


class Cover(Protocol):
    """The interface of a Mask layer, as a blob under it sees it."""

    def cover(self, weight: Tensor) -> Tensor:
        """The weight under the mask."""


class Layer(LayerType, nn.Module):
    """A layer of a net. Its class has, besides the attributes of `LayerType`:

    * ``equal_bottoms_tops``: the n-th top comes from the n-th bottom.
    * ``keeps_shape``: each top has the shape of its bottom, and a single top that of the first.
    * ``has_inplace_kernel``: ``forward`` overwrites its bottom when the graph has found that safe and set ``self.inplace``.
    * ``fresh_output``: every top is newly allocated memory that backward does not read, so the next layer may overwrite it.
    * ``normalises_channels``: `normalise` gives the top, and can multiply and shift its channels in the same pass.
    * ``scales_channels``: the top is the bottom times blob ``scale``, for each channel (axis 1), plus blob ``bias`` if any.
    * ``updates_itself``: backward passes change its blobs that are not learned, unless their ``lr_mult`` is 0.
    * ``torch_names``: {blob: its name in torch's module of that kind}, where it differs; see `to_torch`.
    * ``onnx_functions``: attributes with the functions for which a layer ``depends_on_data``, if ONNX has operators for them:
      `netdef.convert.onnx_operators`.
    """

    equal_bottoms_tops: ClassVar[bool] = False
    keeps_shape: ClassVar[bool] = False
    has_inplace_kernel: bool = False
    fresh_output: bool = False
    normalises_channels: bool = False
    scales_channels: bool = False
    updates_itself: ClassVar[bool] = False
    torch_names: ClassVar[Mapping[str, str]] = MappingProxyType({})
    onnx_functions: tuple[str, ...] = ()
    inplace: bool = False
    carried: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if (cls.is_loss or cls.needs_float32) and "forward" in vars(cls):
            cls.forward = without_autocast(cls.forward)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        """Read and check the message. ``shapes`` are those of the bottoms, masks left out.

        Nothing of the message may be kept. Raise ``spec.refuse(...)`` on what Caffe would refuse. Blobs are created on
        torch's current default device: the graph builds layers on ``meta``.
        """
        super().__init__()
        self.name: str = spec.name
        self.type_name = spec.type
        self.blob_names: list[str] = []
        self.masks: dict[str, Cover] = {}
        self.fills: dict[str, Fill] = {}
        self._shared_shapes: dict[str, Shape] = {}

    def add_blob(self, name: str, shape: Sequence[int], fill: Fill = _ZERO, *, learnable: bool = True) -> None:
        """Declare the next blob: ``self.<name>``, of Caffe's shape, filled by ``fill`` when memory is taken.

        ``learnable=False`` makes a buffer (BatchNorm's statistics): saved and shared as a blob, never trained.
        """
        blob = torch.empty(tuple(shape))
        if learnable:
            self.register_parameter(name, nn.Parameter(blob))
        else:
            self.register_buffer(name, blob)
        self.blob_names.append(name)
        self.fills[name] = fill

    def add_constant(self, name: str, shape: Sequence[int], fill: Fill) -> None:
        """Declare ``self.<name>``, a tensor that is not a blob: never saved, filled by ``fill`` when memory is taken."""
        self.register_buffer(name, torch.empty(tuple(shape)), persistent=False)
        self.fills[name] = fill

    def reset_state(self) -> None:
        """Set the carried state to zeros, as in a fresh net: the buffers named in ``carried``.

        ``carried`` names the state that a layer carries from batch to batch (LSTM, RNN): constants of `add_constant`
        that forward replaces, of another shape if the batch is. It is in no weight file; a snapshot of training is
        complete only with it.
        """
        for name in self.carried:
            setattr(self, name, torch.zeros_like(getattr(self, name)))

    @property
    def blobs(self) -> list[Tensor]:
        """The blobs in the order of weight files and in Caffe's shapes, as they are stored (masks not applied)."""
        return [self._in_own_shape(name) for name in self.blob_names]

    def share_blob(self, name: str, owner: Tensor) -> None:
        """Use another layer's blob. A blob of the same count is viewed in this layer's shape, never transposed (PERMISSIVE)."""
        own = getattr(self, name).shape
        if owner.shape != own:
            self._shared_shapes[name] = tuple(own)
        setattr(self, name, owner)
        self.fills.pop(name, None)  # its owner fills it

    def blob(self, name: str) -> Tensor:
        """Blob ``name`` as the layer computes with it: under its mask, if one is attached."""
        value: Tensor | None = self._parameters.get(name)  # where most are: quicker than by torch's __getattr__
        if value is None or self._shared_shapes:
            value = self._in_own_shape(name)
        mask = self.masks.get(name)
        return value if mask is None else mask.cover(value)

    def optional_blob(self, name: str) -> Tensor | None:
        """`blob`, or None where the layer has none of that name."""
        return self.blob(name) if name in self.blob_names else None

    def _in_own_shape(self, name: str) -> Tensor:
        value: Tensor = getattr(self, name)
        return value.reshape(self._shared_shapes[name]) if name in self._shared_shapes else value

    def to_torch(self) -> dict[str, Tensor]:
        """The blobs under the names and in the layout of torch's module of that kind, masks applied, for a state dict."""
        return {self.torch_names.get(name, name): self.blob(name) for name in self.blob_names}

    def from_torch(self, tensors: Mapping[str, Tensor]) -> list[Tensor]:
        """The blobs, in order and in Caffe's shapes, that tensors of the names and shapes of `to_torch` give."""
        names = (self.torch_names.get(name, name) for name in self.blob_names)
        return [tensors[name].reshape(blob.shape) for name, blob in zip(names, self.blobs)]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape] | None:
        """The shapes of the tops, if they follow by arithmetic; None to find them by a run on the ``meta`` device.

        A run imports much more of torch. A subclass that overrides ``forward`` is run, unless it overrides this, too.
        """
        if self.keeps_shape:
            return bottoms if self.equal_bottoms_tops else bottoms[:1]
        return None

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        """The indices of the blobs to mask where none are named: blob 0. ``n_bottoms`` leaves masks out."""
        return (0,)

    def channel_layout(self, blob: str) -> ChannelLayout:
        """The layout of a blob that a Mask may cover: outputs first, unless a layer overrides it."""
        return ChannelLayout()

    def channel_affine(self) -> tuple[Tensor, Tensor] | None:
        """Factor and shift of each channel (axis 1), in double precision; None for layers that compute anything else.

        A layer that in TEST only multiplies and adds fixed numbers can be folded into the layer before it.
        """
        return None

    def normalise(self, x: Tensor, scale: Tensor | None, bias: Tensor | None) -> Tensor:
        """The top, times ``scale`` and plus ``bias`` for each channel, if ``normalises_channels``."""
        raise NotImplementedError

    def compute(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """The top of one bottom, with a weight and a bias in place of the blobs, if there is a `folding_param`."""
        raise NotImplementedError

    def folding_param(self) -> str | None:
        """The message whose ``bias_term`` says that the layer has a blob ``bias`` beside its ``weight``.

        None for layers into whose weights a factor and a shift of each channel (axis 1) of the top cannot be folded.
        """
        return None

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        """The layer as source of a torch module, in TEST, masks applied. ``me`` is its attribute: ``self.conv1``.

        Reads the built layer and the shapes of the variables. Raises `NotWritable` where there is no such source.
        """
        raise NotWritable("computes a loss or a score" if self.is_loss or self.is_score else "cannot be written in plain torch")

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor | None:
        """Random valid values for bottom ``index``, masks not counted; None if any numbers are valid."""
        return None

    def multiply_adds(self, bottoms: Sequence[Shape], tops: Sequence[Shape]) -> int:
        """Multiply-accumulate operations of one forward pass; 0 for layers that do no matrix product."""
        return 0

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={tuple(getattr(self, name).shape)}" for name in self.blob_names)


class Entry(LayerType):
    """A layer whose tops come from outside the net: ``Input`` and the data layers. ``shapes`` maps top to shape."""

    n_bottoms = exactly(0)
    n_tops = at_least(1)

    def __init__(self, spec: LayerDefinition):
        self.name: str = spec.name
        self.tops: tuple[str, ...] = spec.tops
        self.shapes: dict[str, Shape] = {}


def describes_forward(cls: type[Layer], *names: str) -> bool:
    """Whether the attribute with one of these names describes ``forward``: no subclass has overridden only ``forward``."""
    def first(*sought: str) -> int:
        return next(i for i, base in enumerate(cls.__mro__) if any(name in vars(base) for name in sought))

    return first(*names) <= first("forward")
