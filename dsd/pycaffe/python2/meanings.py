"""Give code of Python 2 its meaning by changes on the syntax tree, after its syntax has become that of Python 3."""

from __future__ import annotations

import ast

from dsd.pycaffe.python2.methods import ATTRIBUTES, METHODS

PREFIX = "_python2_"
"""The first part of the names of functions that converted code calls."""

REPLACED = (
    "base64", "collections", "csv", "hashlib", "imp", "inspect", "itertools", "lmdb", "pickle", "string", "struct", "types")
"""Modules that scripts get others for, whose names begin with `PREFIX`; libraries keep these."""

_COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
_PARSERS = ("ParseFromString", "MergeFromString", "FromString")  # of messages


class OldMeanings(ast.NodeTransformer):
    """Replace what means something else in Python 3 by calls of functions whose names begin with `PREFIX`.

    ``whole_division``: ``/`` between whole numbers rounds down.
    """

    def __init__(self, whole_division: bool):
        self.whole_division = whole_division
        self._in_function = False
        self._globals: list[str] = []  # of the function or the class that is visited
        self._own: set[str] = set()  # names of the module's functions

    def visit_Module(self, node: ast.Module) -> ast.AST:
        self._own = {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef)}
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self._visit_scope(node, in_function=True)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        """Leave the statement to the beginning of its function: it might stand after a use of the name."""
        self._globals += node.names
        return ast.copy_location(ast.Pass(), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Give the class the names of today for ``__div__`` and its like, and for ``__cmp__``."""
        self._visit_scope(node, in_function=False)
        defined = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        pairs = {f"__{kind}truediv__": f"__{kind}div__" for kind in ("", "r", "i")}
        lines = [f"{new} = {old}" for new, old in pairs.items() if old in defined and new not in defined]
        if "__cmp__" in defined:
            lines += [f"__{kind}__ = {PREFIX}compared_{kind}" for kind in _COMPARISONS if f"__{kind}__" not in defined]
            lines += ["__hash__ = object.__hash__"] if "__hash__" not in defined else []
        node.body += ast.parse("\n".join(lines)).body
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST:
        for name in node.names:
            if name.name in REPLACED:
                name.name, name.asname = PREFIX + name.name, name.asname or name.name
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if not node.level and node.module in REPLACED:
            node.module = f"{PREFIX}{node.module}"
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if _sorts(node):
            _sort_by_key(node)
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "check_output":
            return ast.copy_location(_call("as_text", node), node)
        if isinstance(node.func, ast.Name):
            if name in ("exec", "eval") and node.args and name not in self._own:
                self._read_old_code(node, name)
            return node
        if name in _PARSERS and len(node.args) == 1:
            node.args = [_call("as_bytes", node.args[0])]
        elif name in METHODS and isinstance(node.func, ast.Attribute):
            call = _call(name, node.func.value, *node.args)
            call.keywords = node.keywords
            return ast.copy_location(call, node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr in ATTRIBUTES and isinstance(node.ctx, ast.Load):
            return ast.copy_location(_call(node.attr, node.value), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        kind = type(node.ops[0]).__name__.lower()
        if len(node.ops) > 1 or kind not in ("lt", "lte", "gt", "gte"):
            return node
        return ast.copy_location(_call(kind, node.left, node.comparators[0]), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or not self.whole_division:
            return node
        return ast.copy_location(_call("divide", node.left, node.right), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or not self.whole_division:
            return node
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.copy_location(ast.Assign([node.target], _call("divide_in_place", read, node.value)), node)

    def _visit_scope(self, node: ast.FunctionDef | ast.ClassDef, in_function: bool) -> None:
        outside = self._in_function, self._globals
        self._in_function, self._globals = in_function, []
        self.generic_visit(node)
        if self._globals:
            node.body.insert(0 if ast.get_docstring(node) is None else 1, ast.Global(self._globals))
        self._in_function, self._globals = outside

    def _read_old_code(self, node: ast.Call, name: str) -> None:
        """Convert the code that `exec` or `eval` is given as text. In a function, names that exec makes are the module's."""
        node.args[0] = _call("source" if name == "exec" else "expression", node.args[0])
        if name == "exec" and len(node.args) == 1 and self._in_function:
            scope = ast.parse(f"{PREFIX}ExecScope(globals(), locals())", mode="eval").body
            node.args += [ast.parse("globals()", mode="eval").body, scope]


def _sorts(node: ast.Call) -> bool:
    """Whether a call is of `sorted` or a method `sort`."""
    return getattr(node.func, "id", None) == "sorted" or getattr(node.func, "attr", None) == "sort"


def _sort_by_key(node: ast.Call) -> None:
    """Make a key of the function that compares."""
    if node.args and isinstance(node.args[-1], ast.Lambda) and len(node.args[-1].args.args) == 2:
        node.keywords.append(ast.keyword("cmp", node.args.pop()))
    for keyword in node.keywords:
        if keyword.arg == "cmp":
            keyword.arg, keyword.value = "key", _call("cmp_to_key", keyword.value)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(f"{PREFIX}{name}", ast.Load()), list(arguments), [])
