//! kube-rs creates, patches, applies, watches and elects.

use std::{future::Future, pin::pin, time::Duration};

use futures::{Stream, StreamExt, TryStreamExt};
use k8s_openapi::api::{coordination::v1::Lease, core::v1::Namespace};
use kube::{
    Api, Client, ResourceExt,
    api::{
        ApiResource, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams,
        WatchEvent, WatchParams,
    },
    runtime::{WatchStreamExt, reflector, watcher},
};
use kube_leader_election::{LeaseLock, LeaseLockParams, LeaseLockResult};
use serde_json::json;

/// Bounds every wait for something that must come. Nothing is asserted about how soon it comes.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_lease_keeps_what_was_written_and_an_old_version_is_a_conflict() {
    in_namespace(async |client, space| {
        let leases: Api<Lease> = Api::namespaced(client, &space);
        let mut made = leases
            .create(&PostParams::default(), &lease("one", "a"))
            .await
            .unwrap();
        assert_eq!(
            json!(made.spec)["renewTime"],
            json!("2026-02-03T04:05:06.123457Z")
        );
        made.spec.as_mut().unwrap().holder_identity = Some("b".into());
        let replaced = leases
            .replace("one", &PostParams::default(), &made)
            .await
            .unwrap();
        assert_eq!(leases.get("one").await.unwrap(), replaced);
        let refused = leases
            .replace("one", &PostParams::default(), &made)
            .await
            .unwrap_err();
        assert_eq!(reason(refused), (409, "Conflict".into()));
        leases
            .delete("one", &DeleteParams::default())
            .await
            .unwrap();
        assert_eq!(
            reason(leases.get("one").await.unwrap_err()),
            (404, "NotFound".into())
        );
    })
    .await;
}

#[tokio::test]
async fn patches_change_what_they_name() {
    in_namespace(async |client, space| {
        let leases: Api<Lease> = Api::namespaced(client, &space);
        leases
            .create(&PostParams::default(), &lease("one", "a"))
            .await
            .unwrap();
        for (holder, patch) in [
            ("b", Patch::Merge(json!({"spec": {"holderIdentity": "b"}}))),
            (
                "c",
                Patch::Strategic(json!({"spec": {"holderIdentity": "c"}})),
            ),
        ] {
            let patched = leases
                .patch("one", &PatchParams::default(), &patch)
                .await
                .unwrap();
            assert_eq!(holder_of(&patched), holder);
        }
    })
    .await;
}

#[tokio::test]
async fn an_apply_refuses_to_take_the_field_of_another() {
    if without("apply") {
        return;
    }
    in_namespace(async |client, space| {
        let leases: Api<Lease> = Api::namespaced(client, &space);
        let apply = async |holder: &str, params: PatchParams| {
            let body = json!({
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": {"name": "one"}, "spec": {"holderIdentity": holder},
            });
            leases.patch("one", &params, &Patch::Apply(body)).await
        };
        apply("a", PatchParams::apply("first")).await.unwrap();
        let refused = apply("b", PatchParams::apply("second")).await.unwrap_err();
        assert_eq!(reason(refused), (409, "Conflict".into()));
        let forced = apply("b", PatchParams::apply("second").force())
            .await
            .unwrap();
        assert_eq!(holder_of(&forced), "b");
        let owners: Vec<_> = forced
            .managed_fields()
            .iter()
            .filter_map(|entry| entry.manager.clone())
            .collect();
        assert_eq!(owners, ["second"]);
    })
    .await;
}

#[tokio::test]
async fn lists_are_selected_and_paged() {
    in_namespace(async |client, space| {
        let leases: Api<Lease> = Api::namespaced(client, &space);
        for name in ["a", "b", "c", "d", "e"] {
            leases
                .create(&PostParams::default(), &lease(name, "x"))
                .await
                .unwrap();
        }
        let (mut names, mut params) = (Vec::new(), ListParams::default().limit(2));
        loop {
            let page = leases.list(&params).await.unwrap();
            names.extend(page.items.iter().map(ResourceExt::name_any));
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => break,
            }
        }
        assert_eq!(names, ["a", "b", "c", "d", "e"]);
        let one = leases
            .list(&ListParams::default().fields("metadata.name=c"))
            .await
            .unwrap();
        assert_eq!(one.items.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn dynamic_objects_and_metadata_are_found_by_discovery() {
    in_namespace(async |client, space| {
        let group = kube::discovery::group(&client, "coordination.k8s.io")
            .await
            .unwrap();
        let (resource, _) = group.recommended_kind("Lease").unwrap();
        assert_eq!(resource, ApiResource::erase::<Lease>(&()));
        let objects: Api<DynamicObject> = Api::namespaced_with(client, &space, &resource);
        let body =
            DynamicObject::new("one", &resource).data(json!({"spec": {"holderIdentity": "a"}}));
        objects.create(&PostParams::default(), &body).await.unwrap();
        if !without("partial-metadata") {
            assert_eq!(objects.get_metadata("one").await.unwrap().name_any(), "one");
            assert_eq!(
                objects
                    .list_metadata(&ListParams::default())
                    .await
                    .unwrap()
                    .items
                    .len(),
                1
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_watch_tells_bookmarks_of_the_version_from_which_it_may_be_resumed() {
    in_namespace(async |client, space| {
        let leases: Api<Lease> = Api::namespaced(client, &space);
        leases.create(&PostParams::default(), &lease("one", "a")).await.unwrap();
        let params = WatchParams::default().initial_events();
        let mut events = pin!(leases.watch(&params, "0").await.unwrap());
        assert!(matches!(next(&mut events).await, WatchEvent::Added(found) if found.name_any() == "one"));
        let WatchEvent::Bookmark(mark) = next(&mut events).await else { panic!("no bookmark ends the first state") };
        leases.delete("one", &DeleteParams::default()).await.unwrap();
        let mut resumed =
            pin!(leases.watch(&WatchParams::default(), &mark.metadata.resource_version).await.unwrap());
        assert!(matches!(next(&mut resumed).await, WatchEvent::Deleted(gone) if gone.name_any() == "one"));
    })
    .await;
}

#[tokio::test]
async fn a_watcher_tells_the_first_state_and_every_change_by_list_or_by_stream() {
    for config in [
        watcher::Config::default(),
        watcher::Config::default().streaming_lists(),
    ] {
        in_namespace(async |client, space| {
            let leases: Api<Lease> = Api::namespaced(client, &space);
            leases
                .create(&PostParams::default(), &lease("one", "a"))
                .await
                .unwrap();
            let (store, writer) = reflector::store();
            let news = watcher(leases.clone(), config.clone())
                .default_backoff()
                .reflect(writer);
            let mut told = pin!(news.filter_map(async |event| match event.unwrap() {
                watcher::Event::Init | watcher::Event::InitDone => None,
                watcher::Event::InitApply(lease) => Some(format!("found {}", holder_of(&lease))),
                watcher::Event::Apply(lease) => Some(format!("applied {}", holder_of(&lease))),
                watcher::Event::Delete(lease) => Some(format!("deleted {}", holder_of(&lease))),
            }));
            assert_eq!(told.next().await.unwrap(), "found a");
            let patch = Patch::Merge(json!({"spec": {"holderIdentity": "b"}}));
            let changed = async {
                leases
                    .patch("one", &PatchParams::default(), &patch)
                    .await
                    .unwrap();
                leases
                    .delete("one", &DeleteParams::default())
                    .await
                    .unwrap();
            };
            let (first, ()) = futures::join!(told.next(), changed);
            assert_eq!(first.unwrap(), "applied b");
            assert_eq!(told.next().await.unwrap(), "deleted b");
            assert_eq!(store.len(), 0);
        })
        .await;
    }
}

/// The crate patches without a version, so its candidates are asked one after the other.
#[tokio::test]
async fn candidates_of_a_leader_election_crate_take_over_what_was_released_or_ran_out() {
    in_namespace(async |client, space| {
        let candidate = |holder: &str| {
            LeaseLock::new(
                client.clone(),
                &space,
                LeaseLockParams {
                    holder_id: holder.into(),
                    lease_name: "prize".into(),
                    lease_ttl: Duration::from_secs(3),
                },
            )
        };
        let (first, second, third) = (candidate("first"), candidate("second"), candidate("third"));
        assert!(leads(&first).await);
        assert!(!leads(&second).await);
        assert!(leads(&first).await);
        first.step_down().await.unwrap();
        while !leads(&second).await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(!leads(&third).await);
        // second is heard of no more
        while !leads(&third).await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let lease = Api::<Lease>::namespaced(client.clone(), &space)
            .get("prize")
            .await
            .unwrap();
        assert_eq!(
            (holder_of(&lease), lease.spec.unwrap().lease_transitions),
            ("third".into(), Some(2))
        );
    })
    .await;
}

async fn leads(candidate: &LeaseLock) -> bool {
    matches!(
        candidate.try_acquire_or_renew().await.unwrap(),
        LeaseLockResult::Acquired(_)
    )
}

/// Runs a test in a namespace of its own, within bounds, and deletes the namespace.
async fn in_namespace<Test, Running>(test: Test)
where
    Test: FnOnce(Client, String) -> Running,
    Running: Future<Output = ()>,
{
    assert!(
        std::env::var("KUBECONFIG").is_ok(),
        "KUBECONFIG must name the kubeconfig of the server under test"
    );
    let client = Client::try_default().await.unwrap();
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let body =
        serde_json::from_value(json!({"metadata": {"generateName": "interop-rust-"}})).unwrap();
    let space = namespaces
        .create(&PostParams::default(), &body)
        .await
        .unwrap()
        .name_any();
    let outcome = tokio::time::timeout(PATIENCE, test(client.clone(), space.clone())).await;
    let leases: Api<Lease> = Api::namespaced(client, &space);
    leases
        .delete_collection(&DeleteParams::default(), &ListParams::default())
        .await
        .unwrap();
    namespaces
        .delete(&space, &DeleteParams::default())
        .await
        .unwrap();
    outcome.expect("the test waited in vain");
}

/// Whether the server under test is known not to do something yet: INTEROP_WITHOUT lists it, comma-separated.
fn without(feature: &str) -> bool {
    std::env::var("INTEROP_WITHOUT")
        .unwrap_or_default()
        .split(',')
        .any(|missing| missing.trim() == feature)
}

fn lease(name: &str, holder: &str) -> Lease {
    serde_json::from_value(json!({
        "metadata": {"name": name},
        "spec": {"holderIdentity": holder, "leaseDurationSeconds": 15, "renewTime": "2026-02-03T04:05:06.123457Z"},
    }))
    .unwrap()
}

fn holder_of(lease: &Lease) -> String {
    lease
        .spec
        .as_ref()
        .and_then(|spec| spec.holder_identity.clone())
        .unwrap_or_default()
}

async fn next<T>(events: &mut (impl Stream<Item = kube::Result<T>> + Unpin)) -> T {
    events
        .try_next()
        .await
        .unwrap()
        .expect("the watch has ended")
}

fn reason(error: kube::Error) -> (u16, String) {
    match error {
        kube::Error::Api(status) => (status.code, status.reason.clone()),
        other => panic!("{other}"),
    }
}
