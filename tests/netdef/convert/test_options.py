"""Options of a conversion."""

from __future__ import annotations

import subprocess
import sys

from netdef.convert.options import Files


def test_a_model_is_named_by_its_text_or_its_weights():
    assert Files("net.prototxt", ["w.caffemodel"], None).source == "net.prototxt"
    assert Files(None, ["w.caffemodel", "v.caffemodel"], "x.py").source == "w.caffemodel"


def test_importing_them_does_not_import_torch():
    code = "import sys, netdef.convert.options; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
