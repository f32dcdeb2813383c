"""Phases that leave layers without any weight."""

from __future__ import annotations

import warnings

import pytest
from toys import NET, toy

from dsd.engine.choose import Pruner
from dsd.plan.emptied import emptied_texts
from dsd.plan.prepare import RunOptions, prepare
from netdef.definition.read import read_solver
from netdef.errors import SpecError


def texts(folder, phases: str) -> list[str]:
    run = prepare(read_solver(toy(folder, phases=phases)), check_only=True)
    return [text for phase in run.phases for text in emptied_texts(phase, Pruner(run.named_weights))]


def test_a_small_layer_of_which_nothing_is_left(tmp_path):
    """0.02 of 27 weights is nearer to one than to none, 0.01 is not."""
    phases = 'dsd_phase {{ name: "a" max_iter: 2 sparsity: 0.5 layer {{ name: "ip2" sparsity: {} }} }}'
    assert texts(tmp_path, phases.format(0.98)) == []
    assert texts(tmp_path, phases.format(0.99)) == [
        "phase `a` keeps none of the 27 weights of layer `ip2`; "
        '`layer { name: "ip2" sparsity: ... }` in the phase gives it a sparsity of its own']


def test_fewer_weights_than_layers(tmp_path):
    phases = 'dsd_phase {{ name: "a" max_iter: 2 scope: GLOBAL sparsity: {} }}'
    assert texts(tmp_path, phases.format(0.996)) == []  # 3 of 827
    (text,) = texts(tmp_path, phases.format(0.998))
    assert text.startswith("phase `a` keeps 2 of the weights of 3 layers together: some layer keeps none; ")
    assert text.endswith("; `scope: LAYER` prunes each layer by the same share")


@pytest.mark.parametrize("options, phases, place", [
    (RunOptions(), 'dsd_phase { max_iter: 2 } dsd_phase { name: "all" max_iter: 2\nsparsity: 0.9999 }', "sparsity: 0.9999"),
    (RunOptions(), 'dsd_phase { name: "all" max_iter: 2 scope: GLOBAL sparsity: 0.9999 }', "sparsity: 0.9999"),
    (RunOptions(sparsity=0.9999), "max_iter: 2", None),
])
def test_a_phase_that_keeps_nothing_is_refused(tmp_path, options, phases, place):
    with pytest.raises(SpecError) as caught:
        prepare(read_solver(toy(tmp_path, phases=phases)), options, check_only=True)
    (problem,) = caught.value.problems
    name = "sparse" if place is None else "all"
    assert problem.message == (
        f"phase `{name}` keeps none of the 827 weights that it prunes; make its sparsity smaller")
    assert (problem.span is None) if place is None else problem.span.text == place


@pytest.mark.parametrize("phases, net", [
    ('dsd_phase { name: "a" max_iter: 2 sparsity: 0.5 exclude: "conv*" exclude: "ip*" }', NET),
    ('dsd_phase { name: "a" max_iter: 2 mask_policy: N_OF_M scope: LAYER }',
     NET.replace("param { lr_mult: 1 }", "").replace("param { lr_mult: 2 decay_mult: 0 }", "")
        .replace('type: "InnerProduct"', 'type: "InnerProduct" param { lr_mult: 0 }')
        .replace('type: "Convolution"', 'type: "Convolution" param { lr_mult: 0 }')),
])
def test_a_phase_that_prunes_nothing_is_told(tmp_path, phases, net):
    solver = read_solver(toy(tmp_path, phases="dsd_phase { max_iter: 3 }" + phases, net=net))
    with pytest.warns(UserWarning, match=r"phase `a` prunes nothing: all that it could prune is excluded, or .*lr_mult 0"):
        prepare(solver, check_only=True)


def test_a_phase_that_prunes_a_layer_is_not_told(tmp_path):
    phases = 'dsd_phase { max_iter: 3 } dsd_phase { max_iter: 2 sparsity: 0.5 exclude: "conv*" exclude: "ip2" }'
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prepare(read_solver(toy(tmp_path, phases=phases)), check_only=True)
