"""Metrics of the paper's tables: macro-F1, accuracy and MSE; of windows, and of whole clips."""

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score


def classification(label: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Compute macro-F1 and accuracy from class indices (n,).

    F1 is averaged over the classes that occur among the labels: a set that the split fixes, the same for every method.
    A prediction of a class that the split does not have costs the recall of the class that it should have been.
    """
    return {
        "f1": float(f1_score(label, predicted, labels=np.unique(label), average="macro", zero_division=0)),
        "accuracy": float(accuracy_score(label, predicted)),
    }


def clips(windows: pd.DataFrame, probabilities: np.ndarray) -> pd.DataFrame:
    """Average the probabilities of each clip's windows, and choose its class by them.

    `windows` has the columns recording and label, one row per row of `probabilities` (windows, classes). The result has
    recording, label, predicted and one column per class: p0, p1, …
    """
    names = [f"p{number}" for number in range(probabilities.shape[1])]
    table = pd.DataFrame(probabilities, columns=names).assign(recording=windows.recording.to_numpy())
    means = table.groupby("recording", sort=False).mean().astype(np.float32)
    label = windows.groupby("recording", sort=False).label.first()
    means.insert(0, "label", label)
    means.insert(1, "predicted", means[names].to_numpy().argmax(axis=1).astype(np.int8))
    return means.reset_index()
