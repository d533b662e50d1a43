package interop

import (
	"context"
	"fmt"
	"testing"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/pager"
	watchtools "k8s.io/client-go/tools/watch"
	"k8s.io/utils/ptr"
)

func TestRetryWatcherTellsEveryChangeOnceThoughItsConnectionIsCut(t *testing.T) {
	for encoding, contentType := range contentTypes {
		t.Run(encoding, func(t *testing.T) {
			const changes = 60
			space := namespace(t)
			line := connect(t, contentType)
			writer := connect(t, contentType).clientset(t).CoordinationV1().Leases(space)
			lease, err := writer.Create(t.Context(), leaseHeldBy("one", "0"), metav1.CreateOptions{})
			must(t, err)
			watched := line.clientset(t).CoordinationV1().Leases(space)
			watcher, err := watchtools.NewRetryWatcherWithContext(t.Context(), lease.ResourceVersion, &cache.ListWatch{
				WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
					return watched.Watch(ctx, options)
				},
			})
			must(t, err)
			defer watcher.Stop()
			go func() {
				for i := 1; i <= changes && err == nil; i++ {
					if i%20 == 0 {
						line.cut()
					}
					lease.Spec.HolderIdentity = ptr.To(fmt.Sprint(i))
					lease, err = writer.Update(t.Context(), lease, metav1.UpdateOptions{})
				}
			}()
			for i := 1; i <= changes; i++ {
				event := nextEvent(t, watcher)
				if got, ok := event.Object.(*coordinationv1.Lease); !ok || *got.Spec.HolderIdentity != fmt.Sprint(i) {
					t.Fatalf("instead of change %d the watch told %s %v", i, event.Type, event.Object)
				}
			}
			if len(line.requests("watch=true")) < 2 {
				t.Error("the watch was never resumed, so nothing was proven")
			}
		})
	}
}

func TestWatchFromAForgottenVersionIsGone(t *testing.T) {
	leases := connect(t, protobufType).clientset(t).CoordinationV1().Leases(namespace(t))
	events, err := leases.Watch(t.Context(), metav1.ListOptions{ResourceVersion: "1"})
	if err == nil {
		defer events.Stop()
		err = apierrors.FromObject(nextEvent(t, events).Object)
	}
	if !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) {
		t.Errorf("watching from version 1 gave %v, want Expired", err)
	}
}

func TestPagerReadsOneSnapshotInPages(t *testing.T) {
	for encoding, contentType := range contentTypes {
		t.Run(encoding, func(t *testing.T) {
			const all, pageSize = 57, 10
			leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(namespace(t))
			for i := range all {
				_, err := leases.Create(t.Context(), leaseHeldBy(fmt.Sprintf("lease-%02d", i), "a"), metav1.CreateOptions{})
				must(t, err)
			}
			pages := 0
			reader := pager.New(func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				if pages++; pages == 2 {
					must(t, leases.Delete(ctx, "lease-56", metav1.DeleteOptions{}))
					_, err := leases.Create(ctx, leaseHeldBy("lease-99", "a"), metav1.CreateOptions{})
					must(t, err)
				}
				return leases.List(ctx, options)
			})
			reader.PageSize = pageSize
			reader.PageBufferSize = 0
			var names []string
			must(t, reader.EachListItem(t.Context(), metav1.ListOptions{}, func(object runtime.Object) error {
				names = append(names, object.(*coordinationv1.Lease).Name)
				return nil
			}))
			if len(names) != all || names[all-1] != "lease-56" || pages != 6 {
				t.Errorf("%d pages hold %v", pages, names)
			}
		})
	}
}
