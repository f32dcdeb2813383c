"""Phases in Lightning's Trainer do what they do in a plain loop."""

from __future__ import annotations

import csv

import pytest
import torch
from plain_loop import PRUNED, Net, batch, train
from torch import nn, optim

from dsd.attached.attach import attach
from dsd.attached.lightning import lightning
from dsd.attached.phases import AttachError, Dense, Sparse

pl = pytest.importorskip("lightning.pytorch", reason="needs lightning (the extra)")

PHASES = [Dense(4), Sparse(4, sparsity=0.4, lr=0.5), Dense(4, solver_state="CARRY")]


class Module(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = Net()

    def training_step(self, step, index):
        x, y = batch(int(step))
        return nn.functional.cross_entropy(self.net(x), y)

    def configure_optimizers(self):
        return optim.AdamW(self.parameters(), lr=0.02)

    def train_dataloader(self):
        return torch.utils.data.DataLoader(range(6), batch_size=None)


def fit(module, folder, callback, epochs=2, steps=-1, ckpt=None, **options):
    trainer = pl.Trainer(
        max_epochs=epochs, max_steps=steps, callbacks=[callback], accelerator="cpu", default_root_dir=folder, logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, **options)
    trainer.fit(module, ckpt_path=ckpt, weights_only=True)
    return trainer


def plain():
    """The same training in a plain loop: 2 epochs of 6 batches."""
    net = Net()
    optimizer = optim.AdamW(net.parameters(), lr=0.02)
    attach(net, optimizer, PHASES)
    for _ in range(2):
        train(net, optimizer, range(6))
    return net


def test_a_fit_is_the_plain_loop(tmp_path):
    module, callback = Module(), lightning(PHASES)
    fit(module, tmp_path, callback)
    assert all(torch.equal(p, q) for p, q in zip(module.net.parameters(), plain().parameters()))
    assert callback.run is None and callback.state_dict()["iteration"] == 12
    assert not any(p._post_accumulate_grad_hooks for p in module.parameters())


def test_resuming_from_a_checkpoint(tmp_path):
    module, callback = Module(), lightning(PHASES)
    trainer = fit(module, tmp_path, callback, epochs=1)
    trainer.save_checkpoint(tmp_path / "half.ckpt")
    assert sorted(callback.state_dict()["masks"]) == [f"net.{name}" for name in PRUNED]
    again = Module()
    fit(again, tmp_path, lightning(PHASES), ckpt=tmp_path / "half.ckpt")
    assert all(torch.equal(p, q) for p, q in zip(again.net.parameters(), plain().parameters()))


def test_epochs_accumulation_and_clipping(tmp_path):
    seen = []

    class Watch(pl.Callback):
        def on_train_batch_end(self, trainer, module, *args):
            seen.append((callback.run.iteration, callback.run.phase.name))

    callback = lightning([Dense(1), Sparse(1, sparsity=0.4)], epochs=True)
    module = Module()
    trainer = pl.Trainer(
        max_epochs=2, callbacks=[callback, Watch()], accelerator="cpu", default_root_dir=tmp_path, logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, accumulate_grad_batches=2,
        gradient_clip_val=0.1)
    trainer.fit(module)
    assert seen[1::2] == [(1, "dense"), (2, "dense"), (3, "sparse"), (4, "sparse"), (5, "sparse"), (6, "sparse")]
    assert (module.net.fc1.weight == 0).sum() == 126


def test_phase_and_sparsity_are_logged(tmp_path):
    logger = pytest.importorskip("lightning.pytorch.loggers").CSVLogger(tmp_path, version=0)
    trainer = pl.Trainer(
        max_epochs=2, callbacks=[lightning(PHASES)], accelerator="cpu", logger=logger, log_every_n_steps=4,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
    trainer.fit(Module())
    with open(tmp_path / "lightning_logs" / "version_0" / "metrics.csv") as file:
        rows = [(float(row["dsd/phase"]), float(row["dsd/sparsity"])) for row in csv.DictReader(file)]
    assert [phase for phase, _ in rows] == [1, 2, 2]  # after steps 4, 8 and 12
    assert [sparsity for _, sparsity in rows] == pytest.approx([161 / 403, 0, 0], rel=1e-3)


def test_two_optimisers_are_refused(tmp_path):
    class Two(Module):
        automatic_optimization = False

        def configure_optimizers(self):
            return optim.SGD(self.net.fc1.parameters(), lr=0.1), optim.SGD(self.net.fc2.parameters(), lr=0.1)

    with pytest.raises(AttachError, match="has 2 optimisers; dsd.lightning takes one"):
        fit(Two(), tmp_path, lightning(PHASES))
