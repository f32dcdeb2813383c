"""What a solver leaves open, and what is wrong with its own fields."""

from __future__ import annotations

import pytest
import torch

from dsd.distributed import World
from dsd.plan.nets import test_nets as nets_to_test
from dsd.plan.nets import train_net
from dsd.plan.settings import check_settings, choose_device, choose_seed, snapshot_prefix
from netdef.definition.read import read_solver, read_solver_text
from netdef.errors import NetdefError, SpecError

NET = 'net_param { layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 } } %s } }'


def complaints(function, text: str) -> list[str]:
    with pytest.raises(SpecError) as error:
        function(read_solver_text(text))
    return [problem.message for problem in error.value.problems]


def test_all_complaints_about_fields_at_once():
    said = complaints(check_settings, """type: "SGD" regularization_type: "L3" iter_size: 0 display: -1 average_loss: 0
                     snapshot_prefix: "a\\000b" """)
    assert said == [
        'unknown `regularization_type` "L3"; it is L1 or L2',
        "`iter_size` is 0; it must be at least 1",
        "`display` is -1; it must not be negative",
        "`average_loss` is 0; it must be at least 1",
        "`snapshot_prefix` has a NUL in it, as no file's name can",
    ]


def test_an_unknown_type_has_a_nearest():
    assert complaints(check_settings, 'type: "Nestorov"') == [
        'unknown solver `type` "Nestorov"; did you mean `Nesterov`?']


@pytest.mark.skipif(torch.cuda.is_available(), reason="is about machines without a GPU")
def test_a_gpu_that_is_not_there_is_the_cpu():
    with pytest.warns(UserWarning, match="there is no GPU: running on the CPU"):
        assert choose_device(read_solver_text("solver_mode: GPU")) == torch.device("cpu")
    assert choose_device(read_solver_text('type: "SGD"')) == torch.device("cpu")  # Caffe's default, not the user's word
    with pytest.raises(NetdefError, match="there is no device `cuda:3`"):
        choose_device(read_solver_text('type: "SGD"'), "cuda:3")
    with pytest.raises(NetdefError, match="`meta` holds no numbers"):
        choose_device(read_solver_text('type: "SGD"'), "meta")


def test_the_seed():
    assert choose_seed(read_solver_text("random_seed: 7"), None, World()) == 7
    assert choose_seed(read_solver_text("random_seed: 7"), 0, World()) == 0
    drawn = {choose_seed(read_solver_text('type: "SGD"'), None, World()) for _ in range(3)}
    assert len(drawn) > 1


def test_the_prefix_of_snapshots(tmp_path):
    path = tmp_path / "lenet_solver.prototxt"
    for text, prefix in [
        ('type: "SGD"', str(tmp_path / "lenet_solver")),
        ('snapshot_prefix: "a/b"', "a/b"),
        (f'snapshot_prefix: "{tmp_path}"', str(tmp_path / "lenet_solver")),
    ]:
        path.write_text(text)
        assert snapshot_prefix(read_solver(path)) == prefix


@pytest.mark.parametrize(("text", "said"), [
    ('type: "SGD"', ['the solver names no net; give `net: "train_val.prototxt"`']),
    (NET % "" + ' net: "a"', ["the solver names the net to train twice, as `net` and as `net_param`"]),
])
def test_the_net_to_train(text, said):
    assert complaints(train_net, text) == said


@pytest.mark.parametrize(("text", "said"), [
    ("test_iter: 3 test_interval: 1 train_" + NET % "", ["there are 1 `test_iter` and 0 test nets; give a net for each"]),
    (NET % "" + " test_iter: 3", ["`test_iter` is given but no `test_interval` above 0"]),
    (NET % "" + " test_iter: 0 test_interval: 1", ["`test_iter` is 0; it must be at least 1"]),
    (NET % "" + " test_iter: 3 test_interval: 1 test_state { } test_state { }",
     ["there are 2 `test_state` and 1 test nets; give none, or one for each"]),
    ("test_" + NET % "", ["there are 1 test nets and 0 `test_iter`; give one for each"]),
])
def test_the_nets_to_test(text, said):
    assert complaints(nets_to_test, text) == said


def test_states_choose_layers():
    net = """net_param { state { stage: "own" }
        layer { name: "a" type: "Input" top: "a" include { stage: "own" stage: "flag" } }
        layer { name: "b" type: "Input" top: "b" include { min_level: 2 } }
        layer { name: "c" type: "Input" top: "c" include { phase: TEST stage: "t" } } }
        test_iter: 4 test_iter: 5 test_interval: 1 test_state { } test_state { stage: "t" level: 2 }"""
    solver = read_solver_text(net)
    assert [layer.name for layer in train_net(solver, 2, ["flag"]).layers] == ["a", "b"]
    assert [layer.name for layer in train_net(solver).layers] == []
    assert [[layer.name for layer in net.layers] for net in nets_to_test(solver)] == [[], ["b", "c"]]


def test_the_callers_level_goes_before_the_solvers():
    solver = read_solver_text("""train_state { level: 2 } net_param {
        layer { name: "a" type: "Input" top: "a" include { min_level: 2 } }
        layer { name: "b" type: "Input" top: "b" include { max_level: 1 } } }""")
    assert [layer.name for layer in train_net(solver).layers] == ["a"]
    assert [layer.name for layer in train_net(solver, 1).layers] == ["b"]
