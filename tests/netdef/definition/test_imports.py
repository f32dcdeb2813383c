"""Modules of a net in the places of its IMPORT layers."""

from __future__ import annotations

from pathlib import Path

import pytest

import netdef
from netdef.definition.imports import resolve_name

MODULE = """name: "module"
layers { name: "conv" type: CONVOLUTION bottom: "${bottom}" top: "conv" blobs_lr: 1
         convolution_param { num_output: ${outputs} kernel_size: 3 } }
layers { name: "relu" type: RELU bottom: "conv" top: "conv" }
"""
NET = """input: "data" input_dim: [1, 2, 9, 7]
layers { name: "one" type: IMPORT import_param { net: "module.prototxt"
         var { name: "bottom" value: "/data" } var { name: "outputs" value: "4" } } }
layers { name: "two" type: IMPORT import_param { net: "module.prototxt"
         var { name: "bottom" value: "../one/conv" } var { name: "outputs" value: "5" } } }
layers { name: "ip" type: INNER_PRODUCT bottom: "two/conv" top: "ip" inner_product_param { num_output: 6 } }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "module.prototxt").write_text(MODULE)
    return tmp_path


def test_names_of_a_module_begin_with_that_of_the_layer(folder: Path):
    (folder / "net.prototxt").write_text(NET)
    net = netdef.load(folder / "net.prototxt")
    assert [layer.name for layer in net.layers.values()] == ["one/conv", "one/relu", "two/conv", "two/relu", "ip"]
    assert net.shapes == {"data": (1, 2, 9, 7), "one/conv": (1, 4, 7, 5), "two/conv": (1, 5, 5, 3), "ip": (1, 6)}


def test_modules_within_modules(folder: Path):
    (folder / "outer.prototxt").write_text(
        'layers { name: "in" type: IMPORT import_param { net: "module.prototxt" var { name: "bottom" value: "../../data" } '
        'var { name: "outputs" value: "3" } } }\nlayers { name: "out" type: TANH bottom: "in/conv" top: "." }')
    net = netdef.loads('input: "data" input_dim: [1, 2, 9, 7] layers { name: "a" type: IMPORT import_param { net: '
                       '"outer.prototxt" } }', base_dir=folder)
    assert net.shapes == {"data": (1, 2, 9, 7), "a/in/conv": (1, 3, 7, 5), "a": (1, 3, 7, 5)}


@pytest.mark.parametrize(("name", "folder", "whole"), [
    ("/data", "a/b", "data"), ("x", "a/b", "a/b/x"), ("../x", "a/b", "a/x"), ("../../x", "a/b", "x"), (".", "a/b", "a/b"),
    ("x", "", "x"),
])
def test_names(name: str, folder: str, whole: str):
    assert resolve_name(name, folder) == whole


@pytest.mark.parametrize(("text", "words"), [
    ('layers { name: "a" type: IMPORT import_param { net: "none.prototxt" } }', "reads `none.prototxt`, but there is no"),
    ('layers { name: "a" type: IMPORT }', "needs an `import_param"),
    ('layers { type: IMPORT import_param { net: "module.prototxt" } }', "a string `name` is wanted"),
    ('layers { name: "a" type: IMPORT bottom: "x" import_param { net: "module.prototxt" } }', "and no `bottom`"),
    ('layers { name: "a" type: IMPORT import_param { net: "self.prototxt" } }', "imports itself"),
    ('layers { name: "a" type: IMPORT import_param { net: "whole.prototxt" } }', "a module has `layers`, and no `input`"),
    ('layers { name: "a" type: IMPORT import_param { net: "module.prototxt" } }', r"placeholder `\$\{outputs\}`"),
])
def test_what_no_module_is_made_of_is_refused(folder: Path, text: str, words: str):
    (folder / "self.prototxt").write_text('layers { name: "a" type: IMPORT import_param { net: "self.prototxt" } }')
    (folder / "whole.prototxt").write_text('input: "x" input_dim: [1, 2, 3, 5]')
    with pytest.raises(netdef.SpecError, match=words):
        netdef.loads(text, base_dir=folder)


def test_a_mistake_in_a_module_has_its_place_there(folder: Path):
    (folder / "bad.prototxt").write_text('layers { name: "l" type: RELU bottom: "/x" top: "y" relu_param { slope: 2 } }')
    text = 'input: "x" input_dim: [1, 2, 3, 5] layers { name: "a" type: IMPORT import_param { net: "bad.prototxt" } }'
    with pytest.raises(netdef.SpecError, match=r"bad\.prototxt:1:\d+: ReLUParameter has no field `slope`"):
        netdef.loads(text, base_dir=folder)
