package interop

import (
	"slices"
	"testing"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/restmapper"
)

// Aggregated discovery tells all groups in two requests; clients before 1.26 ask for each group and version by itself.
func TestDiscoveryFindsTheServedResources(t *testing.T) {
	for name, legacy := range map[string]bool{"aggregated": false, "one request a version": true} {
		t.Run(name, func(t *testing.T) {
			client, err := discovery.NewDiscoveryClientForConfig(connect(t, jsonType).config)
			must(t, err)
			client.UseLegacyDiscovery = legacy
			groups, lists, err := client.ServerGroupsAndResources()
			must(t, err)
			if !slices.ContainsFunc(groups, func(group *metav1.APIGroup) bool {
				return group.Name == "coordination.k8s.io" && group.PreferredVersion.Version == "v1"
			}) {
				t.Errorf("coordination.k8s.io/v1 is not preferred among %v", groups)
			}
			verbs := []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}
			leases := findResource(t, lists, "coordination.k8s.io/v1", "leases")
			same(t, "the verbs of leases", verbs, []string(leases.Verbs))
			if leases.Kind != "Lease" || leases.SingularName != "lease" || !leases.Namespaced {
				t.Errorf("leases are described as %+v", leases)
			}
			namespaces := findResource(t, lists, "v1", "namespaces")
			same(t, "the short names of namespaces", []string{"ns"}, namespaces.ShortNames)
			preferred, err := client.ServerPreferredNamespacedResources()
			must(t, err)
			findResource(t, preferred, "coordination.k8s.io/v1", "leases")
		})
	}
}

func TestServerTellsItsVersion(t *testing.T) {
	client, err := discovery.NewDiscoveryClientForConfig(connect(t, jsonType).config)
	must(t, err)
	version, err := client.ServerVersion()
	must(t, err)
	if version.Major != "1" || version.GitVersion == "" {
		t.Errorf("the version is %+v", version)
	}
}

func TestRESTMapperKnowsKindsAndResources(t *testing.T) {
	client, err := discovery.NewDiscoveryClientForConfig(connect(t, jsonType).config)
	must(t, err)
	mapper := restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client)), client, nil)
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: "coordination.k8s.io", Kind: "Lease"})
	must(t, err)
	if mapping.Resource != leaseResource || mapping.Scope.Name() != "namespace" {
		t.Errorf("Lease is mapped to %v, scope %s", mapping.Resource, mapping.Scope.Name())
	}
	for _, word := range []string{"lease", "leases"} {
		kind, err := mapper.KindFor(schema.GroupVersionResource{Resource: word})
		must(t, err)
		if kind != coordinationv1.SchemeGroupVersion.WithKind("Lease") {
			t.Errorf("%s is of kind %v", word, kind)
		}
	}
	kind, err := mapper.KindFor(schema.GroupVersionResource{Resource: "ns"})
	must(t, err)
	if kind.Kind != "Namespace" {
		t.Errorf("ns is of kind %v", kind)
	}
}

func TestOpenAPIDescribesLeases(t *testing.T) {
	client, err := discovery.NewDiscoveryClientForConfig(connect(t, jsonType).config)
	must(t, err)
	paths, err := client.OpenAPIV3().Paths()
	must(t, err)
	group, ok := paths["apis/coordination.k8s.io/v1"]
	if !ok {
		t.Fatalf("no OpenAPI of coordination.k8s.io/v1 among %d", len(paths))
	}
	document, err := group.Schema(jsonType)
	must(t, err)
	if len(document) == 0 {
		t.Error("the OpenAPI document is empty")
	}
}

// Clients before 1.27 validate and explain by the second version, which they read as protobuf.
func TestOpenAPIVersion2DescribesLeases(t *testing.T) {
	needs(t, "openapi-v2")
	client, err := discovery.NewDiscoveryClientForConfig(connect(t, jsonType).config)
	must(t, err)
	document, err := client.OpenAPISchema()
	must(t, err)
	for _, definition := range document.GetDefinitions().GetAdditionalProperties() {
		if definition.GetName() == "io.k8s.api.coordination.v1.Lease" {
			return
		}
	}
	t.Error("io.k8s.api.coordination.v1.Lease is not defined")
}

func findResource(t *testing.T, lists []*metav1.APIResourceList, groupVersion, name string) metav1.APIResource {
	t.Helper()
	for _, list := range lists {
		for _, resource := range list.APIResources {
			if list.GroupVersion == groupVersion && resource.Name == name {
				return resource
			}
		}
	}
	t.Fatalf("%s of %s is not discovered", name, groupVersion)
	return metav1.APIResource{}
}
