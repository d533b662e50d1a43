package interop

import (
	"context"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/leaderelection"
)

// In a coordinated election (KEP-4355) candidates say what they are and the server chooses: the oldest emulation version leads, so
// that nothing is written during an upgrade which the components still to be upgraded do not understand.
func TestCoordinatedElectionPrefersTheOldestEmulationVersion(t *testing.T) {
	needs(t, "coordinated-election")
	for encoding, contentType := range contentTypes {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			e := newElection(t, namespace(t))
			e.standCoordinated(t, "newer", "1.36.0", contentType)
			newer := e.awaitLeader(t)
			older := e.standCoordinated(t, "older", "1.35.0", contentType)
			// Nobody tells the newer one but the server, by the mark of a preferred holder in its lease.
			<-newer.gone
			if leader := e.awaitLeader(t); leader != older {
				t.Fatalf("%s leads, want %s", leader.name, older.name)
			}
			again := e.standCoordinated(t, "newer", "1.36.0", contentType)
			older.cancel()
			<-older.gone
			if leader := e.awaitLeader(t); leader != again {
				t.Fatalf("%s leads, want %s", leader.name, again.name)
			}
			if e.overlap != "" {
				t.Error(e.overlap)
			}
			lease, err := again.connection.clientset(t).CoordinationV1().Leases(e.namespace).Get(t.Context(), "prize", metav1.GetOptions{})
			must(t, err)
			if *lease.Spec.HolderIdentity != "newer" || *lease.Spec.Strategy != coordinationv1.OldestEmulationVersion {
				t.Errorf("the lease is %+v", lease.Spec)
			}
		})
	}
}

// standCoordinated lets a candidate announce itself and run for the lease, until it is cancelled or has led and lost.
func (e *election) standCoordinated(t *testing.T, name, emulation, contentType string) *candidate {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := &candidate{name, connect(t, contentType), cancel, make(chan struct{})}
	client := c.connection.clientset(t)
	announcement, _, err := leaderelection.NewCandidate(client, e.namespace, name, "prize", "1.36.0", emulation, coordinationv1.OldestEmulationVersion)
	must(t, err)
	elector := e.elector(t, c, leaderelection.LeaderElectionConfig{LeaseDuration: 5 * time.Second, Coordinated: true})
	announced := make(chan struct{})
	go func() {
		defer close(announced)
		announcement.Run(ctx)
	}()
	go func() {
		defer close(c.gone)
		elector.Run(ctx)
		// A component that no longer leads ends, and with it its announcement.
		cancel()
	}()
	t.Cleanup(func() {
		cancel()
		<-c.gone
		<-announced
	})
	return c
}
