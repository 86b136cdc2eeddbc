// Prints the protobuf messages of the kinds that the pinned server decodes requests into, as JSON: field numbers, names in
// JSON and types. Run by record-messages.ts, in the folder of the control plane's module.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type marshaler interface{ Marshal() ([]byte, error) }

var marshals = reflect.TypeFor[marshaler]()
var numbers = map[reflect.Type]int{}
var messages [][][]any

// What has a form of its own in JSON, by type.
var special = map[string]string{
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                             "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                        "micro",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                         "duration",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                         "raw",
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                         "quantity",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                                       "either",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                          "raw",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON":                         "raw",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool":        "schemaOrBool",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray":       "schemaOrSchemas",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "schemaOrNames",
}

func shape(t reflect.Type) string {
	if t.Kind() == reflect.Ptr {
		return shape(t.Elem())
	}
	if found := special[t.PkgPath()+"."+t.Name()]; found != "" {
		return found
	}
	switch t.Kind() {
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		// A list with a name of its own is a message around a list.
		if t.Name() != "" && (t.Implements(marshals) || reflect.PointerTo(t).Implements(marshals)) {
			return "items"
		}
		return "[]" + shape(t.Elem())
	case reflect.Map:
		return "{}" + shape(t.Elem())
	case reflect.Struct:
		return strconv.Itoa(visit(t))
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint8:
		return "int"
	case reflect.Float64:
		return "double"
	}
	panic(fmt.Sprintf("no shape for %v", t))
}

func visit(t reflect.Type) int {
	if known, seen := numbers[t]; seen {
		return known
	}
	at := len(messages)
	numbers[t] = at
	messages = append(messages, nil)
	messages[at] = fields(t)
	return at
}

func fields(t reflect.Type) [][]any {
	all := [][]any{}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("protobuf"), ",")
		if len(tag) < 2 || !field.IsExported() {
			continue
		}
		number, err := strconv.Atoi(tag[1])
		if err != nil {
			panic(err)
		}
		key := strings.Split(field.Tag.Get("json"), ",")[0]
		if key == "-" {
			continue
		}
		// An empty name: its fields stand among those of the message that holds it.
		all = append(all, []any{number, key, shape(field.Type)})
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
	schemas := visit(reflect.TypeFor[apiextensions.JSONSchemaProps]())
	kinds := map[string]int{}
	known := scheme.Scheme.AllKnownTypes()
	names := map[string]reflect.Type{}
	for kind, t := range known {
		if kind.Version == "__internal" || kind.Kind == "WatchEvent" || t.Kind() != reflect.Struct {
			continue
		}
		if strings.HasSuffix(kind.Kind, "List") || strings.HasSuffix(kind.Kind, "Options") && (kind.Kind != "DeleteOptions" || kind.Group != "") {
			continue
		}
		names[kind.GroupVersion().String()+"/"+kind.Kind] = t
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		kinds[name] = visit(names[name])
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"messages": messages, "kinds": kinds, "schemas": schemas}); err != nil {
		panic(err)
	}
}
