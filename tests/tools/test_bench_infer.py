"""The ways to run a net that are measured compute the same."""

from __future__ import annotations

import pytest
import torch


def test_inference_has_the_same_probabilities_everywhere(tool, tmp_path):
    bench_infer = tool("bench_infer")
    bench_infer.write_files("lenet", tmp_path, [1, 3])
    for batch in (1, 3):
        made = {what: make("lenet", tmp_path, batch) for what, make in bench_infer.CANDIDATES.items()}
        bench_infer.check_same_work("lenet", made)
        assert made[bench_infer.OURS]().shape == (batch, 10)
    made[bench_infer.OURS] = lambda: torch.full((3, 10), 0.1)
    with pytest.raises(SystemExit, match="probabilities of ours differ from those by hand by"):
        bench_infer.check_same_work("lenet", made)


def test_the_table_has_ratios_to_the_better_one_by_hand(tool):
    bench = tool("bench_infer")
    builds, peaks = dict.fromkeys(bench.CANDIDATES, 30.0), dict.fromkeys(bench.CANDIDATES, 7.0)
    times = dict.fromkeys(bench.CANDIDATES, 8.0) | {bench.DEFAULT: 5.0, bench.LAST: 4.0, bench.OURS: 3.0}
    table = bench.table_of("lenet", builds | {bench.OURS: 15.0, bench.READING: 4.0}, {6: times}, peaks)
    cells = {name: row for name, *row in zip(*(column.cells for column in table.columns))}
    assert cells[bench.OURS] == ["15 (0.50; 4.0 reading)", "3.0 (0.75)", "7"]
    assert cells[bench.DEFAULT] == ["30 (1.00)", "5.0 (1.25)", "7"]
