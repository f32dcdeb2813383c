"""The README's callback for Hugging Face's Trainer, with the real package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import dsd

transformers = pytest.importorskip("transformers", reason="needs transformers")
pytest.importorskip("accelerate", reason="transformers' Trainer needs accelerate")

README = Path(dsd.__file__).with_name("README.md").read_text()
(CODE,) = (block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "TrainerCallback" in block)
LENGTHS = "dsd.Dense(2000), dsd.Sparse(1000, sparsity=0.3), dsd.Dense(1000)"
assert LENGTHS in CODE


def train(folder: Path, resume: str | None = None) -> tuple[nn.Module, list[dict[str, Any]]]:
    """Run the README's code: 12 steps with checkpoints after 5 and 10. Returns the model, and its weights after each step."""
    transformers.set_seed(3)
    model = transformers.BertForSequenceClassification(transformers.BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
        max_position_embeddings=12, num_labels=3))
    data = [{"input_ids": torch.randint(40, (8,)), "labels": number % 3} for number in range(48)]
    args = transformers.TrainingArguments(
        str(folder), max_steps=12, save_steps=5, per_device_train_batch_size=4, report_to=[], use_cpu=True, disable_tqdm=True,
        lr_scheduler_type="constant", learning_rate=0.01)
    seen: list[dict[str, Any]] = []

    class Keep(transformers.TrainerCallback):
        def on_step_end(self, args, state, control, model=None, **kwargs):
            seen.append({name: tensor.clone() for name, tensor in model.state_dict().items()})

    code = CODE.replace(LENGTHS, "dsd.Dense(4), dsd.Sparse(4, sparsity=0.3), dsd.Dense(4)")
    code = code.replace("[Phases()]).train()", f"[Phases(), Keep()]).train(resume_from_checkpoint={resume!r})")
    exec(code, {"transformers": transformers, "dsd": dsd, "torch": torch, "Path": Path, "model": model, "args": args,
                "data": data, "Keep": Keep})
    return model, seen


def test_weights_are_pruned_in_the_sparse_phase_and_grow_again(tmp_path):
    _, seen = train(tmp_path)
    zeros = [int((weights["bert.encoder.layer.1.output.dense.weight"] == 0).sum()) for weights in seen]
    pruned = 16 * 24 - round(16 * 24 * 0.7)
    assert zeros[:3] == [0] * 3 and zeros[4:7] == [pruned] * 3 and zeros[-3:] == [0] * 3


def test_a_resumed_run_is_the_same_to_the_bit(tmp_path):
    whole, _ = train(tmp_path)
    resumed, _ = train(tmp_path, str(tmp_path / "checkpoint-5"))
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name
