"""Count how many published nets are read and built: a table over every prototxt in a folder.

    python tools/corpus.py FOLDER

Files are nets or solvers, told apart by their fields. Nets are built on torch's ``meta`` device in both phases; what
keeps one from building is counted by its first complaint, names taken out. A net is without data if it has no other
complaint.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from netdef.api import compile_net
from netdef.data.feeding.feed import Feed
from netdef.definition.definitions import NetDefinition, PhaseName
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net, read_solver
from netdef.errors import NetdefError, SpecError
from netdef.graph.unread import unread_problems
from netdef.layers.core.registry import known_types
from netdef.schema.messages import NetParameter, SolverParameter
from netdef.text.load import load_source
from netdef.text.parse import parse

_SUFFIXES = {".prototxt", ".pt", ".txt", ""}
# Data layers, and layers that are code of the net's author: their shapes are not in the net's text. Nor is a batch_size that
# a program fills in, as DIGITS does, or the shape of an input that it gives.
_FEEDS = "|".join(sorted(name for name, cls in known_types().items() if issubclass(cls, Feed)))
_OUTSIDE = rf"\w*Data|\w*_DATA|Python|{_FEEDS}"
_MISSING = re.compile(
    r"layer `[^`]*` \(Input\) has no shape for |"
    rf"layer `[^`]*` \(({_OUTSIDE})\) "
    r"((reads `[^`]*`, but )?there is no `|takes its data from|reads a video file or a camera|names no file|"
    r"has an unknown type|runs `|finds no module|names no (module|class)|has \d+ anchors|has the `param_str`|"
    r"needs a batch_size of at least 1)"
)
_TABLES = re.compile(r"layer `[^`]*` \(\w+\) reads `[^`]*`, but there is no ")  # of labels, which are data as well
_UNMADE = re.compile(r"reads blob `([^`]*)`, which no layer before it makes")


def main(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _SUFFIXES)
    counts: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    unbuilt: Counter[str] = Counter()
    for path in files:
        try:
            spec = read(path)
        except NetdefError as error:
            unread.update({kind(complaint) for complaint in complaints(error)})
            continue
        counts["parsed"] += 1
        if not isinstance(spec, NetDefinition):
            counts["solvers"] += 1
            continue
        counts["nets"] += 1
        outcomes = set()
        for phase in ("TRAIN", "TEST"):
            try:
                compile_net(spec, phase, device="meta")
                counts[phase] += 1
                outcomes.add("built")
            except NetdefError as error:
                if all(needs_data(spec, complaint) for complaint in complaints(error)):
                    counts[f"{phase} without data"] += 1
                    outcomes.add("without data")
                else:
                    outcomes.add("refused")
                    first = next(text for text in complaints(error) if not needs_data(spec, text))
                    unbuilt[f"{phase} {kind(first)}"] += 1
                    print(f"{phase} {path.relative_to(folder)}: {first.splitlines()[0]}", file=sys.stderr)
        counts["both"] += outcomes == {"built"}
        counts["both without data"] += "without data" in outcomes
    print(f"{len(files)} files, {counts['parsed']} read ({counts['nets']} nets, {counts['solvers']} solvers)")
    for phase in ("TRAIN", "TEST"):
        rest = counts["nets"] - counts[f"{phase} without data"]
        share = f" = {counts[phase] / rest:.1%}" if rest else ""
        print(f"{phase}: {counts[phase]} built of {rest} nets for the phase whose shapes need no missing data{share}")
    rest = counts["nets"] - counts["both without data"]
    share = f" = {counts['both'] / rest:.1%}" if rest else ""
    print(f"both: {counts['both']} built of {rest} nets whose shapes need no missing data in either phase{share}")
    table("complaints that kept files from being read", unread)
    table("complaints that kept nets from being built", unbuilt)


def read(path: Path) -> object:
    """The spec of a file, a net's or a solver's. Raises `NetdefError`, also for a net that has fields in both phases
    that the schema has not."""
    given = {field.name for field in parse(load_source(path)).fields}
    solver = len(given & set(SolverParameter.DESCRIPTOR.fields_by_name))
    if solver > len(given & set(NetParameter.DESCRIPTOR.fields_by_name)):
        return read_solver(path)
    net = read_net(path)
    phases: tuple[PhaseName, ...] = ("TRAIN", "TEST")
    unread = [unread_problems(filter_net(net, phase)) for phase in phases]
    if all(unread):
        unread[0].raise_any()
    return net


def needs_data(spec: NetDefinition, complaint: str) -> bool:
    """Whether a complaint is about missing data or code, or about a phase that the net is not for."""
    return bool(_MISSING.search(complaint) or _TABLES.match(complaint)) or only_elsewhere(spec, complaint)


def only_elsewhere(spec: NetDefinition, complaint: str) -> bool:
    """Whether a net is not for this phase: its missing blob is made by a layer that its own rules exclude."""
    unmade = _UNMADE.search(complaint)
    return unmade is not None and any(unmade[1] in layer.tops for layer in spec.layers if layer.message.include)


def complaints(error: NetdefError) -> list[str]:
    """The messages of an error, one for each mistake."""
    return [problem.message for problem in error.problems] if isinstance(error, SpecError) else [str(error)]


def kind(complaint: str) -> str:
    """The kind of a complaint: its text without names of layers and numbers."""
    text = re.sub(r"^layer `[^`]*`", "layer", complaint.splitlines()[0])
    return re.sub(r"\(and \d+ more\) |; did you mean.*", "", text)[:150]


def table(title: str, rows: Counter[str]) -> None:
    print(f"\n{title}")
    for kind, count in rows.most_common():
        print(f"{count:5}  {kind}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
