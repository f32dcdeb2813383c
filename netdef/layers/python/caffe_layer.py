"""Python layers written as classes for pycaffe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.python.stand_in import CaffePhase, UserBlob, UserLayer
from netdef.layers.python.user_code import Caller, drawn_seed, find_class, generator_states, seeded

MORE_PARAMS = "param_str1", "param_str2", "param_str3"
"""Further texts of wangshankun's nets."""


class CaffeObject:
    """An object of a user's class with its blobs, called as Caffe calls it."""

    def __init__(
        self, kind: type[UserLayer], caller: Caller, params: dict[str, str], phase: CaffePhase, n_tops: int,
        shapes: Sequence[Shape], seed: int,
    ):
        self.caller = caller
        self.bottom = [UserBlob(shape) for shape in shapes]
        self.top = [UserBlob() for _ in range(n_tops)]
        with seeded(seed):
            before = generator_states()
            with caller.running("", building=True):
                self.object = kind(None)
            for name, text in params.items():
                setattr(self.object, name, text)
            self.object.phase = phase
            self.call("setup", self.bottom, self.top, building=True)
            self.call("reshape", self.bottom, self.top, building=True)
            self.random_setup = generator_states() != before

    @property
    def blobs(self) -> list[UserBlob]:
        return self.object.blobs

    def call(self, method: str, *arguments: object, building: bool = False) -> None:
        with self.caller.running(f".{method}", building):
            getattr(self.object, method)(*arguments)

    def forward(self, seed: int) -> None:
        """Call ``reshape`` and ``forward``, as Caffe does in every forward pass."""
        with seeded(seed):
            self.call("reshape", self.bottom, self.top)
            self.call("forward", self.bottom, self.top)

    def shaped_for(self, shapes: Sequence[Shape]) -> list[Shape]:
        """The shapes of the tops for bottoms of given shapes, from ``reshape`` alone."""
        if [blob.shape for blob in self.bottom] != list(shapes):
            for blob, shape in zip(self.bottom, shapes):
                blob.load(np.zeros(shape, np.float32))
            self.call("reshape", self.bottom, self.top, building=True)
        return [blob.shape for blob in self.top]


def maker(spec: LayerDefinition) -> Callable[[Sequence[Shape], int], CaffeObject]:
    """A function that makes objects of a layer's class for bottoms of given shapes.

    It calls ``setup`` and ``reshape``; their random numbers follow from its second argument, a seed.
    """
    found, param = find_class(spec), spec.message.python_param
    if not issubclass(found, UserLayer):
        raise spec.refuse(f"names `{param.module}.{param.layer}`, which is neither a caffe.Layer nor a torch.nn.Module",
                          "python_param", "layer")
    params = {"param_str": param.param_str, "param_str_": param.param_str}
    params |= {name: getattr(param, name) for name in MORE_PARAMS if param.HasField(name)}
    return partial(CaffeObject, found, Caller(spec), params, CaffePhase[spec.phase], len(spec.tops))


@register("Python")
class Python(Layer):
    """``python_param``: a ``caffe.Layer`` with ``setup``, ``reshape``, ``forward``, ``backward``, and ``param_str``.

    It works on copies in float32 arrays on the CPU (float64 in a float64 net), whatever device the net is on. What
    ``self.blobs.add_blob`` makes in ``setup`` are the layer's blobs, with the values ``setup`` gives them. ``forward``
    and ``backward`` draw from numpy's global generator and from `random`, both seeded for each call from torch's.
    Gradients of blobs are zeros before ``backward``, as are those of bottoms where ``forward`` wrote none. A layer that
    has run forward again before ``backward`` is run forward on the first bottoms once more. Caffe's Python layers
    without bottoms are data layers: `netdef.data.layers.python_data`; classes of torch: `netdef.layers.python.torch_module`.

    ``param_str1`` to ``param_str3``, of wangshankun's nets, are attributes like ``param_str``. The source of that fork is not
    public; this is how Caffe gives ``param_str``.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(0)
    object_is_maskable = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.user = maker(spec)(shapes, drawn_seed())
        self.passes = 0
        self.larger_is_better = bool(getattr(self.user.object, "larger_is_better", False))
        self.same = [(i, top) for i, top in enumerate(spec.tops) if top in spec.bottoms[i : i + 1]]  # in place
        for i, blob in enumerate(self.user.blobs):
            self.add_blob(f"blob{i}", blob.shape, partial(copy_into, value=torch.from_numpy(blob.data.copy())))
        self.maskable = tuple(self.blob_names)

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        if bottoms[0].is_meta:
            return tuple(bottoms[0].new_empty(shape, dtype=_floating(bottoms))
                         for shape in self.user.shaped_for([tuple(x.shape) for x in bottoms]))
        blobs = [self.blob(name) for name in self.blob_names]
        if not self.user.top:
            with torch.no_grad():
                self.run(bottoms, blobs, drawn_seed())
            return ()
        return _Pass.apply(self, len(bottoms), *bottoms, *blobs)

    def run(self, bottoms: Sequence[Tensor], blobs: Sequence[Tensor], seed: int) -> None:
        """Fill the user's blobs and run the user's forward pass; parameters that it changes become the layer's."""
        self.passes += 1
        dtype = np.dtype(np.float64 if _floating([*bottoms, *blobs]) == torch.float64 else np.float32)
        for blob, tensor in zip(self.user.bottom, bottoms):
            blob.load(_array(tensor, dtype))
        for blob, tensor, name in zip(self.user.blobs, blobs, self.blob_names):
            array, own = _array(tensor, dtype), getattr(self, name)
            if array.flags.c_contiguous and array.__array_interface__["data"][0] == own.data_ptr():
                blob.share(array)  # what the user writes there outside of a pass counts, too
            else:
                blob.load(array)
        for top in self.user.top:
            top.cast(dtype)
        for i, _ in self.same:
            self.user.top[i].load(self.user.bottom[i].data)
        self.user.forward(seed)
        for blob, tensor, name in zip(self.user.blobs, blobs, self.blob_names):
            if not np.array_equal(blob.data, _array(tensor, dtype), equal_nan=True):
                getattr(self, name).detach().reshape(tensor.shape).copy_(torch.from_numpy(blob.data))


class _Pass(torch.autograd.Function):
    """One forward pass of a user's layer, and its backward."""

    @staticmethod
    def forward(ctx: Any, layer: Python, n_bottoms: int, *tensors: Tensor) -> tuple[Tensor, ...]:
        seed = drawn_seed()
        bottoms, blobs = tensors[:n_bottoms], tensors[n_bottoms:]
        layer.run(bottoms, blobs, seed)
        ctx.layer, ctx.n_bottoms, ctx.seed, ctx.number = layer, n_bottoms, seed, layer.passes
        ctx.written = [blob.saved_diff() for blob in layer.user.bottom]  # some layers make gradients in forward
        ctx.save_for_backward(*tensors)
        like = torch.empty(0, dtype=_floating(tensors), device=bottoms[0].device)
        return tuple(torch.from_numpy(top.data.copy()).to(like) for top in layer.user.top)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        layer, user, tensors = ctx.layer, ctx.layer.user, ctx.saved_tensors
        if layer.passes != ctx.number:
            layer.run(tensors[: ctx.n_bottoms], tensors[ctx.n_bottoms :], ctx.seed)
            ctx.number = layer.passes
        for top, gradient in zip(user.top, gradients):
            top.diff[...] = _array(gradient, top.data.dtype)
        for blob, written in zip([*user.bottom, *user.blobs], [*ctx.written, *[None] * len(user.blobs)]):
            blob.set_diff(written)
        for i, _ in layer.same:
            user.bottom[i].set_diff(user.top[i].diff)
        needed = ctx.needs_input_grad[2:]
        with seeded(ctx.seed):
            user.call("backward", user.top, list(needed[: ctx.n_bottoms]), user.bottom)
        return None, None, *(
            torch.from_numpy(blob.diff.copy()).to(tensor) if need else None
            for blob, tensor, need in zip([*user.bottom, *user.blobs], tensors, needed))


def _floating(tensors: Sequence[Tensor]) -> torch.dtype:
    """The type of the tops: that of the first floating tensor."""
    return next((x.dtype for x in tensors if x.is_floating_point()), torch.get_default_dtype())


def _array(tensor: Tensor, dtype: np.dtype) -> np.ndarray:
    kind = torch.float64 if dtype == np.float64 else torch.float32
    return tensor.detach().to("cpu", kind).numpy()


def copy_into(tensor: Tensor, value: Tensor) -> None:
    """A fill that copies given values."""
    tensor.copy_(value)
