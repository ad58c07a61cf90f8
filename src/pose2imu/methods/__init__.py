"""One module per row of the tables; each has a `train`."""

from importlib import import_module

from pose2imu.training import Data, Settings, Trained


def train(method: str, data: Data, settings: Settings) -> Trained:
    """Train the networks of a method, named as its module.

    Modules are imported by name, so that a new method changes none of the files that finished runs depend on.
    """
    return import_module(f"pose2imu.methods.{method}").train(data, settings)
