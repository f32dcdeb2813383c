"""The READMEs keep up with what they describe: paths, links, tables, pictures, commands."""

from __future__ import annotations

import re
from html import unescape
from importlib import import_module
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner
from readmes import PAGES, ROOT, anchors, blocks, code_words, links, prose, read, table

import dsd
import netdef
import netdef.graph.link  # registers every layer
from dsd.cli.convert import main as convert
from dsd.cli.draw import main as draw
from dsd.cli.main import COMMANDS
from dsd.masks.policies.registry import policies
from dsd.pycaffe.__main__ import main as pycaffe
from dsd.solver.rates import POLICIES
from dsd.solver.rules import SOLVERS
from dsd.study.equivalence import all_solvers
from netdef.definition.read import read_net_text, read_solver_text
from netdef.definition.upgrade.type_names import NAMES
from netdef.errors import SpecError
from netdef.graph.unread import unread_problems
from netdef.layers.core.registry import known_types
from netdef.schema.messages import DsdPhase

names = [str(path.relative_to(ROOT)) for path in PAGES]
each_page = pytest.mark.parametrize("page", names)
each_page_of_today = pytest.mark.parametrize("page", [name for name in names if name != "CHANGELOG.md"])


def test_the_readme_is_short():
    assert len(read("README.md").encode()) <= 12_000


@each_page_of_today
def test_every_path_that_is_named_exists(page):
    paths = set(re.findall(r"`((?:netdef|dsd|tests|tools|models|docs|\.ci)/[\w./-]*)`", prose(read(page))))
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


@each_page
def test_every_link_leads_somewhere(page):
    for link in links(read(page)):
        if not link.startswith("http"):
            path, _, anchor = link.partition("#")
            target = (ROOT / page).parent / path if path else ROOT / page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


def test_every_page_is_linked_from_the_readme():
    linked = {(ROOT / link).resolve() for link in links(read("README.md"))}
    assert set(PAGES) - linked == {ROOT / "README.md"}


def test_the_two_commands_are_there():
    lines = read("README.md").splitlines()
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/dsd-train models/digits/solver.prototxt" in lines
    assert 'python3 -m venv .venv && .venv/bin/pip install ".[test]" && .venv/bin/pytest' in lines


@each_page
def test_every_flag_of_a_command_exists(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    for block in blocks(read(page), "sh"):
        for name, *words in block.commands():
            if name.startswith("dsd-"):
                parse_command(command(name), name, words)


def command(name: str) -> Command:
    return import_module(f"dsd.cli.{name.removeprefix('dsd-')}").main


def parse_command(main: Command, name: str, words: list[str]) -> None:
    """Raises click's error for an unknown flag or subcommand."""
    for option in [option for part in [main, *getattr(main, "commands", {}).values()] for option in part.params]:
        if hasattr(option.type, "exists"):
            option.type.exists = False  # files that other commands make
    context = main.make_context(name, list(words))
    if subcommands := getattr(main, "commands", None):
        parse_command(subcommands[context._protected_args[0]], name, [*context._protected_args[1:], *context.args])


@each_page_of_today
def test_every_flag_that_is_named_exists(page):
    commands = [pycaffe, *(command(f"dsd-{name}") for name in COMMANDS)]
    parts = [part for main in commands for part in (main, *getattr(main, "commands", {}).values())]
    known = {flag for part in parts for option in part.params for flag in (*option.opts, *option.secondary_opts)}
    others = {"--help", "--shm-size"}  # click's, docker's
    named = {flag for code in code_words(prose(read(page))) for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", code)}
    assert named <= known | others


@each_page
def test_every_prototxt_is_valid(page):
    for block in blocks(read(page), "protobuf"):
        text = block.text.replace(" ...", "")
        if "base_lr" in text:
            read_solver_text(text, ROOT)
        else:
            assert not unread_problems(read_net_text(text, ROOT))


def test_the_mistake_is_reported_as_printed(tmp_path):
    report = next(block.text for block in blocks(read("netdef/README.md"), "") if block.text.startswith("net.prototxt:"))
    line = re.search(r"^ +3 \| (.*)$", report, re.MULTILINE).group(1)
    with pytest.raises(SpecError) as error:
        netdef.loads(f"\n\n{line}\n", tmp_path)
    assert str(error.value).replace("<text>", "net.prototxt").splitlines() == report.splitlines()


@pytest.mark.parametrize("package", [netdef, dsd], ids=["netdef", "dsd"])
def test_every_public_name_is_described(package):
    words = set(re.findall(r"\w+", read(f"{package.__name__}/README.md")))
    assert set(package.__all__) - {"__version__"} - words == set()


# netdef/README.md


def test_every_layer_is_in_the_table_with_its_source():
    rows = [[code_words(cell) for cell in row[1:]] for row in table(read("netdef/README.md"), "| | types | source |")]
    listed = {(kind, file) for kinds, files in rows for kind in kinds for file in files}
    sources = {(kind, f"{cls.__module__.replace('.', '/')}.py") for kind, cls in known_types().items()}
    assert sources <= listed
    assert {kind for kind, _ in listed} == set(known_types())


def test_the_table_of_forks_is_true():
    rows = [[set(code_words(cell)) for cell in row[1:]] for row in table(read("netdef/README.md"), "| fork | layer types |")]
    kinds, fields = (set().union(*column) for column in zip(*rows))
    upgraded = {"CConvolution", "CInnerProduct", "ConvolutionReLU", "Convolution3D", "Deconvolution3D", "Pooling3D",
                "NdConvolution", "NdPooling", "PoolingND", "SqueezeConvolution", "SqueezeDeconvolution",
                "SqueezeInnerProduct", "DNSConvolution", "DNSInnerProduct", "TridimConvolution",
                "TridimData", "TridimPooling", *NAMES}
    assert kinds - upgraded <= set(known_types())
    rooms_of_forks = ("netdef.layers.forks", "netdef.layers.detection")
    assert {kind for kind, cls in known_types().items() if cls.__module__.startswith(rooms_of_forks)} <= kinds
    messages = DsdPhase.DESCRIPTOR.file.message_types_by_name.values()
    known = {field.name for message in messages for field in message.fields}
    known |= {value.name for message in messages for enum in message.enum_types for value in enum.values}
    assert fields - known - set(POLICIES) - {"param"} == set()


def test_what_a_layer_may_state_exists():
    rows = table(read("netdef/README.md"), "| attribute or method |")
    assert [name for row in rows for name in code_words(row[0]) if not hasattr(netdef.Layer, name)] == []


@pytest.mark.parametrize("package", ["netdef", "dsd"])
def test_the_rooms_are_those_of_the_package(package):
    texts = [block.text for block in blocks(read(f"{package}/README.md"), "")]
    drawn = rooms(next(text for text in texts if text.startswith(f"{package}/\n")))
    there = {path.parent for path in ROOT.glob(f"{package}/**/__init__.py")} | set(ROOT.glob(f"{package}/*.py"))
    assert {path.relative_to(ROOT) for path in there} == drawn


def rooms(tree: str) -> set[Path]:
    """The folders and modules that an indented tree names. A line may name several; its description begins after two spaces."""
    found, above = set(), {}
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r"  +", line.strip())[0].split()
        for name in names:
            above[depth] = above[depth - 1] / name if depth else Path(name)
            found.add(above[depth])
    return found


# dsd/README.md


def test_every_command_is_in_the_table():
    listed = [code_words(row[0])[0] for row in table(read("dsd/README.md"), "| command | what it does |")]
    assert sorted(listed) == sorted(f"dsd-{name}" for name in COMMANDS)


def test_the_module_is_what_the_command_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    deploy = str(ROOT / "models/lenet/deploy.prototxt")
    netdef.save_weights(netdef.load(deploy), "lenet.caffemodel")
    assert CliRunner().invoke(convert, [deploy, "lenet.caffemodel", "lenet.py", "--no-verify"]).exit_code == 0
    excerpt = next(block.text for block in blocks(read("dsd/README.md"), "python") if block.note.endswith("an excerpt"))
    written = (tmp_path / "lenet.py").read_text().splitlines()
    assert [line for line in excerpt.splitlines() if line.strip() != "..." and line not in written] == []


def test_every_field_of_a_phase_is_described():
    fields = {field.name for field in DsdPhase.DESCRIPTOR.fields}
    rows = table(read("dsd/README.md"), "| field | meaning |")
    assert {word.split()[0] for row in rows for word in code_words(row[0])} <= fields
    words = {word for code in code_words(prose(read("dsd/README.md"))) for word in re.findall(r"\w+", code)}
    assert fields <= words


def test_the_layers_that_are_pruned_without_being_named_are_those_of_the_registry():
    sentence = read("dsd/README.md").split("By default the weights of every")[1].split(".")[0]
    named = set(re.findall(r"\w+", sentence)) & set(known_types())
    assert named == {kind for kind, cls in known_types().items() if cls.pruned_by_default}


def test_every_mask_policy_is_in_the_table_with_its_fields_and_source():
    rows = table(read("dsd/README.md"), "| `mask_policy` | which weights are pruned |")
    words = [[code_words(cell) for cell in row] for row in rows]
    assert [name for row in words for name in row[0]] == list(policies())
    for (name,), *rest, (source,) in words:
        policy = policies()[name]
        assert source == f"{policy.__module__.replace('.', '/')}.py"
        assert set(policy.message_fields) <= {word for cell in rest for code in cell for word in re.findall(r"\w+", code)}


def test_every_solver_and_rate_policy_is_named():
    listed = {name for row in table(read("dsd/README.md"), "| `type` |") for name in code_words(row[0])}
    assert listed == set(SOLVERS)
    assert set(POLICIES) <= set(code_words(read("dsd/README.md")))


def test_the_picture_of_the_digits_is_what_the_command_draws(tmp_path):
    out = tmp_path / "digits.dot"
    drawn = CliRunner().invoke(draw, [str(ROOT / "models/digits/solver.prototxt"), str(out)])
    assert drawn.exit_code == 0
    labels = "".join(re.findall(r"label=(<.*>)[\];]", out.read_text()))
    words = {unescape(text).strip() for text in re.findall(r">([^<>]+)<", labels)} - {""}
    shown = {unescape(text).strip() for text in re.findall(r">([^<>]*)</text>", read("docs/digits.svg"))}
    assert len(words) > 30
    assert words - shown == set()


# tools/README.md, README.md


def test_every_tool_is_in_the_table():
    listed = [code_words(row[0])[0] for row in table(read("tools/README.md"), "| script |")]
    names = "data_candidates fault_scenarios fuzz_files handwritten handwritten_today memory mutations subjects turns"
    helpers = {f"tools/{name}.py" for name in names.split()}
    assert set(listed) == {str(path.relative_to(ROOT)) for path in ROOT.glob("tools/*.py")} - helpers


@pytest.mark.slow
def test_the_table_of_the_six_solvers_is_what_the_command_prints():
    assert f"\n{all_solvers.table().markdown()}\n" in read("README.md")


def test_the_results_are_those_of_the_evidence():
    evidence = table(read("dsd/EVIDENCE.md"), "| setting | arm | control |")
    rows = table(read("README.md"), "| net and data | control |")
    assert len(rows) == 12 and f"correction for all {len(evidence)} comparisons" in " ".join(read("README.md").split())
    for row in rows:
        assert any(same_result(row, told) for told in evidence), row


def same_result(row: list[str], evidence: list[str]) -> bool:
    """Whether a row of the README says what one of the evidence says, in fewer digits."""
    _, _, _, _, control, difference, interval, p, *_, effect = evidence
    wanted = [float(control), float(control) + float(difference), *map(float, interval.split(" to "))]
    told = [row[1], row[2], *row[3].split(" to ")]
    words = {"none shown": "no effect"}.get(effect, effect)
    return row[4:] == [p, words] and all(nearly(*pair) for pair in zip(told, wanted, strict=True))


def nearly(told: str, value: float) -> bool:
    """Whether a number is what is told, to one in its last digit: both are rounded."""
    return abs(float(told) - value) < 1.01 * 10 ** -len(told.partition(".")[2])


def test_the_picture_of_the_phases_shows_every_weight_and_half_of_them():
    panels = read("docs/phases.svg").split("<text ")[1:]
    assert [panel.count("h10v10h-10z") for panel in panels] == [640, 320, 640]
