"""On a real cluster of two worker processes: the same grades, whatever dies on the way."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dask as dask_itself
import psutil
import pytest
from distributed import Client, LocalCluster
from distributed.security import Security

from autograder.course import Course, CourseError
from autograder.errors import NoJailError
from autograder.executors import Kind, executor
from autograder.executors import dask as clustered
from autograder.executors.base import Job
from autograder.executors.serial import one_by_one
from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.results import results
from autograder.rubric import Status

pytestmark = [
    pytest.mark.jail,
    # Dask and Tornado warn of what a killed worker leaves behind.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

GUIDE = Path(__file__).parents[2] / "docs" / "grading-on-a-cluster.md"
LOCAL: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
TEST = """
import os
answer = f()
marker = f"{folder}/{answer}"
if answer == "poison" or (answer == "once" and not os.path.exists(marker)):
    open(marker, "a").write("died\\n")
    os.kill(os.getpid(), 9)
5 if answer == "once" else answer
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    # A task may see one worker die, not three: poison takes its workers down six times as it is.
    with (
        dask_itself.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, **LOCAL) as cluster,
    ):
        yield cluster


@pytest.fixture
def job(tmp_path: Path) -> Job:
    cells = [
        Cell("given", "given", "code", 0, f"folder = {str(tmp_path)!r}", "", {}),
        Cell("f_solution", "solution", "code", 0, "", "def f(): return 5", {}),
        Cell("f", "test", "code", 5, "", TEST, {}),
    ]
    return Job(Manifest("T1", cells), b"key", seconds=10)


def _submission(number: int, answer: object) -> Submission:
    return Submission(f"s{number:02}", {"f_solution": f"def f(): return {answer!r}"})


def _graded(cluster: LocalCluster, work: list[Submission], job: Job) -> dict[str, Any]:
    found = list(executor(Kind.DASK, scheduler=cluster.scheduler_address)(work, job))
    assert sorted(r.student for r in found) == [s.student for s in work]
    return {result.student: result for result in found}


def _points(found: dict[str, Any]) -> dict[str, float]:
    return {student: result.points for student, result in found.items()}


def _jails(cluster: LocalCluster) -> list[str]:
    workers = cluster.workers.values()
    programs = [p.name() for w in workers for p in psutil.Process(w.pid).children(recursive=True)]
    return [name for name in programs if name == "bwrap"]


def test_the_same_results_as_one_by_one(cluster: LocalCluster, job: Job) -> None:
    work = [_submission(n, n % 7 - 1) for n in range(9)] + [_submission(9, "no points")]
    work.append(Submission("s10", None, Status.UNREADABLE, ["It is no notebook."]))
    assert _graded(cluster, work, job) == {r.student: r for r in one_by_one(work, job)}
    assert not _jails(cluster)  # closed at the end


def test_the_commands_of_the_guide(toy: Course, hand_in: Callable[..., Path]) -> None:
    hand_in("ann")
    block = GUIDE.read_text().split("```sh\n")[1].split("```")[0]
    block = block[block.index("autograder --course") :]  # what comes before is there already
    for guide, here in (("8786", _free_port()), ("build/class", str(toy.root)), ("A5", "T1")):
        assert guide in block
        block = block.replace(guide, here)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", block + "wait\n"],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(GUIDE.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "graded 4, of which 3 need attention" in done.stdout, done.stderr
    assert [result.points for result in results(toy, "T1")] == [5, 0, 0, 0]


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_an_encrypted_cluster(job: Job, tmp_path: Path) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=grading -keyout"
    subprocess.run([*make.split(), key, "-out", certificate], check=True, capture_output=True)
    roles = ("client", "scheduler", "worker")
    files: dict[str, Any] = {f"tls_{role}_cert": certificate for role in roles}
    files |= {f"tls_{role}_key": key for role in roles}
    security = Security(tls_ca_file=certificate, require_encryption=True, **files)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, security=security, protocol="tls://", **LOCAL
    ) as cluster:
        found = list(clustered.on_cluster(cluster)([_submission(0, 3)], job))
    assert [result.points for result in found] == [3]


def test_a_killed_worker_loses_nothing(cluster: LocalCluster, job: Job, tmp_path: Path) -> None:
    work = [_submission(n, "once" if n == 17 else n % 6) for n in range(40)]
    found = _graded(cluster, work, job)
    assert (tmp_path / "once").read_text() == "died\n"
    assert _points(found) == {f"s{n:02}": 5 if n == 17 else n % 6 for n in range(40)}


def test_a_poison_submission_costs_its_own_row(
    cluster: LocalCluster, job: Job, tmp_path: Path
) -> None:
    work = [_submission(n, "poison" if n == 4 else 3) for n in range(12)]
    found = _graded(cluster, work, job)
    assert len((tmp_path / "poison").read_text().split()) > 2  # in a batch, and by itself
    assert _points(found) == {f"s{n:02}": 0 if n == 4 else 3 for n in range(12)}
    assert found["s04"].questions[0].status is Status.CRASHED
    assert "Every process that graded it died" in found["s04"].questions[0].message


def test_without_a_jail_nothing_is_graded(cluster: LocalCluster, job: Job) -> None:
    with Client(cluster, set_as_default=False) as client:
        paths = client.run(_set_path, "/nowhere")
        try:
            with pytest.raises(NoJailError, match=r"on .*: no bubblewrap here"):
                _graded(cluster, [_submission(n, 3) for n in range(4)], job)
        finally:
            client.run(_set_path, next(iter(paths.values())))


def _set_path(path: str) -> str:
    before = os.environ["PATH"]
    os.environ["PATH"] = path
    return before


def test_a_worker_without_the_package_is_named(cluster: LocalCluster, job: Job) -> None:
    with Client(cluster, set_as_default=False) as client:
        client.run(_hide_package)
        try:
            with pytest.raises(CourseError, match=r"pip install 'coursepkg\[grader,cluster\]'"):
                _graded(cluster, [_submission(0, 3)], job)
        finally:
            client.run(_show_package)


def _hide_package() -> None:
    sys.modules["autograder.executors.dask"] = None  # type: ignore[assignment]


def _show_package() -> None:
    del sys.modules["autograder.executors.dask"]


def test_another_version_on_a_worker_is_refused(
    cluster: LocalCluster, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clustered, "SOURCES", "of another version")
    with pytest.raises(CourseError, match="another version of coursepkg"):
        _graded(cluster, [_submission(0, 3)], job)


def test_a_worker_with_threads_is_refused(job: Job) -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, **LOCAL) as cluster,
        pytest.raises(CourseError, match=r"has 2 threads.*--nthreads 1"),
    ):
        _graded(cluster, [_submission(0, 3)], job)


def test_no_scheduler_no_workers(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustered, "CONNECT_SECONDS", 0.5)
    with pytest.raises(CourseError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 "):
        list(executor(Kind.DASK, scheduler="tcp://127.0.0.1:1")([], job))
    with pytest.raises(CourseError, match="no Dask scheduler answers at nonsense"):
        list(executor(Kind.DASK, scheduler="nonsense")([], job))
    with (
        LocalCluster(n_workers=0, **LOCAL) as cluster,
        pytest.raises(CourseError, match="has no worker"),
    ):
        _graded(cluster, [_submission(0, 3)], job)


def test_a_lost_scheduler_is_named(job: Job) -> None:
    with LocalCluster(n_workers=1, threads_per_worker=1, **LOCAL) as cluster:
        work = [_submission(n, 3) for n in range(8)]
        results = executor(Kind.DASK, scheduler=cluster.scheduler_address)(work, job)
        next(results)
        cluster.close()
        with pytest.raises(CourseError, match="is gone"):
            list(results)


def test_dask_is_asked_for_only_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "autograder.executors.dask")
    monkeypatch.setitem(sys.modules, "distributed", None)
    executor(Kind.PROCESSES, 2)
    with pytest.raises(CourseError, match=r"pip install 'coursepkg\[cluster\]'"):
        executor(Kind.DASK, scheduler="tcp://127.0.0.1:8786")


def test_the_scheduler_goes_with_dask() -> None:
    with pytest.raises(CourseError, match="needs --scheduler"):
        executor(Kind.DASK)
    with pytest.raises(CourseError, match="goes with --executor dask"):
        executor(Kind.SERIAL, scheduler="tcp://127.0.0.1:8786")


def test_the_secret_is_in_no_log(job: Job) -> None:
    assert "hidden numbers" not in repr(replace(job, secret=b"hidden numbers"))


@pytest.mark.parametrize(
    ("count", "workers", "sizes"),
    [(1, 8, {1}), (40, 2, {5}), (16, 100, {1}), (1000, 4, {20}), (0, 2, set())],
)
def test_batches_share_the_work(count: int, workers: int, sizes: set[int]) -> None:
    work = [_submission(n, n) for n in range(count)]
    cut = list(clustered.batches(work, workers))
    assert [s for batch in cut for s in batch] == work
    assert {len(batch) for batch in cut} == sizes
