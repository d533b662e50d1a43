// Command electors runs many candidates of client-go, with its default timing unless another lease duration is given, for
// bench/elections:
//
//	electors PREFIX LEASES CANDIDATES LEASE_SECONDS
//
// It stands for the leases default/PREFIX-0 and so on, with that many candidates for each. "N started" says that lease N is led by
// one of them, "N ready" that one of them has seen who leads. A line on stdin
// names a lease whose term ends, and with it one candidacy; a new candidate takes its place once another one leads.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	// As if each had a process, and with it a limit, of its own.
	config.QPS = -1
	var all []*contest
	for i := range number(os.Args[2]) {
		c := &contest{index: i, name: fmt.Sprintf("%s-%d", os.Args[1], i), config: config, lease: time.Duration(number(os.Args[4])) * time.Second}
		for range number(os.Args[3]) {
			c.enter()
		}
		all = append(all, c)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		all[number(lines.Text())].release()
	}
}

// contest is one lease and its candidates.
type contest struct {
	index  int
	name   string
	config *rest.Config
	lease  time.Duration

	lock    sync.Mutex
	entered int
	vacant  bool
	end     context.CancelFunc
}

func (c *contest) enter() {
	c.entered++
	client, err := kubernetes.NewForConfig(c.config)
	must(err)
	var ready sync.Once
	ctx, cancel := context.WithCancel(context.Background())
	go leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Namespace: "default", Name: c.name},
			Client:     client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: fmt.Sprintf("client-go-%d-%d", os.Getpid(), c.entered)},
		},
		LeaseDuration:   c.lease,
		RenewDeadline:   c.lease * 2 / 3,
		RetryPeriod:     c.lease * 2 / 15,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { c.started(cancel) },
			OnStoppedLeading: func() {},
			OnNewLeader:      func(string) { ready.Do(func() { fmt.Printf("%d ready\n", c.index) }) },
		},
	})
}

func (c *contest) started(end context.CancelFunc) {
	c.lock.Lock()
	defer c.lock.Unlock()
	fmt.Printf("%d started\n", c.index)
	c.end = end
	if c.vacant {
		c.vacant = false
		c.enter()
	}
}

func (c *contest) release() {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.end == nil {
		panic("nobody leads " + c.name)
	}
	c.vacant = true
	c.end()
	c.end = nil
}

func number(text string) int {
	count, err := strconv.Atoi(text)
	must(err)
	return count
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
