"""A Ray cluster of two nodes on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def ray_nodes() -> Iterator[Any]:
    """A cluster of two nodes with a processor each, all on this machine."""
    pytest.importorskip("ray", reason="Clusters are not tested without Ray: pip install 'glasshouse-lab[cluster]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        from ray.cluster_utils import Cluster

        size = {"num_cpus": 1, "object_store_memory": 80_000_000}
        # Ray asks a node every three seconds, and believes in its death after five questions.
        quick = {"health_check_period_ms": 500, "health_check_failure_threshold": 3, "health_check_timeout_ms": 5000}
        head = {**size, "include_dashboard": False, "_system_config": quick}
        nodes = Cluster(initialize_head=True, head_node_args=head)
        nodes.second = nodes.add_node(**size)
        try:
            yield nodes
        finally:
            nodes.shutdown()
