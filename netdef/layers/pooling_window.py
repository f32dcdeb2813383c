"""The sliding window of pooling: how ``pooling_param`` states it, and how many of its places a plane or a volume has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.checks import check_sizes, read_pair, refuse_both
from netdef.layers.core.shapes import Shape

PARAM = "pooling_param"
_FOR_EACH_AXIS = {"kernel_size": "kernel_sizes", "stride": "strides", "pad": "pads"}
_SIDES = "pad_t", "pad_b", "pad_l", "pad_r"


@dataclass(frozen=True)
class PoolingWindow:
    """Sides of the window, of its steps, and of the padding before and after the plane: height and width, or three.

    Attributes:
        ceil: whether the last window may reach over the end, so that every element is seen.
        whole: the window is as large as the plane; ``kernel`` is that of the plane the layer was built for.
        same: TensorFlow's "SAME", as many windows as steps fit into the plane; the padding depends on the plane.
        dilation: steps between the values of a window; empty if all are 1.
    """

    kernel: Shape
    stride: Shape
    before: Shape
    after: Shape
    ceil: bool
    whole: bool = False
    same: bool = False
    dilation: Shape = ()

    @property
    def is_even(self) -> bool:
        """Whether opposite sides are padded equally, by at most half the kernel, as torch's poolings take it."""
        even = not self.same and self.before == self.after
        return even and all(pad <= kernel // 2 for pad, kernel in zip(self.before, self.kernel))

    @property
    def may_miss(self) -> bool:
        """Whether a window can lie wholly outside a plane: it is clipped away with padding, and if a side of it is 1."""
        clipped = self.same or any(self.before) or any(self.after) or 1 in self.kernel
        return self.ceil and not clipped and any(k < s for k, s in zip(self.kernel, self.stride))

    def of(self, sizes: Sequence[int]) -> Shape:
        """The window's own height and width on a plane of these sizes."""
        return tuple(sizes) if self.whole else self.kernel

    def reach(self, sizes: Sequence[int]) -> Shape:
        """The height and width from a window's first value to its last on a plane of these sizes."""
        return tuple((side - 1) * step + 1 for side, step in zip(self.of(sizes), self.dilation)) or self.of(sizes)

    def padding(self, sizes: Sequence[int]) -> tuple[Shape, Shape]:
        """Rows and columns of padding before and after a plane of these sizes."""
        if not self.same:
            return self.before, self.after
        total = [max(kernel - (size % stride or stride), 0)
                 for size, kernel, stride in zip(sizes, self.kernel, self.stride)]
        return tuple(pad // 2 for pad in total), tuple(pad - pad // 2 for pad in total)

    def places(self, sizes: Sequence[int]) -> Shape:
        """The top's height and width, as Caffe rounds them. ValueError if a window lies outside the bottom."""
        before, after = self.padding(sizes)
        clipped = any(before) or any(after) or 1 in self.of(sizes)
        found = []
        for size, kernel, stride, first, last in zip(sizes, self.reach(sizes), self.stride, before, after):
            steps = (size + first + last - kernel) / stride
            count = (math.ceil(steps) if self.ceil else math.floor(steps)) + 1
            if self.same:
                count = math.ceil(size / stride)
            elif clipped and (count - 1) * stride >= size + first:
                count -= 1
            if count < 1:
                pad = f"pad {first}" if first == last else f"pads {first} and {last}"
                raise ValueError(f"has a kernel of {kernel}, which does not fit a bottom of size {size} with {pad}")
            if (count - 1) * stride - first >= size:
                hint = "" if clipped else "; `round_mode: FLOOR` leaves that window out"
                raise ValueError(
                    f"would have its last window at {(count - 1) * stride - first}, outside a bottom of size {size} (kernel "
                    f"{kernel}, stride {stride}), with nothing to pool{hint}")
            found.append(count)
        return tuple(found)

    def room(self, sizes: Sequence[int]) -> Shape:
        """The rows and columns to add below and to the right so that every window is whole."""
        before, _ = self.padding(sizes)
        return tuple(
            max(0, (count - 1) * stride + kernel - size - first)
            for count, stride, kernel, size, first in zip(
                self.places(sizes), self.stride, self.of(sizes), sizes, before))


def read_window(spec: LayerDefinition, sizes: Sequence[int]) -> PoolingWindow:
    """The window of a layer on a plane of ``sizes``. Refused with a place: sizes that contradict each other or miss it."""
    param, axes = spec.message.pooling_param, len(sizes)
    if param.HasField("ceil_mode") and param.HasField("round_mode"):
        raise spec.refuse("gives both `round_mode` and the `ceil_mode` of forks; keep `round_mode`", PARAM, "ceil_mode")
    before, after = _pads(spec, axes)
    same = _is_same(spec)
    if same:
        before = after = (0,) * axes
    window = PoolingWindow(
        kernel=tuple(sizes) if param.global_pooling else _kernel(spec, axes),
        stride=_sides(spec, "stride", "stride_h", "stride_w", axes) or (1,) * axes, before=before, after=after,
        ceil=param.ceil_mode if param.HasField("ceil_mode") else param.round_mode == param.CEIL,
        whole=param.global_pooling, same=same, dilation=_dilation(spec, axes))
    if window.whole:
        _check_whole(spec, window)
    for name, pair in (("kernel", window.kernel), ("stride", window.stride)):
        check_sizes(spec, name, pair, PARAM)
    if any(pad >= kernel for pad, kernel in zip(before, window.kernel)):
        raise spec.refuse(f"has pad {before}; it must be smaller than the kernel {window.kernel}", PARAM)
    try:
        window.places(sizes)
    except ValueError as misfit:
        raise spec.refuse(str(misfit), PARAM) from None
    return window


def _check_whole(spec: LayerDefinition, window: PoolingWindow) -> None:
    """Refuse fields that contradict ``global_pooling``."""
    param = spec.message.pooling_param
    for field in ("kernel_size", "kernel_h", "kernel_w"):
        if param.HasField(field):
            raise spec.refuse(f"pools globally, so `{field}` has no place: the kernel is the bottom's size", PARAM, field)
    if window.dilation:
        raise spec.refuse(f"pools globally with dilation {window.dilation}; it must be 1", PARAM, "dilation", 0)
    if any(window.before) or any(window.after) or window.same or any(step != 1 for step in window.stride):
        raise spec.refuse(f"pools globally with pad {window.before} and stride {window.stride}; they must be 0 and 1",
                          PARAM, "global_pooling")


def _pads(spec: LayerDefinition, axes: int) -> tuple[Shape, Shape]:
    """The padding before and after: both sides by ``pad``, or from Synopsys' fork each side by itself."""
    param = spec.message.pooling_param
    given = next((side for side in _SIDES if getattr(param, side)), None)
    if given is None:
        pad = _sides(spec, "pad", "pad_h", "pad_w", axes) or (0,) * axes
        return pad, pad
    if axes != 2:
        raise spec.refuse(f"gives `{given}` for a bottom of {axes + 2} axes, which only one of 4 has", PARAM, given)
    for other in ("pad", "pad_h", "pad_w", "pad_type"):
        if param.HasField(other):
            raise refuse_both(spec, other, given, PARAM, given)
    return (param.pad_t, param.pad_l), (param.pad_b, param.pad_r)


def _dilation(spec: LayerDefinition, axes: int) -> Shape:
    """The steps between the values of a window, from naibaf7's fork; empty if all are 1."""
    given = tuple(spec.message.pooling_param.dilation)
    if len(given) not in (0, 1, axes):
        raise spec.refuse(f"gives `dilation` {len(given)} times for {axes} axes", PARAM)
    if all(step == 1 for step in given):
        return ()
    check_sizes(spec, "dilation", given, PARAM)
    return given * axes if len(given) == 1 else given


def _is_same(spec: LayerDefinition) -> bool:
    """Whether the padding is Synopsys' ``pad_type`` 1, whatever ``pad``, ``pad_h`` and ``pad_w`` are; 0 is the usual one."""
    param = spec.message.pooling_param
    if param.pad_type > 1:
        raise spec.refuse(f"has `pad_type` {param.pad_type}; it is 0 (by `pad`) or 1 (TensorFlow's SAME)", PARAM, "pad_type")
    return bool(param.pad_type)


def _sides(spec: LayerDefinition, name: str, height: str, width: str, axes: int) -> Shape | None:
    """A size for each axis: given once, once for each, or in planes as height and width; None if it is absent."""
    param = spec.message.pooling_param
    listed = tuple(getattr(param, _FOR_EACH_AXIS[name]))
    if listed and len(listed) != axes:
        raise spec.refuse(f"gives `{name}` {len(listed)} times for {axes} axes", PARAM)
    if listed or axes == 2:
        return listed or read_pair(spec, param, name, height, width, PARAM)
    for field in (height, width):
        if param.HasField(field):
            raise spec.refuse(f"gives `{field}` for a bottom of {axes + 2} axes; give `{name}`, once or for each axis",
                              PARAM, field)
    return (getattr(param, name),) * axes if param.HasField(name) else None


def _kernel(spec: LayerDefinition, axes: int) -> Shape:
    """The sides of the kernel."""
    kernel = _sides(spec, "kernel_size", "kernel_h", "kernel_w", axes)
    if kernel is None:
        raise spec.refuse("needs a `kernel_size`, or `kernel_h` and `kernel_w`, or `global_pooling: true`", PARAM)
    return kernel
