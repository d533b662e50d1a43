package interop

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/component-helpers/apimachinery/lease"
	"k8s.io/utils/clock"
)

// A kubelet renews its lease with this very controller; here are as many as in a cluster of two hundred nodes, ten times as eager.
func TestTwoHundredHeartbeatsOverTwoHundredConnections(t *testing.T) {
	const nodes, renewals = 200, 4
	space := namespace(t)
	beats := countRenewals(t, space)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	var failures atomic.Int32
	for i := range nodes {
		name := fmt.Sprintf("node-%03d", i)
		client := connect(t, protobufType).clientset(t)
		controller := lease.NewController(clock.RealClock{}, client, name, 40, func() { failures.Add(1) }, time.Second, name, space, nil)
		running.Go(func() { controller.Run(ctx) })
	}
	eventually(t, "every heartbeat was renewed again and again", func() bool { return beats.slowest(nodes) >= renewals })
	// Counted before the end, which itself breaks off the renewals under way.
	failed := failures.Load()
	cancel()
	running.Wait()
	if failed > 0 {
		t.Errorf("%d times a heartbeat could not be renewed five times in a row", failed)
	}
}

// renewals is how often each lease was written, as a watch tells it.
type renewals struct {
	lock  sync.Mutex
	count map[string]int
}

func countRenewals(t *testing.T, space string) *renewals {
	r := &renewals{count: map[string]int{}}
	startInformer(t, connect(t, protobufType), space, "", func(_ string, l *coordinationv1.Lease) {
		r.lock.Lock()
		defer r.lock.Unlock()
		r.count[l.Name]++
	})
	return r
}

// slowest is how often the least renewed of all leases was written; 0 until all are there.
func (r *renewals) slowest(all int) int {
	r.lock.Lock()
	defer r.lock.Unlock()
	if len(r.count) < all {
		return 0
	}
	least := r.count["node-000"]
	for _, count := range r.count {
		least = min(least, count)
	}
	return least
}
