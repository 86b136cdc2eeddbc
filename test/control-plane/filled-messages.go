// Prints every kind of the pinned server with every field filled, one a line: its body in protobuf (base64), and in JSON.
// Run by test/sandbox/serving/protobuf.real.test.ts, in the folder of the control plane's module.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

var count = 0
var schemaType = reflect.TypeFor[apiextensions.JSONSchemaProps]()

// fill sets everything inside; at most `depth` messages inside one another.
func fill(v reflect.Value, depth int) {
	count++
	switch at := v.Addr().Interface().(type) {
	case *metav1.Time:
		at.Time = time.Unix(int64(1700000000+count), 0).UTC()
		return
	case *metav1.MicroTime:
		at.Time = time.Unix(int64(1700000000+count), int64(count)*1000).UTC()
		return
	case *metav1.Duration:
		at.Duration = time.Duration(count) * 1100 * time.Millisecond
		return
	case *metav1.FieldsV1:
		at.Raw = []byte(fmt.Sprintf(`{"f:a%d":{}}`, count))
		return
	case *resource.Quantity:
		*at = resource.MustParse(fmt.Sprintf("%d500m", count))
		return
	case *intstr.IntOrString:
		*at = intstr.FromInt32(int32(count))
		if count%2 == 0 {
			*at = intstr.FromString(fmt.Sprintf("%d%%", count))
		}
		return
	case *runtime.RawExtension:
		at.Raw = []byte(fmt.Sprintf(`{"kind":"K","n":%d}`, count))
		return
	case *apiextensions.JSON:
		at.Raw = []byte(fmt.Sprintf(`[%d,"a"]`, count))
		return
	case *apiextensions.JSONSchemaPropsOrBool:
		at.Allows = true
		if count%2 == 0 && depth > 0 {
			at.Schema = &apiextensions.JSONSchemaProps{}
			fill(reflect.ValueOf(at.Schema).Elem(), depth-1)
		}
		return
	case *apiextensions.JSONSchemaPropsOrArray:
		if depth > 0 {
			at.Schema = &apiextensions.JSONSchemaProps{}
			fill(reflect.ValueOf(at.Schema).Elem(), depth-1)
		} else {
			at.JSONSchemas = []apiextensions.JSONSchemaProps{{Type: "string"}, {Type: "object"}}
		}
		return
	case *apiextensions.JSONSchemaPropsOrStringArray:
		at.Property = []string{"a", "b"}
		return
	}
	if v.Type() == schemaType {
		depth = min(depth, 1)
	}
	switch v.Kind() {
	case reflect.Ptr:
		if depth <= 0 && v.Type().Elem().Kind() == reflect.Struct {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			field := v.Type().Field(i)
			if !field.IsExported() || field.Tag.Get("protobuf") == "" || field.Tag.Get("protobuf") == "-" || strings.HasPrefix(field.Tag.Get("json"), "-") {
				continue
			}
			fill(v.Field(i), depth-1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(fmt.Sprintf("b%d", count)))
			return
		}
		if depth <= 0 && v.Type().Elem().Kind() == reflect.Struct {
			return
		}
		// Schemas hold schemas in many ways: one of each will do.
		length := 2
		if depth < 8 {
			length = 1
		}
		v.Set(reflect.MakeSlice(v.Type(), length, length))
		for i := range length {
			fill(v.Index(i), depth)
		}
	case reflect.Map:
		if depth <= 0 && v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem().Name() != "Quantity" {
			return
		}
		v.Set(reflect.MakeMap(v.Type()))
		for _, name := range []string{"x", "y"}[:1+count%2] {
			key := reflect.New(v.Type().Key()).Elem()
			key.SetString(name)
			value := reflect.New(v.Type().Elem()).Elem()
			fill(value, depth)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("s%dü", count))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(count))
		if count%3 == 0 {
			v.SetInt(int64(-count))
		}
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(float64(count) + 0.25)
	}
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
	known := scheme.Scheme.AllKnownTypes()
	byName := func(a, b schema.GroupVersionKind) int { return strings.Compare(a.String(), b.String()) }
	asProtobuf := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	asJSON := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, json.SerializerOptions{})
	for _, kind := range slices.SortedFunc(maps.Keys(known), byName) {
		if kind.Version == "__internal" || kind.Kind == "WatchEvent" || strings.HasSuffix(kind.Kind, "List") {
			continue
		}
		if strings.HasSuffix(kind.Kind, "Options") && (kind.Kind != "DeleteOptions" || kind.Group != "") {
			continue
		}
		made, err := scheme.Scheme.New(kind)
		if err != nil {
			continue
		}
		fill(reflect.ValueOf(made).Elem(), 11)
		made.GetObjectKind().SetGroupVersionKind(kind)
		var body, text bytes.Buffer
		if err := asProtobuf.Encode(made, &body); err != nil {
			continue
		}
		if err := asJSON.Encode(made, &text); err != nil {
			panic(fmt.Sprint(kind, err))
		}
		fmt.Fprintf(os.Stdout, "%s %s\n", base64.StdEncoding.EncodeToString(body.Bytes()), strings.TrimSpace(text.String()))
	}
}
