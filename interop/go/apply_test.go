package interop

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	applyv1 "k8s.io/client-go/applyconfigurations/coordination/v1"
	"k8s.io/client-go/dynamic"
)

func TestApplyOwnsFieldsAndRefusesToTakeThoseOfOthers(t *testing.T) {
	needs(t, "apply")
	for encoding, contentType := range contentTypes {
		t.Run(encoding, func(t *testing.T) {
			space := namespace(t)
			leases := connect(t, contentType).clientset(t).CoordinationV1().Leases(space)
			made, err := leases.Apply(t.Context(), applyv1.Lease("one", space).
				WithLabels(map[string]string{"by": "first"}).
				WithSpec(applyv1.LeaseSpec().WithHolderIdentity("a").WithLeaseDurationSeconds(15)),
				metav1.ApplyOptions{FieldManager: "first"})
			must(t, err)
			again, err := leases.Apply(t.Context(), applyv1.Lease("one", space).
				WithLabels(map[string]string{"by": "first"}).
				WithSpec(applyv1.LeaseSpec().WithHolderIdentity("a").WithLeaseDurationSeconds(15)),
				metav1.ApplyOptions{FieldManager: "first"})
			must(t, err)
			if again.ResourceVersion != made.ResourceVersion {
				t.Errorf("applying the same again moved the version from %s to %s", made.ResourceVersion, again.ResourceVersion)
			}

			rival := applyv1.Lease("one", space).WithSpec(applyv1.LeaseSpec().WithHolderIdentity("b"))
			_, err = leases.Apply(t.Context(), rival, metav1.ApplyOptions{FieldManager: "second"})
			if !apierrors.IsConflict(err) || !strings.Contains(err.Error(), `conflict with "first"`) || !strings.Contains(err.Error(), ".spec.holderIdentity") {
				t.Errorf("applying over another's field gave %v", err)
			}
			forced, err := leases.Apply(t.Context(), rival, metav1.ApplyOptions{FieldManager: "second", Force: true})
			must(t, err)
			if *forced.Spec.HolderIdentity != "b" || *forced.Spec.LeaseDurationSeconds != 15 {
				t.Errorf("the forced spec is %+v", forced.Spec)
			}

			mine, err := applyv1.ExtractLease(forced, "first")
			must(t, err)
			if mine.Spec.HolderIdentity != nil || *mine.Spec.LeaseDurationSeconds != 15 || mine.Labels["by"] != "first" {
				t.Errorf("first still owns %+v", mine)
			}
			// What an applier no longer mentions, and nobody else owns, goes.
			left, err := leases.Apply(t.Context(), applyv1.Lease("one", space).WithLabels(map[string]string{"by": "first"}), metav1.ApplyOptions{FieldManager: "first"})
			must(t, err)
			if left.Spec.LeaseDurationSeconds != nil || *left.Spec.HolderIdentity != "b" {
				t.Errorf("after giving up the duration the spec is %+v", left.Spec)
			}
		})
	}
}

func TestApplyOfUnstructuredObjects(t *testing.T) {
	needs(t, "apply")
	client, err := dynamic.NewForConfig(connect(t, jsonType).config)
	must(t, err)
	applied, err := client.Resource(leaseResource).Namespace(namespace(t)).Apply(t.Context(), "one", &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
		"metadata": map[string]any{"name": "one"},
		"spec":     map[string]any{"holderIdentity": "a"},
	}}, metav1.ApplyOptions{FieldManager: "dynamic"})
	must(t, err)
	managers := applied.GetManagedFields()
	if len(managers) != 1 || managers[0].Manager != "dynamic" || managers[0].Operation != metav1.ManagedFieldsOperationApply {
		t.Errorf("the managers are %v", managers)
	}
}
