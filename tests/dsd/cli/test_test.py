"""``dsd-test``: scores as recorded, and audits of masks."""

from __future__ import annotations

import re
from functools import partial

import pytest
import torch
from caffe_cli import CASE, put_case, said
from commands import output_of
from mnist import mnist
from oracle import shared
from toys import toy

import netdef
from dsd.cli.test import main, score
from dsd.evaluate.epoch import batches_of
from dsd.training.trainer import Trainer
from netdef.schema.messages import NetParameter
from netdef.weights.save import save_weights


@pytest.fixture
def case(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


run = partial(output_of, main)


def test_scores_are_the_recorded_ones_batch_for_batch(case):
    shown = run("-model=net.prototxt", "-weights=snap_iter_10.caffemodel", "--iterations", "4", "--log", "scores.log")
    recorded = said((CASE / "test.stderr.txt").read_text(), "Running for 4 iterations")
    ours = said((case / "scores.log").read_text(), "Running for 4 iterations")
    assert [words for words, _ in ours] == [words for words, _ in recorded]
    assert len(ours) == 12
    for (words, mine), (_, theirs) in zip(ours, recorded):
        assert mine == pytest.approx(theirs, rel=2e-5), words
    assert "0.3125" in shown and "scores.log" in shown


def test_scores_that_are_not_finite_are_an_error(case):
    net = NetParameter.FromString((case / "snap_iter_10.caffemodel").read_bytes())
    next(layer for layer in net.layer if layer.name == "ip2").blobs[1].data[2] = float("nan")
    (case / "broken.caffemodel").write_bytes(net.SerializeToString())
    shown = run("--model=net.prototxt", "--weights=broken.caffemodel", "--iterations=2", "--log=scores.log", status=1)
    assert [line.split("│")[1:3] for line in shown.splitlines() if "loss" in line and "│" in line] == [
        [" loss     ", " not finite "]]
    assert "nan" not in shown
    error = shown[shown.index("`loss` is not finite"):]
    assert error.startswith("`loss` is not finite\n  batch 0 of 2, forward pass, layer `ip2` (InnerProduct): its top `ip2` has ")
    assert "blob 1 of its weights has 1 NaN of" in error
    assert "loss = -nan" in (case / "scores.log").read_text() or "loss = nan" in (case / "scores.log").read_text()


def test_debug_info_of_a_net_is_logged_batch_for_batch(case):
    (case / "net.prototxt").write_text("debug_info: true\n" + (case / "net.prototxt").read_text())
    run("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=3", "--log", "scores.log")
    lines = [line.partition("] ")[2].strip() for line in (case / "scores.log").read_text().splitlines()]
    kinds = [line.split(",")[0] for line in lines if line.startswith(("Batch", "[Forward] Layer loss"))]
    assert kinds == [kind for i in range(3) for kind in ("[Forward] Layer loss", f"Batch {i}", f"Batch {i}")]
    assert not any("[Backward]" in line for line in lines)


@pytest.mark.parametrize(
    "flags, complaint",
    [
        (("--model=net.prototxt",), "Missing option '--weights'"),
        (("--weights=snap_iter_10.caffemodel",), "Missing option '--model'"),
        (("--model=net.prototxt", "--weights=nope.caffemodel"), "nope.caffemodel"),
        (("--model=nope.prototxt", "--weights=snap_iter_10.caffemodel"), "nope.prototxt: cannot be read"),
        (("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=0"), "--iterations"),
        (("--model=net.prototxt", "--weights=net.prototxt"), "net.prototxt"),
    ],
)
def test_mistakes_end_with_a_message_and_2(case, flags, complaint):
    shown = run(*flags, status=2)
    assert complaint in shown and "Traceback" not in shown


def test_a_net_without_data_has_nothing_to_score(case):
    (case / "deploy.prototxt").write_text("""
        layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 6 } } }
        layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 5 } }""")
    shown = run("--model=deploy.prototxt", "--weights=snap_iter_10.caffemodel", status=2)
    assert "deploy.prototxt:2:44: layer `data` (Input) waits for the tensors of a program; here a data layer is" in shown


def test_unused_and_missing_weights_are_listed(case):
    net = (case / "net.prototxt").read_text()
    (case / "other.prototxt").write_text(net.replace('"ip2"', '"fc2"'))
    shown = run("--model=other.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=1")
    assert "only in the file, not used: `ip2`" in shown
    assert "no file has weights for `fc2`" in shown
    shown = run("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=1")
    assert "warning" not in shown and "not used" not in shown
    (case / "none.prototxt").write_text(net.replace('"ip1"', '"fc1"').replace('"ip2"', '"fc2"'))
    assert "none of the net's layers; it has ip1, ip2" in run(
        "--model=none.prototxt", "--weights=snap_iter_10.caffemodel", status=2)


def test_each_item_is_scored_once_whatever_the_batches(case):
    text = (case / "net.prototxt").read_text()
    tables = []
    for size, said_of in ((12, "1 batch of 12: "), (4, "3 batches of 4: "), (5, "3 batches of 5: "), (20, "1 batch of 20: ")):
        (case / "net.prototxt").write_text(text.replace("batch_size: 4", f"batch_size: {size}"))
        first, *table = run("--model=net.prototxt", "--weights=snap_iter_10.caffemodel").splitlines()
        assert first == f"net.prototxt, {said_of}all 12 items, each once"
        tables.append(table)
    assert tables[1:] == tables[:1] * 3
    shown = run("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--iterations=2")
    assert shown.startswith("net.prototxt, 2 batches of 20: 40 items, of 12 some more than once\n")


@pytest.fixture
def sparse(tmp_path):
    trainer = Trainer.from_file(toy(tmp_path))
    trainer.step(8)
    return trainer, trainer.snapshot()[0], tmp_path / "net.prototxt"


def test_masks_that_hold_pass_the_audit(sparse):
    _, weights, net = sparse
    shown = run("--model", str(net), "--weights", str(weights), "--audit")
    assert "ip1" in shown and "504" in shown and "every check passes" in shown and "iteration 8" in shown


def test_masks_that_leak_exit_with_1(sparse):
    trainer, weights, net = sparse
    with torch.no_grad():
        trainer.mask_weight("ip1_mask").fill_(0.5)
    save_weights(trainer.net, weights)
    shown = run("--model", str(net), "--weights", str(weights), "--audit", status=1)
    assert "layer `ip1` has 216 pruned weights that are not +0.0, the largest of magnitude 0.5" in shown
    assert "1 facts do not hold" not in shown and "Traceback" not in shown


def test_mistakes_about_audits_end_with_a_message_and_2(sparse):
    _, weights, net = sparse
    assert "is for --audit" in run("--model", str(net), "--weights", str(weights), "--snapshot", "x.solverstate", status=2)
    flags = ("--model", str(net), "--weights", str(weights), "--audit", "--snapshot", "x.solverstate")
    assert "no such file" in run(*flags, status=2)


@pytest.mark.parametrize("model, weights, scores, wanted", [
    ("lenet_dns", "original", "ip2", 0.9909), ("lenet_dns", "sparse", "ip2", 0.9909),
    # Not `prob`: the published deploy.prototxt has it read ip2, the hidden layer.
    ("lenet300100_dns", "original", "ip3", 0.9772), ("lenet300100_dns", "sparse", "ip3", 0.9801),
])  # fmt: skip
def test_nets_of_dynamic_network_surgery_classify_as_published(model, weights, scores, wanted, tmp_path):
    pytest.importorskip("plyvel")
    folder = shared(f"corpus/models/{model}")
    text = (folder / "deploy.prototxt").read_text()
    text = re.sub(r'input: "data"(\s+input_dim: \d+)+', f"""
        layer {{ name: "mnist" type: "Data" top: "data" top: "label" transform_param {{ scale: 0.00390625 }}
                 data_param {{ source: "{mnist('test', tmp_path)}" batch_size: 100 backend: LEVELDB }} }}""", text)
    text += f'layer {{ name: "accuracy" type: "Accuracy" bottom: "{scores}" bottom: "label" top: "accuracy" }}'
    net = netdef.loads(text, weights=folder / f"{weights}.caffemodel")
    found = score(net, batches_of(net, 100), torch.device("cpu"), None, net)
    assert float(found["accuracy"]) == pytest.approx(wanted, abs=5e-5)


def test_an_audit_takes_no_flags_of_scores(case):
    for flags in (["--log", "x.log"], ["--iterations", "2"]):
        said = run("--model=net.prototxt", "--weights=snap_iter_10.caffemodel", "--audit", *flags, status=2)
        assert "--audit scores nothing: leave out --log and --iterations" in " ".join(said.split())
