"""How long each step of a build takes, and of how many bytes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Step:
    """What a step took.

    Attributes:
        seconds: Of a processor, in all processes together.
        bytes: What it was given, or what it wrote.
    """

    seconds: float = 0.0
    bytes: int = 0


@dataclass
class Meter:
    """What the steps of a build took, by name, in the order in which they were first taken."""

    steps: dict[str, Step] = field(default_factory=dict)

    @contextmanager
    def measure(self, name: str, size: int = 0) -> Iterator[Step]:
        """Yield the step `name` and measure what is done meanwhile; `size` counts bytes."""
        step = self.steps.setdefault(name, Step())
        step.bytes += size
        begun = time.process_time()
        try:
            yield step
        finally:
            step.seconds += time.process_time() - begun

    def add(self, other: "Meter") -> None:
        """Add what was measured elsewhere."""
        for name, found in other.steps.items():
            step = self.steps.setdefault(name, Step())
            step.seconds += found.seconds
            step.bytes += found.bytes
