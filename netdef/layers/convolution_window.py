"""The sliding windows of convolutions: how ``convolution_param`` states them, and whether they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import refuse_both
from netdef.layers.core.shapes import Shape
from netdef.schema.messages import ConvolutionParameter, DeformableConvolutionParameter, LSTMConvolutionParameter

PARAM = "convolution_param"
_Convolution = ConvolutionParameter | DeformableConvolutionParameter | LSTMConvolutionParameter


class Window(NamedTuple):
    """A sliding window: in each field a number for each spatial axis."""

    kernel: Shape
    stride: Shape
    pad: Shape
    dilation: Shape

    @property
    def extent(self) -> Shape:
        """The number of pixels that each axis of the dilated kernel spans."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation))

    def places(self, sizes: Shape, transposed: bool) -> Shape:
        """The spatial sizes of the top for a bottom of these; below 1 where the window does not fit."""
        each = zip(sizes, self.extent, self.stride, self.pad)
        if transposed:
            return tuple(stride * (size - 1) + extent - 2 * pad for size, extent, stride, pad in each)
        return tuple((size + 2 * pad - extent) // stride + 1 for size, extent, stride, pad in each)


def read_window(
    spec: LayerDefinition, n_spatial: int, message: _Convolution | None = None, path: Sequence[str | int] = (PARAM,)
) -> Window:
    """The window of a convolution, from a message at ``path``: each size given once, once an axis, or as ``_h`` and ``_w``.

    Along a side of 1 a dilation means nothing, and may be 0.
    """
    param = spec.message.convolution_param if message is None else message

    def sizes(name: str, height: str, width: str, default: int | None, least: Shape) -> Shape:
        listed = getattr(param, name)
        named = [field for field in (height, width) if field and param.HasField(field)]
        if named:
            if n_spatial != 2:
                raise spec.refuse(
                    f"gives `{named[0]}`, which is for 2 spatial axes, and has {n_spatial}", *path, named[0])
            if listed:
                raise refuse_both(spec, name, named[0], *path, named[0])
            if len(named) == 1 and default != 0:
                other = width if named[0] == height else height
                raise spec.refuse(f"gives `{named[0]}` without `{other}`", *path, named[0])
            found: Shape = (getattr(param, height), getattr(param, width))
        elif len(listed) in (1, n_spatial):
            found = tuple(listed) * (n_spatial if len(listed) == 1 else 1)
        elif listed:
            raise spec.refuse(
                f"gives `{name}` {len(listed)} times; give it once, or once for each of {n_spatial} spatial axes",
                *path, name)
        elif default is None and n_spatial:
            raise spec.refuse(f"needs a `{name}`", *path)
        else:
            found = (default or 0,) * n_spatial
        if any(size < bound for size, bound in zip(found, least)):
            wrong = named[0] if named else name
            raise spec.refuse(f"has `{wrong}` {min(found)}; it must be at least {max(least)}", *path, wrong)
        return found

    ones = (1,) * n_spatial
    kernel = sizes("kernel_size", "kernel_h", "kernel_w", None, ones)
    dilation = sizes("dilation", "", "", 1, tuple(int(side > 1) for side in kernel))
    return Window(
        kernel=kernel,
        stride=sizes("stride", "stride_h", "stride_w", 1, ones),
        pad=sizes("pad", "pad_h", "pad_w", 0, (0,) * n_spatial),
        dilation=tuple(max(step, 1) for step in dilation),
    )


def read_sides(spec: LayerDefinition, n_spatial: int, transposed: bool) -> tuple[int, int, int, int] | None:
    """The zeros left, right, above and below a plane where the text names single sides, else None."""
    param = spec.message.convolution_param
    named = [name for name in ("pad_l", "pad_r", "pad_t", "pad_b") if param.HasField(name)]
    if not named:
        return None
    if transposed or n_spatial != 2:
        raise spec.refuse(f"gives `{named[0]}`, which is for a convolution with 2 spatial axes", PARAM, named[0])
    if param.pad or param.HasField("pad_h") or param.HasField("pad_w"):
        raise refuse_both(spec, "pad", named[0], PARAM, named[0])
    return param.pad_l, param.pad_r, param.pad_t, param.pad_b


def read_same(spec: LayerDefinition, n_spatial: int, transposed: bool) -> bool:
    """Whether a plane is padded as by Synopsys' ``pad_type: 1``, see `same_sides`; 0 is the usual padding."""
    param = spec.message.convolution_param
    if not param.pad_type:
        return False
    if param.pad_type > 1:
        raise spec.refuse(f"has `pad_type` {param.pad_type}; it is 0 (by `pad`) or 1 (TensorFlow's SAME)", PARAM, "pad_type")
    if transposed or n_spatial != 2:
        raise spec.refuse("gives `pad_type: 1`, which is for a convolution with 2 spatial axes", PARAM, "pad_type")
    for side in ("pad_l", "pad_r", "pad_t", "pad_b"):
        if getattr(param, side):
            raise refuse_both(spec, side, "pad_type", PARAM, "pad_type")
    return True


def same_sides(window: Window, spatial: Shape) -> tuple[int, int, int, int]:
    """The zeros left, right, above and below a plane that give it as many places as there are strides in it, begun or whole.

    In front is half of what a kernel without dilation needs, rounded down; behind is the rest, as much as the last place reads.
    """
    sides = []
    for size, kernel, extent, stride in zip(spatial, window.kernel, window.extent, window.stride):
        before = max(kernel - (size % stride or stride), 0) // 2
        last = (size - 1) // stride * stride
        sides += [before, max(last + extent - size - before, 0)]
    above, below, left, right = sides
    return left, right, above, below


def check_fits(spec: LayerDefinition, spatial: Shape, window: Window, transposed: bool = False, path: str = PARAM) -> None:
    """Refuse a window that does not fit on a bottom of these spatial sizes."""
    for index, places in enumerate(window.places(spatial, transposed)):
        if places < 1:
            raise spec.refuse(
                f"has a window that does not fit: spatial axis {index} of its bottom has size {spatial[index]}, the kernel "
                f"spans {window.extent[index]}, with pad {window.pad[index]} and stride {window.stride[index]}", path)
