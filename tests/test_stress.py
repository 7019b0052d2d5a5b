"""A seeded share of the stress runs of docs/proof.md, and what they once found."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import TESTS
from endpoint import serving

LEAVING = """
import asyncio, os
from graph_builder import pool, workers

async def main():
    opened = pool.Pool(lambda: None, lambda _, job: workers.Reply(200, {}, b"answer"))
    await opened.open()
    for turn in range(40):
        leaving = asyncio.ensure_future(opened.template.fork())
        for _ in range(turn % 4):
            await asyncio.sleep(0)
        leaving.cancel()
        worker = await opened.template.fork()
        assert os.path.exists(f"/proc/{worker.pid}"), worker.pid
        reply = await worker.ask({"timeout": 5}, lambda _: None)
        assert reply.body == b"answer"
        worker.kill()
        assert await opened.template.reap(worker.pid) == 9
    await asyncio.sleep(0.2)
    left = open(f"/proc/{opened.template.pid}/task/{opened.template.pid}/children").read().split()
    assert left == [], left
    await opened.close()

asyncio.run(main())
"""


def script(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """One of the scripts beside this test, in a session of its own."""
    return subprocess.run([sys.executable, TESTS / name, *words], capture_output=True, text=True, timeout=900, cwd=TESTS.parent, start_new_session=True)


@pytest.mark.parametrize("cases", [8_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_no_random_input_gives_an_exception_or_takes_a_second(cases: int) -> None:
    done = script("fuzz.py", "--cases", str(cases), "--seed", "20221222")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[\d,]+ cases, seed 20221222, \d+ s: 0 bad", done.stdout)


@pytest.mark.slow
def test_a_kill_leaves_whole_files_and_no_process() -> None:
    done = script("stress_kill.py", "--times", "15")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_a_client_that_goes_while_its_worker_is_made_leaves_the_next_its_own() -> None:
    """Once, the next request took the answer that was left for its own, and a 0 in it for a worker's number: to end process 0 is to end the whole group."""
    done = subprocess.run([sys.executable, "-c", LEAVING], capture_output=True, text=True, timeout=60, cwd=TESTS.parent, start_new_session=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "request_",
    [
        b"PUT /sparql HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\nASK {\r\nzz\r\n",  # answered before its body proves to be none
        b"HEAD / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\nrubbish after the end\r\n\r\n",  # whose answer may have no body
    ],
)
def test_a_torn_request_leaves_no_traceback(request_: bytes, tmp_path: Path) -> None:
    with serving(tmp_path) as endpoint:
        host, _, port = endpoint.root.removeprefix("http://").partition(":")
        for _ in range(5):
            with socket.create_connection((host, int(port)), timeout=10) as sock:
                sock.sendall(request_)
                while sock.recv(1 << 16):
                    pass
        assert endpoint.query("ASK {}").status == 200
        endpoint.process.terminate()
        assert "Traceback" not in endpoint.process.stderr.read()


@pytest.mark.parametrize("language", ["%E2%80%AE", "ru%0D%0Aset-cookie:%20a=b", "%D1%80%D1%83"])
def test_no_value_breaks_out_of_a_header(language: str, tmp_path: Path) -> None:
    with serving(tmp_path) as endpoint:
        heard = endpoint.ask(f"/states/kazakhstan?lang={language}", accept="text/turtle")
    assert heard.status == 303
    assert heard.headers["location"].isascii()
    assert "set-cookie" not in heard.headers
