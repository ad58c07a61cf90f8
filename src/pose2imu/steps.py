"""Training steps: gather a batch, losses, backward, optimizer; on a GPU one CUDA graph instead of hundreds of launches.

A step of these small networks takes a GPU a fraction of the time that a CPU takes to launch its operations one by one.
So, after a few steps, the operations of one are captured, and then replayed as a whole. A replay reads and writes the
memory that it was captured with, and runs no line of Python: whatever changes from step to step is copied into that
memory before it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import torch

from pose2imu.loading.batches import Batch, Batches

# Steps of a batch size before its capture: they count as any other, and libraries set up what they need on first use.
WARM_UP = 3

Loss = Callable[[Batch], dict[str, torch.Tensor]]  # terms, of which "loss" is minimised


class Captured(NamedTuple):
    """A step of one batch size, to be replayed."""

    inputs: Sequence[torch.Tensor]  # what it reads
    gradients: Sequence[torch.Tensor | None]  # what it leaves, by parameter
    replay: Callable[[], None]


class Steps:
    """Steps of one training, and the sums of the loss's terms over the windows of an epoch.

    With `graphs`, a step on a GPU is captured, one for each batch size: an epoch's last batch is smaller than the
    others. The learning rate is part of what is captured: an optimizer with a `schedule` stays outside.
    """

    def __init__(
        self,
        windows: Batches,
        loss: Loss,
        optimizer: torch.optim.Optimizer,
        precision: str = "float32",
        graphs: bool = False,
        schedule: bool = False,
    ) -> None:
        self.windows, self.loss, self.optimizer, self.schedule = windows, loss, optimizer, schedule
        self.graphs = graphs and windows.device.type == "cuda"
        # float32 of which a GPU's tensor cores read 10 bits of mantissa; to a CPU no matter.
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        # Weights in bfloat16 are kept for the rest of a step: not beyond it, as a capture would.
        self.mixed = torch.autocast(
            windows.device.type, torch.bfloat16, enabled=precision == "bfloat16", cache_enabled=not self.graphs
        )
        self.parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        self.totals: dict[str, torch.Tensor] = {}
        self.captured: dict[int, Captured] = {}
        self.taken: dict[int, int] = {}  # steps, by batch size, before its capture
        self.stream = torch.cuda.Stream(windows.device) if self.graphs else None

    def take(self, indices: torch.Tensor) -> None:
        """Learn from the windows at `indices`, a tensor of int64 on the windows' device."""
        if not self.graphs:
            self._learn([indices])
            self.optimizer.step()
            return
        inputs = self._inputs(indices)
        size = len(indices)
        if self.taken.setdefault(size, 0) < WARM_UP:
            self.taken[size] += 1
            with self._aside():
                self._learn(inputs)
                self.optimizer.step()
            return
        if size not in self.captured:
            self.captured[size] = self._capture(inputs)
        captured = self.captured[size]
        for static, given in zip(captured.inputs, inputs, strict=True):
            static.copy_(given)
        captured.replay()
        if self.schedule:
            for parameter, gradient in zip(self.parameters, captured.gradients, strict=True):
                parameter.grad = gradient
            self.optimizer.step()

    def sums(self) -> dict[str, torch.Tensor]:
        """Give the sums of the terms since the last call, on the device."""
        sums = {name: total.clone() for name, total in self.totals.items()}
        for total in self.totals.values():
            total.zero_()
        return sums

    def _learn(self, inputs: Sequence[torch.Tensor]) -> None:
        """Compute gradients from a batch, or from its indices, and add to the sums."""
        with self.mixed:
            batch = Batch(*inputs) if len(inputs) > 1 else self.windows.batch(*inputs)
            terms = self.loss(batch)
        self.optimizer.zero_grad()
        terms["loss"].backward()
        for name, value in terms.items():
            if name not in self.totals:
                self.totals[name] = torch.zeros_like(value, requires_grad=False)
            self.totals[name] += value.detach() * len(inputs[0])

    def _inputs(self, indices: torch.Tensor) -> list[torch.Tensor]:
        """Give what a captured step reads: indices, or the batch, where the host takes part in its making."""
        if not self.windows.drawn_on_host:
            return [indices]
        with self.mixed:
            batch = self.windows.batch(indices)
        return [batch.acceleration, batch.pose, batch.label]

    def _capture(self, inputs: Sequence[torch.Tensor]) -> Captured:
        """Capture a step that reads copies of `inputs`; it is not taken yet."""
        static = [torch.empty_like(given).copy_(given) for given in inputs]
        # Gradients of an earlier step would be added to: without them, a capture has some in memory of its own.
        self.optimizer.zero_grad()

        def step() -> None:
            self._learn(static)
            if not self.schedule:
                self.optimizer.step()

        with _capturable(self.optimizer):
            replay = capture(step, self.stream)
        gradients = [parameter.grad for parameter in self.parameters]
        return Captured(static, gradients, replay)

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Work on the stream of captures, after what is under way and before what comes."""
        assert self.stream is not None
        current = torch.cuda.current_stream(self.windows.device)
        self.stream.wait_stream(current)
        with torch.cuda.stream(self.stream):
            yield
        current.wait_stream(self.stream)


def capture(step: Callable[[], None], stream: torch.cuda.Stream | None) -> Callable[[], None]:
    """Capture the GPU's part of a step, without taking it; returns what takes it."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        step()
    return graph.replay


@contextmanager
def _capturable(optimizer: torch.optim.Optimizer) -> Iterator[None]:
    # torch asks for it within a capture and warns of it without; a fused optimizer does the same either way.
    for group in optimizer.param_groups:
        group["capturable"] = True
    yield
    for group in optimizer.param_groups:
        group["capturable"] = False
