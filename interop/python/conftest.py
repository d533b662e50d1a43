import os

import pytest
from kubernetes import client, config


@pytest.fixture(scope="session", autouse=True)
def connection():
    """Points the client at the server that KUBECONFIG names."""
    assert os.environ.get("KUBECONFIG"), "KUBECONFIG must name the kubeconfig of the server under test"
    config.load_kube_config()


@pytest.fixture
def leases():
    return client.CoordinationV1Api()


@pytest.fixture
def space(leases):
    """A namespace for one test."""
    core = client.CoreV1Api()
    name = core.create_namespace({"metadata": {"generateName": "interop-python-"}}).metadata.name
    yield name
    leases.delete_collection_namespaced_lease(name)
    core.delete_namespace(name)


def pytest_collection_modifyitems(items):
    """Skips tests of what the server under test is known not to do yet: INTEROP_WITHOUT lists it, comma-separated."""
    missing = [feature.strip() for feature in os.environ.get("INTEROP_WITHOUT", "").split(",")]
    for item in items:
        for mark in item.iter_markers("needs"):
            if mark.args[0] in missing:
                item.add_marker(pytest.mark.skip(reason=f"the server under test is without {mark.args[0]}"))
