// Package kubernetes runs Kubernetes' own conformance test of the Lease API, as published, against the server that a kubeconfig
// names. Nothing of the test is copied or changed here: importing its package registers it, and this file only starts the runner.
package kubernetes

import (
	"flag"
	"os"
	"os/exec"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"k8s.io/kubernetes/test/e2e/framework"
	"k8s.io/kubernetes/test/e2e/framework/config"

	// Registers the conformance tests of nodes, "Lease lease API should be available" among them.
	_ "k8s.io/kubernetes/test/e2e/common/node"
)

// defaults turn the framework towards a server without nodes and controllers. A flag on the command line wins over them.
var defaults = map[string]string{
	"ginkgo.focus": `Lease lease API should be available`,
	// One spec of some hundreds is chosen; a run that chose none would pass, and prove nothing.
	"ginkgo.fail-on-empty": "true",
	"ginkgo.timeout":       "1m",
	"ginkgo.no-color":      "true",
	"ginkgo.silence-skips": "true",
	// A default service account is the work of kube-controller-manager, which a bare API server does not run.
	"e2e-verify-service-account": "false",
	// Looks for Events, Nodes and Pods after a failure, and so would hide its cause.
	"dump-logs-on-failure": "false",
	"provider":             "skeleton",
}

func TestMain(m *testing.M) {
	config.CopyFlags(config.Flags, flag.CommandLine)
	framework.RegisterCommonFlags(flag.CommandLine)
	framework.RegisterClusterFlags(flag.CommandLine)
	for name, value := range defaults {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	flag.Parse()
	if runsSpecs() {
		framework.AfterReadingAllFlags(&framework.TestContext)
	}
	os.Exit(m.Run())
}

// The framework speaks protobuf unless it is told otherwise, and reads its flags once in a process: each encoding gets a process.
func TestConformance(t *testing.T) {
	if runsSpecs() {
		gomega.RegisterFailHandler(framework.Fail)
		suite, reporter := framework.CreateGinkgoConfig()
		ginkgo.RunSpecs(t, "Kubernetes conformance", suite, reporter)
		return
	}
	for name, contentType := range map[string]string{"protobuf": "application/vnd.kubernetes.protobuf", "JSON": "application/json"} {
		t.Run(name, func(t *testing.T) {
			specs := exec.CommandContext(t.Context(), os.Args[0], append(os.Args[1:], "-kube-api-content-type="+contentType)...)
			specs.Env = append(os.Environ(), "INTEROP_SPECS=run")
			output, err := specs.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, output)
			}
			t.Logf("%s", output)
		})
	}
}

func runsSpecs() bool { return os.Getenv("INTEROP_SPECS") == "run" }
