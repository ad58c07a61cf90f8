"""Which column of a table is which channel: as asked for, or by the names that sensors' files have."""

import re
from collections.abc import Mapping

from pose2imu.errors import InputError
from pose2imu.formats.sensor_units import names_a_unit, unit_of

ACCELERATION, TURNING = ("ax", "ay", "az"), ("gx", "gy", "gz")
CHANNELS = ("time", *ACCELERATION, *TURNING)
# Words of a name without its axis, joined; the first are preferred where a file has several.
_ACCELERATION = ("accelerometer", "acceleration", "accel", "acc", "accelero", "a", "specificforce", "gf", "")
_LINEAR = (
    "linearacceleration",
    "linearaccelerometer",
    "linearacc",
    "linacc",
    "useracceleration",
    "useracc",
    "useraccel",
)
_TURNING = (
    *("gyroscope", "gyro", "gyr", "g", "angularvelocity", "angvel", "omega", "w", "rotationrate", "gyrorotation"),
)
_TIME = (
    *(
        "time",
        "timestamp",
        "t",
        "ts",
        "datetime",
        "secondselapsed",
        "elapsed",
        "elapsedtime",
        "unixtime",
        "unix",
        "epoch",
    ),
    *("timestamps", "timestampunix", "sensortimestamp", "loggingtime", "clock", "date", "indexlevel0"),
)
_STEMS = {"a": (*_ACCELERATION, *_LINEAR), "g": _TURNING}
# Words of channels that are neither: gravity's, a magnetometer's, and acceleration without gravity of several words.
_OTHERS = {"gravity", "mag", "magnetometer", "magnetic", "linear", "user", "orientation", "quaternion", "angle", "bias"}
_UNIT = re.compile(r"[(\[]([^)\]]*)[)\]]")


def split_unit(name: str) -> tuple[list[str], str | None]:
    """Give a column's words, in small letters, and the unit that its name ends in, if any: accel_x [mg] has mg."""
    unit = None
    if (match := _UNIT.search(name)) and names_a_unit(match[1]):
        unit = unit_of(match[1])
    bare = re.sub(r"([a-z])([A-Z])", r"\1 \2", _UNIT.sub(" ", name)).lower()
    words = re.findall(r"[a-zµ°]+[\d²]*|\d+", bare)
    if len(words) == 1 and words[0] not in ("g", "gs") and unit is None and names_a_unit(words[0]):
        return ["t"], unit_of(words[0])  # ms
    if len(words) > 1 and unit is None and names_a_unit(words[-1]) and (words[-1] != "g" or words[-2] in "xyz"):
        unit = unit_of(words.pop())  # time_ms, gyro_x_dps
    return words, unit


def columns_of(names: list[str], columns: str | Mapping[str, str] | None) -> dict[str, str]:
    """Give the name of each channel's column; raises InputError where acceleration has none or several.

    `columns`, such as "time=ts,ax=accel_x" or the mapping, goes before what is guessed. Where no column has a name,
    their order is told from their number: acceleration, then angular velocity, after a time where there is one more.
    """
    asked = _asked(names, columns)
    found = {
        channel: name for channel, name in _guessed(names, taken=set(asked.values())).items() if channel not in asked
    }
    if any(channel in asked for channel in ACCELERATION):  # three axes of one sensor, and its own gyroscope or none
        found = {channel: name for channel, name in found.items() if channel == "time"}
    found |= asked
    for axes in (ACCELERATION, TURNING):
        missing = [axis for axis in axes if axis not in found]
        if missing and (axes == ACCELERATION or any(axis in found for axis in axes)):
            raise InputError(
                f"no column for {', '.join(missing)} among {_some(names)}; expected names such as acc_x, or --columns "
                f"{missing[0]}=NAME,..."
            )
    return found


def _asked(names: list[str], columns: str | Mapping[str, str] | None) -> dict[str, str]:
    if not columns:
        return {}
    if isinstance(columns, str):
        pairs = [part.partition("=") for part in columns.split(",") if part.strip()]
        columns = {channel.strip(): name.strip() for channel, _, name in pairs}
    for channel, name in columns.items():
        if channel not in CHANNELS:
            raise InputError(f"columns: a channel {channel!r}; expected {', '.join(CHANNELS)}, each with =NAME")
        if name not in names:
            raise InputError(f"no column {name!r} for {channel}; expected one of {_some(names)}")
    if len(set(columns.values())) < len(columns):
        raise InputError("columns: one column for two channels; expected one for each")
    return dict(columns)


def _guessed(names: list[str], taken: set[str]) -> dict[str, str]:
    if all(name.split(".")[0].strip("_").isdigit() for name in names):
        return _by_order(names) if not taken else {}
    ranks: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        if name in taken:
            continue
        for channel, rank in _readings(split_unit(name)[0]):
            ranks.setdefault(channel, []).append((rank, name))
    found = {}
    for channel, candidates in ranks.items():
        best = min(rank for rank, _ in candidates)
        equal = [name for rank, name in candidates if rank == best]
        if len(equal) > 1:
            raise InputError(
                f"{' and '.join(equal[:3])} could each be {channel}; expected one, or --columns {channel}=NAME"
            )
        found[channel] = equal[0]
    if not all(axis in found for axis in TURNING):  # no gyroscope, but a column of some such name
        found = {channel: name for channel, name in found.items() if channel not in TURNING}
    return found


def _by_order(names: list[str]) -> dict[str, str]:
    if len(names) in (3, 6):
        return dict(zip(CHANNELS[1:], names, strict=False))
    if len(names) in (4, 7):
        return dict(zip(CHANNELS, names, strict=False))
    raise InputError(
        f"{len(names)} columns without names; expected 3 or 6 (acceleration, angular velocity), one more with times, "
        "or --columns time=0,ax=1,..."
    )


def _readings(words: list[str]) -> list[tuple[str, int]]:
    """Give the channels that a name's words may mean, each with a rank: the lower, the likelier."""
    joined = "".join(words)
    if joined in _TIME:
        return [("time", _TIME.index(joined))]
    axis, stem = _axis(words)
    if not axis:
        return []
    readings = []
    for sensor, known in _STEMS.items():
        if "".join(stem) in known:
            readings.append((sensor + axis, known.index("".join(stem))))
        elif not _OTHERS & set(stem) and any(word in known and len(word) > 1 for word in stem):  # right_wrist_acc
            readings.append((sensor + axis, len(known) + len(stem)))
    return readings


def _axis(words: list[str]) -> tuple[str, list[str]]:
    """Tell a name's axis, if it has one, from its other words: acc x, x acc, acc x raw, accx."""
    for place in range(len(words) - 1, -1, -1):
        if words[place] in ("x", "y", "z"):
            return words[place], words[:place] + words[place + 1 :]
    if words and words[-1][-1] in "xyz":
        return words[-1][-1], [*words[:-1], words[-1][:-1]]
    return "", words


def _some(names: list[str]) -> str:
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
