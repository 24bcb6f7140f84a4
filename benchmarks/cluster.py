"""A Ray cluster on this machine, of one process per core, as long as stdin is open.

    .ray/bin/python -m benchmarks.cluster

Prints its address.
"""

import os
import sys


def main() -> None:
    """Start the cluster, say where it is, and stop it when nobody listens any more."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - installed by `make ray`

    head = {"num_cpus": os.cpu_count(), "node_ip_address": "127.0.0.1", "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        print(cluster.address, flush=True)
        sys.stdin.read()
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
