"""A private RabbitMQ server for tests, with its own node, ports, home and data; it is stopped by its process id."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from generalproeve.settings.configuration import environment

DEADLINE_S = 90
WHY_NOT = "rabbitmq-server is not installed here (Debian: apt-get install rabbitmq-server)"


class Rabbit:
    """One server; its data stays in the folder across restarts."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._popen: subprocess.Popen[bytes] | None = None
        self.port, self._dist, self._epmd_port = (free_port() for _ in range(3))
        epmd = shutil.which("epmd")
        assert epmd is not None, "Erlang's port mapper is installed with RabbitMQ"
        # started here, because an epmd started by RabbitMQ would outlive it
        self._epmd = subprocess.Popen(
            [epmd, "-port", str(self._epmd_port), "-address", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self._folder / "printout").open("ab") as printout:
            self._popen = subprocess.Popen(
                [str(self._program)],
                env=self._environment(),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=printout,
                stderr=printout,
                start_new_session=True,
            )
        for _ in range(DEADLINE_S * 5):
            if self._answers():
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(timeout=0.2)
                break
        raise AssertionError(
            f"RabbitMQ did not start: {(self._folder / 'printout').read_text(errors='replace')[-3000:]}"
        )

    def stop(self) -> None:
        """Stop the server with SIGTERM."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the server with SIGKILL."""
        self._end(signal.SIGKILL)

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Suspend the server for the block: connections stay open and nothing is answered."""
        assert self._popen is not None
        os.kill(self._popen.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._popen.pid, signal.SIGCONT)

    def close(self) -> None:
        """Kill the server and stop epmd."""
        try:
            self.kill()
        finally:
            self._epmd.terminate()
            self._epmd.wait(timeout=DEADLINE_S)

    def _end(self, how: signal.Signals) -> None:
        popen, self._popen = self._popen, None
        if popen is not None and popen.poll() is None:
            os.kill(popen.pid, how)
            popen.wait(timeout=DEADLINE_S)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as sock:
                sock.settimeout(5)
                sock.sendall(b"AMQP\x00\x00\x09\x01")
                return sock.recv(1) == b"\x01"
        except OSError:
            return False

    def _environment(self) -> Mapping[str, str]:
        folder = str(self._folder)
        return {
            **{name: value for name, value in environment().items() if not name.startswith(("RABBITMQ_", "ERL_"))},
            "HOME": folder,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_ALLOW_INPUT": "1",  # the script then execs the server, which keeps the process id
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_NODENAME": f"gp{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist),
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/absent",
            "RABBITMQ_CONFIG_FILE": f"{folder}/absent",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_IO_THREAD_POOL_SIZE": "8",
        }


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Rabbit]:
    """Run a server for the block; skip the test if RabbitMQ is not installed."""
    command = shutil.which("rabbitmq-server")
    if command is None:
        pytest.skip(WHY_NOT)
    program = Path(command).resolve()
    if program.name == "rabbitmq-script-wrapper":  # Debian's wrapper switches user and home
        program = program.with_name("rabbitmq-server")
    (folder / "plugins").write_text("[].\n")
    rabbit = Rabbit(program, folder)
    try:
        rabbit.start()
        yield rabbit
    finally:
        rabbit.close()
