"""Distribution mapping (IMUTube, Kwon et al. 2020): virtual values take the place of real ones of the same rank."""

import numpy as np

PERCENTILES = np.linspace(0, 100, 201)


def percentiles(values: np.ndarray) -> np.ndarray:
    """Give (percentiles, channels) of values (samples, channels)."""
    return np.nanpercentile(values, PERCENTILES, axis=0)  # NaN: holes of an angular velocity


def mapped(values: np.ndarray, virtual: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Map values (samples, channels) from the distribution with percentiles `virtual` to that with `real`, by channel.

    What lies beyond the virtual extremes becomes the real extremes.
    """
    columns = zip(values.T, virtual.T, real.T, strict=True)
    return np.stack([np.interp(value, of_virtual, of_real) for value, of_virtual, of_real in columns], axis=1)


def map_distribution(virtual: np.ndarray, real: np.ndarray, label: np.ndarray, per_class: bool) -> np.ndarray:
    """Map virtual signals (samples, channels) to the distribution of real ones of the same samples: of all, or of
    each class (samples,) by itself."""
    groups = [label == value for value in np.unique(label)] if per_class else [np.ones(len(label), bool)]
    out = np.empty_like(virtual)
    for rows in groups:
        out[rows] = mapped(virtual[rows], percentiles(virtual[rows]), percentiles(real[rows]))
    return out
