package interop

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// The ways in which a leader's rule may end, and whether its lease is handed back rather than left to run out.
var endings = []struct {
	name     string
	released bool
	end      func(t *testing.T, leader *candidate)
}{
	{"a leader that is killed is followed when its lease has run out", false, func(_ *testing.T, leader *candidate) { leader.cancel() }},
	{"a leader that loses its network steps down before another one rises", false, func(_ *testing.T, leader *candidate) { leader.connection.unplug() }},
	// client-go cannot release a lease whose renewal is under way when it is told to stop: it does not learn the new version.
	{"a leader that releases its lease is followed", true, func(t *testing.T, leader *candidate) {
		leader.connection.awaitRest(t, "PUT")
		leader.cancel()
	}},
}

func TestLeaderElection(t *testing.T) {
	for encoding, contentType := range contentTypes {
		for _, ending := range endings {
			t.Run(encoding+"/"+ending.name, func(t *testing.T) {
				t.Parallel()
				e := newElection(t, namespace(t))
				for i := range 3 {
					e.stand(t, fmt.Sprintf("candidate-%d", i), contentType, ending.released)
				}
				for range 3 {
					leader := e.awaitLeader(t)
					ending.end(t, leader)
					<-leader.gone
				}
				e.check(t, 3, ending.released)
			})
		}
	}
}

// election is three candidates for one lease, and what became of them.
type election struct {
	namespace string
	history   *history

	lock    sync.Mutex
	leading map[string]*candidate
	terms   int
	overlap string
}

type candidate struct {
	name       string
	connection *connection
	cancel     context.CancelFunc
	gone       chan struct{}
}

func newElection(t *testing.T, namespace string) *election {
	return &election{namespace: namespace, history: recordHistory(t, namespace, "prize"), leading: map[string]*candidate{}}
}

// stand lets a candidate run for the lease over a connection of its own, until it is cancelled or has led and lost.
func (e *election) stand(t *testing.T, name, contentType string, release bool) {
	ctx, cancel := context.WithCancel(t.Context())
	c := &candidate{name, connect(t, contentType), cancel, make(chan struct{})}
	elector := e.elector(t, c, leaderelection.LeaderElectionConfig{LeaseDuration: 4 * time.Second, ReleaseOnCancel: release})
	go func() {
		defer close(c.gone)
		elector.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-c.gone
	})
}

// elector is what every candidate has alike; config says what is its own.
func (e *election) elector(t *testing.T, c *candidate, config leaderelection.LeaderElectionConfig) *leaderelection.LeaderElector {
	t.Helper()
	config.Lock = &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Namespace: e.namespace, Name: "prize"},
		Client:     c.connection.clientset(t).CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: c.name},
	}
	config.RenewDeadline = 3 * time.Second
	config.RetryPeriod = 500 * time.Millisecond
	config.Callbacks = leaderelection.LeaderCallbacks{
		OnStartedLeading: func(context.Context) { e.started(c) },
		OnStoppedLeading: func() { e.stopped(c) },
	}
	elector, err := leaderelection.NewLeaderElector(config)
	must(t, err)
	return elector
}

func (e *election) started(c *candidate) {
	e.lock.Lock()
	defer e.lock.Unlock()
	for other := range e.leading {
		e.overlap = fmt.Sprintf("%s began to lead while %s was leading", c.name, other)
	}
	e.leading[c.name] = c
	e.terms++
}

func (e *election) stopped(c *candidate) {
	e.lock.Lock()
	defer e.lock.Unlock()
	delete(e.leading, c.name)
}

func (e *election) awaitLeader(t *testing.T) *candidate {
	t.Helper()
	var leader *candidate
	eventually(t, "somebody leads", func() bool {
		e.lock.Lock()
		defer e.lock.Unlock()
		for _, c := range e.leading {
			leader = c
		}
		return leader != nil
	})
	return leader
}

// check finds that there was at most one leader at any time and that the lease tells the same story.
func (e *election) check(t *testing.T, terms int, released bool) {
	t.Helper()
	if e.overlap != "" {
		t.Error(e.overlap)
	}
	if e.terms != terms {
		t.Errorf("%d terms of leadership, want %d", e.terms, terms)
	}
	lease, err := connect(t, jsonType).clientset(t).CoordinationV1().Leases(e.namespace).Get(t.Context(), "prize", metav1.GetOptions{})
	must(t, err)
	// A released lease counts its next holder as a transition too: from nobody to somebody.
	if got := *lease.Spec.LeaseTransitions; int(got) != terms-1 {
		t.Errorf("leaseTransitions is %d, want %d", got, terms-1)
	}
	if holder := *lease.Spec.HolderIdentity; (holder == "") != released {
		t.Errorf("the last holder is %q, released is %v", holder, released)
	}
	e.history.check(t, lease.ResourceVersion)
}

// history is every version of one lease, in the order in which a watch showed them.
type history struct {
	lock     sync.Mutex
	versions []*coordinationv1.Lease
}

func recordHistory(t *testing.T, namespace, name string) *history {
	t.Helper()
	client := connect(t, jsonType).clientset(t)
	h := &history{}
	events := watchLease(t, client, namespace, name)
	go func() {
		for event := range events.ResultChan() {
			if lease, ok := event.Object.(*coordinationv1.Lease); ok {
				h.lock.Lock()
				h.versions = append(h.versions, lease)
				h.lock.Unlock()
			}
		}
	}()
	return h
}

func watchLease(t *testing.T, client kubernetes.Interface, namespace, name string) watch.Interface {
	t.Helper()
	list, err := client.CoordinationV1().Leases(namespace).List(t.Context(), metav1.ListOptions{})
	must(t, err)
	events, err := client.CoordinationV1().Leases(namespace).Watch(t.Context(), metav1.ListOptions{
		FieldSelector:   "metadata.name=" + name,
		ResourceVersion: list.ResourceVersion,
	})
	must(t, err)
	t.Cleanup(events.Stop)
	return events
}

// check finds that up to the last version each new holder raised leaseTransitions by one and that nothing else did.
func (h *history) check(t *testing.T, last string) {
	t.Helper()
	eventually(t, "the watch shows the last version of the lease", func() bool {
		h.lock.Lock()
		defer h.lock.Unlock()
		return len(h.versions) > 0 && h.versions[len(h.versions)-1].ResourceVersion == last
	})
	h.lock.Lock()
	defer h.lock.Unlock()
	for i, version := range h.versions[1:] {
		before := h.versions[i]
		rise := *version.Spec.LeaseTransitions - *before.Spec.LeaseTransitions
		risen := *version.Spec.HolderIdentity != *before.Spec.HolderIdentity && *version.Spec.HolderIdentity != ""
		if (rise == 1) != risen || rise < 0 || rise > 1 {
			t.Errorf("from %q to %q leaseTransitions rose by %d", *before.Spec.HolderIdentity, *version.Spec.HolderIdentity, rise)
		}
	}
}
