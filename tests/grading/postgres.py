"""A PostgreSQL server for tests, where its programs are installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=Path("no/initdb")).parent
PATIENCE = 120.0


def missing() -> str:
    """What is not installed, and how to install it; nothing where a server can be had."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed: pip install 'coursepkg[postgres]'"
    return "" if PROGRAMS.is_dir() else "no PostgreSQL here: apt install postgresql"


class Server:
    """A PostgreSQL server of the tests' own, reached through a socket in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, "postgres")
        self._run("initdb", "--auth=trust", "--username=grader", "--no-sync")
        options = f"listen_addresses = ''\nunix_socket_directories = '{folder}'\n"
        with (self.data / "postgresql.conf").open("a") as config:
            config.write(options)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(PROGRAMS / program), "-D", str(self.data), *arguments]
        user = "postgres" if os.geteuid() == 0 else None
        log = self.folder / "server.log"
        with log.open("a") as file:
            done = subprocess.run(
                command, user=user, cwd="/", stdout=file, stderr=file, check=False, timeout=PATIENCE
            )
        assert done.returncode == 0, log.read_text()

    def start(self) -> None:
        self._run("pg_ctl", "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def restart(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "restart")

    def kill(self) -> None:
        """As a machine out of memory does it; what it forked ends by itself."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def new_database(self, name: str) -> str:
        """Make an empty database; its address."""
        command = [str(PROGRAMS / "createdb"), "-h", str(self.folder), "-U", "grader", name]
        subprocess.run(command, check=True)
        return f"postgresql+psycopg://grader@/{name}?host={self.folder}"


@contextmanager
def running_server() -> Iterator[Server]:
    """A server in a folder of its own, whose name is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
