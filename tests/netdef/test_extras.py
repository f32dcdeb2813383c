"""Errors about packages that are not installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from netdef.data.mat_file import read_mat
from netdef.errors import NetdefError
from netdef.extras import need_scipy
from netdef.pycaffe.images import resize_image


def test_scipy_is_here():
    need_scipy("it")


@pytest.mark.parametrize(("use", "what"), [
    (lambda: resize_image(np.eye(4)[..., None], (2, 3)), "resize_image"),
    (lambda: resize_image(np.ones((4, 3, 2)), (2, 3)), "resize_image"),
    (lambda: read_mat(Path("a.mat"), "data"), "MATLAB's format"),
])
def test_what_needs_scipy_says_how_to_install_it(use, what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.mat").write_bytes(b"any")
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "scipy", raising=False)
    with pytest.raises(NetdefError, match=rf"^{what} needs scipy; install it with: pip install 'netdef-dsd\[scipy\]'$"):
        use()
