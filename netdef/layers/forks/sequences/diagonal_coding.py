"""DecoderInput, DecoderExtract, DecoderConv3, DecoderOutput: codes diagonal by diagonal. CCN (Li et al. 2020), limuhit's fork.

A code has a group of channels, a row and a column, and stands on the diagonal of their sum: pass t of a net computes what
diagonal t needs. The chances of its codes follow from the diagonals before it: a program decodes them between two passes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.convolution_window import PARAM as CONVOLUTION
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import constant
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import NotWritable, TorchCode, Variable
from netdef.layers.forks.weights.constrained_convolution import ConstrainedConvolution

PARAM = "decoder_param"


class _ByDiagonals(Layer):
    """The base of all: a top that each pass changes on a diagonal, and the number of the pass.

    They start again with 0 and zeros after ``period`` passes, for bottoms of another shape, and by `reset_state`. Snapshots have
    both.
    """

    depends_on_data = True
    step: Tensor
    kept: Tensor
    period: int

    def carry(self, shape: Shape) -> None:
        """Declare what is carried, for a top of this shape; a step of constructors."""
        self.add_constant("step", (1, 1), constant(0.0))
        self.add_constant("kept", shape, constant(0.0))
        self.carried = ("step", "kept")

    def turn(self, shape: Shape) -> tuple[int, Tensor]:
        """The number of the pass, and a copy of the top of the pass before."""
        if tuple(self.kept.shape) != tuple(shape):
            self.kept, self.step = self.kept.new_zeros(shape), torch.zeros_like(self.step)
        number = int(self.step)
        self.step = torch.full_like(self.step, float((number + 1) % self.period))
        return number, self.kept.clone()

    def remember(self, top: Tensor) -> Tensor:
        """Carry a top to the next pass, and return it."""
        self.kept = top.detach()
        return top


class _Codes(_ByDiagonals):
    """The base of those that read or write the codes of a diagonal as a list: by row + column, then by row; items in turn."""

    groups: int

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 4)
        self.read(spec, shapes[0])
        self.period = shapes[0][2] + shapes[0][3] + self.groups
        self.carry(self.top_shape(shapes[0]))

    def read(self, spec: LayerDefinition, shape: Shape) -> None:
        """Set ``groups`` and whatever else the message says."""
        raise NotImplementedError

    def top_shape(self, bottom: Shape) -> Shape:
        """The top's shape for a bottom's."""
        raise NotImplementedError

    def change(self, number: int, top: Tensor, x: Tensor) -> None:
        """Write what pass ``number`` does with the bottom into the top of the pass before."""
        raise NotImplementedError

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [self.top_shape(bottoms[0])]

    def forward(self, x: Tensor) -> Tensor:
        number, top = self.turn(self.top_shape(tuple(x.shape)))
        self.change(number, top, x.detach())
        return self.remember(top)

    def codes(self, number: int, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The groups, rows and columns of the codes of a diagonal."""
        height, width = x.shape[2:]
        rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        groups = number - rows - columns
        order = (rows + columns).flatten().argsort(stable=True)
        order = order[((groups >= 0) & (groups < self.groups)).flatten()[order]]
        found_groups, found_rows, found_columns = (values.flatten()[order].to(x.device) for values in (groups, rows, columns))
        return found_groups, found_rows, found_columns


@register("DecoderInput")
class DecoderInput(_Codes):
    """The list of a diagonal's codes, the first numbers of (N, 1, H, W), to their places in (N, ``nchannels``, H, W).

    Pass 0 begins with zeros; pass t takes the codes of diagonal t - 1.
    """

    def read(self, spec: LayerDefinition, shape: Shape) -> None:
        self.groups = spec.message.decoder_param.nchannels
        check_positive(spec, self.groups, PARAM, "nchannels")
        if shape[1] != 1:
            raise spec.refuse(f"wants one channel; `{spec.bottoms[0]}` has shape {shape}", "bottom", 0)

    def top_shape(self, bottom: Shape) -> Shape:
        return bottom[0], self.groups, *bottom[2:]

    def change(self, number: int, top: Tensor, x: Tensor) -> None:
        if number == 0:
            top.zero_()
        else:
            groups, rows, columns = self.codes(number - 1, x)
            top[:, groups, rows, columns] = x.flatten()[: len(x) * len(rows)].reshape(len(x), -1)


@register("DecoderExtract")
class DecoderExtract(_Codes):
    """The codes (N, C, H, W) of diagonal t - 1 in pass t as a list, the first numbers of (N, 1, H, W); zeros in pass 0.

    With ``extract_label`` those of diagonal t. Numbers behind the list are what earlier passes left.
    """

    def read(self, spec: LayerDefinition, shape: Shape) -> None:
        self.groups = shape[1]
        self.late = 0 if spec.message.decoder_param.extract_label else 1

    def top_shape(self, bottom: Shape) -> Shape:
        return bottom[0], 1, *bottom[2:]

    def change(self, number: int, top: Tensor, x: Tensor) -> None:
        if number < self.late:
            top.zero_()
        else:
            groups, rows, columns = self.codes(number - self.late, x)
            found = x[:, groups, rows, columns].flatten()
            top.view(-1)[: len(found)] = found


@register("DecoderOutput")
class DecoderOutput(_Codes):
    """The chances of the codes of diagonal t, as tables of an arithmetic coder: (N H W + 1, 1, 1, values + 1), whole numbers.

    Bottom: scores (N, ``nchannels`` values, H, W). A row is 0, and for each value about ``total_region`` times the chance of
    it and those before, where no two are alike: equal ones are moved up, and those from the likeliest value on down again.
    -1 ends the list; numbers behind it are what earlier passes left.
    """

    def read(self, spec: LayerDefinition, shape: Shape) -> None:
        param = spec.message.decoder_param
        self.groups, self.total = param.nchannels, param.total_region
        check_positive(spec, self.groups, PARAM, "nchannels")
        if shape[1] % self.groups:
            raise spec.refuse(f"wants channels that are a multiple of `nchannels` {self.groups}; `{spec.bottoms[0]}` has shape "
                              f"{shape}", "bottom", 0)
        self.values = shape[1] // self.groups

    def top_shape(self, bottom: Shape) -> Shape:
        return bottom[0] * bottom[2] * bottom[3] + 1, 1, 1, self.values + 1

    def change(self, number: int, top: Tensor, x: Tensor) -> None:
        groups, rows, columns = self.codes(number, x)
        scores = x.unflatten(1, (self.groups, self.values)).movedim(2, -1)
        tables = interval_tables(scores[:, groups, rows, columns].flatten(0, 1).softmax(-1), self.total)
        top[: len(tables), 0, 0] = tables
        top.view(-1)[tables.numel()] = -1


def interval_tables(chances: Tensor, total: int) -> Tensor:
    """Rows of chances (rows, values) to rows of whole numbers (rows, values + 1) that rise from 0."""
    sums, ends = torch.zeros_like(chances[:, 0]), [torch.zeros_like(chances[:, 0])]
    moved = torch.zeros_like(sums)
    for chance in chances.unbind(1):
        sums = sums + chance
        end = (sums * total + 0.5).floor() + moved
        equal = (end == ends[-1]).to(end.dtype)
        moved = moved + equal
        ends.append(end + equal)
    tables = torch.stack(ends, 1)
    widest = tables.diff(dim=1).argmax(1, keepdim=True)
    after = torch.arange(chances.shape[1], device=chances.device) >= widest
    tables[:, 1:] -= after * moved[:, None]
    return tables


@register("DecoderConv3")
class DecoderConv3(_ByDiagonals, ConstrainedConvolution):
    """`ConstrainedConvolution` of which pass t computes the outputs of diagonal t; the others are as earlier passes left them.

    An output's group is its channel // group_out. (The fork computes nothing else, and has no gradient; here the whole plane is
    convolved.)
    """

    n_bottoms = exactly(1)
    n_tops = exactly(1)
    pruned_by_default = False

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.convolution_param
        (top,) = self.top_shapes(shapes)
        if top[2:] != shapes[0][2:] or shapes[0][1] % param.group_in:
            raise spec.refuse(f"wants planes that keep their size, and groups of {param.group_in} channels; it makes {top} of "
                              f"{shapes[0]}", CONVOLUTION)
        self.group_out: int = param.group_out
        self.period = shapes[0][2] + shapes[0][3] + shapes[0][1] // param.group_in - 2
        self.carry(top)

    def forward(self, *bottoms: Tensor) -> Tensor:
        (x,) = bottoms
        whole = self.compute(x, self.blob("weight"), self.optional_blob("bias"))
        if x.is_meta:
            return whole
        number, top = self.turn(tuple(whole.shape))
        group, row, column = (torch.arange(size, device=x.device) for size in whole.shape[1:])
        diagonal = (group // self.group_out)[:, None, None] + row[:, None] + column
        return self.remember(torch.where(diagonal == number, whole, top))

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        raise NotWritable("computes one diagonal a pass")
