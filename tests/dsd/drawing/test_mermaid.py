"""Drawings as Mermaid text."""

from __future__ import annotations

import json
import re

from drawings import NAMES, named, seen

from dsd.drawing.mermaid import mermaid_text, too_large


def from_mermaid(label: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label).replace("\u200b", "")


def test_mermaid_labels_survive_any_name():
    lines = mermaid_text(named()).splitlines()
    assert json.loads(lines[1].partition(": ")[2]) == 'the "net"\n'
    box = r'  n(\d+)\["<b>([^"]*)</b><br/>Type<br/>([^"]*)<br/>#43; ([^"]*) \(ReLU\)"\]:::weights'
    nodes = [re.fullmatch(box, line)
             for line in lines if line.startswith("  n") and "-->" not in line and "-.->" not in line]
    assert [int(node[1]) for node in nodes] == list(range(len(NAMES)))
    for node, name in zip(nodes, NAMES):
        assert [from_mermaid(label) for label in node.groups()[1:]] == [seen(name)] * 3
        assert not re.search(r"[<>`*|{}\[\]\\&']|#(?!\d+;)", node[2])
    arrows = [re.fullmatch(r'  n(\d+) (-->|-\.->)(?:\|"([^"]*)"\|)? n(\d+)', line)
              for line in lines if line.startswith("  n") and line not in {node[0] for node in nodes}]
    assert [(int(a[1]), int(a[4]), a[2], from_mermaid(a[3] or "")) for a in arrows] == [
        (i, i + 1, "-->" if i % 2 else "-.->", seen(name)) for i, name in enumerate(NAMES[:-1])]


def test_mermaid_reports_what_exceeds_its_limits():
    made = named()
    assert not too_large(mermaid_text(made), made)
    assert too_large("x" * 50_001, made) and too_large("", made._replace(arrows=made.arrows * 30))
