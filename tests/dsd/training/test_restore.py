"""Snapshots that do not fit are refused with a message, and a killed run loses nothing."""

from __future__ import annotations

import inspect
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch
from snapshots import refused, snapshot_at
from torch import Tensor
from toys import PHASES, toy

from dsd import Trainer
from dsd.training.solverstate import read_state, write_state
from netdef.layers.core import registry
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import known_types


def test_a_state_beyond_the_end(tmp_path):
    state = snapshot_at(tmp_path, 8)
    trainer = Trainer.from_file(toy(tmp_path), max_iter=7)
    assert "is of iteration 8, the solver ends at 7" in refused(trainer, state)


def test_histories_in_the_four_dimensions_of_2014(tmp_path):
    state = snapshot_at(tmp_path, 3)
    old = read_state(state)
    shapes = [array.shape for array in old.history]
    old.history = [array.reshape((1,) * (4 - array.ndim) + array.shape) for array in old.history]
    write_state(state, old)
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.restore(state)
    found = trainer.solver.history([entry.tensor for entry in trainer.net.learnable])
    assert [tuple(tensor.shape) for tensor in found] == shapes and (9,) in shapes
    for tensor, array in zip(found, old.history):
        assert np.array_equal(tensor.numpy().ravel(), array.ravel())


def test_another_solver(tmp_path):
    state = snapshot_at(tmp_path, 3)
    other = Trainer.from_file(toy(tmp_path, type="Adam"))
    said = refused(other, state)
    assert "solver.prototxt:2:29: `type` is \"Adam\", of the snapshot \"SGD\", whose histories are of another kind" in said


def test_weights_are_found_beside_the_state(tmp_path, monkeypatch):
    state = snapshot_at(tmp_path, 3)
    moved = tmp_path / "moved"
    moved.mkdir()
    for ending in (".solverstate", ".caffemodel"):
        os.replace(state.with_suffix(ending), moved / f"toy{ending}")
    (moved / "toy.caffemodel").rename(moved / "toy_iter_3.caffemodel")
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.restore(moved / "toy.solverstate")
    assert trainer.iteration == 3
    (moved / "toy_iter_3.caffemodel").unlink()
    assert "its weights" in refused(trainer, moved / "toy.solverstate")


def test_phases_of_another_solver(tmp_path):
    state = snapshot_at(tmp_path, 11)
    trainer = Trainer.from_file(toy(tmp_path, phases="max_iter: 20"))
    assert "is of phase 3, the solver has 1" in refused(trainer, state)


DAMAGE = {
    "a phase before the first": (lambda dsd: setattr(dsd, "phase_index", -2), "is of phase -1, the solver has 3"),
    "a phase to come": (lambda dsd: setattr(dsd, "phase_index", 2), "iteration 7 in phase 3, which begins at 9"),
    "a mask less": (lambda dsd: dsd.mask.__delitem__(1), "holds no mask `ip1_mask`, but phase 2 prunes what it covers"),
    "no masks": (lambda dsd: dsd.ClearField("mask"), "holds no mask `conv2_mask`"),
    "a place before the first": (lambda dsd: dsd.feed_position.__setitem__(0, -1), "an impossible position in the data"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_contradictory_states_are_refused(tmp_path, what):
    damage, said = DAMAGE[what]
    path = snapshot_at(tmp_path, 7)
    state = read_state(path)
    damage(state.dsd)
    write_state(path, state)
    assert said in refused(Trainer.from_file(toy(tmp_path)), path)


KILLED = """
import signal, sys
import dsd

class Killer(dsd.Observer):
    def snapshotted(self, run, *files):
        if run.iteration == 1:
            signal.setitimer(signal.ITIMER_PROF, float(sys.argv[2]))  # the system ends the process by SIGPROF

trainer = dsd.Trainer.from_file(sys.argv[1])
trainer.observers.append(Killer())
trainer.run()
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs timers of POSIX")
@pytest.mark.parametrize("seconds", ["0.07", "0.23"])
def test_a_killed_run_resumes_to_the_same_bits(tmp_path, seconds):
    """Killed after some CPU time, in the middle of a step or a snapshot: the last snapshot leads to the same end."""
    phases = PHASES.replace("max_iter: 5", "max_iter: 900").replace("max_iter: 4", "max_iter: 60")
    whole = Trainer.from_file(toy(tmp_path / "whole", phases=phases))
    whole.step(whole.max_iter)
    solver = toy(tmp_path / "killed", phases=phases, more="snapshot: 1")
    process = subprocess.run([sys.executable, "-c", KILLED, solver, seconds])
    assert process.returncode == -signal.SIGPROF
    run = tmp_path / "killed" / "run"
    states = sorted(run.glob("*.solverstate"), key=lambda path: int(path.stem.rpartition("_")[2]))
    resumed = Trainer.from_file(solver)
    resumed.settings.snapshot = 0
    resumed.restore(states[-1])
    resumed.step(resumed.max_iter - resumed.iteration)
    whole.snapshot(), resumed.snapshot()
    name = f"run/toy_iter_{whole.max_iter}.caffemodel"
    assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "killed" / name).read_bytes()


# Layers that carry something from pass to pass, on images of 6 x 2 x 7 x 6 and labels of 3 classes: their own part of the net.
CARRYING = {
    "LSTM": """
        layer { name: "l" type: "LSTM" bottom: "steps" bottom: "marks" top: "l" recurrent_param { num_output: 4
                weight_filler { type: "xavier" } } }""",
    "RNN": """
        layer { name: "l" type: "RNN" bottom: "steps" bottom: "marks" top: "l" recurrent_param { num_output: 4
                weight_filler { type: "xavier" } } }""",
    "SimpleRNN": """
        layer { name: "l" type: "SimpleRNN" bottom: "steps" bottom: "marks" top: "l" recurrent_param { num_output: 4
                weight_filler { type: "xavier" } } }""",
    "Lstm": """
        layer { name: "l" type: "Lstm" bottom: "steps" bottom: "marks" top: "l" lstm_param { num_output: 4
                weight_filler { type: "xavier" } } }""",
    "LstmNew": """
        layer { name: "l" type: "LstmNew" bottom: "steps" bottom: "marks" top: "l" lstm_param { num_output: 4
                weight_filler { type: "xavier" } } }""",
    "MarginInnerProduct": """
        layer { name: "l" type: "MarginInnerProduct" bottom: "data" bottom: "label" top: "l" margin_inner_product_param {
                num_output: 3 type: DOUBLE base: 9 gamma: 0.5 weight_filler { type: "xavier" } } }""",
    "LargeMarginInnerProduct": """
        layer { name: "l" type: "LargeMarginInnerProduct" bottom: "data" bottom: "label" top: "l"
                largemargin_inner_product_param { num_output: 3 type: DOUBLE base: 9 gamma: 0.5
                        weight_filler { type: "xavier" } } }""",
    "LabelSpecificAdd": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "l" type: "LabelSpecificAdd" bottom: "ip" bottom: "label" top: "l" label_specific_add_param {
                bias_base: -0.1 bias_gamma: 0.3 bias_power: -0.5 bias_min: -9 bias_max: 0 } }""",
    "AdaCosAddmScale": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "t" type: "TanH" bottom: "ip" top: "t" }
        layer { name: "l" type: "AdaCosAddmScale" bottom: "t" bottom: "label" top: "l" adacos_add_m_scale_param {
                num_classes: 3 } }""",
    "AveAccuracy": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "s" type: "AveAccuracy" bottom: "l" bottom: "label" top: "s" ave_accuracy_param { nbatch: 6 nclass: 3
                burnin: 0 } }""",
    "AccuracyDiagonal": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "s" type: "AccuracyDiagonal" bottom: "l" bottom: "label" top: "s" }""",
    "SegAccuracy": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "r" type: "Reshape" bottom: "l" top: "planes" reshape_param { shape { dim: 6 dim: 3 dim: 1 dim: 1 } } }
        layer { name: "s" type: "SegAccuracy" bottom: "planes" bottom: "label" top: "s" seg_accuracy_param { reset: false } }""",
    "ConvLSTM": """
        layer { name: "p" type: "Reshape" bottom: "steps" top: "planes" reshape_param {
                shape { dim: 3 dim: 2 dim: 1 dim: 7 dim: 12 } } }
        layer { name: "l" type: "ConvLSTM" bottom: "planes" bottom: "marks" top: "l" lstm_conv_param {
                num_output: 2 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }""",
    "ConvLSTMReLU": """
        layer { name: "p" type: "Reshape" bottom: "steps" top: "planes" reshape_param {
                shape { dim: 3 dim: 2 dim: 1 dim: 7 dim: 12 } } }
        layer { name: "l" type: "ConvLSTMReLU" bottom: "planes" bottom: "marks" top: "l" lstm_conv_param {
                num_output: 2 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }""",
    "BufferedLSTM": """
        layer { name: "r" type: "Reshape" bottom: "marks" top: "flat" reshape_param { shape { dim: 6 } } }
        layer { name: "l" type: "LSTM" bottom: "data" bottom: "flat" top: "l" lstm_param { hidden_dim: 4 buffer_size: 2
                weight_filler { type: "xavier" } } }""",
    "ResetRNN": """
        layer { name: "r" type: "Reshape" bottom: "marks" top: "flat" reshape_param { shape { dim: 6 } } }
        layer { name: "l" type: "ResetRNN" bottom: "data" bottom: "flat" top: "l" lstm_param { hidden_dim: 4 buffer_size: 2
                weight_filler { type: "xavier" } } }""",
    "Pushin": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5
                weight_filler { type: "xavier" } } }
        layer { name: "l" type: "Pushin" bottom: "ip" top: "l" pushin_param { pushin_ratio: 0.4 } }""",
    "YoloV2Loss": """
        layer { name: "maps" type: "Reshape" bottom: "data" top: "maps" reshape_param { shape { dim: [6, 4, 3, 7] } } }
        layer { name: "conv" type: "Convolution" bottom: "maps" top: "conv" convolution_param { num_output: 6
                kernel_h: 1 kernel_w: 5 weight_filler { type: "xavier" } } }
        layer { name: "boxes" type: "DummyData" top: "boxes" dummy_data_param { shape { dim: [6, 63] } } }
        layer { name: "yolo" type: "YoloV2Loss" bottom: "conv" bottom: "boxes" top: "yolo"
                yolo_v2_loss_param { anchors: [1, 2] num_classes: 1 num_object: 1 } }
        layer { name: "l" type: "Reshape" bottom: "conv" top: "l" reshape_param { shape { dim: [6, -1] } } }""",
    "MulticlassDiceLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "p" type: "Softmax" bottom: "l" top: "p" }
        layer { name: "maps" type: "Reshape" bottom: "p" top: "maps" reshape_param { shape { dim: [6, 3, 1, 1] } } }
        layer { name: "classes" type: "Reshape" bottom: "label" top: "classes" reshape_param { shape { dim: [6, 1, 1, 1] } } }
        layer { name: "d" type: "DiceCoefLoss" bottom: "maps" bottom: "classes" top: "d"
                dice_coef_loss_param { generalization: MULTICLASS_WEIGHTED_ALL } }""",
    "GradientScaler": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5
                weight_filler { type: "xavier" } } }
        layer { name: "l" type: "GradientScaler" bottom: "ip" top: "l" gradient_scaler_param { max_iter: 9 } }""",
    "MMDLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 5
                weight_filler { type: "xavier" } } }
        layer { name: "s" type: "Slice" bottom: "l" top: "a" top: "b" slice_param { axis: 0 slice_point: 2 } }
        layer { name: "m" type: "MMDLoss" bottom: "a" bottom: "b" top: "m" mmd_param { kernel_num: 3 fix_gamma: true } }""",
    "JMMDLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 5
                weight_filler { type: "xavier" } } }
        layer { name: "s" type: "Slice" bottom: "l" top: "a" top: "b" slice_param { axis: 0 slice_point: 2 } }
        layer { name: "m" type: "JMMDLoss" bottom: "a" bottom: "b" top: "m" top: "c" loss_weight: 1 loss_weight: 1
                jmmd_param { kernel_num: 3 fix_gamma: true } }""",
    "UnlabeledMatching": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4
                weight_filler { type: "xavier" } } }
        layer { name: "less" type: "Power" bottom: "label" top: "less" power_param { shift: -1 } }
        layer { name: "l" type: "UnlabeledMatching" bottom: "ip" bottom: "less" top: "l"
                unlabeled_matching_param { queue_size: 5 } }""",
    "EntropyLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 5
                weight_filler { type: "xavier" } } }
        layer { name: "p" type: "Softmax" bottom: "l" top: "p" }
        layer { name: "e" type: "EntropyLoss" bottom: "p" top: "e" entropy_param { iterations_num: 8 } }""",
    "AdaptiveSoftmaxWithLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "s" type: "SoftmaxWithLoss" bottom: "l" bottom: "label" top: "s" loss_param {
                adaptive_weighting: true gamma: 0.5 } }""",
    "INQConvolution": """
        layer { name: "l" type: "INQConvolution" bottom: "data" top: "l" convolution_param { num_output: 4 kernel_size: 3
                weight_filler { type: "xavier" } } inq_convolution_param { portion: 0 portion: 0.5
                num_quantum_values: 7 weight_mask_filler { value: 1 } bias_mask_filler { value: 1 } } }""",
    "INQInnerProduct": """
        layer { name: "l" type: "INQInnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 4
                weight_filler { type: "xavier" } } inq_inner_product_param { portion: 0 portion: 0.5
                num_quantum_values: 7 weight_mask_filler { value: 1 } bias_mask_filler { value: 1 } } }""",
    "DecoderInput": """
        layer { name: "one" type: "SplitChannel" bottom: "data" top: "one" memory_data_param { channels: 1 } }
        layer { name: "l" type: "DecoderInput" bottom: "one" top: "l" decoder_param { nchannels: 2 } }""",
    "DecoderExtract": """
        layer { name: "l" type: "DecoderExtract" bottom: "data" top: "l" }""",
    "DecoderConv3": """
        layer { name: "l" type: "DecoderConv3" bottom: "data" top: "l" convolution_param { num_output: 2 kernel_size: 3 pad: 1
                constrain: 6 group_in: 1 group_out: 2 weight_filler { type: "xavier" } } }""",
    "DecoderOutput": """
        layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 10 kernel_size: 1
                weight_filler { type: "xavier" } } }
        layer { name: "l" type: "DecoderOutput" bottom: "c" top: "l" decoder_param { nchannels: 2 total_region: 8 } }""",
    "RandomMaclaurin": """
        layer { name: "l" type: "RandomMaclaurin" bottom: "data" bottom: "data" top: "l" random_maclaurin_param {
                num_output: 5 epoch_size: 4 distribution_type: "gaussian" std1: 0.2 std2: 0.3 } }""",
    "LpqLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "p" type: "LpqLoss" bottom: "l" top: "p" lpq_loss_param {
                p: 1 p: 2 q: 1 q: 0.5 pq_episode_starts_at_iter: 0 pq_episode_starts_at_iter: 7 } }""",
    "LabelSpecificMargin": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 3
                weight_filler { type: "xavier" } } }
        layer { name: "t" type: "TanH" bottom: "ip" top: "t" }
        layer { name: "l" type: "LabelSpecificMargin" bottom: "t" bottom: "label" top: "l" label_specific_margin_param {
                margin_base: 9 gamma: 0.5 power: 1 } }""",
    "MHELoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 5
                weight_filler { type: "xavier" } } }
        layer { name: "w" type: "Parameter" top: "w" parameter_param { shape { dim: 3 dim: 5 } blob_filler { type: "xavier" } } }
        layer { name: "m" type: "MHELoss" bottom: "w" bottom: "label" top: "m" mhe_loss_param {
                lambda_max: 0.1 gamma: 0.5 power: 2 } }""",
    "HybridSoftmaxLoss": """
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "l" inner_product_param { num_output: 4
                weight_filler { type: "xavier" } } }
        layer { name: "less" type: "Power" bottom: "label" top: "less" power_param { shift: -1 } }
        layer { name: "h" type: "HybridSoftmaxLoss" bottom: "l" bottom: "less" top: "h" hybrid_softmax_loss_param {
                num_classes: 2 unlabeled_pool_size: 5 random_sampling_num: 2 weight_filler { type: "xavier" } } }""",
    "GenerateAugmentationParameters": """
        layer { name: "l" type: "GenerateAugmentationParameters" bottom: "data" top: "l" augmentation_param {
                translate { rand_type: "uniform_bernoulli" spread: 0.05 prob: 1 } crop_height: 4 crop_width: 3 }
                coeff_schedule_param { half_life: 4 initial_coeff: 0.2 final_coeff: 1 } }""",
}
AROUND = """
    layer { name: "data" type: "HDF5Data" top: "data" top: "label"
            hdf5_data_param { source: "train.txt" batch_size: 6 shuffle: true } }
    layer { name: "steps" type: "Reshape" bottom: "data" top: "steps" reshape_param { shape { dim: 3 dim: 2 dim: 84 } } }
    layer { name: "marks" type: "DummyData" top: "marks" dummy_data_param { shape { dim: 3 dim: 2 } data_filler { value: 1 } } }
    layer { name: "unused" type: "Silence" bottom: "steps" bottom: "marks" }
    %s
    layer { name: "rows" type: "Reshape" bottom: "l" top: "rows" reshape_param { shape { dim: 6 dim: -1 } } }
    layer { name: "out" type: "InnerProduct" bottom: "rows" top: "out" inner_product_param { num_output: 3
            weight_filler { type: "xavier" } } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "out" bottom: "label" top: "loss" }
"""


def everything(trainer: Trainer) -> list[Tensor]:
    """The parameters, and what layers carry."""
    layers = trainer.net.layers.values()
    return [*trainer.net.parameters(), *(getattr(layer, name) for layer in layers for name in layer.carried)]


@pytest.mark.parametrize("kind", CARRYING)
def test_what_layers_carry_goes_on_to_the_same_bits(tmp_path, kind):
    options = {"net": AROUND % CARRYING[kind], "phases": "max_iter: 7", "more": "iter_size: 2"}
    whole = Trainer.from_file(toy(tmp_path, **options))
    whole.step(3)
    state = whole.snapshot()[1]
    whole.step(4)
    resumed = Trainer.from_file(toy(tmp_path, **options))
    resumed.restore(state)
    resumed.step(4)
    assert any(layer.carried for layer in whole.net.layers.values())
    assert all(map(torch.equal, everything(whole), everything(resumed)))
    for layer in resumed.net.layers.values():
        if layer.carried == ("passes",):
            assert layer.passes.item() == 14  # 7 iterations of two passes
    if kind not in ("SegAccuracy", "AveAccuracy", "AccuracyDiagonal"):  # which change no weight
        fresh = Trainer.from_file(toy(tmp_path, **options))
        fresh.restore(state)
        for layer in fresh.net.layers.values():
            layer.reset_state()
        fresh.step(4)
        assert not all(map(torch.equal, everything(whole), everything(fresh)))


def test_every_layer_that_carries_something_is_tested():
    def carries(cls: type) -> bool:
        classes = (base for base in cls.__mro__ if issubclass(base, Layer) and base is not Layer)
        return any(re.search(r"\bcarried = ", inspect.getsource(base)) for base in classes)

    types = known_types()  # with which the classes of special cases are imported, too
    special = {cls.__name__: cls for variants in registry._special.values() for _, cls in variants}
    assert {kind for kind, cls in {**types, **special}.items() if carries(cls)} == set(CARRYING)
