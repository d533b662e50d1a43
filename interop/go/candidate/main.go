// Command candidate stands for one lease with client-go until SIGTERM:
//
//	candidate NAMESPACE NAME IDENTITY LEASE_MS RENEW_MS RETRY_MS
//
// It claims to lead as interop/matrix/README.md says.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

func main() {
	claims := &claims{identity: os.Args[3]}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	renew := milliseconds(os.Args[5])
	// As controllers are advised: no request may use up the time in which another one could succeed.
	config.Timeout = renew / 2
	client, err := kubernetes.NewForConfig(config)
	must(err)

	ctx, cancel := context.WithCancel(context.Background())
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	go func() {
		<-terminated
		// client-go releases the lease before it calls back: whoever hands it over stops to lead before.
		claims.stop()
		cancel()
	}()
	for ctx.Err() == nil {
		leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
			Lock: &resourcelock.LeaseLock{
				LeaseMeta:  metav1.ObjectMeta{Namespace: os.Args[1], Name: os.Args[2]},
				Client:     client.CoordinationV1(),
				LockConfig: resourcelock.ResourceLockConfig{Identity: claims.identity},
			},
			LeaseDuration:   milliseconds(os.Args[4]),
			RenewDeadline:   renew,
			RetryPeriod:     milliseconds(os.Args[6]),
			ReleaseOnCancel: true,
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: claims.lead,
				OnStoppedLeading: claims.stop,
			},
		})
	}
}

// claims is what the candidate says about itself. Nothing is said between a check and its words.
type claims struct {
	identity string
	lock     sync.Mutex
	leading  bool
}

// lead is the work of a leader: it says that it leads until its context ends.
func (c *claims) lead(ctx context.Context) {
	c.start()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	defer c.stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			if ctx.Err() == nil {
				c.repeat()
			}
		}
	}
}

func (c *claims) start() {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.leading = true
	c.say("started")
}

func (c *claims) repeat() {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.leading {
		c.say("leading")
	}
}

func (c *claims) stop() {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.leading {
		c.leading = false
		c.say("stopped")
	}
}

// say writes a line in one call, so that the lines of several candidates do not mix in the pipe that they share.
func (c *claims) say(word string) {
	_, err := os.Stdout.WriteString(c.identity + " " + word + "\n")
	must(err)
}

func milliseconds(text string) time.Duration {
	count, err := strconv.Atoi(text)
	must(err)
	return time.Duration(count) * time.Millisecond
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
