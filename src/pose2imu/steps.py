"""A training step: gather, forward, losses, backward, optimiser, sums of the loss's terms; on a GPU as one CUDA graph.

A step of the paper's networks is some two hundred small kernels, whose launches take a GPU far longer than their work.
Captured once and replayed, they are one launch.
"""

from collections.abc import Callable
from typing import Literal

import torch

from pose2imu.loading.batches import Batch, Batches

Loss = Callable[[Batch], dict[str, torch.Tensor]]
# What of a step is captured: nothing, all of it, or all but the optimizer's part, whose parameters a schedule changes.
Graphs = Literal["none", "whole", "scheduled"]
EAGER_FIRST = 3  # steps before a capture: libraries choose their algorithms, the optimizer makes its state


class Steps:
    """Steps on batches of `windows`, one after the other; the terms of their losses add up on the device."""

    def __init__(self, windows: Batches, loss: Loss, optimizer: torch.optim.Optimizer, precision: str) -> None:
        self.windows, self.loss, self.optimizer, self.precision = windows, loss, optimizer, precision
        self.totals: dict[str, torch.Tensor] = {}
        self.capturing = False

    def take(self, indices: torch.Tensor) -> None:
        """Take a step on the windows at `indices`; nothing in it waits for a GPU."""
        for name, value in self._step(self.windows.batch, indices).items():
            self.totals[name] = self.totals.get(name, 0) + value.detach() * len(indices)

    def means(self, count: int) -> dict[str, float]:
        """Give the terms' means over `count` windows, and begin anew: here the device is waited for."""
        means = {name: float(total) / count for name, total in self.totals.items()}
        self.totals = {}
        return means

    def _step(self, gather: Callable[[torch.Tensor], Batch], indices: torch.Tensor) -> dict[str, torch.Tensor]:
        terms = self._gradients(gather, indices)
        self.optimizer.step()
        return terms

    def _gradients(self, gather: Callable[[torch.Tensor], Batch], indices: torch.Tensor) -> dict[str, torch.Tensor]:
        with self._autocast():
            terms = self.loss(gather(indices))
        self.optimizer.zero_grad()
        terms["loss"].backward()
        return terms

    def _autocast(self) -> torch.autocast:
        # What it has cast in a capture it must not keep: a replay would not cast the weights as they are then.
        mixed = self.precision == "bfloat16"
        return torch.autocast(self.windows.device.type, torch.bfloat16, enabled=mixed, cache_enabled=not self.capturing)


class GraphedSteps(Steps):
    """Steps on a GPU: those of full batches are captured as one CUDA graph and replayed, the last short one is eager.

    The first steps of training are eager and count: capturing trains nothing, and a replay does what the eager step
    would have done, with new random numbers for dropout. Where a batch is made by numbers drawn on the CPU, it is
    gathered before the replay, in place of within it. All of it happens on one stream, which `means` joins.
    """

    def __init__(
        self,
        windows: Batches,
        loss: Loss,
        optimizer: torch.optim.Optimizer,
        precision: str,
        batch_size: int,
        scheduled: bool,
    ) -> None:
        super().__init__(windows, loss, optimizer, precision)
        self.batch_size, self.scheduled, self.eager = batch_size, scheduled, 0
        self.parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        self.gradients: list[torch.Tensor | None] = []  # where the graph leaves them
        self.stream = torch.cuda.Stream(windows.device)
        self.replay: Callable[[], None] | None = None
        self.indices = torch.zeros(batch_size, dtype=torch.int64, device=windows.device)
        self.batch: Batch | None = None  # what the graph reads, where it does not gather by itself

    def take(self, indices: torch.Tensor) -> None:
        """Take a step on the windows at `indices`."""
        self.stream.wait_stream(torch.cuda.current_stream(self.windows.device))
        with torch.cuda.stream(self.stream):
            if len(indices) != self.batch_size or self.eager < EAGER_FIRST:
                self.eager += len(indices) == self.batch_size
                self._add(self._step(self.windows.batch, indices), len(indices))
                return
            self._fill(indices)
            if self.replay is None:
                self.replay = self._capture()
            self.replay()
            if self.scheduled:
                for parameter, gradient in zip(self.parameters, self.gradients, strict=True):
                    parameter.grad = gradient
                self.optimizer.step()

    def means(self, count: int) -> dict[str, float]:
        """Give the terms' means over `count` windows, and begin anew."""
        torch.cuda.current_stream(self.windows.device).wait_stream(self.stream)
        means = (torch.stack(list(self.totals.values())) / count).tolist()
        for total in self.totals.values():  # which the graph adds to
            total.zero_()
        return dict(zip(self.totals, means, strict=True))

    def _fill(self, indices: torch.Tensor) -> None:
        """Put a batch to where the graph reads it."""
        if self.windows.on_device:
            self.indices.copy_(indices)
            return
        with self._autocast():
            new = self.windows.batch(indices)
        if self.batch is None:
            self.batch = Batch(new.acceleration.clone(), new.pose.clone(), new.label.clone())
        for old, value in zip(vars(self.batch).values(), vars(new).values(), strict=True):
            old.copy_(value)

    def _capture(self) -> Callable[[], None]:
        self.optimizer.zero_grad(set_to_none=True)  # gradients of the graph are its own memory
        batch = self.batch
        gather = self.windows.batch if batch is None else lambda _: batch

        def step() -> None:
            terms = (self._gradients if self.scheduled else self._step)(gather, self.indices)
            self._add(terms, self.batch_size)

        self.capturing = True
        replay = capture(step, self.stream)
        self.capturing = False
        self.gradients = [parameter.grad for parameter in self.parameters]
        return replay

    def _add(self, terms: dict[str, torch.Tensor], count: int) -> None:
        for name, value in terms.items():
            if name not in self.totals:  # in the first step, which is eager
                self.totals[name] = torch.zeros((), device=value.device)
            self.totals[name].add_(value.detach().float(), alpha=count)


def capture(step: Callable[[], None], stream: torch.cuda.Stream) -> Callable[[], None]:
    """Capture the GPU's part of a step, without taking it; returns what takes it."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        step()
    return graph.replay


def steps_of(
    windows: Batches, loss: Loss, optimizer: torch.optim.Optimizer, precision: str, batch_size: int, graphs: Graphs
) -> Steps:
    """Make the steps of a training, on a GPU by CUDA graphs; a CPU has none."""
    if graphs != "none" and windows.device.type == "cuda":
        return GraphedSteps(windows, loss, optimizer, precision, batch_size, graphs == "scheduled")
    return Steps(windows, loss, optimizer, precision)
