"""`python -m dsd.pycaffe`: scripts as they are, also of Python 2."""

from __future__ import annotations

from pycaffe_process import run_script

SCRIPT = """
import sys
import caffe
from helper import twice
print(__name__, sys.argv[1:], caffe.TEST, twice(4), __file__.endswith("script.py"))
"""


def test_a_script_runs_as_main_with_its_arguments(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "helper.py").write_text("def twice(x): return 2 * x")
    done = run_script(tmp_path.parent, str(tmp_path / "script.py"), "one", "--two", "-3")
    assert done.stdout == "__main__ ['one', '--two', '-3'] 1 8 True\n", done.stderr


def test_python_layers_run_only_if_allowed(tmp_path):
    (tmp_path / "script.py").write_text(
        "import caffe\nprint(caffe.Net('net.prototxt', caffe.TEST).forward()['y'])")
    (tmp_path / "mine.py").write_text("""import caffe
class Mine(caffe.Layer):
    def setup(self, bottom, top): pass
    def reshape(self, bottom, top): top[0].reshape(1)
    def forward(self, bottom, top): top[0].data[...] = 6
""")
    (tmp_path / "net.prototxt").write_text(
        'layer { name: "y" type: "Python" top: "y" python_param { module: "mine" layer: "Mine" } }')
    assert "allow it with `--allow-python`" in run_script(tmp_path, "script.py").stderr
    assert run_script(tmp_path, "--allow-python", "script.py").stdout == "[6.]\n"


def test_a_traceback_begins_in_the_script(tmp_path):
    (tmp_path / "script.py").write_text("import caffe\n\ndef deep():\n    caffe.nothing\n\ndeep()\n")
    done = run_script(tmp_path, "script.py")
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip().startswith("File ")]
    assert done.returncode == 1 and lines[:2] == ['File "script.py", line 6, in <module>', 'File "script.py", line 4, in deep']
    (tmp_path / "old.py").write_text('print "hello"\n')
    done = run_script(tmp_path, "old.py")
    assert done.returncode == 1 and done.stderr.startswith("old.py is not Python 3; if it is Python 2, --py2 runs it\n")
    assert "click" not in done.stderr and "SyntaxError" in done.stderr


def test_no_such_script(tmp_path):
    done = run_script(tmp_path, "absent.py")
    assert done.returncode == 2 and "absent.py" in done.stderr
