"""Three processes elect a leader with kubernetes.leaderelection; it is killed, and another one leads."""

import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

CANDIDATE = Path(__file__).with_name("candidate.py")


@pytest.fixture
def candidates(space):
    """Processes by identity, and a queue of what they say."""
    sayings, processes = queue.Queue(), {}

    def listen(identity, process):
        for line in process.stdout:
            sayings.put((identity, line.strip()))

    for identity in ("candidate-0", "candidate-1", "candidate-2"):
        process = subprocess.Popen(
            [sys.executable, str(CANDIDATE), space, "prize", identity], stdout=subprocess.PIPE, text=True
        )
        processes[identity] = process
        threading.Thread(target=listen, args=(identity, process), daemon=True).start()
    yield processes, sayings
    for process in processes.values():
        process.kill()
        process.wait()


def test_a_killed_leader_is_followed_until_nobody_is_left(candidates, leases, space):
    processes, sayings = candidates
    leaders = []
    while len(leaders) < 3:
        identity, saying = sayings.get(timeout=30)
        # Nobody else rises while a leader is alive, and no leader steps down by itself.
        assert saying == "leading" and identity not in leaders
        assert leases.read_namespaced_lease("prize", space).spec.holder_identity == identity
        assert sayings.empty()
        processes[identity].kill()
        processes[identity].wait()
        leaders.append(identity)
    assert sorted(leaders) == sorted(processes)
