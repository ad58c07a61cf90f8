"""What a learning curve says of a run."""

from typing import Any

import pandas as pd


def best_epoch(curve: pd.DataFrame) -> dict[str, Any]:
    """Tell which epoch's weights were kept, of how many, and how good they were on validation."""
    best = curve.loc[curve.validation_f1.idxmax()]
    validation = {"f1": float(best.validation_f1), "accuracy": float(best.validation_accuracy)}
    return {"best_epoch": int(best.epoch), "epochs": len(curve), "validation": validation}
