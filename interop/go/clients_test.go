package interop

import (
	"context"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/utils/ptr"
)

var leaseResource = coordinationv1.SchemeGroupVersion.WithResource("leases")

func TestTypedClientKeepsWhatItWrote(t *testing.T) {
	for encoding, contentType := range contentTypes {
		t.Run(encoding, func(t *testing.T) {
			leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(namespace(t))
			made, err := leases.Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
			must(t, err)
			same(t, "the created lease", leaseHeldBy("one", "a").Spec, made.Spec)

			made.Spec.HolderIdentity = ptr.To("b")
			updated, err := leases.Update(t.Context(), made, metav1.UpdateOptions{})
			must(t, err)
			_, err = leases.Update(t.Context(), made, metav1.UpdateOptions{})
			if !apierrors.IsConflict(err) {
				t.Errorf("a second update of the same version gave %v, want a conflict", err)
			}
			_, err = leases.Create(t.Context(), leaseHeldBy("one", "c"), metav1.CreateOptions{})
			if !apierrors.IsAlreadyExists(err) {
				t.Errorf("a second create gave %v, want AlreadyExists", err)
			}
			_, err = leases.Create(t.Context(), leaseHeldBy("Not A Name", "c"), metav1.CreateOptions{})
			if !apierrors.IsInvalid(err) {
				t.Errorf("a bad name gave %v, want Invalid", err)
			}
			read, err := leases.Get(t.Context(), "one", metav1.GetOptions{})
			must(t, err)
			same(t, "the read lease", updated, read)

			list, err := leases.List(t.Context(), metav1.ListOptions{FieldSelector: "metadata.name=one", LabelSelector: "kept in (yes)"})
			must(t, err)
			same(t, "the listed leases", []coordinationv1.Lease{*updated}, list.Items)

			stale := types.UID("00000000-0000-4000-8000-000000000000")
			err = leases.Delete(t.Context(), "one", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &stale}})
			if !apierrors.IsConflict(err) {
				t.Errorf("deleting another uid gave %v, want a conflict", err)
			}
			must(t, leases.Delete(t.Context(), "one", metav1.DeleteOptions{}))
			_, err = leases.Get(t.Context(), "one", metav1.GetOptions{})
			if !apierrors.IsNotFound(err) {
				t.Errorf("getting a deleted lease gave %v, want NotFound", err)
			}
		})
	}
}

func TestTypedClientPatches(t *testing.T) {
	patches := map[types.PatchType]string{
		types.JSONPatchType:           `[{"op":"replace","path":"/spec/holderIdentity","value":"b"},{"op":"remove","path":"/metadata/labels/kept"}]`,
		types.MergePatchType:          `{"spec":{"holderIdentity":"b"},"metadata":{"labels":{"kept":null}}}`,
		types.StrategicMergePatchType: `{"spec":{"holderIdentity":"b"},"metadata":{"labels":{"$patch":"replace"}}}`,
	}
	for encoding, contentType := range contentTypes {
		for patchType, patch := range patches {
			t.Run(encoding+"/"+string(patchType), func(t *testing.T) {
				leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(namespace(t))
				_, err := leases.Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
				must(t, err)
				patched, err := leases.Patch(t.Context(), "one", patchType, []byte(patch), metav1.PatchOptions{})
				must(t, err)
				same(t, "the patched spec", leaseHeldBy("one", "b").Spec, patched.Spec)
				if len(patched.Labels) != 0 {
					t.Errorf("the patched labels are %v", patched.Labels)
				}
			})
		}
	}
}

func TestDynamicClientReadsWritesAndWatches(t *testing.T) {
	client, err := dynamic.NewForConfig(connect(t, jsonType).config)
	must(t, err)
	leases := client.Resource(leaseResource).Namespace(namespace(t))
	events, err := leases.Watch(t.Context(), metav1.ListOptions{})
	must(t, err)
	defer events.Stop()

	made, err := leases.Create(t.Context(), &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
		"metadata": map[string]any{"generateName": "dynamic-"},
		"spec":     map[string]any{"holderIdentity": "a", "renewTime": "2026-02-03T04:05:06.123457Z"},
	}}, metav1.CreateOptions{})
	must(t, err)
	must(t, unstructured.SetNestedField(made.Object, "b", "spec", "holderIdentity"))
	updated, err := leases.Update(t.Context(), made, metav1.UpdateOptions{})
	must(t, err)
	read, err := leases.Get(t.Context(), made.GetName(), metav1.GetOptions{})
	must(t, err)
	same(t, "the read object", updated.Object, read.Object)
	list, err := leases.List(t.Context(), metav1.ListOptions{})
	must(t, err)
	if len(list.Items) != 1 || list.GetKind() != "LeaseList" {
		t.Errorf("listed %s of %d items", list.GetKind(), len(list.Items))
	}
	must(t, leases.Delete(t.Context(), made.GetName(), metav1.DeleteOptions{}))
	for _, want := range []watch.EventType{watch.Added, watch.Modified, watch.Deleted} {
		if event := nextEvent(t, events); event.Type != want {
			t.Fatalf("the watch told %s, want %s", event.Type, want)
		}
	}
}

// The metadata client asks for protobuf first, whatever it is told.
func TestMetadataClientSeesObjectsWithoutTheirSpec(t *testing.T) {
	needs(t, "partial-metadata")
	space := namespace(t)
	line := connect(t, jsonType)
	made, err := line.clientset(t).CoordinationV1().Leases(space).Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
	must(t, err)
	client, err := metadata.NewForConfig(line.config)
	must(t, err)
	objects := client.Resource(leaseResource).Namespace(space)
	read, err := objects.Get(t.Context(), "one", metav1.GetOptions{})
	must(t, err)
	same(t, "the metadata", made.ObjectMeta, read.ObjectMeta)
	list, err := objects.List(t.Context(), metav1.ListOptions{})
	must(t, err)
	if len(list.Items) != 1 || list.Items[0].UID != made.UID {
		t.Errorf("listed %v", list.Items)
	}
	events, err := objects.Watch(t.Context(), metav1.ListOptions{ResourceVersion: list.ResourceVersion})
	must(t, err)
	defer events.Stop()
	_, err = objects.Patch(t.Context(), "one", types.MergePatchType, []byte(`{"metadata":{"annotations":{"seen":"yes"}}}`), metav1.PatchOptions{})
	must(t, err)
	event := nextEvent(t, events)
	object, ok := event.Object.(*metav1.PartialObjectMetadata)
	if !ok || event.Type != watch.Modified || object.Annotations["seen"] != "yes" {
		t.Errorf("the watch told %s %v", event.Type, event.Object)
	}
	must(t, objects.Delete(t.Context(), "one", metav1.DeleteOptions{}))
}

// This is how garbage collectors and quota controllers follow kinds that they do not know.
func TestMetadataInformerSeesAddAndDelete(t *testing.T) {
	needs(t, "partial-metadata")
	space := namespace(t)
	line := connect(t, jsonType)
	client, err := metadata.NewForConfig(line.config)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	factory := metadatainformer.NewFilteredSharedInformerFactory(client, 0, space, nil)
	informer := factory.ForResource(leaseResource).Informer()
	factory.Start(ctx.Done())
	eventually(t, "the metadata informer has synced", informer.HasSynced)
	leases := line.clientset(t).CoordinationV1().Leases(space)
	_, err = leases.Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
	must(t, err)
	eventually(t, "the store holds the lease", func() bool { return len(informer.GetStore().ListKeys()) == 1 })
	must(t, leases.Delete(t.Context(), "one", metav1.DeleteOptions{}))
	eventually(t, "the store is empty", func() bool { return len(informer.GetStore().ListKeys()) == 0 })
}

func TestUnknownResourceIsNotFound(t *testing.T) {
	client, err := dynamic.NewForConfig(connect(t, jsonType).config)
	must(t, err)
	_, err = client.Resource(schema.GroupVersionResource{Group: "coordination.k8s.io", Version: "v1", Resource: "widgets"}).List(t.Context(), metav1.ListOptions{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("an unknown resource gave %v, want NotFound", err)
	}
}

func nextEvent(t *testing.T, events watch.Interface) watch.Event {
	t.Helper()
	select {
	case event, open := <-events.ResultChan():
		if !open {
			t.Fatal("the watch has ended")
		}
		return event
	case <-time.After(patience):
		t.Fatal("the watch tells nothing")
		return watch.Event{}
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if !equality.Semantic.DeepEqual(want, got) {
		t.Errorf("%s is\n%+v, want\n%+v", what, got, want)
	}
}
