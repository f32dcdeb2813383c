"""The text of a module: docstring, imports, functions, the class, and the code that loads its weights."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

_WIDTH = 112  # of a statement, which stands eight columns in


@dataclass
class ModuleText:
    """The parts of a module with one class.

    ``title`` is the module's docstring, ``summary`` the class's. ``members`` are the statements of its constructor, ``ties``
    those that make two parameters one; ``statements`` are those of ``forward``, ``inputs`` its arguments, ``returns`` its type
    and value. ``functions`` are {name: source} of
    the functions and classes that they call.
    """

    name: str
    title: str
    summary: str
    inputs: list[str]
    returns: tuple[str, str]
    members: list[str] = field(default_factory=list)
    ties: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join([*self._head(), *self._class(), *self._load()])

    def _head(self) -> Iterator[str]:
        text = "\n".join([*self.members, *self.statements, *self.functions.values()])
        yield f'"""{escape(self.title)}"""'
        yield ""
        if "Callable[" in text:
            yield "from collections.abc import Callable"
        yield "from pathlib import Path"
        yield ""
        if "torch." in text:
            yield "import torch"
        if "F." in text:
            yield "import torch.nn.functional as F"
        yield "from safetensors.torch import load_file"
        yield "from torch import Tensor, nn"
        for source in self.functions.values():
            yield f"\n\n{source.rstrip()}"

    def _class(self) -> Iterator[str]:
        yield f"\n\nclass {self.name}(nn.Module):"
        yield f'    """{self.summary}"""'
        yield ""
        yield "    def __init__(self):"
        yield "        super().__init__()"
        yield from (f"        {line}" for line in self.members)
        yield from (f"        {line}  # one parameter" for line in self.ties)
        yield ""
        kind, value = self.returns
        yield f"    def forward(self, {', '.join(f'{name}: Tensor' for name in self.inputs)}) -> {kind}:"
        yield from (f"        {line}" for line in self.statements)
        yield f"        return {value}"
        yield "\n"

    def _load(self) -> Iterator[str]:
        yield f"def load(path: str | Path = Path(__file__).with_suffix(\".safetensors\")) -> {self.name}:"
        yield '    """The net with the weights of a file, by default the one beside this module; for inference."""'
        yield f"    net = {self.name}()"
        yield "    net.load_state_dict(load_file(path))"
        yield "    return net.eval()"
        yield ""


def wrapped(statement: str) -> list[str]:
    """Wrap a long call over several lines within its brackets; leave other statements as they are."""
    parsed = ast.parse(statement).body[0]
    if len(statement) <= _WIDTH or not isinstance(parsed, ast.Assign) or not isinstance(parsed.value, ast.Call):
        return [statement]
    tops, equals, rest = statement.partition(" = ")
    whole = f"{tops}{equals}".replace(" ", "\0") + rest  # no line may end before the brackets
    lines = textwrap.wrap(whole, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]


def escape(text: str) -> str:
    """Escape untrusted text for a docstring: in one line, and nothing in it ends the string."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"')
