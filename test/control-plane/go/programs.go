package main

import (
	"fmt"
	"os"
	"runtime"
	_ "time/tzdata" // CronJobs with a time zone need it where the machine has no zone files

	etcdversion "go.etcd.io/etcd/api/v3/version"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	componentversion "k8s.io/component-base/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

// etcd takes the flags of the etcd program, so that the binary and a real etcd are started alike.
func etcd() { etcdmain.Main(os.Args) }

func kubeAPIServer() { os.Exit(cli.Run(apiserver.NewAPIServerCommand())) }

func kubeControllerManager() { os.Exit(cli.Run(controllermanager.NewControllerManagerCommand())) }

func version() {
	fmt.Printf("kubernetes %s\netcd %s\n%s\n", componentversion.Get().GitVersion, etcdversion.Version, runtime.Version())
}
