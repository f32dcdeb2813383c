"""The numbers of the tables, from candidates that take a known time."""

from __future__ import annotations

import pytest


class Clock:
    """Stands for `time`: batches of candidates move it."""

    def __init__(self) -> None:
        self.now, self.busy = 10.0, 5.0

    def perf_counter(self) -> float:
        return self.now

    def process_time(self) -> float:
        return self.busy

    def take(self, seconds: float, waited: float, cpu: float):
        def take(count: int) -> float:
            self.now, self.busy = self.now + count * seconds, self.busy + count * cpu
            return count * waited

        return take


def test_measures_are_medians_a_batch(tool, monkeypatch):
    bench, clock, rests = tool("bench_data"), Clock(), []
    monkeypatch.setattr(bench, "time", clock)
    made = {
        "fast": bench.DataCandidate(clock.take(0.25, 0.125, 0.5), lambda: rests.append("fast")),
        "slow": bench.DataCandidate(clock.take(2.0, 0.0, 1.0), lambda: rests.append("slow"))}
    found = bench.measure(made, 3, {"fast": 8, "slow": 2}, warm=1)
    assert found == {"fast": (0.25, 0.5, 0.5), "slow": (2.0, 0.0, 1.0)} and rests == ["fast", "slow"] * 3


@pytest.mark.parametrize(("data", "net", "wanted"), [
    ((3.0, 0, 3.0), (2.0, 0, 2.0), 5.0),  # one core: the work of both
    ((3.0, 0, 3.0), (2.0, 0, 4.0), 3.5),  # two cores keep busy with 3 + 4 seconds for 3.5
    ((6.0, 0, 1.0), (2.0, 0, 4.0), 6.0),  # the slower of the two
    ((1.0, 0, 0.5), (9.0, 0, 9.0), 9.5),
])
def test_what_is_possible(tool, data, net, wanted):
    bench = tool("bench_data")
    assert bench.possible(bench.Measured(*data), bench.Measured(*net)) == wanted


