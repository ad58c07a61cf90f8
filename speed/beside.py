"""Several processes on one GPU, each with a joint training of its own: how fast they are together, in what memory."""

import multiprocessing
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from pose2imu.steps import WARM_UP, Steps
from pose2imu.training import make_deterministic, optimizer_of, train_epoch
from speed.epochs import networks_of
from speed.gpu import GIB, noise, told, wait

MPS = "nvidia-cuda-mps-control"
READY_SECONDS = 60
EPOCH = 100  # batches


def measured(counts: Sequence[int], seconds: float, device: str) -> Iterator[dict[str, float]]:
    """Start as many processes as the last of `counts`, and let so many at a time train for some seconds."""
    before, processes = used_memory(device), [_Process(device) for _ in range(counts[-1])]
    try:
        for process in processes:
            process.answer()
        memory = (used_memory(device) - before) / len(processes)
        for count in counts:
            for process in processes[:count]:
                process.connection.send(seconds)
            speed = [process.answer() for process in processes[:count]]
            yield {
                "processes": count,
                "windows_per_second": round(sum(speed)),
                "slowest": round(min(speed)),
                "memory_gib_each": round(memory, 2),
            }
    finally:
        for process in processes:
            process.process.kill()


class _Process:
    """A process that trains when it is told to."""

    def __init__(self, device: str) -> None:
        context = multiprocessing.get_context("spawn")  # CUDA does not survive a fork
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=train, args=(theirs, device), daemon=True)
        self.process.start()

    def answer(self) -> float:
        """Wait for what it says."""
        if not self.connection.poll(READY_SECONDS):
            raise TimeoutError(f"a process said nothing for {READY_SECONDS} seconds")
        return float(self.connection.recv())


def train(connection: Connection, device: str) -> None:
    """Say when ready; then take joint steps for as many seconds as one is told, and say the windows a second."""
    settings = told("joint", "utd_mhad", device)
    options = settings.options
    make_deterministic(0, threads=1)
    windows = noise(settings, "utd_mhad", EPOCH * options.batch_size)
    networks, loss = networks_of("joint", settings)
    steps = Steps(windows, loss, optimizer_of(networks, options), options.precision, options.graphs)
    order = torch.Generator().manual_seed(0)
    networks.train()
    for indices in torch.arange(len(windows), device=device).split(options.batch_size)[: 2 * WARM_UP]:
        steps.take(indices)
    wait(device)
    connection.send(0.0)
    while True:
        seconds = connection.recv()
        begin, epochs = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            train_epoch(steps, order, options.batch_size)
            wait(device)
            epochs += 1
        connection.send(epochs * len(windows) / (time.perf_counter() - begin))


@contextmanager
def mps() -> Iterator[None]:
    """Have processes that are started share the card through a service of our own, ended afterwards."""
    folder = {"CUDA_MPS_PIPE_DIRECTORY": "/tmp/mps-pipe", "CUDA_MPS_LOG_DIRECTORY": "/tmp/mps-log"}
    for path in folder.values():
        Path(path).mkdir(exist_ok=True)
    os.environ.update(folder)
    try:
        subprocess.run([MPS, "-d"], check=True, timeout=20)
        yield
    finally:
        subprocess.run([MPS], input="quit\n", text=True, check=False, timeout=20)
        for name in folder:
            del os.environ[name]


def used_memory(device: str) -> float:
    """Give what all processes hold of a GPU, GiB."""
    if not device.startswith("cuda"):
        return 0.0
    free, total = torch.cuda.mem_get_info()
    return (total - free) / GIB
