"""Modules of users that register layer types: the example of the README, by `load_plugin` and by --plugin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import netdef
from netdef.errors import FileError, NetdefError, SpecError
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core import registry
from netdef.plugins import load_plugin, load_plugins_of_environment
from netdef.testing import check_layer

ROOT = Path(__file__).parents[2]
NET = """layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "s" type: "SoftShrink" bottom: "x" top: "y" soft_shrink_param { threshold: 1.5 } }
"""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """The file of the README's example, imported; its type is forgotten afterwards."""
    before = dict(registry._registry), dict(registry._own_fields)
    page = (ROOT / "netdef/README.md").read_text()
    example = next(code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "SoftShrink" in code)
    file = tmp_path_factory.mktemp("plugin") / "layers_of_a_user.py"
    file.write_text(f"import netdef\nimport torch\n\n\n{example}")
    load_plugin(file)
    yield file
    for now, then in zip((registry._registry, registry._own_fields), before):
        now.clear()
        now.update(then)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("NETDEF_PLUGINS", "")


def test_a_layer_with_fields_of_its_own(plugin):
    net = netdef.loads(NET)
    outputs = net(x=torch.tensor([[-4.0, -1.0, 2.0], [0.5, 1.5, 7.0]]))
    assert outputs["y"].tolist() == [[-2.5, 0.0, 0.5], [0.0, 0.0, 5.5]]


def test_defaults_and_the_promises_of_every_layer(plugin):
    net = netdef.loads(NET.replace("soft_shrink_param { threshold: 1.5 }", ""))
    assert net(x=torch.full((2, 3), 2.0))["y"].tolist() == [[1.5] * 3] * 2
    check_layer('layer { name: "l" type: "SoftShrink" bottom: "x" top: "y" soft_shrink_param { threshold: 0.25 } }', x=(2, 3, 5))


def test_mistakes_in_own_fields_have_places(plugin):
    with pytest.raises(SpecError) as caught:
        netdef.loads(NET.replace("threshold: 1.5", "treshold: 1"))
    (problem,) = caught.value.problems
    assert problem.message == "SoftShrinkParameter has no field `treshold`; did you mean `threshold`?"
    assert str(problem.span) == "<text>:2:79"
    with pytest.raises(SpecError, match="<text>:2:79: layer `s` .SoftShrink. has a threshold of -2"):
        netdef.loads(NET.replace("1.5", "-2"))


def test_other_types_do_not_have_own_fields(plugin):
    with pytest.raises(SpecError, match="LayerParameter has no field `soft_shrink_param`"):
        netdef.loads(NET.replace("SoftShrink", "ReLU"))


def test_an_own_field_keeps_its_value_though_its_name_is_of_a_kernel(plugin):
    @netdef.register("TimesDevices", fields="optional int32 gpu_count = 152;")
    class TimesDevices(netdef.Layer):
        def __init__(self, spec, shapes):
            super().__init__(spec, shapes)
            self.factor = spec.own.gpu_count

        def forward(self, x):
            return self.factor * x

    text = NET.replace("SoftShrink", "TimesDevices").replace("soft_shrink_param { threshold: 1.5 }", "gpu_count: 3")
    assert netdef.loads(text)(x=torch.ones(2, 3))["y"].tolist() == [[3.0] * 3] * 2


def test_a_command_imports_a_plugin(plugin, tmp_path):
    (tmp_path / "net.prototxt").write_text(NET)
    command = [sys.executable, "-m", "dsd", "check", "net.prototxt"]
    known = {**os.environ, "PYTHONPATH": f"{ROOT}"}
    told = subprocess.run([*command, "--plugin", plugin], cwd=tmp_path, env=known, capture_output=True, text=True)
    assert told.returncode == 0 and "SoftShrink" in told.stdout
    told = subprocess.run(command, cwd=tmp_path, env=known, capture_output=True, text=True)
    assert told.returncode == 2 and "unknown type `SoftShrink`" in told.stderr
    assert "soft_shrink_param" not in told.stderr.replace('soft_shrink_param { threshold: 1.5 } }', "")
    handed_on = {**known, "NETDEF_PLUGINS": f"{plugin}"}
    code = "from netdef.plugins import load_plugins_of_environment as load; load(); import layers_of_a_user"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=handed_on).returncode == 0


def test_a_prototxt_that_would_lose_its_fields_is_not_written(plugin, tmp_path):
    from netdef.convert.write import write_definition

    with pytest.raises(SpecError, match="soft_shrink_param"):
        write_definition(tmp_path / "out.prototxt", netdef.loads(NET).spec)
    assert not (tmp_path / "out.prototxt").exists()


def test_processes_that_are_started_have_the_layer(plugin, monkeypatch):
    load_plugin(plugin)
    load_plugin(plugin)
    assert os.environ["NETDEF_PLUGINS"] == str(plugin.resolve())
    load_plugins_of_environment()


def test_files_that_cannot_be_imported(tmp_path):
    with pytest.raises(FileError, match="missing.py: no such file"):
        load_plugin(tmp_path / "missing.py")
    (tmp_path / "layers.txt").touch()
    with pytest.raises(FileError, match="layers.txt: is no Python file"):
        load_plugin(tmp_path / "layers.txt")
    (tmp_path / "broken_layers.py").write_text("import netdef\n\nnetdef.wonder\n")
    with pytest.raises(NetdefError, match="cannot be imported: AttributeError: .*broken_layers.py, line 3"):
        load_plugin(tmp_path / "broken_layers.py")
    (tmp_path / "string.py").write_text("")
    with pytest.raises(NetdefError, match="another module is named `string`"):
        load_plugin(tmp_path / "string.py")
