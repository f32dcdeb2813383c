"""A snapshot of another net is refused with what differs, before anything about masks and phases."""

from __future__ import annotations

import pytest
from snapshots import refused, snapshot_at
from toys import NET, PHASES, toy

from dsd import Trainer
from dsd.training.solverstate import read_state, write_state

OTHER = NET.replace('"conv2"', '"two"').replace('"ip1"', '"hidden"').replace('"ip2"', '"answer"').replace(
    '"conv"', '"one"').replace('"scale"', '"factor"').replace('"bn"', '"norm"')
OTHER_PHASES = PHASES.replace('"ip2"', '"answer"')


@pytest.mark.parametrize("iteration", [3, 7])
@pytest.mark.parametrize("phases", [OTHER_PHASES, "max_iter: 9", "max_iter: 2", "dsd_phase { max_iter: 2 }"])
def test_no_layer_is_the_same(tmp_path, iteration, phases):
    state = snapshot_at(tmp_path / "a", iteration)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=OTHER, phases=phases))
    assert refused(trainer, state) == (
        f"{state}: is of another net than {tmp_path}/b/net.prototxt\n"
        f"  only in {state.with_suffix('.caffemodel')}: `conv`, `bn`, `scale` and 3 more\n"
        "  only in the net: `one`, `norm`, `factor` and 3 more")


@pytest.mark.parametrize("iteration", [3, 7])
def test_other_shapes(tmp_path, iteration):
    state = snapshot_at(tmp_path / "a", iteration)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=NET.replace("num_output: 9", "num_output: 8")))
    said = refused(trainer, state)
    assert said.startswith(f"{state}: is of another net than {tmp_path}/b/net.prototxt\n")
    assert "  layer `ip1`, blob 0: the file has shape (9, 80), the net (8, 80)\n" in said
    assert "  layer `ip2`, blob 0: the file has shape (3, 9), the net (3, 8)\n" in said
    assert said.endswith(", with new names in the net for the layers that do not fit.")


@pytest.mark.parametrize("iteration", [3, 7])
def test_a_renamed_layer(tmp_path, iteration):
    state = snapshot_at(tmp_path / "a", iteration)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=NET.replace('name: "conv2"', 'name: "conv3"')))
    said = refused(trainer, state)
    assert f"only in {state.with_suffix('.caffemodel')}: `conv2`\n  only in the net: `conv3`\n" in said
    assert said.endswith(f"\nTo begin a new run from its weights, use --weights {state.with_suffix('.caffemodel')}.")


def test_a_layer_fewer(tmp_path):
    state = snapshot_at(tmp_path / "a", 3)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=NET.replace('name: "scale" type: "Scale"', 'name: "scale" type: "TanH"')))
    assert "is of another net" in (said := refused(trainer, state)) and "toy_iter_3.caffemodel: `scale`\n" in said


def as_of_caffe(state):
    """Take our own fields out of a state."""
    plain = read_state(state)
    plain.dsd = None
    write_state(state, plain)


def test_a_state_of_caffe_of_another_net(tmp_path):
    state = snapshot_at(tmp_path / "a", 3)
    as_of_caffe(state)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=OTHER.replace("num_output: 9", "num_output: 8"), phases=OTHER_PHASES))
    assert "is of another net" in refused(trainer, state)


def test_a_state_of_caffe_goes_on_with_a_renamed_layer_as_there(tmp_path):
    state = snapshot_at(tmp_path / "a", 3)
    as_of_caffe(state)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=NET.replace('name: "conv2"', 'name: "conv3"')))
    trainer.restore(state)
    assert trainer.iteration == 3


def test_the_run_is_left_as_it_was(tmp_path):
    state = snapshot_at(tmp_path / "a", 3)
    trainer = Trainer.from_file(toy(tmp_path / "b", net=NET.replace("num_output: 9", "num_output: 8")))
    trainer.step(2)
    before = trainer.net.params["conv2"][0].clone()
    refused(trainer, state)
    assert trainer.iteration == 2 and trainer.net.params["conv2"][0].equal(before)
