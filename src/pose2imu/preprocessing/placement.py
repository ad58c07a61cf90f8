"""Where a dataset's sensor sits."""

from pose2imu.datasets.catalogue import DATASETS
from pose2imu.params import Limb
from pose2imu.preprocessing.virtual_recordings import Placement


def placement_in(dataset: str, limb: Limb, share: float) -> Placement:
    """Say where the sensor sits on the limb's bones, at a share of the bone from its near joint (0) to its far one."""
    about = DATASETS[dataset]
    return Placement(about.vertical, lambda recording: about.near_bone(recording, limb), share)
