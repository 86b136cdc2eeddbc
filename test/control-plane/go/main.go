// Command control-plane is a Kubernetes control plane in one binary, for tests:
// the API server, the controller manager and etcd, each as its own authors ship it.
//
// It runs the program that its first argument names, or that it is itself named
// after, so that links to it can stand in for the three programs:
//
//	control-plane kube-apiserver --etcd-servers=...
//	kube-apiserver --etcd-servers=...
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// programs holds what the binary can be. Each reads os.Args as if it had been started alone.
var programs = map[string]func(){
	"etcd":                    etcd,
	"kube-apiserver":          kubeAPIServer,
	"kube-controller-manager": kubeControllerManager,
	"version":                 version,
}

func main() {
	if run, ok := programByOwnName(); ok {
		run()
		return
	}
	if len(os.Args) > 1 {
		if run, ok := programs[os.Args[1]]; ok {
			os.Args = os.Args[1:]
			run()
			return
		}
	}
	names := make([]string, 0, len(programs))
	for name := range programs {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(os.Stderr, "usage: %s %s [flags]\n", filepath.Base(os.Args[0]), strings.Join(names, "|"))
	os.Exit(2)
}

func programByOwnName() (func(), bool) {
	own := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	for name, run := range programs {
		if name != "version" && strings.HasSuffix(own, name) {
			return run, true
		}
	}
	return nil, false
}
