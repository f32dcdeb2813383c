"""The output channels of a weight."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class ChannelLayout(NamedTuple):
    """The axes of outputs and inputs in a weight.

    ``output_axis`` 0 is (outputs, inputs, *kernel); in a grouped convolution the inputs are those of one group.
    ``output_axis`` 1 is (inputs, outputs, *kernel), the transpose; with ``groups`` g the weight is
    (inputs, outputs of a group, *kernel), and each g-th part of its inputs belongs to one group. ``inputs``, if given,
    is the number of inputs in a weight whose axes after the first, flattened, are (inputs, places).
    """

    output_axis: int = 0
    groups: int = 1
    inputs: int | None = None

    def by_channel(self, weight: Tensor) -> Tensor:
        """The weight as (groups, outputs of a group, inputs, places of the kernel): a view if it is contiguous.

        With ``output_axis`` 0 there is one group of all outputs. Each element of a vector is an output of its own.
        """
        if weight.ndim < 2:
            return weight.reshape(1, -1, 1, 1)
        if self.inputs is not None:
            return weight.reshape(1, len(weight), self.inputs, -1)
        flat = weight.flatten(2) if weight.ndim > 2 else weight[..., None]
        if self.output_axis == 0:
            return flat[None]
        return flat.unflatten(0, (self.groups, -1)).movedim(1, 2)
