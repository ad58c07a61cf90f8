"""What poses add: each person's clips classified by what was learned from the others', with poses and without."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pose2imu.loading.clips import Clips
from pose2imu.method_params import SyntheticClips
from pose2imu.methods.clip_networks import AT_ONCE, resized
from pose2imu.own.fitting import can_learn_regressor, classifier_header, learn_classifier, trained_on
from pose2imu.own.folder import OwnClips
from pose2imu.own.method import ROWS, Row
from pose2imu.own.networks import Spoken


def leave_one_out(own: OwnClips, options: dict[Row, SyntheticClips], seed: int) -> pd.DataFrame:
    """Give the accuracy on each person's clips that have sensor data: columns subject, clips, and one for each row.

    Of the person who is classified nothing is learned from, poses neither. Empty where there is one person. A row that
    the others' data does not allow is NaN.
    """
    scores = []
    for subject, others, of_person in folds(own.clips):
        score = {"subject": subject, "clips": len(of_person)}
        for row in ROWS:
            allowed = row == "strong_cnn" or can_learn_regressor(others)
            score[row] = accuracy(own, others, of_person, row, options[row], seed) if allowed else np.nan
        scores.append(score)
    return pd.DataFrame(scores, columns=["subject", "clips", *ROWS])


def folds(clips: Clips) -> Iterator[tuple[str, Clips, Clips]]:
    """Give each person with sensor data, the clips of all others, and the person's; where others have sensor data."""
    for subject in dict.fromkeys(clips.index.subject[clips.has_sensor]):
        own = (clips.index.subject == subject).to_numpy()
        others = clips.take(np.flatnonzero(~own))
        if others.has_sensor.any():
            yield subject, others, clips.take(np.flatnonzero(own & clips.has_sensor))


def accuracy(own: OwnClips, train: Clips, test: Clips, row: Row, options: SyntheticClips, seed: int) -> float:
    """Give the share of test clips that are classified rightly."""
    state = learn_classifier(train, len(own.activities), row, options, seed).classifier
    about = trained_on(own.name, train, row, options, seed)
    spoken = Spoken(classifier_header(train, own.activities, [own.place], options, about), state)
    x = resized(test.signals(), options.length).split(AT_ONCE)
    predicted = np.concatenate([spoken(part).detach().numpy().argmax(axis=1) for part in x])
    return float((predicted == test.label).mean())


def told(scores: pd.DataFrame) -> str:
    """Say what poses added, in a table and a line."""
    if scores.empty:
        return "What poses add is not known: it takes sensor data of two people or more."
    shown = scores.rename(columns={"synthetic_clips": "with poses", "strong_cnn": "without"})
    lines = [shown.to_string(index=False, float_format="{:.3f}".format, na_rep="-")]
    both = scores.dropna()
    if len(both):
        gain = (both.synthetic_clips - both.strong_cnn).to_numpy()
        better = int((gain > 0).sum())
        lines.append(
            f"On people left out, poses changed accuracy by {gain.mean():+.3f} (mean of {len(gain)} people, "
            f"better for {better}): {both.strong_cnn.mean():.3f} without, {both.synthetic_clips.mean():.3f} with."
        )
    return "\n".join(lines)
