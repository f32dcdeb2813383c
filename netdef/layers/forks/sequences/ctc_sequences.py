"""CTCLoss and CTCGreedyDecoder, from ChWick's pull request to BVLC: sequences of lengths of their own. Graves et al. 2006."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_least_axes, refuse_shapes
from netdef.layers.core.given_gradient import with_gradient
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable

LOSS, DECODER = "ctc_loss_param", "ctc_decoder_param"


@register("CTCLoss")
class CTCLoss(Layer):
    """The mean over sequences of minus the log of the probability of their labels, summed over all alignments.

    Bottoms: scores (T, N, C) before the softmax; marks (T, N), 0 where a sequence begins, so that it ends before the second 0;
    and labels (T, N), which end before a negative one, or one that is C - 1 or more. ``blank_index`` is the last class unless
    it is given. As in the fork the gradient is that of the sum over sequences, N times that of the mean. Raises NetdefError
    on a sequence without labels, or with more labels than steps.
    """

    n_bottoms = exactly(3)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ctc_loss_param
        _check_sequences(spec, shapes)
        for field in ("output_delay", "loss_calculation_t"):
            if getattr(param, field):
                raise spec.refuse(f"has `{field}` {getattr(param, field)}; only 0 is implemented", LOSS, field)
        if not param.ctc_merge_repeated:
            raise spec.refuse("has `ctc_merge_repeated: false`; only true is implemented", LOSS, "ctc_merge_repeated")
        self.collapse: bool = param.preprocess_collapse_repeated
        self.blank: int = _blank(spec, param.blank_index, shapes[0][2], LOSS)

    def forward(self, scores: Tensor, marks: Tensor, labels: Tensor) -> Tensor:
        if scores.is_meta:
            return scores.new_empty(())
        steps = lengths(marks)
        targets = [self._symbols(column, scores.shape[2]) for column in labels.detach().flatten(1).T]
        for n, (target, length) in enumerate(zip(targets, steps.tolist())):
            if not 0 < len(target) <= length:
                raise NetdefError(f"layer `{self.name}` (CTCLoss) got {len(target)} labels for the {length} steps of sequence "
                                  f"{n}; it wants at least one, and at most one a step")
        counts = torch.tensor([len(target) for target in targets])
        losses = F.ctc_loss(scores.log_softmax(2), torch.cat(targets), steps, counts, self.blank, "none")
        return with_gradient(losses.mean(), losses, torch.ones_like(losses))

    def _symbols(self, column: Tensor, classes: int) -> Tensor:
        """The labels of a sequence, without what fills its column."""
        whole = column.add(0.5).floor().long()
        ends = ((column < 0) | (whole >= classes - 1)).nonzero()
        whole = whole[: int(ends[0]) if len(ends) else None]
        return torch.unique_consecutive(whole) if self.collapse else whole


@register("CTCGreedyDecoder")
class CTCGreedyDecoder(Layer):
    """The score of the best class of each step, summed and negated, for each sequence (N, 1, 1, 1).

    Bottoms: probabilities (T, N, C), marks (T, N) as of `CTCLoss`, and labels (T, N), which end before a negative one. With
    labels a second top is the accuracy: 1 minus the mean edit distance between what is read, without blanks (and repeats
    with ``ctc_merge_repeated``), and the labels, as a share of the longer of both.

    caffe_ocr (senlinuc) and yuqj1991's caffe_train have probabilities and labels (N, L) alone, told by their shape: the top
    (1, 2, 1, 1) is that accuracy, and the share of sequences that are read without a mistake; ``blank_index`` is 0 by default,
    and no part of the labels. See `CTCReader` for probabilities alone.
    """

    n_bottoms = between(2, 3)
    n_tops = between(1, 2)
    is_score = True
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ctc_decoder_param
        marks = shapes[1][:2]
        self.all_steps = len(shapes) == 2 and shapes[0][1:2] == marks[:1] and shapes[0][:2] != marks
        _check_sequences(spec, shapes[:1] if self.all_steps else shapes)
        if len(spec.tops) != len(shapes) - 1:
            raise spec.refuse(f"has {len(shapes)} bottoms and {len(spec.tops)} tops; with labels it has a second top", "top")
        self.merges: bool = param.ctc_merge_repeated
        blank = 0 if self.all_steps and not param.HasField("blank_index") else param.blank_index
        self.blank: int = _blank(spec, blank, shapes[0][2], DECODER)

    @torch.no_grad()
    def forward(self, scores: Tensor, marks: Tensor, labels: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        n = scores.shape[1]
        if self.all_steps:
            return self._read_all_steps(scores, marks.reshape(n, -1))
        if scores.is_meta:
            sums = scores.new_empty(n, 1, 1, 1)
            return sums if labels is None else (sums, scores.new_empty(1, 1, 1, 1))
        steps = lengths(marks).tolist()
        best, classes = scores.max(2)
        sums = torch.stack([-best[:length, i].sum() for i, length in enumerate(steps)]).reshape(n, 1, 1, 1)
        if labels is None:
            return sums
        shares = []
        for i, (length, column) in enumerate(zip(steps, labels.flatten(1).T)):
            found, wanted = read_path(classes[:length, i].tolist(), self.blank, self.merges), _before_the_end(column)
            shares.append(edit_distance(found, wanted) / max(len(found), len(wanted), 1))
        return sums, scores.new_tensor(1 - sum(shares) / n).reshape(1, 1, 1, 1)

    def _read_all_steps(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The accuracy, and the share of sequences without a mistake, (1, 2, 1, 1)."""
        if scores.is_meta:
            return scores.new_empty(1, 2, 1, 1)
        shares, right = 0.0, 0
        for path, row in zip(scores.argmax(2).T.tolist(), labels):
            found = read_path(path, self.blank, self.merges)
            wanted = [label for label in _before_the_end(row) if label != self.blank]
            distance, longest = edit_distance(found, wanted), max(len(found), len(wanted))
            shares += distance / max(longest, 1)
            right += longest > 0 and distance == 0
        return scores.new_tensor([1 - shares / len(labels), right / len(labels)]).reshape(1, 2, 1, 1)


@register("CTCGreedyDecoder", when=lambda spec: len(spec.bottoms) == 1)
class CTCReader(Layer):
    """Read sequences of classes from probabilities (T, N, C): the best class of each step, without blanks.

    The top is (N, T, 1, 1), -1 after the last class.

    Of equal classes in a row one is read with ``ctc_merge_repeated``. ``blank_index`` is 0 by default, the last class if it
    is negative. Of caffe_ocr (senlinuc) and yuqj1991's caffe_train.
    """

    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.ctc_decoder_param
        check_axes(spec, shapes, 3)
        self.merges: bool = param.ctc_merge_repeated
        self.blank: int = _blank(spec, param.blank_index if param.HasField("blank_index") else 0, shapes[0][2], DECODER)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(bottoms[0][1], bottoms[0][0], 1, 1)]

    @torch.no_grad()
    def forward(self, scores: Tensor) -> Tensor:
        return read_paths(scores, self.blank, self.merges)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return TorchCode(f"read_paths({bottoms[0]}, {self.blank}, {self.merges})", functions=(read_paths, read_path))


def read_paths(scores: Tensor, blank: int, merges: bool) -> Tensor:
    """Read the labels (N, T, 1, 1) from scores (T, N, C): those of the best path, and -1 behind them."""
    steps, n, _ = scores.shape
    found = [read_path(path, blank, merges) for path in scores.argmax(2).T.tolist()]
    return scores.new_tensor([row + [-1] * (steps - len(row)) for row in found]).reshape(n, steps, 1, 1)


def read_path(path: list[int], blank: int, merges: bool) -> list[int]:
    """The labels of a path without blanks, and without repeats if they merge."""
    return [label for label, last in zip(path, [-1, *path]) if label != blank and not (merges and label == last)]


def _before_the_end(labels: Tensor) -> list[int]:
    """The labels before a negative one, rounded."""
    ends = (labels < 0).nonzero()
    return [int(label) for label in labels[: int(ends[0]) if len(ends) else None].add(0.5).floor().tolist()]


def lengths(marks: Tensor) -> Tensor:
    """The number of steps of each sequence: those before the first 0 of ``marks`` (T, N) after the first step."""
    again = (marks.detach().flatten(1)[1:] + 0.5).long() == 0
    first = torch.where(again.any(0), again.long().argmax(0) if len(again) else 0, len(again))
    return (first + 1).cpu()


def edit_distance(a: Sequence[int], b: Sequence[int]) -> int:
    """The least number of insertions, removals and replacements between two sequences."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def _check_sequences(spec: LayerDefinition, shapes: Sequence[Shape]) -> None:
    """Refuse bottoms that are not scores (T, N, C) and marks, and labels, (T, N)."""
    check_axes(spec, shapes[:1], 3)
    for i in range(1, len(shapes)):
        check_least_axes(spec, shapes, 2, i)
        wanted = shapes[0][:2] if i == 1 else (shapes[i][0], shapes[0][1])
        if shapes[i][:2] != wanted or any(size != 1 for size in shapes[i][2:]):
            raise refuse_shapes(spec, shapes, i, "it wants scores (time, sequences, classes), marks (time, sequences), and "
                                "labels of each sequence in a column")


def _blank(spec: LayerDefinition, index: int, classes: int, param: str) -> int:
    if index >= classes:
        raise spec.refuse(f"has `blank_index` {index}, which is none of {classes} classes", param, "blank_index")
    return index if index >= 0 else classes - 1
