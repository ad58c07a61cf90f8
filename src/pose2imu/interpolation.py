"""Linear interpolation of several columns at once."""

import numpy as np
from scipy.interpolate import interp1d


def interpolate(moments: np.ndarray, time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Give values (time, …) at moments (n,), by linear interpolation: (n, …); beyond the ends, the end values."""
    ends = (values[0], values[-1])
    return interp1d(time, values, axis=0, bounds_error=False, fill_value=ends, assume_sorted=True)(moments)
