"""BeamSearchNode: a step of a beam search, of bottom-up attention (Anderson et al. 2018), as on a GPU there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

_PARAM = "beam_search_param"


@register("BeamSearchNode")
class BeamSearchNode(Layer):
    """Choose the best ``beam_size`` sequences of each item by their sums of scores, of those that are one word longer.

    Bottoms: the sums of sequences (B, 1), the sequences (B, T), the scores of their next words (B, words), and any number of
    states (B, ...); the first step has no sums and sequences, and only looks at the first of each item's beams. Tops: sums,
    sequences (B, T + 1), their last words (B, 1), and each state in the order of the sequences that it belongs to now.

    A sequence that ends in ``end_of_sequence`` stays as it is, and its states become 0. ``prevent_repeats`` leaves out the last
    word; with ``allowed_multiple`` all words of a sequence but these are left out.
    """

    n_bottoms = at_least(1)
    n_tops = at_least(3)
    depends_on_data = True
    family = "score"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.beam_search_param
        self.goes_on = len(spec.tops) == len(spec.bottoms)
        if not self.goes_on and len(spec.tops) != len(spec.bottoms) + 2:
            raise spec.refuse(f"has {len(spec.bottoms)} bottoms and {len(spec.tops)} tops; it wants as many, or in its first "
                              "step two tops more", "top", len(spec.tops) - 1)
        if self.goes_on and len(shapes) < 3:
            raise spec.refuse("wants sums, sequences and scores", "bottom", len(shapes) - 1)
        self.beams: int = param.beam_size
        check_positive(spec, self.beams, _PARAM, "beam_size")
        for index, shape in enumerate(shapes):
            check_axes(spec, shapes, 2, index)
            if shape[0] != shapes[0][0] or shape[0] % self.beams:
                raise spec.refuse(f"wants rows of {self.beams} beams of each item, as many in all bottoms; "
                                  f"`{spec.bottoms[index]}` has shape {shape}", "bottom", index)
        self.end, self.no_repeats = param.end_of_sequence, param.prevent_repeats
        self.reusable = list(param.allowed_multiple)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        rows = bottoms[0][0]
        length = bottoms[1][1] if self.goes_on else 0
        return [(rows, 1), (rows, length + 1), (rows, 1), *bottoms[3 if self.goes_on else 1 :]]

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        if self.goes_on:
            sums, before, scores = bottoms[0], bottoms[1].detach(), bottoms[2]
            states, ended = bottoms[3:], before[:, -1] == self.end
        else:
            scores, states = bottoms[0], bottoms[1:]
            sums, before = scores.new_zeros(len(scores), 1), scores.new_zeros(len(scores), 0)
            ended = torch.zeros(len(scores), dtype=torch.bool, device=scores.device)
        source, word = self._best(scores.detach(), sums.detach(), before, ended)
        over = ended[source]
        gained = torch.where(over[:, None], 0, scores[source, word][:, None])
        words = torch.where(over, self.end, word).to(scores.dtype)[:, None]
        kept = (torch.where(over[:, None], 0, state[source]) for state in states)
        return sums[source] + gained, torch.cat((before[source], words), 1), words, *kept

    def _best(self, scores: Tensor, sums: Tensor, before: Tensor, ended: Tensor) -> tuple[Tensor, Tensor]:
        """Which sequence each new one is of, and its word."""
        likely = scores.masked_fill(self._barred(before, scores.shape[1]), -math.inf)
        best, words = likely.sort(dim=1, descending=True, stable=True)
        best, words = best[:, : self.beams] + sums, words[:, : self.beams]
        first = torch.arange(best.shape[1], device=best.device) == 0
        best = torch.where(ended[:, None], torch.where(first, sums, -math.inf), best)
        if not self.goes_on:
            others = torch.arange(len(best), device=best.device) % self.beams != 0
            best = best.masked_fill(others[:, None], -math.inf)
        ranked = best.reshape(-1, self.beams * best.shape[1]).sort(dim=1, descending=True, stable=True).indices[:, : self.beams]
        item = torch.arange(len(ranked), device=best.device)[:, None]
        source = (item * self.beams + ranked // best.shape[1]).flatten()
        return source, words[source, (ranked % best.shape[1]).flatten()]

    def _barred(self, before: Tensor, count: int) -> Tensor:
        """The words (B, count) that may not follow."""
        barred = torch.zeros(len(before), count, dtype=torch.bool, device=before.device)
        if self.reusable:
            barred.scatter_(1, before.long(), True)
            barred[:, self.reusable] = False
        if self.no_repeats and self.goes_on:
            barred.scatter_(1, before[:, -1:].long(), True)
        return barred
