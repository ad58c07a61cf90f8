"""The axes of a sensor on a limb: the plane where it is bent, carried over where it is straight."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from pose2imu.formats.streams import Poses
from pose2imu.synthesis import synthesize
from pose2imu.synthesis.axes import Limb, axes_of, carried_normal, cumulative, transported

TIME = np.arange(0, 4, 0.01)


def directions(angle: np.ndarray) -> np.ndarray:
    """Give unit vectors (time, 3) in the plane of x and z, from straight down towards x."""
    return np.stack([np.sin(angle), 0 * angle, -np.cos(angle)], axis=1)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.integers(0, 1000))
def test_a_product_in_blocks_is_the_product(count: int, seed: int) -> None:
    steps = Rotation.random(count, rng=np.random.default_rng(seed))
    product, expected = Rotation.identity(), []
    for step in steps:
        product = step * product
        expected.append(product.as_matrix())
    np.testing.assert_allclose(cumulative(steps).as_matrix(), expected, atol=1e-12)


def test_what_is_transported_comes_back_turned_by_the_angle_that_its_way_encloses() -> None:
    """Around a circle of latitude by the solid angle of its cap: 2π (1 − sin of the latitude)."""
    turn, latitude = np.linspace(0, 2 * np.pi, 20_001), 0.5
    x = np.stack(
        [np.cos(latitude) * np.cos(turn), np.cos(latitude) * np.sin(turn), 0 * turn + np.sin(latitude)], axis=1
    )
    u = transported(x)
    np.testing.assert_allclose((u * x).sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(u, axis=1), 1)
    enclosed = 2 * np.pi * (1 - np.sin(latitude))
    assert np.isclose(u[0] @ u[-1], np.cos(enclosed), atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_axes_are_right_handed_and_unit_whatever_the_limb(seed: int, near: bool) -> None:
    random = np.random.default_rng(seed)
    first, second, right = random.normal(size=(3, 50, 3))
    second[10:20] = 2 * first[10:20]  # straight
    second[30:35] = -first[30:35]  # folded
    limb = Limb(first, second, near, 1.0)
    axes = axes_of(limb, carried_normal(limb, right, 0.1))
    np.testing.assert_allclose(np.swapaxes(axes, 1, 2) @ axes, np.broadcast_to(np.eye(3), axes.shape), atol=1e-9)
    np.testing.assert_allclose(np.linalg.det(axes), 1)
    np.testing.assert_allclose(axes[..., 0], limb.bone / np.linalg.norm(limb.bone, axis=1, keepdims=True))


def test_a_limb_that_straightens_keeps_its_axes() -> None:
    """Bent by 60°, straight for a second, bent again, all in one plane, and with nothing to tell the right."""
    bend = np.deg2rad(60) * np.clip(np.abs(TIME - 2) - 0.5, 0, 1)
    limb = Limb(directions(0 * TIME), directions(bend), False, 1.0)
    normal = axes_of(limb, carried_normal(limb, None, 0.01))[..., 1]
    np.testing.assert_allclose(normal, np.broadcast_to([0, -1, 0], normal.shape), atol=1e-9)


def test_a_straight_limb_leans_on_the_right_and_noise_does_not_turn_it() -> None:
    random = np.random.default_rng(0)
    first, second = (directions(0.3 * np.sin(TIME)) + random.normal(0, 0.01, (len(TIME), 3)) for _ in range(2))
    right = np.broadcast_to([0.0, -0.4, 0.0], first.shape)
    limb = Limb(first, second, True, -1.0)
    normal = axes_of(limb, carried_normal(limb, right, 0.01))[..., 1]
    assert normal[:, 1].max() < -0.99


def test_an_arm_may_point_along_the_persons_right() -> None:
    """As in a lateral raise: straight, and through the direction that it would lean on."""
    time = np.arange(0, 3, 1 / 60)
    angle = np.pi / 2 * (1 - np.cos(2 * np.pi * time / 3))  # from hanging over level to upright, and back
    bone = np.stack([0 * angle, -np.sin(angle), -np.cos(angle)], axis=1)
    joints = {"right_shoulder": 0 * bone + [0, -0.2, 1.4], "left_shoulder": 0 * bone + [0, 0.2, 1.4]}
    joints |= {
        "right_elbow": joints["right_shoulder"] + 0.3 * bone,
        "right_wrist": joints["right_shoulder"] + 0.55 * bone,
    }
    table = synthesize(Poses("raise", time, joints), "right_wrist")
    speed = np.gradient(angle, time).max()
    assert np.abs(table[["gx", "gy", "gz"]].to_numpy()).max() < 4 * speed
    assert np.isfinite(table).all(axis=None)
