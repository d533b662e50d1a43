"""The official Python client watches leases and goes on where a watch has ended."""

from kubernetes import watch

from test_leases import lease


def test_a_watch_tells_what_is_there_and_what_becomes_of_it(leases, space):
    made = leases.create_namespaced_lease(space, lease("one"))
    news = []
    watcher = watch.Watch()
    for event in watcher.stream(leases.list_namespaced_lease, space, timeout_seconds=30):
        news.append((event["type"], event["object"].metadata.name, event["object"].spec.holder_identity))
        if len(news) == 1:
            made.spec.holder_identity = "b"
            leases.replace_namespaced_lease("one", space, made)
            leases.delete_namespaced_lease("one", space)
        if len(news) == 3:
            watcher.stop()
    assert news == [("ADDED", "one", "a"), ("MODIFIED", "one", "b"), ("DELETED", "one", "b")]


def test_a_watch_resumes_where_the_last_one_ended(leases, space):
    made = leases.create_namespaced_lease(space, lease("one", holder="0"))
    seen, watcher = [], watch.Watch()
    watcher.resource_version = made.metadata.resource_version
    for round_number in range(3):
        for i in range(5):
            made.spec.holder_identity = f"{round_number}-{i}"
            made = leases.replace_namespaced_lease("one", space, made)
        stream = watcher.stream(
            leases.list_namespaced_lease, space, resource_version=watcher.resource_version, timeout_seconds=30
        )
        for event in stream:
            seen.append(event["object"].spec.holder_identity)
            # Two changes are left for the next watch, if there is one.
            if len(seen) == 5 * (round_number + 1) - (0 if round_number == 2 else 2):
                break
    assert seen == [f"{r}-{i}" for r in range(3) for i in range(5)]


def test_a_watch_that_times_out_ends_without_an_error(leases, space):
    assert list(watch.Watch().stream(leases.list_namespaced_lease, space, timeout_seconds=1)) == []
