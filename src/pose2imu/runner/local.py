"""Stages in parallel processes on this machine, with one progress display, interrupted and resumed at will."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import IO

import psutil
from tqdm import tqdm

from pose2imu.announce import SILENT
from pose2imu.dvc import environment, safe_dvc_command
from pose2imu.runner.cards import card_of
from pose2imu.runner.plan import Plan

LOGS = Path("data/logs")
# One thread a process. Large pages spare a training step one in twenty of its milliseconds.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"} | SILENT
EPOCHS = re.compile(r"(\d+)/(\d+) \[[^\]\r\n]*?epoch(?:/s)?(?:, ([^\]\r\n]*))?\]")  # of training.py's progress bar
POLL_SECONDS = 0.2


class Running:
    """A stage under way: its process, its log, and how far it says it is."""

    def __init__(self, stage: str, slot: int) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self.stage, self.slot, self.log = stage, slot, LOGS / f"{stage.rpartition(':')[2]}.txt"
        self.begin = time.monotonic()
        # A session of its own: the terminal's Ctrl-C goes to us alone, and we end it in an orderly way.
        self.process = subprocess.Popen(
            safe_dvc_command("--wait-for-lock", "repro", "--single-item", stage),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment(), **ENVIRONMENT, **card_of(slot, os.environ)},
            start_new_session=True,
        )
        self.epoch, self.epochs, self.note = 0, 0, ""
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()

    def _read(self, output: IO[bytes]) -> None:
        with self.log.open("wb") as log:
            while chunk := os.read(output.fileno(), 65536):
                log.write(chunk)
                log.flush()
                for epoch, epochs, note in EPOCHS.findall(chunk.decode(errors="replace")):
                    self.epoch, self.epochs, self.note = int(epoch), int(epochs), note

    def stop(self) -> None:
        """End the stage's own process, so that DVC sees it fail, and never DVC: it may be writing dvc.lock."""
        try:
            for child in psutil.Process(self.process.pid).children(recursive=True):
                if any(part.startswith("stages/") for part in child.cmdline()):
                    child.terminate()
        except psutil.NoSuchProcess:
            pass


def run_stages(plan: Plan, jobs: int) -> dict[str, str]:
    """Run all stages of a plan, `jobs` at a time; returns what failed or had to be left out, and why.

    On Ctrl-C or SIGTERM the stages under way are ended and waited for, then KeyboardInterrupt is raised; finished ones
    are in dvc.lock, and the next plan leaves them out.
    """
    sorter, place = TopologicalSorter(plan.waits_for), list(plan.waits_for).index
    sorter.prepare()
    ready, finished, problems = list(sorter.get_ready()), set[str](), dict[str, str]()
    running: list[Running] = []
    with _signals() as interrupted, _display(len(plan.waits_for), jobs) as (total, bars):
        while (ready or running) and not interrupted.is_set():
            ready.sort(key=place)  # the plan's order, whichever became ready first
            free = [slot for slot in range(jobs) if slot not in [job.slot for job in running]]
            while ready and free:
                running.append(Running(ready.pop(0), free.pop(0)))
            interrupted.wait(POLL_SECONDS)
            for job in [job for job in running if job.process.poll() is not None]:
                running.remove(job)
                job.reader.join()
                if job.process.returncode:
                    problems[job.stage] = f"exit code {job.process.returncode}, see {job.log}"
                else:
                    finished.add(job.stage)
                    sorter.done(job.stage)
                    ready += sorter.get_ready()
                seconds = time.monotonic() - job.begin
                tqdm.write(f"{problems.get(job.stage, 'done')}: {job.stage}, {seconds:.0f} s", file=sys.stderr)
                total.update()
            _show(running, bars)
        if interrupted.is_set():
            tqdm.write("interrupted: ending what is under way; finished runs are kept", file=sys.stderr)
            while any(job.process.poll() is None for job in running):
                for job in running:
                    job.stop()
                time.sleep(POLL_SECONDS)
            raise KeyboardInterrupt
    for stage, others in plan.waits_for.items():
        if stage not in finished and stage not in problems:
            problems[stage] = "left out: needs " + ", ".join(sorted(others & problems.keys()))
    return problems


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set: an exception could come between a process's start and our note of it."""
    event = threading.Event()
    before = {number: signal.signal(number, lambda *_: event.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _display(stages: int, jobs: int) -> Iterator[tuple[tqdm, list[tqdm]]]:
    """A bar over all stages and, on a terminal, one for each stage under way."""
    terminal = sys.stderr.isatty()
    with ExitStack() as stack:
        total = stack.enter_context(tqdm(total=stages, desc="stages", unit="stage", disable=None))
        one = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} epochs {postfix}"
        bars = [
            stack.enter_context(tqdm(position=slot + 1, leave=False, bar_format=one, disable=not terminal))
            for slot in range(jobs)
        ]
        yield total, bars


def _show(running: list[Running], bars: list[tqdm]) -> None:
    for slot, bar in enumerate(bars):
        job = next((job for job in running if job.slot == slot), None)
        bar.set_description(job.stage if job else "idle", refresh=False)
        bar.total, bar.n = (job.epochs or None, job.epoch) if job else (None, 0)
        bar.set_postfix_str(job.note if job else "", refresh=False)
        bar.refresh()
