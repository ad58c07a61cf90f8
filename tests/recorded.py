"""What a CUDA graph does, on a CPU: operations recorded once, with the memory that they read and write, and replayed.

A replay runs no Python: it reads what lies in the recorded memory by then, and nothing that was made since. As in a
capture on a GPU, reading a value, or an operation whose result's size depends on values, is an error.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

WAITS = {"_local_scalar_dense", "nonzero", "masked_select", "bincount", "unique2", "_unique2", "equal", "is_nonzero"}


class Recorder(TorchDispatchMode):
    """Operations in order, each with its arguments and the tensors that it gave."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: list[tuple[Any, Any, Any, Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name.removeprefix("aten::")
        if name in WAITS:
            raise RuntimeError(f"{name} waits for the device")
        given = func(*args, **(kwargs or {}))
        self.operations.append((func, args, kwargs or {}, given))
        return given


def record(step: Callable[[], None], stream: object = None) -> Callable[[], None]:
    """Stand in for `steps.capture`.

    Recording runs the step, which a capture would not: so it is the first replay, and that does nothing.
    """
    with Recorder() as recorder:
        step()
    first = [True]

    def replay() -> None:
        if first.pop() if first else False:
            return
        with torch.no_grad():
            for func, args, kwargs, given in recorder.operations:
                if any(result.alias_info for result in func._schema.returns):
                    if func._schema.is_mutable:
                        func(*args, **kwargs)  # in place; a view shows its memory as it is
                    continue
                again = func(*args, **kwargs)
                for static, new in zip(tree_leaves(given), tree_leaves(again), strict=True):
                    if isinstance(static, torch.Tensor):
                        static.copy_(new)

    return replay
