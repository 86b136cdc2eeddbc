// Prints the Go structs that the pinned server decodes requests into and encodes answers from, as JSON: what OpenAPI
// does not tell (order of fields, which are left out when empty, which are pointers, what errors call them).
// Run by record-server.ts, in the folder of the control plane's module.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

var marshaler = reflect.TypeFor[json.Marshaler]()
var unmarshaler = reflect.TypeFor[json.Unmarshaler]()
var structs = map[string][][3]string{}

func name(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

// shape: "string v1.Protocol", "int32", "[]X", "map[string]X", "struct pkg.Name", "custom pkg.Name", "bytes".
func shape(t reflect.Type) string {
	if t.Kind() != reflect.Ptr && (t.Implements(marshaler) || reflect.PointerTo(t).Implements(unmarshaler)) {
		return "custom " + name(t)
	}
	switch t.Kind() {
	case reflect.Ptr:
		return "*" + shape(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + shape(t.Elem())
	case reflect.Map:
		return "map[" + t.Key().String() + "]" + shape(t.Elem())
	case reflect.Struct:
		visit(t)
		return "struct " + name(t)
	default:
		return t.Kind().String() + " " + t.String()
	}
}

func visit(t reflect.Type) {
	if _, seen := structs[name(t)]; seen {
		return
	}
	structs[name(t)] = nil
	structs[name(t)] = fields(t)
}

func fields(t reflect.Type) [][3]string {
	all := [][3]string{}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		parts := strings.Split(field.Tag.Get("json"), ",")
		if parts[0] == "-" || !field.IsExported() {
			continue
		}
		if parts[0] == "" && field.Anonymous {
			all = append(all, fields(field.Type)...)
			continue
		}
		flags := ""
		for _, option := range parts[1:] {
			switch option {
			case "omitempty":
				flags += "e"
			case "omitzero":
				flags += "z"
			}
		}
		key := parts[0]
		if key == "" {
			key = field.Name
		}
		all = append(all, [3]string{key, flags, shape(field.Type)})
	}
	return all
}

func main() {
	for _, add := range []func() error{
		func() error { return apiextensions.AddToScheme(scheme.Scheme) },
		func() error { return apiregistration.AddToScheme(scheme.Scheme) },
	} {
		if err := add(); err != nil {
			panic(err)
		}
	}
	kinds := map[string]string{}
	for kind, t := range scheme.Scheme.AllKnownTypes() {
		if kind.Version == "__internal" || strings.HasSuffix(kind.Kind, "Options") && kind.Kind != "DeleteOptions" || kind.Kind == "WatchEvent" {
			continue
		}
		if t.Kind() != reflect.Struct {
			continue
		}
		visit(t)
		kinds[kind.GroupVersion().String()+"/"+kind.Kind] = name(t)
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"structs": structs, "kinds": kinds}); err != nil {
		panic(err)
	}
}
