"""Sensors' files as people have them: names, units and clocks are told from names and values, with the evidence."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.io
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import g
from scipy.spatial.transform import Rotation

from pose2imu.errors import InputError
from pose2imu.formats.inertial import inertial_of, read_inertial
from pose2imu.formats.sensor_columns import columns_of, split_unit
from pose2imu.formats.sensor_units import guess_acceleration, guess_time, named
from pose2imu.formats.streams import Inertial
from pose2imu.synthesis import synthesize
from pose2imu.synthesis.output import write_array, write_signal
from tests.moving import performance

RATE, SECONDS = 100.0, 20.0
SHORT = "time,ax,ay,az,gx,gy,gz"
UTD_MHAD = Path(__file__).parents[2] / "data" / "raw" / "utd_mhad" / "Inertial" / "a1_s1_t1_inertial.mat"


def turning_sensor() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A sensor that rocks about two of its axes: time in s, acceleration in m/s², angular velocity in rad/s."""
    time = np.arange(0, SECONDS, 1 / RATE)
    angles = np.stack([np.sin(time), 0.5 * np.sin(1.7 * time)], axis=1)
    orientation = Rotation.from_euler("XY", angles)
    acceleration = orientation.inv().apply([0, 0, g]) + np.random.default_rng(0).normal(0, 0.05, (len(time), 3))
    between = (orientation[:-1].inv() * orientation[1:]).as_rotvec() * RATE
    return time, acceleration, np.concatenate([between, between[-1:]])


TIME, ACCELERATION, TURNING = turning_sensor()


def table(
    head: str = SHORT, time: np.ndarray = TIME, of_acceleration: float = 1.0, of_turning: float = 1.0
) -> pd.DataFrame:
    values = np.column_stack([time, ACCELERATION / of_acceleration, TURNING / of_turning])
    names = head.split(",")
    return pd.DataFrame(values[:, : len(names)], columns=names)


def is_the_sensor(found: Inertial, turning: bool = True) -> None:
    np.testing.assert_allclose(found.time - found.time[0], TIME, atol=2e-4)
    np.testing.assert_allclose(found.acceleration, ACCELERATION, atol=2e-3)
    if turning:
        assert found.angular_velocity is not None
        np.testing.assert_allclose(found.angular_velocity, TURNING, atol=2e-3)


# Text


@pytest.mark.parametrize(
    ("separator", "decimal", "end", "encoding"),
    [
        (",", ".", "\n", "utf-8"),
        (",", ".", "\r\n", "utf-8-sig"),
        (";", ",", "\r\n", "latin-1"),
        (";", ".", "\n", "utf-16"),
        ("\t", ",", "\n", "utf-8"),
        (" ", ".", "\n", "utf-8"),
        (", ", ".", "\r", "utf-8"),
        ("|", ".", "\n", "utf-8"),
    ],
)
@pytest.mark.parametrize("head", [True, False])
def test_text_of_any_separator(
    tmp_path: Path, separator: str, decimal: str, end: str, encoding: str, head: bool
) -> None:
    names = [separator.join(SHORT.split(","))] if head else []
    rows = [separator.join(f"{value:.5f}".replace(".", decimal) for value in row) for row in table().to_numpy()]
    file = tmp_path / "mein Gerät, links.csv"
    file.write_bytes((end.join([*names, *rows]) + end).encode(encoding))
    is_the_sensor(read_inertial(file))


@pytest.mark.parametrize(
    "head",
    [
        "timestamp,acc_x,acc_y,acc_z,gyro_x,gyro_y,gyro_z",
        "Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2),Gyroscope x (rad/s),"
        "Gyroscope y (rad/s),Gyroscope z (rad/s)",
        "t,accelX,accelY,accelZ,gyroX,gyroY,gyroZ",
        "seconds_elapsed,x,y,z,wx,wy,wz",
        "time,gFx,gFy,gFz,wx,wy,wz",
        "TIME,right_wrist_acc_x,right_wrist_acc_y,right_wrist_acc_z,right_wrist_gyr_x,right_wrist_gyr_y,right_wrist_gyr_z",
        "TimeStamp,X Acceleration,Y Acceleration,Z Acceleration,Gx,Gy,Gz",
    ],
)
def test_usual_names(head: str) -> None:
    is_the_sensor(inertial_of(table(head)))


def test_lines_before_the_names_and_a_line_of_units(tmp_path: Path) -> None:
    rows = table(of_acceleration=g).to_csv(index=False, header=False, float_format="%.6f")
    file = tmp_path / "a.txt"
    file.write_text(f"Device: X1\n# rate 100\n\n{SHORT}\ns,g,g,g,rad/s,rad/s,rad/s\n{rows}")
    found = read_inertial(file)
    is_the_sensor(found)
    assert "acceleration is in g, as its columns are named" in found.notes


def test_other_columns_do_no_harm(tmp_path: Path) -> None:
    whole = table().assign(label="walk", gravity_x=1.0, mag_x=3.0, user_acc_x=2.0, temperature=20)
    whole.insert(0, "index", range(len(whole)))
    whole.to_csv(tmp_path / "a.csv")
    is_the_sensor(read_inertial(tmp_path / "a.csv"))


def test_columns_asked_for_go_before_names() -> None:
    whole = table("time,ax,ay,az").assign(bx=1.0, by=2.0, bz=9.0)
    found = inertial_of(whole, columns="ax=bx,ay=by,az=bz", unit="m/s2")
    np.testing.assert_array_equal(found.acceleration[0], [1, 2, 9])
    assert inertial_of(whole, columns={"time": "time", "ax": "bx", "ay": "by", "az": "bz"}).time[1] == TIME[1]


def test_axes_in_another_order() -> None:
    assert columns_of(["time", "seconds_elapsed", "z", "y", "x"], None) == {
        **{"time": "time", "ax": "x", "ay": "y", "az": "z"}
    }


@pytest.mark.parametrize(
    ("name", "words", "unit"),
    [
        ("Acceleration x (m/s^2)", ["acceleration", "x"], "m/s2"),
        ("gyro_x_dps", ["gyro", "x"], "deg/s"),
        ("accX [mg]", ["acc", "x"], "mg"),
        ("time_ms", ["time"], "ms"),
        ("acc_x_g", ["acc", "x"], "g"),
        ("acc_x", ["acc", "x"], None),
        ("acc_x_mps2", ["acc", "x"], "m/s2"),
        ("ms", ["t"], "ms"),
    ],
)
def test_units_in_names(name: str, words: list[str], unit: str | None) -> None:
    assert split_unit(name) == (words, unit)


# Binary files


@pytest.mark.parametrize("kind", [">f8", "<f4", "f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_of_any_bytes(tmp_path: Path, kind: str, order: str) -> None:
    values = np.column_stack([ACCELERATION, TURNING])
    np.save(tmp_path / "a.npy", np.asarray(values.astype(kind), order=order))  # type: ignore[call-overload]
    found = read_inertial(tmp_path / "a.npy", rate=RATE)
    np.testing.assert_allclose(found.acceleration, ACCELERATION, atol=0.01)
    np.testing.assert_allclose(found.time, TIME)


@pytest.mark.parametrize("channels", [3, 4, 6, 7])
@pytest.mark.parametrize("turned", [False, True])
def test_arrays_by_their_number_of_channels(tmp_path: Path, channels: int, turned: bool) -> None:
    values = np.column_stack([*([TIME] if channels in (4, 7) else []), ACCELERATION, TURNING])[:, :channels]
    np.save(tmp_path / "a.npy", values.T if turned else values)
    found = read_inertial(tmp_path / "a.npy", rate=RATE if channels in (3, 6) else None)
    is_the_sensor(found, turning=channels > 4)


def test_parquet_with_dates_as_index(tmp_path: Path) -> None:
    dates = pd.Timestamp("2024-03-01T12:00:00Z") + pd.to_timedelta(TIME, unit="s")
    table().drop(columns="time").set_index(dates).to_parquet(tmp_path / "a.parquet")
    is_the_sensor(read_inertial(tmp_path / "a.parquet"))


def test_matlab_and_npz(tmp_path: Path) -> None:
    arrays = {"time": TIME, "acc": ACCELERATION, "gyro": TURNING}
    np.savez(tmp_path / "a.npz", **arrays, person=np.array("s1"))
    scipy.io.savemat(tmp_path / "a.mat", {**arrays, "person": "s1"})
    is_the_sensor(read_inertial(tmp_path / "a.npz"))
    is_the_sensor(read_inertial(tmp_path / "a.mat"))


@pytest.mark.skipif(not UTD_MHAD.exists(), reason="needs UTD-MHAD")
def test_a_clip_of_utd_mhad_is_in_its_units() -> None:
    raw = scipy.io.loadmat(UTD_MHAD)["d_iner"]
    found = read_inertial(UTD_MHAD, rate=50)
    np.testing.assert_allclose(found.acceleration, raw[:, :3] * g)
    np.testing.assert_allclose(found.angular_velocity, np.deg2rad(raw[:, 3:]))


# Units


@pytest.mark.parametrize(("unit", "size"), [("m/s2", 1.0), ("g", g), ("mg", g / 1000)])
@pytest.mark.parametrize(("turn", "of_turn"), [("rad/s", 1.0), ("deg/s", np.pi / 180)])
def test_units_are_told_from_values(unit: str, size: float, turn: str, of_turn: float) -> None:
    found = inertial_of(table(of_acceleration=size, of_turning=of_turn))
    is_the_sensor(found)
    assert any(f"acceleration is in {unit}: its median magnitude is" in note for note in found.notes)
    note = found.notes[2]
    assert note.startswith(f"angular velocity is in {turn}: gravity turns in the sensor by ")
    assert float(note.split(" by ")[1].split()[0]) == pytest.approx(1, abs=0.03)


def test_units_given_go_before_values() -> None:
    found = inertial_of(table(of_acceleration=g / 16384), unit="16384/g", turn_unit="rad/s")
    is_the_sensor(found)
    assert found.notes[1:] == ("acceleration is in 16384/g, as given", "angular velocity is in rad/s, as given")


def test_acceleration_without_gravity_is_told_of() -> None:
    motion = np.random.default_rng(0).normal(0, 1, (500, 3)) * np.sin(np.arange(500) / 60)[:, None] ** 2
    assert guess_acceleration(motion, 50)[1].startswith("acceleration has no gravity in it")


@given(st.sampled_from(["s", "ms", "us", "ns"]), st.floats(2.5, 1900), st.sampled_from([0.0, 3.2, 1.7e9]))
def test_any_believable_clock_has_one_unit(unit: str, rate: float, start: float) -> None:
    size = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}[unit]
    if abs(rate * size - 1) < 1e-3:  # steps of 1 may be numbers of samples
        return
    assert guess_time((start + np.arange(100) / rate) / size)[0] == unit


@pytest.mark.parametrize(
    "stamps",
    [
        1_700_000_000_000_000_000 + np.arange(len(TIME)) * 10_000_000,
        pd.Timestamp("2024-03-01") + pd.to_timedelta(TIME, unit="s"),
        [f"2024-03-01T12:00:{second:09.6f}+01:00" for second in TIME],
        [f"12:00:{second:06.3f}" for second in TIME],
        [f"3/1/2024 12:00:{second:06.3f}" for second in TIME],
    ],
)
def test_clocks(tmp_path: Path, stamps: list[str]) -> None:
    table().assign(time=stamps).to_csv(tmp_path / "a.csv", index=False, float_format="%.6f")
    is_the_sensor(read_inertial(tmp_path / "a.csv"))


def test_a_rate_goes_before_a_clock() -> None:
    assert inertial_of(table(), rate=50).time[1] == 0.02


def test_rows_without_a_time_are_left_out() -> None:
    found = inertial_of(table(time=np.where(TIME == 5, np.nan, TIME)))
    assert len(found.time) == len(TIME) - 1
    assert f"1 of {len(TIME)} rows have no time: they are left out" in found.notes


@pytest.mark.parametrize(
    ("word", "worth"), [("G", g), ("m/s²", 1.0), ("mG", g / 1000), ("4096/g", g / 4096), (" m/s^2 ", 1.0)]
)
def test_words_for_units(word: str, worth: float) -> None:
    assert named(word, {"m/s2": 1.0, "g": g, "mg": g / 1000}, "acceleration") == pytest.approx(worth)


def test_a_word_for_no_unit() -> None:
    with pytest.raises(InputError, match="acceleration: the unit 'furlong'; expected one of m/s2, g, mg, or counts"):
        inertial_of(table(), unit="furlong")


# What `pose2imu synthesize` says of its files


@pytest.mark.parametrize("kind", ["a.csv", "a.parquet", "a.npy"])
def test_synthesized_files_say_their_units(tmp_path: Path, kind: str) -> None:
    signal = synthesize(performance()[1], "left_wrist", unit="g", gravity=False)
    write = write_array if kind == "a.npy" else write_signal
    write(tmp_path / kind, [signal] if kind == "a.npy" else signal)  # type: ignore[operator]
    found = read_inertial(tmp_path / kind)
    np.testing.assert_allclose(found.acceleration, signal[["ax", "ay", "az"]] * g, atol=1e-3)
    np.testing.assert_allclose(np.diff(found.time), 0.01, atol=1e-6)
    assert "acceleration is in g, as given" in found.notes
    assert found.notes[-1].startswith("gravity is ")


def test_another_programs_json_beside_a_file_does_no_harm(tmp_path: Path) -> None:
    table().to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "a.csv.json").write_text('["units", {')
    is_the_sensor(read_inertial(tmp_path / "a.csv"))
