// Command etcd is etcd as it is published, which distributions have in older versions, or not at all.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
