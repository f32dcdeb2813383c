"""The training loop against the original's recorded run, and the promises of a Dense-Sparse-Dense run."""

from __future__ import annotations

import math
import shutil

import numpy as np
import pytest
import torch
from google.protobuf import text_format
from oracle import golden_cases
from toys import SOLVERS, toy

from dsd import Observer, Trainer
from netdef.schema.blobs import to_array
from netdef.schema.messages import NetParameter, SolverParameter, SolverState


class Diary(Observer):
    """Everything that happens, in order."""

    def __init__(self):
        self.events: list[tuple] = []

    def phase_began(self, trainer, phase):
        self.events.append(("phase", trainer.iteration, phase.name))

    def iterated(self, trainer, outputs, rate):
        self.events.append(("loss", trainer.iteration, float(f"{trainer.loss:.6g}")))

    def displayed_last(self, trainer):
        self.events.append(("last loss", trainer.iteration, float(f"{trainer.loss:.6g}")))

    def tested(self, trainer, results):
        self.events.append(("test", trainer.iteration, float(f"{results[0]['loss'].item():.6g}")))

    def snapshotted(self, trainer, weights, state):
        self.events.append(("snapshot", trainer.iteration, weights.name))

    def phase_ended(self, trainer, result):
        self.events.append(("end", trainer.iteration, result.kept))


def recorded_run(tmp_path):
    (case,) = [case for case in golden_cases("cli") if case.name == "train"]
    shutil.copytree(case, tmp_path / "train")
    return tmp_path / "train"


def recorded_losses(log) -> list[tuple]:
    """Losses and test losses of a log of the original, as it prints them."""
    found = []
    for line in log.read_text().splitlines():
        text = line.partition("] ")[2].strip()
        if text.startswith("Iteration") and "Testing net" in text:
            tested = int(text.split()[1].rstrip(","))
        elif text.startswith("Test net output") and ": loss" in text:
            found.append(("test", tested, float(text.split("loss = ")[1].split()[0])))
        elif text.startswith("Iteration") and "iter/s" in text:
            found.append(("loss", int(text.split()[1]), float(text.split("loss = ")[1])))
    return found


@pytest.mark.parametrize("log", ["train", "resume"])
def test_the_recorded_run_of_the_original(tmp_path, monkeypatch, log):
    folder = recorded_run(tmp_path)
    monkeypatch.chdir(folder)
    diary = Diary()
    trainer = Trainer.from_file("solver.prototxt", observers=[diary])
    if log == "resume":
        trainer.restore("snap_iter_5.solverstate")
    trainer.run()
    wanted = recorded_losses(folder / f"{log}.stderr.txt")
    ours = [event for event in diary.events if event[0] in ("loss", "test") and event[1] < 10]
    assert len(wanted) == len(ours) > 5
    for mine, theirs in zip(ours, wanted):
        assert mine[:2] == theirs[:2] and mine[2] == pytest.approx(theirs[2], rel=2e-5)


def test_the_recorded_last_snapshot_of_the_original(tmp_path, monkeypatch):
    folder = recorded_run(tmp_path)
    monkeypatch.chdir(folder)
    theirs = NetParameter.FromString((folder / "snap_iter_10.caffemodel").read_bytes())
    their_state = SolverState.FromString((folder / "snap_iter_10.solverstate").read_bytes())
    trainer = Trainer.from_file("solver.prototxt")
    trainer.restore("snap_iter_5.solverstate")  # the recorded files of iteration 10 are those of the resumed run
    trainer.run()
    ours = NetParameter.FromString((folder / "snap_iter_10.caffemodel").read_bytes())
    our_state = SolverState.FromString((folder / "snap_iter_10.solverstate").read_bytes())
    assert (our_state.iter, our_state.learned_net, our_state.current_step) == (
        their_state.iter, their_state.learned_net, their_state.current_step)
    blobs = {layer.name: layer.blobs for layer in ours.layer if layer.blobs}
    pairs = [(mine, their) for layer in theirs.layer for mine, their in zip(blobs.get(layer.name, []), layer.blobs)]
    assert len(pairs) == 4
    for mine, their in [*pairs, *zip(our_state.history, their_state.history, strict=True)]:
        scale = np.abs(to_array(their)).max()
        assert np.abs(to_array(mine) - to_array(their)).max() <= 1e-5 * scale


def test_the_order_of_a_run(tmp_path):
    diary = Diary()
    Trainer.from_file(
        toy(tmp_path, more="test_iter: 2 test_interval: 4 snapshot: 5 display: 6"), observers=[diary]).run()
    kinds = [(kind, iteration) for kind, iteration, *_ in diary.events if kind != "loss"]
    assert kinds == [
        ("phase", 0), ("test", 0), ("test", 4), ("snapshot", 5), ("test", 5), ("end", 5),
        ("phase", 5), ("test", 8), ("snapshot", 9), ("test", 9), ("end", 9),
        ("phase", 9), ("snapshot", 10), ("snapshot", 12), ("last loss", 12), ("test", 12), ("end", 12),
    ]
    assert diary.events[-1][2] == {"conv2": (80, 80), "ip1": (720, 720), "ip2": (27, 27)}
    assert [e[2] for e in diary.events if e[:2] == ("end", 9)] == [{"conv2": (56, 80), "ip1": (504, 720), "ip2": (14, 27)}]


@pytest.mark.parametrize(
    ("type", "format"), [*((type, "BINARYPROTO") for type in SOLVERS), ("SGD", "HDF5"), ("Adam", "HDF5")])
def test_resuming_anywhere_gives_the_same_bits(tmp_path, type, format):
    phases = """dsd_phase { max_iter: 3 } dsd_phase { max_iter: 3 sparsity: 0.3 solver_state: CARRY }
                dsd_phase { max_iter: 2 solver_state: CARRY_ACTIVE }"""
    solver = toy(tmp_path, type=type, phases=phases, more=f"snapshot: 1 snapshot_format: {format} average_loss: 3")
    whole = Trainer.from_file(solver)
    whole.step(8)
    ending = ".h5" if format == "HDF5" else ""
    for iteration in (2, 3, 5, 6):  # within phases and between them
        resumed = Trainer.from_file(solver, seed=99)
        resumed.restore(tmp_path / "run" / f"toy_iter_{iteration}.solverstate{ending}")
        assert resumed.iteration == iteration
        resumed.step(8 - iteration)
        for layer, blobs in whole.net.params.items():
            for mine, theirs in zip(resumed.net.params[layer], blobs, strict=True):
                assert torch.equal(mine, theirs), (layer, iteration)
        assert resumed.loss == whole.loss


@pytest.mark.parametrize("constraint", ["MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE"])
@pytest.mark.parametrize("type", SOLVERS)
def test_pruned_weights_are_plus_zero_at_every_iteration_in_memory_and_on_disk(tmp_path, type, constraint):
    phases = f"""dsd_phase {{ max_iter: 2 }}
                 dsd_phase {{ max_iter: 3 sparsity: 0.3 constraint: {constraint} solver_state: CARRY }}"""
    trainer = Trainer.from_file(toy(tmp_path, type=type, phases=phases, more="snapshot: 1"))
    trainer.step(2)
    for iteration in range(3, 6):
        trainer.step(1)
        assert {key: int(mask.sum()) for key, mask in trainer.masks.items()} == {
            "conv2_mask": 56, "ip1_mask": 504, "ip2_mask": 19}
        saved = NetParameter.FromString((tmp_path / "run" / f"toy_iter_{iteration}.caffemodel").read_bytes())
        blobs = {layer.name: layer.blobs for layer in saved.layer}
        for key, mask in trainer.masks.items():
            for weight in (trainer.mask_weight(key).detach(), torch.from_numpy(to_array(blobs[key[:-5]][0]))):
                pruned = weight[~mask]
                assert (pruned == 0).all() and not torch.signbit(pruned).any()
                assert (weight[mask] != 0).all()


@pytest.mark.parametrize("rule", ["RESET", "CARRY"])
@pytest.mark.parametrize("type", SOLVERS)
def test_the_three_constraints_are_one_method_while_nothing_is_clipped(tmp_path, type, rule):
    found = []
    for constraint in ("MASK_BLOB", "ZERO_AFTER_STEP", "MASK_UPDATE"):
        phases = f"""dsd_phase {{ max_iter: 2 }}
                     dsd_phase {{ max_iter: 4 sparsity: 0.5 constraint: {constraint} solver_state: {rule} }}"""
        trainer = Trainer.from_file(toy(tmp_path, type=type, phases=phases, more="iter_size: 2"))
        trainer.step(6)
        found.append((trainer.loss, {key: [t.clone() for t in blobs] for key, blobs in trainer.net.params.items()}))
    for loss, params in found[1:]:
        assert loss == found[0][0]
        assert all(torch.equal(a, b) for key in params for a, b in zip(params[key], found[0][1][key]))


def test_re_dense_starts_from_zeros_and_frees_every_weight(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(9)
    masks = trainer.masks
    assert all((trainer.mask_weight(key)[~mask] == 0).all() for key, mask in masks.items())
    trainer.step(1)
    assert trainer.masks == {} and trainer.phase.name == "re-dense"
    for key, mask in masks.items():
        regrown = trainer.mask_weight(key)[~mask]
        assert (regrown != 0).any()
        assert (regrown != 0).all() or key != "conv2_mask"  # dropout leaves some weights behind it without a gradient


def test_nothing_is_tested_or_written_twice(tmp_path):
    class Asks(Diary):
        def requested(self):
            return "snapshot"

    diary = Asks()
    trainer = Trainer.from_file(
        toy(tmp_path, phases="max_iter: 4", more="snapshot: 2 test_iter: 1 test_interval: 2"), observers=[diary])
    trainer.step(2)
    trainer.test()
    trainer.run()
    assert [event[:2] for event in diary.events if event[0] in ("test", "snapshot")] == [
        ("test", 0), ("snapshot", 2), ("test", 2), ("snapshot", 3), ("snapshot", 4), ("test", 4)]


def test_inputs_by_hand(tmp_path):
    net = """layer { name: "in" type: "Input" top: "x" top: "t"
                     input_param { shape { dim: 2 dim: 3 } shape { dim: 2 dim: 1 } } }
             layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 1 bias_term: false } }
             layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }"""
    solver = toy(tmp_path, net=net, phases="max_iter: 2")
    solver.write_text(solver.read_text().replace("weight_decay: 0.001", ""))
    trainer = Trainer.from_file(solver)
    x, t = torch.tensor([[1.0, 2, 0], [0, 1, 3]]), torch.tensor([[1.0], [-2.0]])
    assert math.isnan(trainer.loss)
    trainer.step(1, {"x": x, "t": t})
    # Weights begin at 0: loss (1 + 4) / (2 * 2), gradient -x^T t / 2, rate 0.1.
    assert trainer.loss == pytest.approx(1.25)
    torch.testing.assert_close(trainer.net.params["ip"][0].detach(), 0.1 * (t.T @ x) / 2)
    assert trainer.rate == pytest.approx(0.1) and trainer.iteration == 1
    arrays = Trainer.from_file(solver)
    arrays.step(1, {"x": x.double().numpy(), "t": t.numpy()})
    assert torch.equal(arrays.net.params["ip"][0], trainer.net.params["ip"][0])


def test_a_message_is_trained_as_its_text(tmp_path, monkeypatch):
    solver = toy(tmp_path, phases="max_iter: 2")
    monkeypatch.chdir(tmp_path)
    message = SolverParameter()
    text_format.Parse(solver.read_text().replace('type: "SGD"', "solver_type: SGD"), message)
    trainers = [Trainer.from_file(solver), Trainer(message)]
    for trainer in trainers:
        trainer.step(2)
    for one, other in zip(*(trainer.net.parameters() for trainer in trainers)):
        assert torch.equal(one, other)


@pytest.mark.parametrize("solver", ["solver.prototxt", NetParameter()])
def test_what_is_no_solver_is_refused_with_what_to_give(solver):
    with pytest.raises(TypeError, match=r"not a (str|NetParameter); `Trainer.from_file` takes the path of a solver file"):
        Trainer(solver)


def test_a_single_file_of_weights_needs_no_list(tmp_path):
    first = Trainer.from_file(toy(tmp_path))
    first.step(2)
    weights = str(first.snapshot()[0])
    for given in (weights, tmp_path / weights, [weights]):
        trainer = Trainer.from_file(toy(tmp_path), weights=given)
        assert torch.equal(trainer.net.params["ip1"][0], first.net.params["ip1"][0])


def test_a_request_to_stop_ends_the_run_with_a_snapshot(tmp_path):
    class Stop(Observer):
        asked = 0

        def requested(self):
            self.asked += 1
            return {2: "snapshot", 4: "stop"}.get(self.asked)

    diary = Diary()
    trainer = Trainer.from_file(toy(tmp_path), observers=[Stop(), diary])
    trainer.run()
    assert trainer.iteration == 4
    assert [event[1:] for event in diary.events if event[0] == "snapshot"] == [
        (2, "toy_iter_2.caffemodel"), (4, "toy_iter_4.caffemodel")]


def test_resuming_at_a_phase_end_finishes_the_phase(tmp_path):
    """A phase ends with a snapshot, then a test: a run that died between them tests when it goes on."""
    solver = toy(tmp_path, more="test_iter: 2 test_interval: 100")
    whole, resumed = Diary(), Diary()
    Trainer.from_file(solver, observers=[whole]).run()
    trainer = Trainer.from_file(solver, observers=[resumed])
    trainer.restore(tmp_path / "run" / "toy_iter_9.solverstate")
    trainer.run()
    after = whole.events[whole.events.index(("snapshot", 9, "toy_iter_9.caffemodel")) + 1 :]
    assert resumed.events == after and after[0][:2] == ("test", 9)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu(tmp_path):
    solver = toy(tmp_path)
    trainer = Trainer.from_file(solver, device="cuda")
    trainer.step(12)
    assert all(blob.is_cuda for blobs in trainer.net.params.values() for blob in blobs)
    assert math.isfinite(trainer.loss)
