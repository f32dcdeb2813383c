"""Names that libraries had in the time of Python 2: they are restored in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pycaffe_process import run_script

SCRIPT = r"""
import base64, collections, csv, hashlib, inspect, itertools, os, string, struct, sys, types, urllib
import numpy as np, scipy, scipy.misc
from scipy.misc import imresize, logsumexp
from itertools import izip; from PIL import Image
print string.letters[25:28], string.join(["a", "b"], "-"), string.split("a b"), string.atoi("3") / 2, string.zfill("7", 3)
print isinstance("a", types.StringTypes), type({}) == types.DictType, list(izip([1], [2])), itertools.imap(len, ["ab"]).next()
print issubclass(dict, collections.Mapping), urllib.quote("a b"), base64.decodestring(base64.encodestring("ab"))
print os.errno.EEXIST, inspect.getargspec(lambda a, b: 1)[0], sys.maxint > 2**31, Image.ANTIALIAS == Image.LANCZOS
folders = []
os.path.walk("tree", lambda found, folder, names: found.append((os.path.basename(folder), sorted(names))), folders)
print sorted(folders)
print hashlib.md5("a").hexdigest()[:8], struct.unpack("<h", open("two").read()), list(csv.reader(open("table", "rb")))
print np.float(1), np.in1d([1, 2], [2]), np.msort(np.array([[2, 1], [0, 3]])).tolist(), np.Inf, np.rank([[1]])
np.set_printoptions(threshold="nan"); print len(repr(np.arange(2000))) > 5000
print np.histogram([1, 2, 2], 2, normed=True)[0].sum(), np.histogram([1, 2, 2], 2)[0]
np.set_printoptions(precision=1); print np.array([0.25, 1.16])
import torch; print (1 - torch.empty(2, 3, device="meta")).shape
print scipy.array([1, 2]).sum(), scipy.misc.comb(4, 2), round(logsumexp([0.0, 0.0]), 4), imresize(np.zeros((4, 6)), 50).shape
"""


def test_scripts_have_old_names_and_libraries_todays(tmp_path: Path):
    pytest.importorskip("scipy")
    (tmp_path / "tree" / "inner").mkdir(parents=True)
    for name, content in {"tree/one": b"", "tree/inner/deep": b"", "two": b"\x02\x00", "table": b"a,1\r\n"}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "script.py").write_text(SCRIPT)
    done = run_script(tmp_path, "--py2", "script.py")  # torch loads much of itself for a tensor without memory, and checks
    assert done.stdout.splitlines() == [
        "zAB a-b ['a', 'b'] 1 007", "True True [(1, 2)] 2", "True a%20b b'ab'", "17 ['a', 'b'] True True",
        "[('inner', ['deep']), ('tree', ['inner', 'one'])]", "0cc175b9 (2,) [['a', '1']]",
        "1.0 [False  True] [[0, 1], [2, 3]] inf 2", "True", "2.0 [1 2]", "[0.2 1.2]",
        "torch.Size([2, 3])", "3 6.0 0.6931 (2, 3)"], done.stderr
