"""Scripts of Python 2."""

from __future__ import annotations

from pycaffe_process import run_script

OLD = """
import cPickle, Queue, os
from cStringIO import StringIO
import numpy as np
import caffe
from old_helper import half

def add((a, b), c):
\treturn a + b + c

print "half of 7 is", half(7), 7 / 2, 7 / 2.0, add((1, 2), 3)
x = np.arange(5); x /= 2
print None < -5, 3 < len, "a" > 9, [1] <= (2,), np.arange(3) < 2, 1 < 2 < 3
print x.tolist(), np.float(1), (np.arange(4) / 2).dtype.kind
print np.fromstring(np.arange(3).astype(np.uint8).tostring(), np.uint8).sum(), np.fromstring("1 2", sep=" ").sum()
d = {"b": 1, "a": 2}
print d.has_key("a"), sorted(d.keys())[0], [unicode(k) for k in d.iterkeys()] == d.keys()
try:
        raise KeyError, "words"
except KeyError, error:
        print error
buffer = StringIO(); buffer.write("text"); print buffer.getvalue()
cPickle.dump({"w": np.ones(3)}, open("saved.pkl", "wb"))
print cPickle.load(open("saved.pkl"))["w"].sum(), map(lambda v: v * 2, xrange(3))[2], reduce(lambda a, b: a + b, [1, 2, 3])
with open("bytes", "w") as out: out.write(np.arange(2, dtype=np.uint8).tostring())
with open("text", "wb") as out: out.write("te"); out.write(b"xt")
import tempfile
with tempfile.NamedTemporaryFile(delete=False, dir=".") as out: out.write(str("net")); out.write(b"!")
print open(out.name).read()
print len(open("bytes", "rb").read()), open("text").read(), open("bytes").read() == chr(0) + chr(1)
execfile("more.py"); print more, 0777, `1`
print round(2.5), int(round(0.5)), np.in1d([1, 2], [2]).tolist()
print sorted([2, 3, 1], cmp=lambda a, b: b - a), sorted([2, 3, 1], lambda a, b: b - a)
x = [2, 3, 1]; x.sort(lambda a, b: b - a); y = np.array([[2, 1], [0, 3]]); y.sort(0); print x, y.tolist()
np.save("weights.npy", {"conv1": 3}); print np.load("weights.npy").item()["conv1"]
import httplib, commands; from SocketServer import TCPServer
assert not hasattr(httplib, "__file__")
print httplib.OK == 200, commands.getoutput("echo words"), TCPServer.__name__
try:
    exec "made = 7 / 2" in {}; raise ValueError("from here")
except ValueError as error:
    print error.message, eval("7 / 2 + %d" % 1), map(None, [1], [2, 3]), filter(str.isalpha, "a1b"), "6162".decode("hex")
import imp, lmdb, pickle
print imp.load_source("loaded", "more.py").more, pickle.load(open("saved.pkl"))["w"].size, pickle.loads(pickle.dumps("a"))
environment = lmdb.open("database"); transaction = environment.begin(write=True)
datum = caffe.io.array_to_datum(np.ones((3, 2, 1), np.uint8), 5)
transaction.put("%08d" % 3, datum.SerializeToString()); transaction.commit()
for key, value in environment.begin().cursor():
    print key, caffe.proto.caffe_pb2.Datum.FromString(value).label
class Number:
    def __init__(self, n): self.n = n
    def __cmp__(self, other): return cmp(self.n, other.n)
    def __div__(self, other): return self.n / other.n
print Number(2) < Number(3), max([Number(4), Number(9)]).n, Number(9) / Number(2), len(set([Number(1), Number(1)]))
import sys, time; reload(sys); sys.setdefaultencoding("utf-8"); assert time.clock() > 0
if os.path.exists("saved.pkl"):
    for i in range(1):
	print >>__import__("sys").stdout, "a tab is", 8, caffe.__name__
"""


def test_a_script_of_python_2(tmp_path):
    (tmp_path / "script.py").write_text(OLD)
    (tmp_path / "old_helper.py").write_text("from __future__ import division\ndef half(x):\n    print 'half'\n    return x / 2\n")
    (tmp_path / "more.py").write_text("more = 9 / 2\n")
    done = run_script(tmp_path, "--py2", "script.py")
    assert done.stdout.splitlines() == [
        "half",
        "half of 7 is 3.5 3 3.5 6", "True True True True [ True  True False] True", "[0, 0, 1, 1, 2] 1.0 i",
        "3 3.0", "True a True", "'words'", "text", "3.0 4 6", "net!", "2 text True", "4 511 1",
        "3.0 1 [False, True]", "[3, 2, 1] [3, 2, 1]", "[3, 2, 1] [[0, 1], [2, 3]]", "3", "True words TCPServer",
        "from here 4 [(1, 2), (None, 3)] ab b'ab'", "4 3 a", "00000003 5", "True 9 4 2",
        "a tab is 8 caffe"], done.stderr
    assert not list(tmp_path.glob("**/*.pyc"))


def test_a_source_tree_of_python_2_does_not_come_before_our_caffe(tmp_path):
    (tmp_path / "python" / "caffe").mkdir(parents=True)
    (tmp_path / "python" / "caffe" / "__init__.py").write_text("from ._caffe import Net")
    (tmp_path / "python" / "caffe" / "fork.py").write_text("print 'of the fork'")
    (tmp_path / "script.py").write_text(
        "import sys; sys.path.insert(0, 'python')\nimport caffe, caffe.fork, caffe.io\nprint caffe.Net.__module__")
    assert run_script(tmp_path, "--py2", "script.py").stdout.splitlines() == ["of the fork", "netdef.pycaffe.net"]


def test_imports_of_python_2_begin_beside_the_module(tmp_path):
    (tmp_path / "__init__.py").touch()  # does not make the script part of a package
    (tmp_path / "script.py").write_text("import paths, bundle\nprint bundle.one.VALUE, paths.VALUE")
    (tmp_path / "paths.py").write_text("VALUE = 1")
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "__init__.py").write_text("import one")
    (tmp_path / "bundle" / "one.py").write_text("from two import VALUE")
    (tmp_path / "bundle" / "two.py").write_text("VALUE = 2")
    done = run_script(tmp_path, "--py2", "script.py")
    assert done.stdout == "2 1\n", done.stderr


def test_python_2_is_converted_only_where_asked(tmp_path):
    (tmp_path / "script.py").write_text("print 'x'")
    assert "SyntaxError" in run_script(tmp_path, "script.py").stderr
    (tmp_path / "neither.py").write_text("def (:")
    assert "is neither Python 2 nor Python 3" in run_script(tmp_path, "--py2", "neither.py").stderr


def test_the_flag_is_named_where_a_script_is_not_python_3(tmp_path):
    (tmp_path / "script.py").write_text("print 'two'\n")
    done = run_script(tmp_path, "script.py")
    assert done.returncode == 1 and done.stderr.startswith("script.py is not Python 3; if it is Python 2, --py2 runs it\n")


def test_old_code_as_text(tmp_path):
    (tmp_path / "script.py").write_text("""
def load(name):
    exec "from %s import half" % name
    print half(7), eval(" {'a': 010 / 3}['a'] ")
load("helper")
exec compile("print('compiled')", "x", "exec")
exec "print 'text', 9 / 2"
""")
    (tmp_path / "helper.py").write_text("def half(x): return x / 2")
    done = run_script(tmp_path, "--py2", "script.py")
    assert done.stdout.splitlines() == ["3 2", "compiled", "text 4"], done.stderr


def test_messages_take_files_that_are_opened_as_text(tmp_path):
    (tmp_path / "script.py").write_text("""
import caffe, numpy as np
from caffe.proto import caffe_pb2
numbers = np.arange(-300., 300).reshape(1, 2, 15, 20)
with open("mean", "wb") as out: out.write(caffe.io.array_to_blobproto(numbers).SerializeToString())
blob = caffe_pb2.BlobProto()
blob.ParseFromString(open("mean").read())
print caffe.io.blobproto_to_array(blob).sum(), caffe_pb2.BlobProto.FromString(open("mean").read()) == blob
""")
    done = run_script(tmp_path, "--py2", "script.py")
    assert done.stdout == "-300.0 True\n", done.stderr
