"""The random numbers of C programs on Linux, from which some forks draw what a net depends on."""

from __future__ import annotations

from collections.abc import Iterator


def glibc_rand(seed: int) -> Iterator[int]:
    """The numbers that glibc's ``rand`` gives after ``srand(seed)``: an additive feedback of 31 words."""
    words = [seed]
    for _ in range(30):
        words.append(16807 * words[-1] % 2147483647)
    words += words[:3]
    for i in range(34, 344):
        words.append((words[i - 31] + words[i - 3]) % 2**32)
    words = words[-31:]
    while True:
        word = (words[0] + words[28]) % 2**32
        words = [*words[1:], word]
        yield word >> 1
