"""The official Python client creates, reads, replaces, patches, lists and deletes leases."""

from datetime import datetime, timezone

import pytest
from kubernetes import client, dynamic
from kubernetes.client.exceptions import ApiException

ACQUIRED = datetime(2026, 2, 3, 4, 5, 6, 123457, tzinfo=timezone.utc)


def lease(name, holder="a", labels=None):
    return client.V1Lease(
        metadata=client.V1ObjectMeta(name=name, labels=labels),
        spec=client.V1LeaseSpec(holder_identity=holder, lease_duration_seconds=15, acquire_time=ACQUIRED, lease_transitions=0),
    )


def test_a_lease_keeps_what_was_written(leases, space):
    made = leases.create_namespaced_lease(space, lease("one"))
    assert made.spec.acquire_time == ACQUIRED
    assert made.metadata.uid and made.metadata.creation_timestamp
    assert leases.read_namespaced_lease("one", space) == made


def test_an_update_of_an_old_version_is_a_conflict(leases, space):
    made = leases.create_namespaced_lease(space, lease("one"))
    made.spec.holder_identity = "b"
    replaced = leases.replace_namespaced_lease("one", space, made)
    assert int(replaced.metadata.resource_version) > int(made.metadata.resource_version)
    with pytest.raises(ApiException) as refusal:
        leases.replace_namespaced_lease("one", space, made)
    assert (refusal.value.status, refusal.value.reason) == (409, "Conflict")


def test_a_lease_is_made_once(leases, space):
    leases.create_namespaced_lease(space, lease("one"))
    with pytest.raises(ApiException) as refusal:
        leases.create_namespaced_lease(space, lease("one"))
    assert refusal.value.status == 409 and '"reason":"AlreadyExists"' in refusal.value.body


def test_a_lease_of_no_duration_is_invalid(leases, space):
    wrong = lease("one")
    wrong.spec.lease_duration_seconds = -1
    with pytest.raises(ApiException) as refusal:
        leases.create_namespaced_lease(space, wrong)
    assert refusal.value.status == 422 and "must be greater than 0" in refusal.value.body


def test_a_lease_in_no_namespace_is_not_found(leases):
    with pytest.raises(ApiException) as refusal:
        leases.create_namespaced_lease("interop-nowhere", lease("one"))
    assert refusal.value.status == 404


@pytest.mark.parametrize(
    ("content_type", "patch"),
    [
        ("application/json-patch+json", [{"op": "replace", "path": "/spec/holderIdentity", "value": "b"}]),
        ("application/merge-patch+json", {"spec": {"holderIdentity": "b"}}),
        ("application/strategic-merge-patch+json", {"spec": {"holderIdentity": "b"}}),
    ],
)
def test_a_patch_changes_what_it_names(leases, space, content_type, patch):
    leases.create_namespaced_lease(space, lease("one"))
    patched = leases.patch_namespaced_lease("one", space, patch, _content_type=content_type)
    assert (patched.spec.holder_identity, patched.spec.lease_duration_seconds) == ("b", 15)


@pytest.mark.needs("apply")
def test_an_apply_refuses_to_take_the_field_of_another(leases, space):
    def apply(holder, manager, **options):
        body = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "one"}, "spec": {"holderIdentity": holder}}
        return leases.patch_namespaced_lease(
            "one", space, body, field_manager=manager, _content_type="application/apply-patch+yaml", **options
        )

    apply("a", "first")
    with pytest.raises(ApiException) as refusal:
        apply("b", "second")
    assert refusal.value.status == 409 and "FieldManagerConflict" in refusal.value.body
    assert apply("b", "second", force=True).spec.holder_identity == "b"


def test_lists_are_selected_and_paged(leases, space):
    for i in range(7):
        leases.create_namespaced_lease(space, lease(f"lease-{i}", labels={"even": str(i % 2 == 0).lower()}))
    names = lambda found: [item.metadata.name for item in found.items]
    even = leases.list_namespaced_lease(space, label_selector="even=true")
    assert names(even) == ["lease-0", "lease-2", "lease-4", "lease-6"]
    assert names(leases.list_namespaced_lease(space, field_selector="metadata.name=lease-3")) == ["lease-3"]
    first = leases.list_namespaced_lease(space, limit=4)
    rest = leases.list_namespaced_lease(space, limit=4, _continue=first.metadata._continue)
    assert names(first) + names(rest) == [f"lease-{i}" for i in range(7)]
    assert first.metadata.remaining_item_count == 3 and not rest.metadata._continue


def test_a_collection_is_deleted_by_its_label(leases, space):
    leases.create_namespaced_lease(space, lease("goes", labels={"old": "yes"}))
    leases.create_namespaced_lease(space, lease("stays"))
    leases.delete_collection_namespaced_lease(space, label_selector="old=yes")
    assert [item.metadata.name for item in leases.list_namespaced_lease(space).items] == ["stays"]
    leases.delete_namespaced_lease("stays", space)
    assert leases.list_namespaced_lease(space).items == []


def test_the_dynamic_client_finds_leases_by_discovery(space):
    api = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="coordination.k8s.io/v1", kind="Lease")
    api.create(namespace=space, body={"metadata": {"name": "one"}, "spec": {"holderIdentity": "a"}})
    assert api.get(namespace=space, name="one").spec.holderIdentity == "a"
    api.delete(namespace=space, name="one")
