"""Metrics against hand-computed values."""

import numpy as np
import pandas as pd
import pytest

from pose2imu.evaluation.metrics import classification, clips


def test_macro_f1_and_accuracy() -> None:
    metrics = classification(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]))
    # F1 is 0.8 for class 0 (precision 1, recall 2/3) and 2/3 for class 1.
    assert metrics["f1"] == pytest.approx((0.8 + 2 / 3) / 2)
    assert metrics["accuracy"] == 0.75


def test_clips_choose_by_mean_probability_not_by_vote() -> None:
    windows = pd.DataFrame({"recording": ["a", "a", "a", "b"], "start": [0, 1, 2, 0], "label": [1, 1, 1, 0]})
    probabilities = np.array([[0.6, 0.4], [0.55, 0.45], [0.0, 1.0], [0.9, 0.1]])
    table = clips(windows, probabilities)
    assert table.recording.tolist() == ["a", "b"]
    assert table.predicted.tolist() == [1, 0]
    assert table.label.tolist() == [1, 0]
    assert table.p0.iat[0] == pytest.approx(1.15 / 3)


def test_f1_is_over_the_classes_of_the_labels_whatever_is_predicted() -> None:
    label = np.array([0] * 10 + [1] * 10)
    to_another, to_none = label.copy(), label.copy()
    to_another[0], to_none[0] = 1, 2
    recalled = 2 * 0.9 / 1.9  # of class 0: precision 1, recall 0.9
    assert classification(label, to_another)["f1"] == pytest.approx((recalled + 2 * 10 / 21) / 2)
    assert classification(label, to_none)["f1"] == pytest.approx((recalled + 1) / 2)
