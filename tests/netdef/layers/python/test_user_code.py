"""Finding and refusing user code."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

import netdef
from netdef.definition.read import read_net
from netdef.errors import SpecError
from netdef.layers.python.user_code import described

NET = """
layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "l" type: "Python" bottom: "x" top: "y"
        python_param { module: "MODULE" layer: "Mine" } }
layer { name: "d" type: "Python" top: "z" python_param { module: "MODULE" layer: "Mine" } }
"""
CODE = """
from pathlib import Path
import caffe
Path(__file__).with_name("ran").touch()

class Mine(caffe.Layer):
    def setup(self, bottom, top):
        top[0].reshape(FACTOR, 3)
    def reshape(self, bottom, top):
        pass
    def forward(self, bottom, top):
        top[0].data[...] = FACTOR
"""


def write(folder: Path, module: str = "layers_beside", factor: int = 2) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(CODE.replace("FACTOR", str(factor)))
    (folder / "net.prototxt").write_text(NET.replace("MODULE", module))
    return folder / "net.prototxt"


def test_nothing_runs_unless_it_is_allowed(tmp_path: Path):
    path = write(tmp_path, "forbidden_layers")
    read_net(path, allow_python=True)  # reading alone never runs a thing
    for phase in ("TRAIN", "TEST"):
        with pytest.raises(netdef.SpecError) as raised:
            netdef.load(path, phase)
        text = str(raised.value)
        assert f"{path}:4:9: layer `l` (Python) runs `forbidden_layers.Mine`, which is code beside the net" in text
        assert "`--allow-python`" in text and "`allow_python=True`" in text and "2 problems" in text
    assert not (tmp_path / "ran").exists() and "forbidden_layers" not in sys.modules


def test_a_module_beside_the_net_goes_first(tmp_path: Path):
    shapes = []
    for folder, factor in (("one", 2), ("two", 5)):
        net = netdef.load(write(tmp_path / folder, factor=factor), allow_python=True)
        shapes.append((net.shapes["y"], net.shapes["z"]))
        assert (tmp_path / folder / "ran").exists()
    assert shapes == [((2, 3),) * 2, ((5, 3),) * 2]


def test_other_modules_are_left_as_they_were(tmp_path: Path):
    import colorsys

    before = list(sys.path)
    net = netdef.load(write(tmp_path, "colorsys", 7), allow_python=True)
    assert net.shapes["y"] == (7, 3)
    assert sys.modules["colorsys"] is colorsys and sys.path == before


def test_an_installed_pycaffe_is_not_shadowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    netdef.load(write(tmp_path, "without_pycaffe"), allow_python=True)
    assert "caffe" not in sys.modules
    theirs = types.ModuleType("caffe")
    monkeypatch.setitem(sys.modules, "caffe", theirs)
    netdef.load(write(tmp_path, "with_pycaffe"), allow_python=True)
    assert sys.modules["caffe"] is theirs


@pytest.mark.parametrize(("param", "said"), [
    ('module: "no_such_layers" layer: "Mine"', "finds no module `no_such_layers` in"),
    ('module: "no_such_package.layers" layer: "Mine"', "finds no module `no_such_package` in"),
    ('module: "user_layers" layer: "Afine"', "finds no class `Afine` in"),
    ('module: "user_layers" layer: "Afine"', "did you mean `Affine`?"),
    ('module: "user_layers" layer: "Neither"', "is neither a caffe.Layer nor a torch.nn.Module"),
    ('module: "user_layers"', "names no class"),
    ('layer: "Mine"', "names no module"),
    ('module: "not_python" layer: "Mine"', "cannot import `not_python`: SyntaxError: invalid syntax ("),
    ('module: "of_python_2" layer: "Mine"', "of_python_2.py, line 2); it is written for Python 2, and `2to3 -w` converts it"),
    ('module: "with_tabs" layer: "Mine"', "with_tabs.py, line 3); it is written for Python 2, and `2to3 -w` converts it"),
    ('module: "wants_more" layer: "Mine"', "cannot import `wants_more`: ModuleNotFoundError: No module named 'absent'"),
    ('module: "wants_net" layer: "Mine"', "`caffe.Net` is not here"),
])
def test_refusals_have_a_place(tmp_path: Path, param: str, said: str):
    (tmp_path / "not_python.py").write_text("class Mine(:")
    (tmp_path / "of_python_2.py").write_text("class Mine:\n    print 'mine'")
    (tmp_path / "with_tabs.py").write_text("class Mine:\n        x = 1\n\ty = 2")
    (tmp_path / "wants_more.py").write_text("import absent")
    (tmp_path / "wants_net.py").write_text("import caffe\ncaffe.Net")
    text = ('layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 } } }\n'
            f'layer {{ name: "l" type: "Python" bottom: "x" top: "y" python_param {{ {param} }} }}')
    with pytest.raises(netdef.SpecError) as raised:
        netdef.loads(text, tmp_path, allow_python=True)
    assert said in str(raised.value) and str(raised.value).startswith("<text>:2:")


def test_an_error_that_was_raised_here_for_a_user_has_the_users_line():
    with pytest.raises(SpecError) as raised:
        netdef.loads("layer { nothing: 1 }")
    text = described(raised.value)
    assert "test_user_code.py, line" in text and "errors.py" not in text
