"""Scores of a run with scarce sensor data: of all test clips, or of those of activities that had none."""

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from pose2imu.evaluation.metrics import classification
from pose2imu.loading.scarce import new_classes


def scarce_scores(clips: pd.DataFrame, scenario: str, level: str, classes: int) -> dict[str, float]:
    """Score predictions (columns label and predicted): macro-F1 and accuracy.

    Of new activities they are the accuracy on clips of theirs, which is their recall among all classes, and their F1.
    """
    label, predicted = clips.label.to_numpy(), clips.predicted.to_numpy()
    if scenario != "new_activity":
        return classification(label, predicted)
    new = new_classes(level, classes)
    of_new = np.isin(label, new)
    f1 = f1_score(label, predicted, labels=new, average="macro", zero_division=0)
    return {"f1": float(f1), "accuracy": float((predicted == label)[of_new].mean())}
