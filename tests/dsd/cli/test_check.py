from __future__ import annotations

import subprocess
import sys
import textwrap
from functools import partial

import pytest
from caffe_cli import put_case
from click.testing import CliRunner
from commands import output_of
from toys import toy

from dsd.cli.check import main

NET = """\
name: "small"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 5 dim: 3 dim: 8 dim: 9 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "m" type: "Mask" top: "m" mask_param { sparsity: 0.5 } }
layer { name: "ip" type: "InnerProduct" bottom: "conv" bottom: "m" top: "ip" inner_product_param { num_output: 10 } }
layer { name: "drop" type: "Dropout" bottom: "ip" top: "ip" include { phase: TRAIN } }
"""


check = partial(output_of, main)


def rows(shown: str) -> dict[str, list[str]]:
    """Table rows by their first cell."""
    lines = (line.strip("│┃").replace("┃", "│") for line in shown.splitlines() if "│" in line)
    cells = [[cell.strip() for cell in line.split("│")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def write(folder, text: str, name: str = "net.prototxt"):
    path = folder / name
    path.write_text(textwrap.dedent(text))
    return path


def test_the_table_has_shapes_masks_parameters_and_multiply_adds(tmp_path):
    table = rows(check(write(tmp_path, NET), "--phase", "TRAIN"))
    assert table["conv"] == ["Convolution", "data", "", "conv", "5x4x6x7", str(4 * 3 * 9 + 4), f"{5 * 4 * 6 * 7 * 27:,}"]
    assert table["m"] == ["Mask", "", "", "m", "10x168", "", ""]
    assert table["ip"] == ["InnerProduct", "conv", "m", "ip", "5x10", f"{168 * 10 + 10:,}", f"{5 * 168 * 10:,}"]
    assert table["total"][-2:] == [f"{112 + 1690:,}", f"{22680 + 8400:,}"]


def test_both_phases_are_shown_where_they_differ(tmp_path):
    shown = check(write(tmp_path, NET))
    assert shown.index("small, TRAIN") < shown.index("drop") < shown.index("small, TEST")
    shown = check(write(tmp_path, NET.replace("include { phase: TRAIN }", "")))
    assert shown.count("InnerProduct") == 1 and "small, TRAIN and TEST" in shown


def test_shared_weights_count_once(tmp_path):
    shown = check(write(tmp_path, """\
        name: "shared"
        layer { name: "data" type: "Input" top: "a" top: "b" input_param { shape { dim: 2 dim: 3 } } }
        layer { name: "one" type: "InnerProduct" bottom: "a" top: "c" param { name: "w" }
                inner_product_param { num_output: 5 bias_term: false } }
        layer { name: "two" type: "InnerProduct" bottom: "b" top: "d" param { name: "w" }
                inner_product_param { num_output: 5 bias_term: false } }
        """))
    table = rows(shown)
    assert table["one"][-2] == table["two"][-2] == table["total"][-2] == "15"


def test_checking_allocates_no_parameters(tmp_path):
    table = rows(check(write(tmp_path, NET.replace("num_output: 10", "num_output: 12000000"))))
    assert table["ip"][-2] == f"{169 * 12 * 10**6:,}"  # 8 GB


def test_every_mistake_is_reported_once_with_its_place(tmp_path):
    text = NET.replace('type: "ReLU"', 'type: "Relu"').replace('bottom: "conv" bottom: "m"', 'bottom: "c" bottom: "m"')
    path = write(tmp_path, text)
    shown = check(path, status=2)
    columns = [line.find(word) + 1 for line, word in zip(text.splitlines(), ["-"] * 3 + ["type"] + ["-"] + ["bottom"])]
    assert f"{path}:4:{columns[3]}: layer `relu` (Relu) has an unknown type `Relu`; did you mean `ReLU`?" in shown
    assert f"{path}:6:{columns[5]}: layer `ip` reads blob `c`" in shown
    assert f"2 problems in {path}" in shown and shown.count("^~~~") == 2


def test_a_mistake_of_one_phase_names_the_phase(tmp_path):
    out = 'layer { name: "out" type: "Softmax" bottom: "nothing" top: "out" include { phase: TEST } }'
    path = write(tmp_path, NET + out)
    assert "InnerProduct" in check(path, "--phase", "TRAIN")
    assert "reads blob `nothing`" in check(path, status=2)


def test_problems_of_fields_wiring_and_shapes_are_reported_together(tmp_path):
    text = NET.replace("mask_param { sparsity: 0.5 }", "mask_param { sparcity: 0.5 }")  # line 5
    text = text.replace('type: "ReLU" bottom: "conv"', 'type: "ReLU" bottom: "cnov"')  # line 4
    text = text.replace("kernel_size: 3", "kernel_size: 30")  # line 3
    path = write(tmp_path, text)
    shown = check(path, status=2)
    assert [line.split(":")[1] for line in shown.splitlines() if line.startswith(f"{path}:")] == ["3", "4", "5"]
    for words in ("`sparcity`; did you mean `sparsity`?", "reads blob `cnov`", "kernel"):
        assert words in shown
    assert shown.splitlines()[-1] == f"3 problems in {path}"


@pytest.mark.parametrize(
    "right, wrong",
    [
        ('top: "conv" convolution_param', 'tap: "conv" convolution_param'),  # nobody can know that it makes `conv`
        ("num_output: 4", "num_outputs: 4"),
        ('type: "Mask"', 'tipe: "Mask"'),  # nor that this is a mask
        ('top: "m"', 'tops: "m"'),
        ('bottom: "m" top', 'botom: "m" top'),  # nor that the mask is read
        ('layer { name: "conv"', 'laier { name: "conv"'),
        ('name: "data" type: "Input"', 'name: "data" type: Input'),
    ],
)
def test_a_misread_layer_is_reported_once(tmp_path, right, wrong):
    assert right in NET
    path = write(tmp_path, NET.replace(right, wrong))
    shown = check(path, status=2)
    assert shown.splitlines()[-1] == f"1 problem in {path}" and shown.count("^~") == 1


def test_two_mistakes_at_one_place_are_both_reported(tmp_path):
    path = write(tmp_path, NET.replace('layer { name: "relu" type: "ReLU"', 'layer { name: "relu"').replace(
        'layer { name: "drop" type: "Dropout" bottom: "ip"', 'layer { name: "drop" type: "Split"'))
    shown = check(path, "--phase", "TRAIN", status=2)
    assert "layer `relu` has no `type`" in shown and "layer `drop` (Split) takes 1 bottom" in shown


def test_problems_of_one_phase_are_marked(tmp_path):
    test_only = 'layer { name: "t" type: "ReLU" bottom: "one" top: "t" include { phase: TEST } }\n'
    both = 'layer { name: "b" type: "ReLU" bottom: "two" top: "b" }\n'
    path = write(tmp_path, NET + test_only + both)
    shown = check(path, status=2).splitlines()
    assert [line for line in shown if "only" in line] == ["   note: in phase TEST only"]
    assert "`one`" in shown[shown.index("   note: in phase TEST only") - 3]
    assert shown[-1] == f"2 problems in {path}"
    assert "only" not in check(path, "--phase", "TEST", status=2)


@pytest.mark.parametrize("text", ["", " \n", "# nothing", "# a\rname: 'n'\r"])
def test_empty_files_are_refused(tmp_path, text):
    shown = check(write(tmp_path, text), status=2)
    assert shown == f"{tmp_path / 'net.prototxt'}: is empty, or holds nothing but comments; a net is wanted here\n"


@pytest.mark.parametrize("text", ["layer {", 'name: "a" }', "layer { name: 3 }", "la\0yer"])
def test_bad_text_is_refused(tmp_path, text):
    shown = check(write(tmp_path, text), status=2)
    assert "net.prototxt" in shown and "Traceback" not in shown


def test_missing_files_are_refused(tmp_path):
    assert "cannot be read" in check(tmp_path / "none.prototxt", status=2)
    (tmp_path / "weights").write_bytes(bytes(range(200)))
    assert "is not text" in check(tmp_path / "weights", status=2)


@pytest.fixture
def solver(tmp_path, monkeypatch):
    put_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "solver.prototxt"


def test_a_solver_shows_its_phases_and_what_they_keep(solver):
    shown = check(solver, "--sparsity", "0.3")
    table = rows(shown)
    assert table["dense"][:4] == ["10", "", "step", "0.1 to 0.025"]  # halved at 4 and at 8
    assert table["sparse"][:4] == ["5", "0.3", "step", "0.01 to 0.005"]
    assert table["re-dense"][:4] == ["5", "", "step", "0.001 to 0.0005"]
    assert "ip1_mask" in shown and "21 of 30 (70.0%)" in shown and "32 of 45 (71.1%)" in shown
    assert "test net 0: 3 batches every 4 iterations" in shown


def test_a_layer_that_a_phase_leaves_without_weights_is_told(solver):
    shown = check(solver, "--sparsity", "0.98")  # of 15 weights 0.3 are kept, of 30 0.6
    assert "warning: phase `sparse` keeps none of the 15 weights of layer `ip2`; `layer { name: \"ip2\" " in shown
    assert "layer `ip1`" not in shown
    assert "warning" not in check(solver, "--sparsity", "0.9")
    shown = check(solver, "--sparsity", "0.99", status=2)
    assert "phase `sparse` keeps none of the 45 weights that it prunes; make its sparsity smaller" in shown


def test_problems_of_a_solver_and_its_net_are_reported_together(solver):
    solver.write_text(solver.read_text().replace('"step"', '"stp"').replace("test_iter: 3", "test_iter: 0"))
    net = solver.parent / "net.prototxt"
    net.write_text(net.read_text().replace("num_output: 5", "num_output: 0"))
    shown = check(solver, status=2)
    for words in ("did you mean `step`?", "`test_iter` is 0", "net.prototxt:25:"):
        assert words in shown
    assert "problems in" in shown.splitlines()[-1]


def test_a_misread_solver_and_its_net_are_reported_together(solver):
    """A misread solver is not reported to lack fields that it has."""
    solver.write_text(solver.read_text().replace("lr_policy:", "lr_polici:"))
    net = solver.parent / "net.prototxt"
    net.write_text(net.read_text().replace("num_output: 5", "num_outputs: 5").replace('type: "ReLU"', 'type: "RELU"'))
    shown = check(solver, "--sparsity", "0.3", status=2)
    for words in ("`lr_polici`; did you mean `lr_policy`?", "`num_outputs`; did you mean `num_output`?",
                  "unknown type `RELU`; did you mean `ReLU`?"):
        assert shown.count(words) == 1
    assert shown.splitlines()[-1].startswith("3 problems in ")


def test_a_phase_may_name_a_misread_layer(solver):
    solver.write_text(
        solver.read_text().replace("max_iter: 10\n", "")
        + 'dsd_phase { max_iter: 5 sparsity: 0.5 layer { name: "ip1" sparsity: 0.3 } }\n')
    net = solver.parent / "net.prototxt"
    net.write_text(net.read_text().replace('name: "ip1"', 'nam: "ip1"'))
    assert check(solver, status=2).splitlines()[-1].startswith("1 problem in ")


def test_missing_net_and_weights_of_a_solver_are_reported(solver):
    (solver.parent / "init.caffemodel").unlink()
    (solver.parent / "net.prototxt").unlink()
    shown = check(solver, status=2)
    assert "reads `net.prototxt`" in shown and "reads `init.caffemodel`" in shown


def test_what_ends_a_phase_early_is_shown(tmp_path):
    phases = "dsd_phase { max_iter: 8 until_converged { patience: 3 } } dsd_phase { max_iter: 2 sparsity: 0.3 }"
    shown = " ".join(check(toy(tmp_path, phases=phases, more="test_iter: 1 test_interval: 2")).split())
    assert "phase `dense` lasts 8 iterations, or until accuracy has not improved for 3 tests" in shown
    assert "phase `sparse` lasts" not in shown


def test_flags_of_the_other_kind_are_refused(solver):
    assert "--phase is for nets" in check(solver, "--phase=TEST", status=2)
    assert "--sparsity is for solvers" in check(solver.parent / "net.prototxt", "--sparsity=0.5", status=2)


@pytest.mark.parametrize("command", ["check", "train", "test", "draw"])
def test_help_does_not_wait_for_torch(command):
    code = (f"import sys; sys.argv = ['dsd-{command}', '--help']; from dsd.cli.{command} import main\n"
            "try: main()\nfinally: print('torch' in sys.modules, 'google.protobuf' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Example" in done.stdout and done.stdout.splitlines()[-1] == "False False"


def test_lenient_leaves_out_unknown_fields_and_types(tmp_path):
    (tmp_path / "net.prototxt").write_text(
        'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 } } spatial_batching_pooling_param { of: 5 } }')
    (tmp_path / "s.prototxt").write_text('net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" max_iter: 1 larc: true')
    for file in ("net.prototxt", "s.prototxt"):
        strict = CliRunner().invoke(main, [str(tmp_path / file)])
        assert strict.exit_code == 2
        lenient = CliRunner().invoke(main, [str(tmp_path / file), "--lenient"])
        assert lenient.exit_code == 0, lenient.output
        assert "warning:" in lenient.output and "of Synopsys' fork is ignored" in lenient.output
