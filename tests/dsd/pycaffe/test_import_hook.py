"""`install` and `uninstall`."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import pytest

import dsd.pycaffe
from netdef.errors import NetdefError
from netdef.pycaffe import mode


def test_within_the_context_there_is_a_caffe(caffe):
    import caffe.proto.caffe_pb2
    from caffe import coord_map, draw, io
    from caffe.proto import caffe_pb2

    assert sys.modules["caffe.io"] is io is caffe.io and caffe_pb2 is caffe.proto.caffe_pb2
    assert coord_map.crop and draw.draw_net and caffe.pycaffe.Net is caffe._caffe.Net is caffe.Net


def test_before_and_after_it_there_is_none():
    with pytest.raises(ModuleNotFoundError):
        import_module("caffe")
    with dsd.pycaffe.install():
        pass
    with pytest.raises(ModuleNotFoundError):
        import_module("caffe")
    dsd.pycaffe.uninstall()  # once more does nothing


def test_installing_twice_changes_the_permissions():
    dsd.pycaffe.install()
    try:
        assert not mode.choices.allow_python
        import caffe

        dsd.pycaffe.install(allow_python=True, lenient=True)
        assert mode.choices.allow_python and mode.choices.lenient and sys.modules["caffe"] is caffe
    finally:
        dsd.pycaffe.uninstall()
    assert not mode.choices.allow_python and not mode.choices.lenient


def test_a_real_caffe_that_is_imported_already_is_left_alone(monkeypatch):
    real = ModuleType("caffe")
    real.__file__ = "/opt/caffe/python/caffe/__init__.py"
    monkeypatch.setitem(sys.modules, "caffe", real)
    with pytest.raises(NetdefError, match="another caffe is imported already, from /opt/caffe"):
        dsd.pycaffe.install()
    assert sys.modules["caffe"] is real
    dsd.pycaffe.uninstall()
    assert sys.modules["caffe"] is real


def test_a_source_tree_that_was_never_built_does_not_come_first(tmp_path, monkeypatch):
    (tmp_path / "caffe").mkdir()
    (tmp_path / "caffe" / "__init__.py").write_text("from ._caffe import Net")
    (tmp_path / "caffe" / "io.py").write_text("raise RuntimeError('the tree')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with dsd.pycaffe.install():
        import caffe
        import caffe.io

        assert caffe.Net.__module__ == "netdef.pycaffe.net" and caffe.io.load_image


def test_modules_that_a_fork_adds_are_found(tmp_path, monkeypatch):
    with dsd.pycaffe.install():
        import caffe

        with pytest.raises(ModuleNotFoundError):
            import caffe.model_libs
        (tmp_path / "caffe" / "more").mkdir(parents=True)
        (tmp_path / "caffe" / "model_libs.py").write_text("from caffe import layers as L\nVALUE = 5")
        (tmp_path / "caffe" / "more" / "__init__.py").write_text("from . import deep")
        (tmp_path / "caffe" / "more" / "deep.py").write_text("import caffe.model_libs as libs\nVALUE = libs.VALUE + 1")
        monkeypatch.syspath_prepend(str(tmp_path))  # after the import of caffe, as scripts do
        import caffe.more
        from caffe.model_libs import VALUE, L

        assert (VALUE, caffe.more.deep.VALUE) == (5, 6) and L is caffe.layers
    assert not [name for name in sys.modules if name.split(".")[0] == "caffe"]


def test_the_package_can_be_imported_again(caffe):
    del sys.modules["caffe"]
    import caffe as again

    assert again is caffe
