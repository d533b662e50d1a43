package interop

import (
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// acquired is a moment with microseconds that are not a whole number of milliseconds: a server that passes times through a type of
// less precision loses digits of it.
var acquired = metav1.NewMicroTime(time.Date(2026, 2, 3, 4, 5, 6, 123457000, time.UTC))

// leaseHeldBy is a lease with every field of the spec that elections use.
func leaseHeldBy(name, holder string) *coordinationv1.Lease {
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"kept": "yes"}},
		Spec: coordinationv1.LeaseSpec{
			HolderIdentity:       ptr.To(holder),
			LeaseDurationSeconds: ptr.To[int32](15),
			AcquireTime:          &acquired,
			RenewTime:            &metav1.MicroTime{Time: time.Time{}.Add(2 * time.Second)},
			LeaseTransitions:     ptr.To[int32](0),
		},
	}
}
