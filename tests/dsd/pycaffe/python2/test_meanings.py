"""Changes on the syntax tree that give code of Python 2 its meaning."""

from __future__ import annotations

import ast

import pytest

from dsd.pycaffe.python2.meanings import OldMeanings


def changed(text: str, whole_division: bool = True) -> str:
    return ast.unparse(ast.fix_missing_locations(OldMeanings(whole_division).visit(ast.parse(text))))


@pytest.mark.parametrize(("text", "wanted"), [
    ("a / b", "_python2_divide(a, b)"),
    ("x[0] /= b", "x[0] = _python2_divide_in_place(x[0], b)"),
    ("a < b", "_python2_lt(a, b)"),
    ("a < b < c", "a < b < c"),
    ("a == b", "a == b"),
    ("sorted(x, lambda a, b: b - a)", "sorted(x, key=_python2_cmp_to_key(lambda a, b: b - a))"),
    ("x.sort(cmp=f)", "x.sort(key=_python2_cmp_to_key(f))"),
    ("net.ParseFromString(file.read())", "net.ParseFromString(_python2_as_bytes(file.read()))"),
    ("'a'.encode('hex', errors=e)", "_python2_encode('a', 'hex', errors=e)"),
    ("f(*a).tostring()", "_python2_tostring(f(*a))"),
    ("decode(x)", "decode(x)"),
    ("error.message", "_python2_message(error)"),
    ("error.message = 1", "error.message = 1"),
    ("data.value[0]", "_python2_value(data)[0]"),
    ("subprocess.check_output(c)", "_python2_as_text(subprocess.check_output(c))"),
    ("exec(a)", "exec(_python2_source(a))"),
    ("exec(a, names)", "exec(_python2_source(a), names)"),
    ("eval(a)", "eval(_python2_expression(a))"),
    ("model.eval(a)", "model.eval(a)"),
    ("def eval(a): pass\neval(b)", "def eval(a):\n    pass\neval(b)"),
    ("import pickle, os", "import _python2_pickle as pickle, os"),
    ("import lmdb as db", "import _python2_lmdb as db"),
    ("from pickle import load", "from _python2_pickle import load"),
    ("from .pickle import load", "from .pickle import load"),
])
def test_what_becomes_of_code(text, wanted):
    assert changed(text) == wanted


def test_division_stays_where_the_module_asks_for_todays():
    assert changed("a / b", whole_division=False) == "a / b" and changed("a /= b", whole_division=False) == "a /= b"


def test_exec_in_a_function_makes_names_of_its_module():
    found = changed("def f():\n    exec(a)\nclass C:\n    exec(b)\n    def g(self):\n        exec(c)")
    scope = ", globals(), _python2_ExecScope(globals(), locals())"
    assert f"exec(_python2_source(a){scope})" in found and f"exec(_python2_source(c){scope})" in found
    assert "exec(_python2_source(b))" in found


def test_global_may_follow_a_use_of_the_name():
    found = changed('x = 1\nglobal x\ndef f():\n    """Words."""\n    y = x\n    if y:\n        global x\n    x = 2')
    names: dict[str, object] = {}
    exec(found + "\nf()", names)
    assert names["x"] == 2 and names["f"].__doc__ == "Words."


def test_classes_get_todays_operators():
    found = changed("class C:\n    def __div__(self, x): pass\n    def __cmp__(self, x): pass\n    def __eq__(self, x): pass")
    assert "__truediv__ = __div__" in found and "__lt__ = _python2_compared_lt" in found
    assert "__eq__ =" not in found and "__hash__ = object.__hash__" in found
    assert changed("class D:\n    x = 1") == "class D:\n    x = 1"
