"""Archives are found in order, verified, and unzipped whole or not at all."""

import hashlib
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pose2imu.datasets import download as module
from pose2imu.datasets.download import download
from pose2imu.errors import InputError
from pose2imu.params import Archive, Source, load_params

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared/data"
MEMBERS = {"Inertial/a1.mat": b"acceleration " * 50, "Inertial/a2.mat": b"more of it " * 50}
PLACE = "utd-mhad/Inertial.zip"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write a zip file; returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return path.read_bytes()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Server(ThreadingHTTPServer):
    """Answers each path with what `answers` has for it, one after the other; the last one stays."""

    answers: dict[str, list[tuple[int, bytes]]]
    requested: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        answers = self.server.answers.get(self.path, [(404, b"")])
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answers, server.requested = {}, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a manifest for utd_mhad, no mirror, no proxy and no waiting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POSE2IMU_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(module, "PAUSE", 0.0)
    lines = (f"{sha256(content)}  {name}\n" for name, content in MEMBERS.items())
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/utd_mhad.sha256").write_text("".join(lines))
    return tmp_path


def get(mirror: str | Path | None = None, urls: tuple[str, ...] = (), sha: str | None = None) -> dict[str, bytes]:
    """Download UTD-MHAD, cut down to one archive; returns the files that arrive."""
    source = Source(archives=[Archive(file="Inertial.zip", urls=list(urls), sha256=sha)])
    raw = Path("data/raw/utd_mhad")
    download("utd_mhad", source, raw, str(mirror) if mirror else None, manifests=Path("manifests"))
    assert [path.name for path in raw.parent.iterdir()] == ["utd_mhad"]
    return contents(raw)


def refused(**kwargs: object) -> str:
    """The message of a download that is refused, and that leaves nothing behind."""
    with pytest.raises(InputError) as caught:
        get(**kwargs)  # type: ignore[arg-type]
    assert list(Path("data/raw").iterdir()) == []
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_folder_mirror() -> None:
    zipped(Path("mirror") / PLACE, MEMBERS)
    assert get("mirror") == MEMBERS


@pytest.mark.parametrize("form", ["file://{}", "file://{}/", "file://localhost{}", "file:{}", "FILE://{}"])
def test_folder_mirror_given_as_a_url(form: str) -> None:
    folder = Path("a mirror").resolve()
    zipped(folder / PLACE, MEMBERS)
    assert get(form.format(str(folder).replace(" ", "%20"))) == MEMBERS


def test_folder_mirror_given_as_a_url_that_lacks_the_file_is_mentioned() -> None:
    assert f"the mirror's /nowhere/{PLACE} (no such file)" in refused(mirror="file:///nowhere")
    assert "the mirror file://server/x: a folder of another machine" in refused(mirror="file://server/x")


def test_a_mirror_of_an_unknown_kind_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 60.0)
    assert f"s3://bucket/{PLACE} (no address that can be fetched" in refused(mirror="s3://bucket")


@pytest.mark.parametrize("slash", ["", "/"])
def test_url_mirror(server: Server, slash: str) -> None:
    server.answers[f"/base/{PLACE}"] = [(200, zipped(Path("x.zip"), MEMBERS))]
    assert get(f"{server.url}/base{slash}") == MEMBERS


def test_official_url(server: Server) -> None:
    archive = zipped(Path("x.zip"), MEMBERS)
    server.answers["/second.zip"] = [(200, archive)]
    assert get(urls=(f"{server.url}/first.zip", f"{server.url}/second.zip"), sha=sha256(archive)) == MEMBERS
    assert server.requested == ["/first.zip", "/second.zip"]


def test_file_put_by_hand_comes_first(server: Server) -> None:
    zipped(Path("data/archives") / PLACE, MEMBERS)
    assert get(server.url, urls=(f"{server.url}/x.zip",)) == MEMBERS
    assert server.requested == []


def test_environment_wins_over_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    zipped(Path("good") / PLACE, MEMBERS)
    zipped(Path("bad") / PLACE, {"nothing": b""})
    monkeypatch.setenv("POSE2IMU_MIRROR", "good")
    assert get("bad") == MEMBERS


def test_archive_zipped_again_is_accepted_by_its_members() -> None:
    official = zipped(Path("official.zip"), MEMBERS)
    again = zipped(Path("mirror") / PLACE, MEMBERS, zipfile.ZIP_STORED)
    assert again != official
    assert get("mirror", sha=sha256(official)) == MEMBERS


def test_members_not_in_the_manifest_are_left_out() -> None:
    zipped(Path("mirror") / PLACE, MEMBERS | {"Inertial/order.txt": b"", "../outside": b""})
    assert get("mirror") == MEMBERS
    assert not list(Path().rglob("outside"))


def test_truncated_archive_is_refused() -> None:
    path = Path("mirror") / PLACE
    path.write_bytes(zipped(path, MEMBERS)[:-40])
    assert f"{path}: refused, expected a complete zip file" in refused(mirror="mirror")


def test_refusal_leaves_what_was_there_untouched() -> None:
    path = Path("mirror") / PLACE
    zipped(path, MEMBERS)
    get("mirror")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError):
        get("mirror")
    assert contents(Path("data/raw")) == {f"utd_mhad/{name}": content for name, content in MEMBERS.items()}


def test_altered_member_is_refused_by_name() -> None:
    zipped(Path("mirror") / PLACE, MEMBERS | {"Inertial/a2.mat": b"other"})
    message = refused(mirror="mirror")
    assert f"mirror/{PLACE}: Inertial/a2.mat: refused" in message
    assert sha256(b"other") in message
    assert sha256(MEMBERS["Inertial/a2.mat"]) in message


def test_a_member_that_unzips_to_far_too_much_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_MEMBER", 2**20)
    zipped(Path("mirror") / PLACE, MEMBERS | {"Inertial/a2.mat": bytes(2**20 + 1)})
    tracemalloc.start()
    message = refused(mirror="mirror")
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    assert f"mirror/{PLACE}: Inertial/a2.mat: refused, it has 1048577 bytes, expected at most 1048576" in message


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_damaged_member_is_refused_by_name(compression: int) -> None:
    path = Path("mirror") / PLACE
    archive = bytearray(zipped(path, MEMBERS, compression))
    archive[45:60] = b"\xff" * 15  # within the first member's data
    path.write_bytes(archive)
    message = refused(mirror="mirror")
    assert "refused, Inertial/a1.mat cannot be read" in message
    assert sha256(MEMBERS["Inertial/a1.mat"]) in message


def test_missing_member_is_refused_by_name() -> None:
    zipped(Path("mirror") / PLACE, {"Inertial/a1.mat": MEMBERS["Inertial/a1.mat"]})
    message = refused(mirror="mirror")
    assert f"mirror/{PLACE}: refused, 1 of 2 expected members are missing, the first Inertial/a2.mat" in message


def test_official_archive_with_another_sha256_is_refused(server: Server) -> None:
    archive = zipped(Path("x.zip"), MEMBERS)
    server.answers["/x.zip"] = [(200, archive)]
    message = refused(urls=(f"{server.url}/x.zip",), sha="0" * 64)
    assert f"{server.url}/x.zip: refused, its sha256 is {sha256(archive)}, expected {'0' * 64}" in message


def test_page_in_place_of_the_archive_is_passed_over(server: Server) -> None:
    """A university's server redirects what it lost to a page, with status 200."""
    server.answers = {"/moved": [(200, b"<html>")], "/x.zip": [(200, zipped(Path("x.zip"), MEMBERS))]}
    assert get(urls=(f"{server.url}/moved", f"{server.url}/x.zip")) == MEMBERS


def test_server_that_fails_once_is_asked_again(server: Server) -> None:
    server.answers["/x.zip"] = [(500, b""), (200, zipped(Path("x.zip"), MEMBERS))]
    assert get(urls=(f"{server.url}/x.zip",)) == MEMBERS
    assert server.requested == ["/x.zip"] * 2


def test_server_that_always_fails_is_given_up(server: Server) -> None:
    server.answers["/x.zip"] = [(503, b"")]
    assert f"{server.url}/x.zip (HTTP 503)" in refused(urls=(f"{server.url}/x.zip",))
    assert server.requested == ["/x.zip"] * module.ATTEMPTS


def test_no_network_is_one_message_that_says_what_to_do(server: Server) -> None:
    server.server_close()
    urls = (f"{server.url}/a.zip", f"{server.url}/b.zip")
    message = refused(mirror="empty", urls=urls, sha="1" * 64)
    for part in (
        *(f"{url} (ConnectionError)" for url in urls),
        f"the mirror's empty/{PLACE} (no such file)",
        "Inertial.zip, sha256 " + "1" * 64,
        f"data/archives/{PLACE}",
        "POSE2IMU_MIRROR",
    ):
        assert part in message


def test_url_mirror_that_lacks_the_file_is_passed_over_and_mentioned(server: Server) -> None:
    message = refused(mirror=server.url, urls=(f"{server.url}/x.zip",))
    assert f"the mirror's {server.url}/{PLACE} (HTTP 404); {server.url}/x.zip (HTTP 404)" in message
    assert "sha256 unknown" in message


class TestWithoutManifest:
    """MM-Fit: the archive's sha256 decides, wherever it came from."""

    @staticmethod
    def get(sha: str | None) -> dict[str, bytes]:
        source = Source(archives=[Archive(file="mm-fit.zip", urls=[], sha256=sha)])
        download("mm_fit", source, Path("data/raw/mm_fit"), "mirror", manifests=Path("manifests"))
        return contents(Path("data/raw/mm_fit"))

    def test_all_members_are_unzipped_inside(self) -> None:
        archive = zipped(Path("mirror/mm-fit/mm-fit.zip"), {"mm-fit/w00/a.npy": b"a", "../../b": b"b"})
        assert self.get(sha256(archive)) == {"mm-fit/w00/a.npy": b"a", "b": b"b"}

    @pytest.mark.parametrize(("sha", "message"), [("0" * 64, "its sha256 is"), (None, "nothing could be verified")])
    def test_unverified_archive_is_refused(self, sha: str | None, message: str) -> None:
        zipped(Path("mirror/mm-fit/mm-fit.zip"), {"mm-fit/w00/a.npy": b"a"})
        with pytest.raises(InputError, match=message):
            self.get(sha)
        assert list(Path("data/raw").iterdir()) == []


@pytest.mark.skipif(not (MIRROR / PLACE).is_file(), reason="no mirror of UTD-MHAD beside the project")
def test_real_mirror_has_all_members() -> None:
    source = load_params(ROOT / "params.yaml").download.utd_mhad
    download("utd_mhad", source, Path("utd_mhad"), str(MIRROR))
    assert len(list(Path("utd_mhad/Inertial").iterdir())) == 861
    assert len(list(Path("utd_mhad/Skeleton").iterdir())) == 861
    assert len(contents(Path("utd_mhad"))) == 1722
