"""The layers of a net in each state."""

import warnings

import pytest
from google.protobuf import text_format

from netdef.definition.filter import filter_net, is_included
from netdef.definition.read import read_net_text
from netdef.schema.messages import LayerParameter, NetState


# The rules as Caffe's own tests of them state it: (layer's rules, state, included).
@pytest.mark.parametrize(
    "rules, state, included",
    [
        ("", "phase: TRAIN", True),
        ("include { phase: TRAIN }", "phase: TRAIN", True),
        ("include { phase: TRAIN }", "phase: TEST", False),
        ("exclude { phase: TRAIN }", "phase: TRAIN", False),
        ("exclude { phase: TRAIN }", "phase: TEST", True),
        ("include {}", "phase: TEST", True),
        ("exclude {}", "phase: TEST", False),
        ("include { min_level: 2 }", "level: 1", False),
        ("include { min_level: 2 }", "level: 2", True),
        ("include { max_level: 2 }", "level: 2", True),
        ("include { max_level: 2 }", "level: 3", False),
        ("include { min_level: -3 max_level: -1 }", "", False),
        ("include { min_level: -3 max_level: -1 }", "level: -2", True),
        ("include { stage: 'a' }", "", False),
        ("include { stage: 'a' }", "stage: ['b', 'a']", True),
        ("include { stage: ['a', 'b'] }", "stage: 'a'", False),
        ("include { not_stage: 'a' }", "stage: 'b'", True),
        ("include { not_stage: ['a', 'b'] }", "stage: 'b'", False),
        ("exclude { stage: 'a' not_stage: 'b' }", "stage: 'a'", False),
        ("exclude { stage: 'a' not_stage: 'b' }", "stage: ['a', 'b']", True),
        ("include { phase: TRAIN } include { stage: 'a' }", "phase: TEST stage: 'a'", True),
        ("exclude { phase: TRAIN } exclude { stage: 'a' }", "phase: TEST stage: 'a'", False),
        ("include { phase: TEST stage: 'a' }", "phase: TEST", False),
        ("include { phase: TEST solver: true }", "phase: TEST", False),
        ("include { phase: TEST solver: true }", "phase: TEST solver: true", True),
        ("include { solver: false }", "", True),
        ("exclude { solver: false }", "", False),
    ],
)
def test_rules_of_a_layer_are_met(rules, state, included):
    layer = text_format.Parse(rules, LayerParameter())
    assert is_included(layer, text_format.Parse(state, NetState())) == included


NET = """
name: "n"
layer { name: "a" include { phase: TRAIN } }
layer { name: "b" exclude { stage: "deploy" } }
layer { name: "c" include { min_level: 1 } phase: TRAIN }
layer { name: "d" }
"""


@pytest.mark.parametrize(
    "arguments, names",
    [
        (("TRAIN",), "abd"),
        (("TEST",), "bd"),
        (("TEST", 1), "bcd"),
        (("TRAIN", 0, ["deploy"]), "ad"),
        (("TEST", 2, ("x", "deploy")), "cd"),
    ],
)
def test_layers_of_a_state_are_kept(arguments, names):
    net = read_net_text(NET)
    filtered = filter_net(net, *arguments)
    assert "".join(layer.name for layer in filtered.layers) == names
    assert filtered.phase == arguments[0]
    assert filter_net(filtered, *arguments).message == filtered.message
    assert len(net.layers) == 4  # the old spec is as it was


def test_layers_keep_their_places_and_phases():
    filtered = filter_net(read_net_text(NET), "TEST", 1)
    assert [str(layer.span("name")) for layer in filtered.layers] == ["<text>:4:9", "<text>:5:9", "<text>:6:9"]
    assert [layer.phase for layer in filtered.layers] == ["TEST", "TRAIN", "TEST"]


STATED = """
state { phase: TRAIN level: 2 stage: "deep" }
layer { name: "a" type: "Silence" include { stage: "deep" } }
layer { name: "b" type: "Silence" include { stage: "wide" } }
layer { name: "c" type: "Silence" include { min_level: 2 } }
layer { name: "d" type: "Silence" include { phase: TRAIN } }
layer { name: "e" type: "Silence" include { max_level: 1 } }
"""


@pytest.mark.parametrize("level, stages, names", [(0, (), "ac"), (0, ("wide",), "abc"), (1, (), "ae")])
def test_the_state_in_the_text_counts(level, stages, names):
    net = filter_net(read_net_text(STATED), "TEST", level, stages)
    assert "".join(layer.name for layer in net.layers) == names


@pytest.mark.parametrize(("state", "solver", "names"), [
    ("", None, "b"), ("", True, "a"), ("state { solver: true }", None, "a"), ("state { solver: true }", False, "b"),
])
def test_who_makes_the_net_is_the_callers_word_or_the_nets_own(state, solver, names):
    net = read_net_text(f"""{state} layer {{ name: "a" type: "ReLU" include {{ solver: true }} }}
                            layer {{ name: "b" type: "ReLU" include {{ solver: false }} }}""")
    assert "".join(layer.name for layer in filter_net(net, "TEST", solver=solver).layers) == names


@pytest.mark.parametrize("stages, warning", [
    (["scroe"], "no layer's rules name the stage `scroe`; did you mean `score`?"),
    (["far"], "no layer's rules name the stage `far`; they name `deploy`, `score`"),
    (["score", "deploy"], None),
])
def test_a_stage_that_no_rule_names_is_a_warning(stages, warning):
    net = read_net_text('''
        layer { name: "a" type: "ReLU" include { stage: "score" } }
        layer { name: "b" type: "ReLU" exclude { not_stage: "deploy" } }
    ''')
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        filter_net(filter_net(net, "TEST", stages=stages), "TEST", stages=[])
    assert [str(each.message) for each in caught] == ([warning] if warning else [])


def test_any_stage_is_a_warning_for_a_net_without_stages():
    with pytest.warns(UserWarning, match="no layer's rules name the stage `a`$"):
        filter_net(read_net_text('layer { name: "a" type: "ReLU" }'), "TEST", stages=["a"])


@pytest.mark.parametrize("phase", ["train", "VAL", 1])
def test_an_unknown_phase_is_refused(phase):
    with pytest.raises(ValueError, match=f"^the phase is {phase!r}; it must be \"TRAIN\" or \"TEST\"$"):
        filter_net(read_net_text('layer { name: "a" type: "ReLU" }'), phase)
