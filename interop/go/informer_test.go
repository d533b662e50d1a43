package interop

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientfeatures "k8s.io/client-go/features"
	featurestesting "k8s.io/client-go/features/testing"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/utils/ptr"
)

// An informer learns its first state from a list, or, with WatchList, from a watch that begins with one.
func forEachInformer(t *testing.T, test func(t *testing.T, contentType string, watchList bool)) {
	for encoding, contentType := range contentTypes {
		for _, watchList := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/WatchList=%v", encoding, watchList), func(t *testing.T) {
				featurestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, watchList)
				test(t, contentType, watchList)
			})
		}
	}
}

func TestInformerSeesWhatWasThereAndEveryAddUpdateAndDelete(t *testing.T) {
	forEachInformer(t, func(t *testing.T, contentType string, watchList bool) {
		space := namespace(t)
		leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(space)
		early, err := leases.Create(t.Context(), leaseHeldBy("early", "a"), metav1.CreateOptions{})
		must(t, err)

		line := connect(t, contentType)
		seen := watchSightings(t, line, space, "")
		seen.await(t, "add early a")
		listed := len(line.requests("sendInitialEvents=true")) == 0
		if listed == watchList {
			t.Errorf("WatchList is %v, yet the informer asked %q", watchList, line.requests("/leases"))
		}

		early.Spec.HolderIdentity = ptr.To("b")
		_, err = leases.Update(t.Context(), early, metav1.UpdateOptions{})
		must(t, err)
		_, err = leases.Create(t.Context(), leaseHeldBy("late", "c"), metav1.CreateOptions{})
		must(t, err)
		must(t, leases.Delete(t.Context(), "early", metav1.DeleteOptions{}))
		seen.await(t, "add early a", "update early b", "add late c", "delete early b")

		stored := seen.store.List()
		if len(stored) != 1 || !stored[0].(*coordinationv1.Lease).Spec.AcquireTime.Time.Equal(acquired.Time) {
			t.Errorf("the informer's store holds %v", stored)
		}
	})
}

func TestInformerWithSelectorSeesLeasesEnterAndLeaveTheSelection(t *testing.T) {
	forEachInformer(t, func(t *testing.T, contentType string, _ bool) {
		space := namespace(t)
		leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(space)
		seen := watchSightings(t, connect(t, contentType), space, "kept=yes")
		lease, err := leases.Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
		must(t, err)
		lease.Labels["kept"] = "no"
		lease, err = leases.Update(t.Context(), lease, metav1.UpdateOptions{})
		must(t, err)
		lease.Spec.HolderIdentity = ptr.To("b")
		lease, err = leases.Update(t.Context(), lease, metav1.UpdateOptions{})
		must(t, err)
		lease.Labels["kept"] = "yes"
		_, err = leases.Update(t.Context(), lease, metav1.UpdateOptions{})
		must(t, err)
		seen.await(t, "add one a", "delete one a", "add one b")
	})
}

func TestInformerMissesNothingWhenItsConnectionBreaks(t *testing.T) {
	forEachInformer(t, func(t *testing.T, contentType string, _ bool) {
		space := namespace(t)
		leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(space)
		line := connect(t, contentType)
		seen := watchSightings(t, line, space, "")
		lease, err := leases.Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
		must(t, err)
		seen.await(t, "add one a")
		line.unplug()
		lease.Spec.HolderIdentity = ptr.To("b")
		_, err = leases.Update(t.Context(), lease, metav1.UpdateOptions{})
		must(t, err)
		line.plug()
		_, err = leases.Create(t.Context(), leaseHeldBy("two", "c"), metav1.CreateOptions{})
		must(t, err)
		seen.await(t, "add one a", "update one b", "add two c")
	})
}

// Needs the means to restart the server: a command in INTEROP_RESTART.
func TestInformerGoesOnWhenTheServerRestarts(t *testing.T) {
	if os.Getenv("INTEROP_RESTART") == "" {
		t.Skip("INTEROP_RESTART is not set")
	}
	forEachInformer(t, func(t *testing.T, contentType string, _ bool) {
		space := namespace(t)
		client := connect(t, contentType).clientset(t)
		seen := watchSightings(t, connect(t, contentType), space, "")
		first, err := client.CoordinationV1().Leases(space).Create(t.Context(), leaseHeldBy("one", "a"), metav1.CreateOptions{})
		must(t, err)
		seen.await(t, "add one a")

		restartServer(t)
		kept := getWhenUp(t, client, space, "one")
		if kept.ResourceVersion != first.ResourceVersion || kept.UID != first.UID {
			t.Errorf("after the restart the lease is %s/%s, was %s/%s", kept.UID, kept.ResourceVersion, first.UID, first.ResourceVersion)
		}
		kept.Spec.HolderIdentity = ptr.To("b")
		_, err = client.CoordinationV1().Leases(space).Update(t.Context(), kept, metav1.UpdateOptions{})
		must(t, err)
		seen.await(t, "add one a", "update one b")
	})
}

func getWhenUp(t *testing.T, client kubernetes.Interface, space, name string) *coordinationv1.Lease {
	t.Helper()
	var lease *coordinationv1.Lease
	eventually(t, "the restarted server answers", func() bool {
		var err error
		lease, err = client.CoordinationV1().Leases(space).Get(t.Context(), name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			t.Fatalf("the restarted server has lost lease %s", name)
		}
		return err == nil
	})
	return lease
}

// sightings is what an informer told its handler, such as "update one b": the kind of news, the lease and its holder.
type sightings struct {
	store cache.Store
	lock  sync.Mutex
	news  []string
}

func watchSightings(t *testing.T, line *connection, space, selector string) *sightings {
	t.Helper()
	seen := &sightings{}
	seen.store = startInformer(t, line, space, selector, seen.note)
	return seen
}

// startInformer runs an informer of the selected leases until the test ends and hands each piece of news, "add", "update" or
// "delete", to tell. It returns the informer's store once that has synced.
func startInformer(t *testing.T, line *connection, space, selector string, tell func(news string, lease *coordinationv1.Lease)) cache.Store {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	factory := informers.NewSharedInformerFactoryWithOptions(line.clientset(t), 0, informers.WithNamespace(space),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = selector }))
	informer := factory.Coordination().V1().Leases().Informer()
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { tell("add", object.(*coordinationv1.Lease)) },
		UpdateFunc: func(_, object any) { tell("update", object.(*coordinationv1.Lease)) },
		DeleteFunc: func(object any) {
			if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
				object = unknown.Obj
			}
			tell("delete", object.(*coordinationv1.Lease))
		},
	})
	must(t, err)
	factory.StartWithContext(ctx)
	t.Cleanup(func() {
		cancel()
		factory.Shutdown()
	})
	eventually(t, "the informer has synced", informer.HasSynced)
	return informer.GetStore()
}

func (s *sightings) note(news string, lease *coordinationv1.Lease) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.news = append(s.news, news+" "+lease.Name+" "+ptr.Deref(lease.Spec.HolderIdentity, ""))
}

// await waits until there is as much news as wanted and finds that it is just that, in order for each lease: an informer that reads a
// whole list anew tells the news of different leases in any order.
func (s *sightings) await(t *testing.T, wanted ...string) {
	t.Helper()
	all := func() []string {
		s.lock.Lock()
		defer s.lock.Unlock()
		return byLease(s.news)
	}
	eventually(t, "the informer tells "+strings.Join(wanted, ", "), func() bool { return len(all()) >= len(wanted) })
	if got := all(); !slices.Equal(got, byLease(wanted)) {
		t.Fatalf("the informer told %q, want %q", got, wanted)
	}
}

func byLease(news []string) []string {
	return slices.SortedStableFunc(slices.Values(news), func(a, b string) int {
		return strings.Compare(strings.Fields(a)[1], strings.Fields(b)[1])
	})
}
