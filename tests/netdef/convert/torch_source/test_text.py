"""The text of a module."""

from __future__ import annotations

import ast

import pytest

from netdef.convert.torch_source.text import ModuleText, escape, wrapped


def test_a_module_imports_what_it_uses():
    text = ModuleText("Small", 'a "title"', "x (2, 3) to y (2, 3).", ["x"], ("Tensor", "y"))
    text.members.append("self.ip = nn.Linear(3, 3)")
    text.statements.append("y = F.relu(twice(self.ip(x)))")
    text.functions["twice"] = "def twice(x):\n    return 2 * x\n"
    tree = ast.parse(str(text))
    assert ast.get_docstring(tree) == 'a "title"'
    imported = {alias.asname or alias.name for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))
                for alias in node.names}
    assert imported == {"Path", "F", "load_file", "Tensor", "nn"}  # nothing here needs torch itself
    assert [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))] == ["twice", "Small", "load"]
    assert "    def forward(self, x: Tensor) -> Tensor:\n        y = F.relu(twice(self.ip(x)))\n        return y\n" in str(text)


def test_shared_parameters_are_one():
    text = ModuleText("Small", "", "", ["x"], ("Tensor", "x"), ties=["self.b.weight = self.a.weight"])
    assert "        self.b.weight = self.a.weight  # one parameter\n" in str(text)


def test_long_calls_are_wrapped_within_their_brackets():
    call = f"top, other = F.pad({', '.join(f'argument{i}' for i in range(20))})"
    lines = wrapped(call)
    assert len(lines) == 3 and all(len(line) <= 112 for line in lines)
    assert lines[0].startswith("top, other = F.pad(") and lines[1].startswith("    argument")
    assert ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(call))


def test_other_statements_stay_in_one_line():
    total = f"y = {' + '.join(f'blob{i}' for i in range(30))}"
    assert len(total) > 112 and wrapped(total) == [total] and wrapped("y = f(x)") == ["y = f(x)"]


@pytest.mark.parametrize("text", ['""" + evil', "back\\slash\\", "two\nlines", "tab\t\0nul", "größe"])
def test_untrusted_text_stays_in_its_docstring(text: str):
    (statement,) = ast.parse(f'"""{escape(text)}"""').body
    shown = ast.literal_eval(statement.value)
    assert shown == "".join(letter if letter.isprintable() else " " for letter in text)
