"""Virtual sensors against formulas and the simulator's exact signals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.constants import g
from scipy.spatial.transform import Rotation

from pose2imu.datasets.mm_fit import CLASSES
from pose2imu.formats.streams import PLACES, Poses
from pose2imu.simulation.arm import HIP, LEFT_ARM, LEFT_LEG, NECK, RIGHT_ARM, RIGHT_LEG, Truth
from pose2imu.simulation.exercises import draw_subject, perform
from pose2imu.simulation.sensor import second_derivative
from pose2imu.synthesis import motion, synthesize
from tests.formats.walk import walk

ACCELERATION, TURNING = ["ax", "ay", "az"], ["gx", "gy", "gz"]
SIDES = {"right": -1.0, "left": 1.0}


def middle(table: pd.DataFrame, columns: list[str], cut: float = 0.5) -> np.ndarray:
    """Give columns without the first and last half second."""
    time = table.time - table.time.iat[0]
    return table.loc[(time > cut) & (time < time.iat[-1] - cut), columns].to_numpy()


def swinging(time: np.ndarray, first: np.ndarray, second: np.ndarray, place: str) -> Poses:
    """Swing a limb of 0.3 and 0.25 m in the plane of x and z: angles (time,) of its bones from straight down to x."""
    where, sign = PLACES[place], SIDES[place.split("_", maxsplit=1)[0]]
    root = np.broadcast_to([0.0, 0.2 * sign, 1.4], (len(time), 3))
    bones = [np.stack([np.sin(a), 0 * a, -np.cos(a)], axis=1) for a in (first, second)]
    middle, end = root + 0.3 * bones[0], root + 0.3 * bones[0] + 0.25 * bones[1]
    centre = np.broadcast_to([0.0, 0.0, 1.4], root.shape)
    joints = dict(zip(where.limb, (root, middle, end), strict=True)) | {"neck": centre, "mid_hip": centre}
    return Poses("swing", time, joints)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("bend", [0.0, 0.05, 0.8])
def test_a_pendulum_measures_what_the_formula_says(place: str, bend: float) -> None:
    """Of a limb that swings from its root: x feels −r φ'² and gravity, z feels r φ'', y is the axis."""
    time = np.arange(0, 6, 1 / 60)
    phase = 2 * np.pi * 0.8 * time
    angle = 0.6 * np.sin(phase)
    leg = place.split("_")[1] in ("thigh", "shank")
    # An arm bends forwards, a leg backwards.
    poses = swinging(time, angle, angle - bend if leg else angle + bend, place)
    table = synthesize(poses, place, smoothing=0)
    moments = table.time.to_numpy()
    w = 2 * np.pi * 0.8
    angle, speed, change = 0.6 * np.sin(w * moments), 0.6 * w * np.cos(w * moments), -0.6 * w**2 * np.sin(w * moments)
    own = angle if PLACES[place].near_bone else angle + (-bend if leg else bend)

    def felt(a: np.ndarray, length: float) -> np.ndarray:
        along, across = (np.stack([np.sin(a), -np.cos(a)]), np.stack([np.cos(a), np.sin(a)]))
        return length * (change * across - speed**2 * along)

    share = PLACES[place].along
    force = felt(angle, 0.3 * share) if PLACES[place].near_bone else felt(angle, 0.3) + felt(own, 0.25 * share)
    force[1] += g
    # y points to the right, along −y of the world; z = x × y is square to the bone, backwards of one that hangs.
    x, z = np.stack([np.sin(own), -np.cos(own)]), np.stack([-np.cos(own), -np.sin(own)])
    expected = pd.DataFrame({"time": moments, "ax": (force * x).sum(0), "ay": 0.0, "az": (force * z).sum(0)})
    np.testing.assert_allclose(middle(table, ACCELERATION), middle(expected, ACCELERATION), atol=1e-3)
    expected = pd.DataFrame({"time": moments, "gx": 0.0, "gy": speed, "gz": 0.0})
    np.testing.assert_allclose(middle(table, TURNING), middle(expected, TURNING), atol=1e-3)


@pytest.mark.parametrize("place", PLACES)
def test_an_arm_that_goes_round_feels_the_centripetal_force(place: str) -> None:
    """Level and straight, once a second about the vertical: −r ω² along the bone, g across it."""
    time = np.arange(0, 4, 1 / 50)
    turn = 2 * np.pi * time
    direction = np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)
    where = PLACES[place]
    joints = {name: reach * direction for name, reach in zip(where.limb, (0.0, 0.3, 0.55), strict=True)}
    table = synthesize(Poses("round", time, joints), place, smoothing=0)
    radius = 0.3 * where.along if where.near_bone else 0.3 + 0.25 * where.along
    measured = middle(table, ACCELERATION)
    np.testing.assert_allclose(measured[:, 0], -radius * (2 * np.pi) ** 2, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(measured[:, 1:], axis=1), g, atol=1e-3)
    # It turns about the vertical, from wherever its normal was at first.
    turned = middle(table, TURNING)
    np.testing.assert_allclose((turned * measured).sum(axis=1) / g, 2 * np.pi, atol=1e-2)
    assert np.ptp(measured[:, 1:], axis=0).max() < 1e-2


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", ["m/s2", "g"])
def test_still_is_one_g_upwards_and_free_fall_nothing(place: str, unit: str) -> None:
    poses = walk(seconds=2)
    posture = {name: points[:1] for name, points in poses.joints.items()}
    still = Poses("still", poses.time, {name: np.repeat(p, len(poses.time), axis=0) for name, p in posture.items()})
    table = synthesize(still, place, unit=unit)
    size = g if unit == "m/s2" else 1.0
    measured = table[ACCELERATION].to_numpy()
    np.testing.assert_allclose(np.linalg.norm(measured, axis=1), size, atol=1e-6)
    # Upwards: the share of it along the bone is that of the bone along the vertical.
    near, far = PLACES[place].limb[:2] if PLACES[place].near_bone else PLACES[place].limb[1:]
    bone = (posture[far] - posture[near])[0]
    np.testing.assert_allclose(measured[:, 0], size * bone[2] / np.linalg.norm(bone), atol=1e-6)
    np.testing.assert_allclose(table[TURNING], 0, atol=1e-6)
    np.testing.assert_allclose(synthesize(still, place, unit=unit, gravity=False)[ACCELERATION], 0, atol=1e-6)
    drop = np.stack([0 * poses.time, 0 * poses.time, -g / 2 * poses.time**2], axis=1)
    falling = Poses("fall", poses.time, {name: points + drop for name, points in still.joints.items()})
    np.testing.assert_allclose(synthesize(falling, place, unit=unit)[ACCELERATION], 0, atol=1e-5)


@pytest.fixture(scope="module")
def truth() -> Truth:
    rng = np.random.default_rng(5)
    return perform([(2.0, 8.0, CLASSES[2]), (9.0, 15.0, CLASSES[7])], 17.0, draw_subject(rng), rng)


def poses_of(truth: Truth, every: int = 1) -> Poses:
    joints = {"neck": truth.joints[:, NECK], "mid_hip": truth.joints[:, HIP]}
    for side, arm, leg in (("left", LEFT_ARM, LEFT_LEG), ("right", RIGHT_ARM, RIGHT_LEG)):
        for names, part in ((("shoulder", "elbow", "wrist"), arm), (("hip", "knee", "ankle"), leg)):
            joints |= {f"{side}_{name}": truth.joints[:, part][:, k] for k, name in enumerate(names)}
    return Poses("truth", truth.time[::every], {name: points[::every] for name, points in joints.items()})


def test_the_simulators_watch_is_measured_exactly(truth: Truth) -> None:
    """In the frame of the bone and the limb's plane, built here from its exact joints and acceleration."""
    rate = 1 / (truth.time[1] - truth.time[0])
    table = synthesize(poses_of(truth), "left_wrist", rate=rate, smoothing=0)
    shoulder, elbow, wrist = truth.joints[:, LEFT_ARM].transpose(1, 0, 2)
    unit = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (elbow - shoulder, wrist - elbow)]
    normal = np.cross(*unit)
    bent = np.linalg.norm(normal, axis=1) > np.sin(np.deg2rad(30))
    y = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    force = truth.acceleration + np.array([0, 0, g])
    expected = np.stack([(force * axis).sum(axis=1) for axis in (unit[1], y, np.cross(unit[1], y))], axis=1)
    found, inside = table[ACCELERATION].to_numpy(), (truth.time > 0.2) & (truth.time < truth.time[-1] - 0.2)
    assert (bent & inside).mean() > 0.25
    assert np.abs(expected).max() > 15
    np.testing.assert_allclose(found[bent & inside], expected[bent & inside], atol=0.02)
    np.testing.assert_allclose(found[inside, 0], expected[inside, 0], atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1)[inside], np.linalg.norm(force, axis=1)[inside], atol=0.02)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_of_the_simulators_body_is_measured_from_half_of_its_frames(place: str, truth: Truth) -> None:
    rate = 1 / (truth.time[1] - truth.time[0])
    table = synthesize(poses_of(truth, every=2), place, rate=rate, smoothing=0)
    where, joints = PLACES[place], poses_of(truth).joints
    near, far = (joints[name] for name in (where.limb[:2] if where.near_bone else where.limb[1:]))
    force = second_derivative(truth.time, (1 - where.along) * near + where.along * far) + np.array([0, 0, g])
    x = (far - near) / np.linalg.norm(far - near, axis=1, keepdims=True)
    inside = slice(100, len(table) - 100)
    found = table[ACCELERATION].to_numpy()[inside]
    np.testing.assert_allclose(found[:, 0], (force * x).sum(axis=1)[inside], atol=0.03)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), np.linalg.norm(force, axis=1)[inside], atol=0.03)


@pytest.mark.parametrize("place", PLACES)
def test_angular_velocity_turns_the_axes_as_gravity_turns_in_them(place: str, truth: Truth) -> None:
    """Of a body that is not accelerated, what gravity does in the sensor's axes is the turning's: df/dt = −ω × f."""
    poses = walk(seconds=4)
    still = np.linspace(0, 1, len(poses.time))[:, None]
    root = poses.joints[PLACES[place].limb[0]]
    joints = {name: points - root + still for name, points in poses.joints.items()}
    near = Poses("walk", poses.time, joints)
    table = synthesize(near, place, rate=1000, smoothing=0)
    force = synthesize(near, place, rate=1000, smoothing=0, gravity=False)[ACCELERATION].to_numpy()
    up = table[ACCELERATION].to_numpy() - force
    change = np.gradient(up, 0.001, axis=0)
    expected = np.cross(up, table[TURNING].to_numpy())
    # Finite differences are off where the plane begins to be carried.
    np.testing.assert_allclose(change[500:-500], expected[500:-500], atol=0.03)


@pytest.mark.parametrize("place", ["right_wrist", "left_shank"])
def test_rate_and_clock_of_the_poses_change_nothing(place: str) -> None:
    reference = synthesize(walk(100), place, smoothing=0)
    assert len(reference) == 601
    for rate in (30, 60, 29.97):
        poses = walk(rate)
        table = synthesize(poses, place, smoothing=0)
        np.testing.assert_allclose(
            middle(table, ACCELERATION), middle(reference, ACCELERATION)[: len(middle(table, ["ax"]))], atol=0.03
        )
        np.testing.assert_allclose(
            middle(table, TURNING), middle(reference, TURNING)[: len(middle(table, ["ax"]))], atol=0.01
        )
    smooth = [middle(synthesize(walk(rate), place), ACCELERATION) for rate in (30, 60)]
    np.testing.assert_allclose(*smooth, atol=0.05)
    later = walk(100)
    later = Poses("later", later.time + 1.7e9, later.joints)
    table = synthesize(later, place, smoothing=0.1)
    assert table.time.iat[0] == 1.7e9
    np.testing.assert_allclose(
        middle(table, ACCELERATION), middle(synthesize(walk(100), place), ACCELERATION), atol=0.01
    )


@settings(max_examples=15, deadline=None)
@given(angle=st.floats(-180, 180), away=st.tuples(*[st.floats(-100, 100)] * 3))
def test_where_a_person_stands_and_faces_changes_nothing(angle: float, away: tuple[float, float, float]) -> None:
    poses = walk(30, seconds=2)
    turn = Rotation.from_euler("z", angle, degrees=True)
    other = Poses("x", poses.time, {name: turn.apply(points) + away for name, points in poses.joints.items()})
    values = [synthesize(one, "left_forearm").drop(columns="time") for one in (poses, other)]
    np.testing.assert_allclose(*values, atol=1e-4)


@settings(max_examples=15, deadline=None)
@given(angles=st.tuples(*[st.floats(-180, 180)] * 3))
def test_a_sensor_that_sits_otherwise_measures_the_same_turned(angles: tuple[float, float, float]) -> None:
    poses, mount = walk(30, seconds=1), Rotation.from_euler("xyz", angles, degrees=True)
    plain = synthesize(poses)
    for said in (angles, mount.as_quat(), mount):
        turned = synthesize(poses, rotation=said)
        for columns in (ACCELERATION, TURNING):
            np.testing.assert_allclose(mount.apply(turned[columns].to_numpy(copy=True)), plain[columns], atol=1e-9)


def test_left_is_the_mirror_image_of_right() -> None:
    poses = walk(60, seconds=2)
    swap = {"right": "left", "left": "right"}
    mirrored = {
        "_".join([swap.get(name.split("_")[0], name.split("_")[0]), *name.split("_")[1:]]): points * [1, -1, 1]
        for name, points in poses.joints.items()
    }
    left, right = synthesize(Poses("x", poses.time, mirrored), "left_wrist"), synthesize(poses, "right_wrist")
    # y points to the right on both sides: it and what turns about the other two change their signs.
    signs = {"ay": -1, "gx": -1, "gz": -1}
    for column in (*ACCELERATION, *TURNING):
        np.testing.assert_allclose(left[column], signs.get(column, 1) * right[column], atol=1e-6, err_msg=column)


def test_a_place_between_is_accelerated_as_one() -> None:
    poses = walk(60, seconds=2)
    near, half, far = (
        synthesize(poses, "right_forearm", along=along)[ACCELERATION].to_numpy() for along in (0, 0.5, 1)
    )
    np.testing.assert_allclose(half, (near + far) / 2, atol=1e-9)
    np.testing.assert_allclose(far, synthesize(poses, "right_wrist")[ACCELERATION], atol=1e-12)


def test_gaps_are_interpolated_or_left_and_said() -> None:
    poses = walk(60)
    wrist = poses.joints["right_wrist"].copy()
    wrist[60:63] = np.nan
    short = synthesize(Poses("gap", poses.time, dict(poses.joints) | {"right_wrist": wrist}), smoothing=0)
    whole = synthesize(poses, smoothing=0)
    np.testing.assert_allclose(middle(short, ACCELERATION), middle(whole, ACCELERATION), atol=0.05)
    assert "1 gaps of up to 0.5 s: interpolated" in " ".join(short.attrs["notes"])
    wrist[120:180] = np.nan
    long = synthesize(Poses("gap", poses.time, dict(poses.joints) | {"right_wrist": wrist}), smoothing=0)
    lost = long.ax.isna()
    assert long.time[lost].min() == pytest.approx(2.0, abs=0.02)
    assert long.time[lost].max() == pytest.approx(2.99, abs=0.02)
    assert "1 gaps of over 0.5 s: NaN there" in " ".join(long.attrs["notes"])


@pytest.mark.parametrize("smoothing", [0, 0.1])
def test_pieces_of_a_long_recording_are_one_signal(smoothing: float, monkeypatch: pytest.MonkeyPatch) -> None:
    poses = walk(60, seconds=40)
    whole = synthesize(poses, smoothing=smoothing)
    monkeypatch.setattr(motion, "PIECE", 500)
    np.testing.assert_allclose(synthesize(poses, smoothing=smoothing), whole, atol=1e-5)


def test_smoothing_takes_the_noise_of_poses_and_little_else() -> None:
    poses = walk(30)
    random = np.random.default_rng(0)
    noisy = Poses("noisy", poses.time, {n: p + random.normal(0, 0.003, p.shape) for n, p in poses.joints.items()})
    exact = middle(synthesize(walk(100), smoothing=0), ACCELERATION)
    errors = [
        np.sqrt(np.mean((middle(synthesize(noisy, smoothing=smoothing), ACCELERATION) - exact) ** 2))
        for smoothing in (0, 0.1, 0.15)
    ]
    assert errors[0] > 5
    assert errors[1] < 1
    assert errors[2] < 0.6


def test_noise_is_as_said_and_its_seed_is() -> None:
    poses = walk(30)
    plain, *noisy = (
        synthesize(poses, noise=noise, turn_noise=noise / 10, seed=seed)
        for noise, seed in ((0, 0), (2, 1), (2, 1), (2, 2))
    )
    added = noisy[0][ACCELERATION] - plain[ACCELERATION]
    assert np.std(added.to_numpy()) == pytest.approx(2, rel=0.05)
    assert np.std((noisy[0][TURNING] - plain[TURNING]).to_numpy()) == pytest.approx(0.2, rel=0.05)
    pd.testing.assert_frame_equal(noisy[0], noisy[1])
    assert not np.allclose(noisy[0].ax, noisy[2].ax)
