"""The table over a folder of published nets."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "corpus.py"
NET = """layer {{ name: "d" type: "Input" top: "d" input_param {{ shape {{ dim: 2 dim: 3 }} }} }}
         layer {{ name: "l" {} bottom: "d" }}"""


def test_counts(tmp_path):
    texts = {
        "good.prototxt": NET.format('type: "ReLU" top: "r"'),
        "far/typo.prototxt": NET.format('typ: "ReLU" top: "r"'),
        "wrong.prototxt": NET.format('type: "ReLU" top: "r" top: "s"'),
        "data.prototxt": 'layer { name: "d" type: "ImageData" top: "d" image_data_param { source: "no.txt" } }',
        "input.prototxt": 'input: "x" layer { name: "l" type: "ReLU" bottom: "x" top: "r" }',
        # Without data, too, but not only.
        "both.prototxt": 'layer { name: "d" type: "ImageData" top: "d" image_data_param { source: "no.txt" } }'
                         'layer { name: "l" type: "ReLU" top: "r" }',
        "train.prototxt": NET.format('type: "ReLU" top: "r"').replace(
            'top: "d"', 'top: "d" include { phase: TRAIN }', 1
        ),
        "solver.prototxt": 'net: "good.prototxt" base_lr: 0.1',
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, TOOL, tmp_path], capture_output=True, text=True, check=True, cwd=TOOL.parents[1]
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "8 files, 7 read (6 nets, 1 solvers)"
    assert lines[1].startswith("TRAIN: 2 built of 4 nets") and lines[2].startswith("TEST: 1 built of 3 nets")
    # Built in both: good.prototxt; not: wrong.prototxt, both.prototxt. The others lack data in one phase, or are not for it.
    assert lines[3] == "both: 1 built of 3 nets whose shapes need no missing data in either phase = 33.3%"
    assert "    1  LayerParameter has no field `typ`" in lines
    assert "    1  TRAIN layer (ReLU) takes 1 top, the text gives 2" in lines
