"""Who did what, as folders and names of files tell."""

import itertools
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

# Words that say what is in a file, not which recording it is.
_KINDS = set(
    """acc accel acceleration accelerometer imu imus inertial sensor sensors watch smartwatch phone gyro gyroscope
    accgyro signal signals raw data pose poses skeleton skeletons skel joints joint keypoints landmarks mocap motion
    video camera kinect mediapipe blazepose openpose coco bvh labels label intervals annotation annotations
    recording recordings csv npy json clip clips own""".split()  # noqa: SIM905 so many in quotes read worse
)
_PARTS = {"wrist": "wrist", "forearm": "forearm", "upperarm": "upper_arm", "thigh": "thigh", "shank": "shank"}
_PARTS |= dict.fromkeys(("ankle", "shin", "calf"), "shank")
_SIDES = {"left": "left", "right": "right", "l": "left", "r": "right"}
_PERSON = re.compile(r"(?:s|sub|subj|subject|p|person|participant|proband|vp|user|u|id)\d+", re.IGNORECASE)
_CODE = re.compile(r"(?:a|act|action|activity|class|exercise|gesture)\d+", re.IGNORECASE)
_TRIAL = re.compile(r"(?:t|trial|r|rep|take|session|set|no|nr|file|part)?\d+", re.IGNORECASE)
_BEFORE_A_NUMBER = re.compile(
    r"subj?|subject|person|participant|proband|user|trial|rep|take|session|set|activity|action"
)
# Beginnings of words for what people do, where a name could as well be a person's.
_DOING = tuple(
    """walk run jog jump sit stand squat lunge curl push pull press raise lift wave clap throw catch kick punch box
    swing draw turn bend climb stair cycl bik row swim danc stretch rest lie lay fall drink eat writ typ brush clean
    cook knock bowl tennis swipe crawl step march skip plank pick reach carry open close situp bicep tricep shoulder
    still idle nothing gesture exercise hop""".split()  # noqa: SIM905
)


class Who(NamedTuple):
    """A recording's person and activity; None where a name does not tell."""

    subject: str | None
    activity: str | None


def words_of(path: PurePath) -> list[str]:
    """Split a path, relative to the data's folder, into words; "subject 1" is one."""
    words = [word for part in (*path.parts[:-1], path.stem) for word in re.findall(r"[^\W_]+", part)]
    joined: list[str] = []
    for word in words:
        if word.isdigit() and joined and _BEFORE_A_NUMBER.fullmatch(joined[-1].lower()):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def place_of(words: Sequence[str]) -> str | None:
    """Tell where a sensor is worn from a side and a part that follow each other; None where there are none."""
    at = _place_at(words)
    return f"{_SIDES[words[at[0]].lower()]}_{_PARTS[''.join(words[at[0] + 1 : at[1]]).lower()]}" if at else None


def _place_at(words: Sequence[str]) -> tuple[int, int] | None:
    for begin, word in enumerate(words):
        for end in (begin + 2, begin + 3):  # right wrist, right upper arm
            if word.lower() in _SIDES and "".join(words[begin + 1 : end]).lower() in _PARTS:
                return begin, end
    return None


def key_of(words: Sequence[str]) -> tuple[str, ...]:
    """Give the words that tell a recording from others: not what is in the file, nor where a sensor is worn."""
    begin, end = _place_at(words) or (0, 0)
    others = [*words[:begin], *words[end:]]
    return tuple(word for word in others if word.lower() not in _KINDS) or tuple(words)


def who(keys: Sequence[tuple[str, ...]]) -> tuple[list[Who], str]:
    """Tell person and activity of recordings from their words, all at once, and say how."""
    rest = [list(key) for key in keys]
    persons = _taken(rest, _PERSON)
    said = "persons from words such as " + persons[0] if persons else ""
    codes = _taken(rest, _CODE)
    if not persons:
        persons, said = _numbers_in_front(rest)
    rest = [[word for word in words if not _TRIAL.fullmatch(word)] for words in rest]
    shared = _shared(rest) if len(rest) > 1 else []
    rest = [words[len(shared) :] for words in rest]
    if codes:
        if not persons and all(rest):
            persons, said = [words[0] for words in rest], "persons from the word that is not the activity's"
        activities: list[str | None] = list(codes)
    else:
        if not persons:
            persons, rest, said = _divided(rest)
        rest = [words if any(rest) else shared for words in rest]
        activities = _plain(rest)
    if not persons and shared:
        persons, said = ["_".join(shared)] * len(keys), f"one person, from {'_'.join(shared)} in all names"
    subjects: list[str | None] = list(persons) if persons else [None] * len(keys)
    return [Who(*pair) for pair in zip(subjects, activities, strict=True)], said or "no person is named"


def _shared(rest: list[list[str]]) -> list[str]:
    """Give the words that all lists begin with, up to one for what people do (swipe_left, swipe_right)."""
    columns = itertools.takewhile(
        lambda words: len(set(words)) == 1 and not _is_doing(words[0]), zip(*rest, strict=False)
    )
    return [words[0] for words in columns]


def _taken(rest: list[list[str]], pattern: re.Pattern[str]) -> list[str]:
    """Take the first word of a pattern out of each list, where all have one."""
    found = [next((word for word in words if pattern.fullmatch(word)), None) for words in rest]
    if not all(found):
        return []
    for words, word in zip(rest, found, strict=True):
        words.remove(str(word))
    return [str(word) for word in found]


def _numbers_in_front(rest: list[list[str]]) -> tuple[list[str], str]:
    """Where each name begins with a number and has words too, the number is a person's."""
    if not all(words and words[0].isdigit() and any(not w.isdigit() for w in words) for words in rest):
        return [], ""
    return [words.pop(0) for words in rest], "persons from the numbers that names begin with"


def _divided(rest: list[list[str]]) -> tuple[list[str], list[list[str]], str]:
    """Divide words into a person's, the first or the last, and an activity's.

    It is so that most persons do most activities; where both ways are as good, by words for what people do.
    """
    if not all(len(words) > 1 for words in rest):
        return [], rest, ""
    ways = []
    for place in (0, -1):
        persons = [words[place] for words in rest]
        others = [words[1:] if place == 0 else words[:-1] for words in rest]
        activities = {tuple(words) for words in others}
        pairs = {(person, tuple(words)) for person, words in zip(persons, others, strict=True)}
        full = len(pairs) / (len(set(persons)) * len(activities))
        doing = sum(_is_doing(person) for person in set(persons)) / len(set(persons))
        ways.append((round(full, 3) - doing, persons, others))
    best = max(ways, key=lambda way: way[0])  # of equals, the first: persons are named first
    which = "first" if best is ways[0] else "last"
    return best[1], best[2], f"persons from the {which} word: they share activities"


def _is_doing(word: str) -> bool:
    return word.lower().startswith(_DOING)


def _plain(rest: list[list[str]]) -> list[str | None]:
    """Join an activity's words, without the number of a trial (walk1) where that leaves different ones."""
    whole = ["_".join(words).lower() for words in rest]
    bare = ["_".join(re.sub(r"(?<=[^\W\d_])\d+$", "", word) for word in words).lower() for words in rest]
    return [word or None for word in (bare if len(set(bare)) > 1 or len(set(whole)) == len(whole) else whole)]
