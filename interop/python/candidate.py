"""A process that runs for a lease with the Python client's own election: candidate.py NAMESPACE NAME IDENTITY.

Prints "leading" when it leads and "stopped" when it no longer does; leads until it is killed.
"""

import sys
import threading

from kubernetes import config
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock

namespace, name, identity = sys.argv[1:]
config.load_kube_config()


def lead():
    print("leading", flush=True)
    threading.Event().wait()


leaderelection.LeaderElection(
    electionconfig.Config(
        LeaseLock(name, namespace, identity),
        lease_duration=4,
        renew_deadline=3,
        retry_period=1,
        onstarted_leading=lead,
        onstopped_leading=lambda: print("stopped", flush=True),
    )
).run()
