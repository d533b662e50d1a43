"""Stands for one lease with the Python client's own election until SIGTERM:

    candidate.py NAMESPACE NAME IDENTITY LEASE_MS RENEW_MS RETRY_MS

It claims to lead as interop/matrix/README.md says.
"""

import os
import signal
import sys
import threading
import time

from kubernetes import config
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock

namespace, name, identity = sys.argv[1:4]
lease, renew, retry = (int(text) / 1000 for text in sys.argv[4:])


class Claims:
    """What the candidate says about itself. Nothing is said between a check and its words."""

    def __init__(self):
        self.lock = threading.Lock()
        self.leading = False

    def lead(self):
        with self.lock:
            self.leading = True
            self.say("started")
        while True:
            time.sleep(0.05)
            with self.lock:
                if not self.leading:
                    return
                self.say("leading")

    def stop(self):
        with self.lock:
            if self.leading:
                self.leading = False
                self.say("stopped")

    def say(self, word):
        """Writes a line in one call, so that the lines of several candidates do not mix in the pipe that they share."""
        os.write(1, f"{identity} {word}\n".encode())


claims = Claims()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
config.load_kube_config()
try:
    while True:
        leaderelection.LeaderElection(
            electionconfig.Config(
                LeaseLock(name, namespace, identity),
                lease_duration=int(lease),
                renew_deadline=renew,
                retry_period=retry,
                onstarted_leading=claims.lead,
                onstopped_leading=claims.stop,
            )
        ).run()
finally:
    # The client has no way to hand the lease back: it runs out.
    claims.stop()
