"""The ways to train a net that are measured do the same work."""

from __future__ import annotations

import pytest
import torch
from torch import nn

CPU = torch.device("cpu")


def test_the_solver_trains_on_inputs(tool):
    bench = tool("bench_step")
    message = bench.solver_of("lenet", 0.3).message
    assert message.lr_policy == "fixed" and message.momentum == pytest.approx(0.9)
    assert message.dsd_phase[0].sparsity == pytest.approx(0.3)
    assert next(layer.type for layer in message.train_net_param.layer) == "Input"
    assert not bench.solver_of("lenet", None).message.dsd_phase


def test_all_dense_ones_have_the_same_loss_after_three_steps(tool, monkeypatch):
    bench = tool("bench_step")
    subjects = bench.SUBJECTS
    monkeypatch.setitem(subjects, "lenet", subjects["lenet"]._replace(batch=(3, 1, 28, 28)))
    made = {what: bench.CANDIDATES[what]("lenet", CPU) for what in (bench.DEFAULT, bench.LAST, bench.OURS)}
    before = [p.detach().clone() for p in made[bench.OURS].parameters]
    bench.check_same_work("lenet", made)
    assert not any(torch.equal(p, q) for p, q in zip(made[bench.OURS].parameters, before))
    made[bench.DEFAULT] = made[bench.DEFAULT]._replace(loss=lambda: 8.5)
    bench.check_same_work("lenet", made)  # the work of the other
    made[bench.LAST] = made[bench.LAST]._replace(loss=lambda: 9.5)
    with pytest.raises(SystemExit, match=r"lenet: after three steps .* \d.* with ours, 8.5 by hand, 9.5 in channels_last"):
        bench.check_same_work("lenet", made)


def test_pruned_ones_prune_the_same_share(tool, monkeypatch):
    """30% of all but the first convolution: of 25,000, 400,000 and 5,000 weights."""
    bench = tool("bench_step")
    monkeypatch.setitem(bench.SUBJECTS, "lenet", bench.SUBJECTS["lenet"]._replace(batch=(3, 1, 28, 28)))
    calls, prune = [], bench.prune.l1_unstructured

    def counted(module: nn.Module, name: str, amount: float) -> None:
        calls.append((getattr(module, name).numel(), amount))
        prune(module, name, amount)

    monkeypatch.setattr(bench.prune, "l1_unstructured", counted)
    sparse, pruned = (bench.CANDIDATES[what]("lenet", CPU) for what in (bench.SPARSE, bench.PRUNED))
    sparse.step()
    weights = [p for p in sparse.parameters if p.ndim > 1]
    assert [int((p == 0).sum()) for p in weights[1:]] == [7500, 120000, 1500]
    assert calls == [(25_000, 0.3), (400_000, 0.3), (5_000, 0.3)] and len(pruned.parameters) == 8


def test_the_table_has_ratios(tool):
    bench = tool("bench_step")
    times = {bench.DEFAULT: 10.0, bench.LAST: 8.5, bench.FUSED: 8.0, bench.OURS: 6.0, bench.PRUNED: 12.0, bench.SPARSE: 9.0}
    table = bench.table_of("lenet", times, dict.fromkeys(times, 5.0))
    cells = {name: row for name, *row in zip(*(column.cells for column in table.columns))}
    assert table.title == "lenet, 64x1x28x28"
    assert cells[bench.SPARSE] == ["9.0", "1.12", "1.50", "5"] and cells[bench.OURS] == ["6.0", "0.75", "", "5"]


def test_only_nets_with_lrn_are_taken_with_ours(tool):
    bench = tool("bench_step")
    assert bench.OUR_LRN in bench.candidates_of("alexnet") and bench.OUR_LRN not in bench.candidates_of("vgg16")
    assert bench.FUSED in bench.candidates_of("vgg16")


def test_our_lrn_computes_what_torchs_does(tool):
    bench = tool("bench_step")
    net = nn.Sequential(nn.ReLU(), nn.Sequential(nn.LocalResponseNorm(3, alpha=0.5, beta=0.7, k=2.0)))
    x = torch.randn(2, 7, 5, 4)
    wanted = net(x)
    bench.replace_lrn(net, bench.our_lrn)
    assert not any(isinstance(module, nn.LocalResponseNorm) for module in net.modules())
    torch.testing.assert_close(net(x), wanted)
