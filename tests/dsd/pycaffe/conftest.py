"""`import caffe` for the length of a test."""

import sys

import pytest

import dsd.pycaffe
from netdef.pycaffe import mode


@pytest.fixture
def caffe(monkeypatch):
    monkeypatch.setattr(mode, "choices", mode.Choices(log_level=2))
    with dsd.pycaffe.install(allow_python=True):
        import caffe

        yield caffe
    assert "caffe" not in sys.modules
