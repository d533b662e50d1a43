// Package interop runs client-go, unmodified, against the server that KUBECONFIG names.
package interop

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	jsonType     = "application/json"
	protobufType = "application/vnd.kubernetes.protobuf"

	// patience bounds every wait for something that must come. Nothing is asserted about how soon it comes.
	patience = 30 * time.Second
)

// contentTypes are the encodings that client-go can be told to speak.
var contentTypes = map[string]string{"JSON": jsonType, "protobuf": protobufType}

// connection is a client's own line to the server: it remembers what was asked and can be cut.
type connection struct {
	config *rest.Config

	lock  sync.Mutex
	lines map[net.Conn]struct{}
	asked []string

	down     atomic.Bool
	underWay atomic.Int32
}

// connect opens a line of its own that speaks the content type; no two connections share a socket.
func connect(t *testing.T, contentType string) *connection {
	t.Helper()
	path := os.Getenv("KUBECONFIG")
	if path == "" {
		t.Fatal("KUBECONFIG must name the kubeconfig of the server under test")
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	must(t, err)
	config.ContentType = contentType
	config.AcceptContentTypes = contentType
	config.QPS = -1
	config.UserAgent = "interop-go"
	c := &connection{config: config, lines: map[net.Conn]struct{}{}}
	config.Dial = c.dial
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &recorder{c, next} })
	t.Cleanup(c.cut)
	return c
}

func (c *connection) clientset(t *testing.T) kubernetes.Interface {
	t.Helper()
	clientset, err := kubernetes.NewForConfig(c.config)
	must(t, err)
	return clientset
}

// cut closes every open socket, as a failing network does: whatever is under way breaks off, new sockets may be opened.
func (c *connection) cut() {
	c.lock.Lock()
	defer c.lock.Unlock()
	for line := range c.lines {
		_ = line.Close()
	}
	clear(c.lines)
}

// unplug cuts the connection and lets no new one be made until it is plugged in again.
func (c *connection) unplug() {
	c.down.Store(true)
	c.cut()
}

func (c *connection) plug() { c.down.Store(false) }

// requests are the method and URI of what was asked so far that contain the text.
func (c *connection) requests(text string) []string {
	c.lock.Lock()
	defer c.lock.Unlock()
	var found []string
	for _, request := range c.asked {
		if strings.Contains(request, text) {
			found = append(found, request)
		}
	}
	return found
}

// awaitRest waits until another request that contains the text has been made and nothing is under way.
func (c *connection) awaitRest(t *testing.T, text string) {
	t.Helper()
	before := len(c.requests(text))
	eventually(t, "a request is answered and none follows", func() bool {
		return c.underWay.Load() == 0 && len(c.requests(text)) > before
	})
}

func (c *connection) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if c.down.Load() {
		return nil, fmt.Errorf("dial %s: the network is unplugged", address)
	}
	var dialer net.Dialer
	line, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.lines[line] = struct{}{}
	return line, nil
}

// recorder notes each request before it goes out.
type recorder struct {
	connection *connection
	next       http.RoundTripper
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.connection.underWay.Add(1)
	defer r.connection.underWay.Add(-1)
	r.connection.lock.Lock()
	r.connection.asked = append(r.connection.asked, request.Method+" "+request.URL.RequestURI())
	r.connection.lock.Unlock()
	return r.next.RoundTrip(request)
}

// namespace makes a namespace for one test and deletes it, and the leases in it, when the test is over.
func namespace(t *testing.T) string {
	t.Helper()
	client := connect(t, jsonType).clientset(t)
	made, err := client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "interop-go-"},
	}, metav1.CreateOptions{})
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := client.CoordinationV1().Leases(made.Name).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
			t.Errorf("deleting the leases of %s: %v", made.Name, err)
		}
		if err := client.CoreV1().Namespaces().Delete(ctx, made.Name, metav1.DeleteOptions{}); err != nil {
			t.Errorf("deleting namespace %s: %v", made.Name, err)
		}
	})
	return made.Name
}

// needs skips a test of something that the server under test is known not to do yet. INTEROP_WITHOUT lists those, comma-separated.
func needs(t *testing.T, feature string) {
	t.Helper()
	for _, missing := range strings.Split(os.Getenv("INTEROP_WITHOUT"), ",") {
		if strings.TrimSpace(missing) == feature {
			t.Skipf("the server under test is without %s", feature)
		}
	}
}

// restartServer stops and starts the server under test with the command in INTEROP_RESTART, which returns when it serves again.
func restartServer(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if output, err := exec.CommandContext(ctx, "bash", "-c", os.Getenv("INTEROP_RESTART")).CombinedOutput(); err != nil {
		t.Fatalf("restarting the server: %v\n%s", err, output)
	}
}

// eventually waits until the condition holds, and fails with the question when patience is over.
func eventually(t *testing.T, question string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never came true: %s", question)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
