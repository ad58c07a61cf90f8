"""Linear interpolation of several columns at once."""

import numpy as np


def interpolate(moments: np.ndarray, time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Give values (time, …) at moments (n,), by linear interpolation: (n, …); beyond the ends, the end values.

    It is numpy's, column by column: scipy's `interp1d` of many columns differs from it in the last bit where a moment
    falls on a sample, as all of UTD-MHAD's do, and all results with it.
    """
    columns = values.reshape(len(values), -1).T
    out = np.stack([np.interp(moments, time, column) for column in columns], axis=1)
    return out.reshape(len(moments), *values.shape[1:])
