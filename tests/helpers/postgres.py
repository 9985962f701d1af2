"""A PostgreSQL server of one's own, for tests, verification and benchmarks: started in a temporary folder, gone after."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs, None where they are not installed."""
    found = [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    folders = [Path(path).resolve().parent for path in found if path]
    folders = [folder for folder in folders if (folder / "pg_ctl").exists()]
    return folders[-1] if folders else None


class Server:
    """A PostgreSQL of our own in a temporary folder, as another user where we are root, whom it refuses."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="gh-pg-"))
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            import pwd

            known = {entry.pw_name for entry in pwd.getpwall()}
            self.user = self.user if self.user in known else "nobody"
            shutil.chown(self.folder, self.user)
        self.data, self.made = self.folder / "data", 0

    def call(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), "-D", str(self.data), *words]
        who: dict[str, Any] = {"user": self.user, "extra_groups": []} if self.user else {}
        with (self.folder / "log").open("a") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd=self.folder, **who)

    def begin(self) -> None:
        self.call("initdb", "--auth=trust", "--username=tester", "--no-sync", "--encoding=UTF8", "--locale=C")
        self.start()

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self.call("pg_ctl", "-w", "-o", options, "-l", str(self.folder / "server.log"), "start")

    def stop(self, how: str = "fast") -> None:
        self.call("pg_ctl", "-w", "-m", how, "stop")

    def fresh(self) -> str:
        """The address of an empty study database: a schema of its own, since a whole database takes a second to make."""
        self.made += 1
        address = f"postgresql+psycopg://tester@/postgres?host={self.folder}"
        engine = sa.create_engine(address)
        with engine.begin() as connection:
            connection.execute(sa.text(f"create schema t{self.made}"))
        engine.dispose()
        return f"{address}&options=-csearch_path%3Dt{self.made}"


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server by the programs in that folder, which ends with the block."""
    server = Server(folder)
    try:
        server.begin()
        yield server
        server.stop("immediate")
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)
