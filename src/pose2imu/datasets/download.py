"""Fetch a dataset's archives, verify them, and unzip them into its raw folder.

Each archive is looked for where a user may have put it by hand, then in a mirror, then at the official URLs. What a
mirror or a user holds may have been zipped again, with other bytes for the same content; so wherever a manifest lists
the sha256 of the members, these decide. Without a manifest the archive's own sha256 does.
"""

import errno
import hashlib
import os
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pooch
from requests.exceptions import (
    HTTPError,
    InvalidProxyURL,
    InvalidSchema,
    InvalidURL,
    MissingSchema,
    RequestException,
    Timeout,
)
from tqdm import tqdm

from pose2imu.atomic import replacing
from pose2imu.errors import InputError
from pose2imu.params import Archive, Source

MIRROR_VARIABLE = "POSE2IMU_MIRROR"
MANIFESTS = Path(__file__).parent / "manifests"
ATTEMPTS = 3
PAUSE = 2.0  # seconds between attempts
TIMEOUT = 30.0  # seconds without a byte
CHUNK = 2**20  # bytes: pooch's own 1 KiB would flush MM-Fit's archive 1.7 million times
# Bytes of a member that a manifest lists, once unzipped. UTD-MHAD's largest has 32,028, MM-Fit's some 50 million; what
# a user or a mirror provides may be anything, and a zip file can hold a thousand times its own size.
LARGEST_MEMBER = 256 * 2**20
# What zipfile raises on damaged, encrypted or exotically compressed members, and on names that are no text.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


def download(
    dataset: str,
    source: Source,
    destination: Path,
    mirror: str | None,
    archives_folder: Path = Path("data/archives"),
    *,
    manifests: Path = MANIFESTS,
) -> None:
    """Put the members of the dataset's archives into `destination`, all verified, or raise InputError and leave it.

    The mirror, a folder (its path, or file:///) or a base URL, is the environment variable POSE2IMU_MIRROR, or else
    `mirror`. Where `manifests` has a `<dataset>.sha256`, exactly the members it lists are unzipped.
    """
    mirror = os.environ.get(MIRROR_VARIABLE) or mirror
    manifest = _read_manifest(manifests / f"{dataset}.sha256")
    with replacing(destination) as folder:
        folder.mkdir()
        # Inside the temporary folder, so that a download cut off leaves nothing behind either.
        downloaded = folder / ".archive"
        for archive in source.archives:
            if manifest is None and archive.sha256 is None:
                raise InputError(f"{archive.file} of {dataset}: no manifest and no sha256: nothing could be verified")
            members = None if manifest is None else _members_of(archive, manifest)
            place = f"{dataset.replace('_', '-')}/{archive.file}"
            path, origin = _obtain(archive, place, mirror, archives_folder, downloaded, rezipped=members is not None)
            _unzip(path, origin, folder, members)
            downloaded.unlink(missing_ok=True)


def _read_manifest(path: Path) -> dict[str, str] | None:
    """Member → sha256, from a file in the format of sha256sum; None where there is none."""
    if not path.is_file():
        return None
    lines = (line.partition("  ") for line in path.read_text().splitlines())
    return {member: sha256 for sha256, _, member in lines}


def _members_of(archive: Archive, manifest: dict[str, str]) -> dict[str, str]:
    """The part of a dataset's manifest that one archive holds: Inertial.zip holds Inertial/*."""
    top = f"{Path(archive.file).stem}/"
    if members := {member: sha256 for member, sha256 in manifest.items() if member.startswith(top)}:
        return members
    raise InputError(f"{archive.file}: the manifest of its dataset lists no member under {top}")


def _obtain(
    archive: Archive, place: str, mirror: str | None, archives_folder: Path, downloaded: Path, *, rezipped: bool
) -> tuple[Path, str]:
    """Find or download one archive; returns its path, and where it came from.

    What a user or a mirror provides is taken or refused: falling through to the official archive would hide that it is
    broken. Only a mirror that lacks the file is passed over. `rezipped`: theirs need not have the official sha256.
    """
    their_sha256 = None if rezipped else archive.sha256
    tried: list[str] = []

    by_hand = archives_folder / place
    if by_hand.is_file():
        _check(by_hand, str(by_hand), their_sha256)
        return by_hand, str(by_hand)
    tried.append(f"{by_hand} ({'a folder' if by_hand.is_dir() else 'no such file'})")

    if folder := _folder(mirror):
        path = folder / place
        if path.is_file():
            _check(path, str(path), their_sha256)
            return path, str(path)
        tried.append(f"the mirror's {path} (no such file)")
    elif mirror:
        url = f"{mirror.rstrip('/')}/{place}"
        if problem := _fetch(url, downloaded):
            tried.append(f"the mirror's {url} ({problem})")
        else:
            _check(downloaded, url, their_sha256)
            return downloaded, url

    for url in archive.urls:
        if problem := _fetch(url, downloaded):
            tried.append(f"{url} ({problem})")
            continue
        try:
            _check(downloaded, url, archive.sha256)
        except InputError as error:
            tried.append(str(error))
            continue
        return downloaded, url

    raise InputError(
        f"{place} cannot be had. Tried {'; '.join(tried)}. "
        f"Expected {archive.file}, sha256 {archive.sha256 or 'unknown, its members are verified'}. "
        f"Put it by hand at {by_hand}, or set {MIRROR_VARIABLE} to a folder or base URL that holds {place}"
    )


def _folder(mirror: str | None) -> Path | None:
    """The folder that a mirror is; None for a base URL, or without one."""
    if not mirror:
        return None
    if mirror.lower().startswith("file:"):
        address = urlsplit(mirror)
        if address.netloc not in ("", "localhost"):
            raise InputError(f"the mirror {mirror}: a folder of another machine; expected file:///, then the folder")
        return Path(url2pathname(address.path))
    return None if "://" in mirror else Path(mirror).expanduser()


def _fetch(url: str, path: Path) -> str | None:
    """Download a URL; returns what went wrong, or None. Tries again but for HTTP 4xx: a file that is not there."""
    print(f"Downloading {url}", file=sys.stderr)
    downloader = pooch.HTTPDownloader(progressbar=True, chunk_size=CHUNK, timeout=TIMEOUT)
    problem = None
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE)
        try:
            downloader(url, path, None)
            return None
        except HTTPError as error:
            status = 0 if error.response is None else error.response.status_code
            problem = f"HTTP {status}"
            if status < 500:
                return problem
        except Timeout:
            problem = f"no answer in {TIMEOUT:.0f} s"
        except (InvalidProxyURL, InvalidSchema, InvalidURL, MissingSchema):  # trying again would not help
            return "no address that can be fetched; expected http:// or https://"
        except RequestException as error:
            problem = type(error).__name__
    return problem


def _check(path: Path, origin: str, sha256: str | None) -> None:
    """Refuse what is no zip file or, where a sha256 is given, has another one."""
    if sha256 is not None and (found := pooch.file_hash(str(path))) != sha256:
        raise InputError(f"{origin}: refused, its sha256 is {found}, expected {sha256}")
    if not zipfile.is_zipfile(path):
        raise InputError(f"{origin}: refused, expected a complete zip file, this is a truncated one or none")


def _unzip(path: Path, origin: str, folder: Path, members: dict[str, str] | None) -> None:
    """Unzip the members listed, each against its sha256, or all of an archive that was itself verified."""
    member = "its list of members"
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if members is not None and (missing := sorted(members.keys() - set(names))):
                raise InputError(
                    f"{origin}: refused, {len(missing)} of {len(members)} expected members are missing, "
                    f"the first {missing[0]} (sha256 {members[missing[0]]})"
                )
            for member in tqdm(names if members is None else members, desc=f"Unzipping {origin}", unit="file"):
                if members is None:
                    # zipfile drops ".." and leading "/" from names: nothing is written outside the folder.
                    archive.extract(member, folder)
                else:
                    _check_size(archive.getinfo(member), members[member], origin)
                    with archive.open(member) as content:
                        _write_verified(folder / member, content, members[member], f"{origin}: {member}")
    except (*DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # of a place before the archive's beginning
            raise
        expected = f", expected sha256 {members[member]}" if members and member in members else ""
        raise InputError(f"{origin}: refused, {member} cannot be read ({error}){expected}") from error


def _check_size(member: zipfile.ZipInfo, sha256: str, origin: str) -> None:
    """Refuse a member that declares too large a size; zipfile reads no more than is declared."""
    if member.file_size > LARGEST_MEMBER:
        raise InputError(
            f"{origin}: {member.filename}: refused, it has {member.file_size} bytes, expected at most "
            f"{LARGEST_MEMBER}, sha256 {sha256}"
        )


def _write_verified(path: Path, content: IO[bytes], sha256: str, origin: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if (found := digest.hexdigest()) != sha256:
        raise InputError(f"{origin}: refused, its sha256 is {found}, expected {sha256}")
