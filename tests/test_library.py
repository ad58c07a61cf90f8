"""`from pose2imu import synthesize, check, train, classify`: functions, loaded when they are asked for."""

import subprocess
import sys

import pytest

import pose2imu
from pose2imu.inspection import check
from pose2imu.own.classify import classify
from pose2imu.own.training import train
from pose2imu.synthesis import synthesize


def test_the_packages_functions_are_those_of_its_rooms() -> None:
    assert pose2imu.synthesize is synthesize
    assert pose2imu.check is check
    assert pose2imu.train is train
    assert pose2imu.classify is classify
    assert {"synthesize", "check", "train", "classify"} <= set(dir(pose2imu))


def test_another_name_is_none_of_it() -> None:
    with pytest.raises(AttributeError, match="module 'pose2imu' has no attribute 'sing'"):
        pose2imu.sing  # noqa: B018


def test_nothing_heavy_is_loaded_with_the_package() -> None:
    code = "import sys, pose2imu; assert not {'torch', 'pandas', 'numpy'} & set(sys.modules), sorted(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
