"""The files that are damaged are right before, and their readers read all of them."""

from __future__ import annotations

import pytest

from netdef.errors import NetdefError

KINDS = ["caffemodel", "h5", "safetensors", "pt", "solverstate", "lmdb", "hdf5", "log"]


def test_all_kinds(tool):
    assert list(tool("fuzz_files").KINDS) == ["prototxt", *KINDS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_file_is_read_and_half_of_it_is_refused(tool, tmp_path, kind):
    files, path = tool("fuzz_files"), tmp_path / f"right.{kind}"
    files.write_right(kind, path)
    files.READERS[kind](path)
    if kind != "log":  # half a log is a log
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(NetdefError, match=f"right.{kind}"):
            files.READERS[kind](path)


def test_texts_are_those_of_models_and_tests_that_are_short(tool, tmp_path):
    files = tool("fuzz_files")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.prototxt").write_text("name: 'one'")
    (tmp_path / "long.prototxt").write_text("# " + "-" * files.LONG_TEXT)
    found = files.texts(tmp_path)
    assert found[-1] == ("name: 'one'", tmp_path / "deep") and not any(folder == tmp_path for _, folder in found)
    assert files.ROOT / "models" / "digits" in {folder for _, folder in found}


@pytest.mark.parametrize(("text", "complaint"), [
    ("layer { name: 'a' type: 'ReLU' bottom: 'x' top: 'y' }", "reads blob `x`"),
    ("layer { name: 'a' type: 'Input' top: 'x' input_param { shape { dim: -2 } } include { phase: TEST } }", "-2"),
    ("net: 'absent.prototxt' base_lr: 1 lr_policy: 'fixed' max_iter: 3", "absent.prototxt"),
])
def test_a_text_is_read_as_a_solver_or_as_a_net_of_both_phases(tool, tmp_path, text, complaint):
    with pytest.raises(NetdefError, match=complaint):
        tool("fuzz_files").read_text(text, tmp_path)
