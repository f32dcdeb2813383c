"""The numbers of bottoms, tops, masks, loss weights and propagate_down of a layer."""

from __future__ import annotations

import pytest

from netdef.data import catalogue as data_catalogue  # noqa: F401  all types
from netdef.definition.definitions import LayerDefinition
from netdef.definition.read import read_net_text
from netdef.errors import Problems
from netdef.graph.counts import check_arity, check_propagate_down, loss_weights, refuse_mask
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core.registry import layer_class


def layer(text: str) -> LayerDefinition:
    return read_net_text("layer {\n" + text.replace("; ", "\n") + "\n}").layers[0]


def found(problems: Problems) -> list[str]:
    """Line and message of each problem."""
    return [f"{str(problem.span).split(':')[1]} {problem.message}" for problem in problems]


@pytest.mark.parametrize(("text", "masks", "said"), [
    ('name: "c" type: "Convolution"; bottom: "x"; top: "c"', 0, []),
    ('name: "c" type: "Convolution"; bottom: "x"; bottom: "m"; top: "c"', 1, []),
    ('name: "c" type: "Convolution"; top: "c"', 0, ["1 layer `c` (Convolution) takes at least 1 bottom, the text gives 0"]),
    ('name: "c" type: "Convolution"; bottom: "x"', 0, ["1 layer `c` (Convolution) takes at least 1 top, the text gives 0"]),
    ('name: "m" type: "Filter"; bottom: "x"; top: "m"', 0, ["3 layer `m` (Filter) takes at least 2 bottoms, the text gives 1"]),
    ('name: "i" type: "InnerProduct"; bottom: "m"; top: "i"', 1,
     ["3 layer `i` (InnerProduct) takes 1 to 3 bottoms besides masks, the text gives 0"]),
    ('name: "s" type: "Slice"; bottom: "x"; bottom: "y"; bottom: "z"; top: "s"', 0,
     ["5 layer `s` (Slice) takes 1 bottom, the text gives 3"]),  # the last one too many has the place
    ('name: "d" type: "Data"; bottom: "x"; top: "d"', 0, ["3 layer `d` (Data) takes 0 bottoms, the text gives 1"]),
    ('name: "c" type: "Convolution"; bottom: "x"; bottom: "y"; top: "c"; top: "d"; top: "e"', 0,
     ["5 layer `c` (Convolution) makes one top from each bottom; the text gives 2 and 3"]),
])
def test_bottoms_and_tops(text, masks, said):
    spec, problems = layer(text), Problems()
    check_arity(spec, layer_class(spec), len(spec.bottoms) - masks, len(spec.tops), problems)
    assert found(problems) == said


@pytest.mark.parametrize(("given", "right"), [(0, True), (1, False), (2, True), (3, True), (4, False)])
def test_propagate_down_is_given_once_a_bottom_with_masks_or_without(given, right):
    spec = layer('name: "e" type: "Eltwise"; bottom: "x"; bottom: "y"; bottom: "m"; top: "e"' + "; propagate_down: true" * given)
    problems = Problems()
    check_propagate_down(spec, 2, problems)
    assert found(problems) == ([] if right else [
        f"7 layer `e` (Eltwise) has {given} propagate_down and 3 bottoms; give none, or one a bottom"])


@pytest.mark.parametrize(("kind", "given", "weights"), [
    ("Split", [], (0, 0, 0)), ("SoftmaxWithLoss", [], (1, 0, 0)), ("SoftmaxWithLoss", [0, 2, 0.5], (0, 2, 0.5)),
    ("Split", [0.25, 0, 3], (0.25, 0, 3))])
def test_loss_weights_are_those_given_or_1_for_the_first_top_of_a_loss(kind, given, weights):
    spec, problems = layer(f'name: "l" type: "{kind}"' + "".join(f"; loss_weight: {w}" for w in given)), Problems()
    assert loss_weights(spec, layer_class(spec), 3, problems) == weights and not problems


def test_too_few_loss_weights():
    spec, problems = layer('name: "l" type: "Split"; bottom: "x"; top: "a"; top: "b"; loss_weight: 2'), Problems()
    assert loss_weights(spec, None, 2, problems) == (2, 0)
    assert found(problems) == ["6 layer `l` has 1 loss_weight and 2 tops; give none, or one a top"]


def test_a_mask_on_a_layer_without_weights():
    problems = Problems()
    refuse_mask(layer('name: "r" type: "ReLU"; bottom: "x"; bottom: "m"; top: "r"'), "m", 1, problems)
    assert found(problems) == ["4 layer `r` (ReLU) takes mask `m`, but has no weights that a mask can cover"]
