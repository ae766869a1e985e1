package portal

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// decode fills v from a node, strictly: a key that no field has is an error. It goes on
// after an error and reports all, each with its line, which the YAML library does not.
// What v holds already stays where the node says nothing; a list is replaced.
func (d *document) decode(node ast.Node, v reflect.Value) error {
	if v.Kind() == reflect.Pointer { // set, so that an empty text differs from none
		held := reflect.New(v.Type().Elem())
		v.Set(held)
		return d.decode(node, held.Elem())
	}
	if !plainStruct(v.Type()) {
		return d.scalar(node, v)
	}
	values, err := d.pairs(node)
	if err != nil {
		return err
	}
	var errs []error
	for _, pair := range values {
		key := strings.Trim(pair.Key.String(), `"'`)
		field := fieldOf(v, key)
		switch {
		case !field.IsValid():
			errs = append(errs, d.at(pair.Key, "unknown key %q; known here: %s", key, strings.Join(keys(v.Type()), ", ")))
		case pair.Value.Type() != ast.NullType:
			errs = append(errs, d.decode(pair.Value, field))
		}
	}
	return errors.Join(errs...)
}

// scalar leaves a node to the YAML library; of a list, each item, so that every bad one
// is named.
func (d *document) scalar(node ast.Node, v reflect.Value) error {
	list, isList := node.(*ast.SequenceNode)
	if v.Kind() != reflect.Slice || !isList {
		err := yaml.NodeToValue(node, v.Addr().Interface(), yaml.Strict())
		var located yaml.Error
		if err == nil || errors.As(err, &located) && located.GetToken() != nil {
			return d.wrap(err)
		}
		return d.at(node, "%w", err)
	}
	var errs []error
	items := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		errs = append(errs, d.decode(item, items.Index(i)))
	}
	v.Set(items)
	return errors.Join(errs...)
}

// pairs are the entries of a mapping.
func (d *document) pairs(node ast.Node) ([]*ast.MappingValueNode, error) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, d.at(node, "keys with values are needed here")
}

// plainStruct reports whether a type is read key by key, not by a method of its own.
func plainStruct(t reflect.Type) bool {
	_, own := reflect.PointerTo(t).MethodByName("UnmarshalYAML")
	return t.Kind() == reflect.Struct && !own
}

// fieldOf is the field of a key; the zero value: there is none.
func fieldOf(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if inline(v.Type().Field(i)) {
			if field := fieldOf(v.Field(i), key); field.IsValid() {
				return field
			}
		} else if keyOf(v.Type().Field(i)) == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// keys are the keys of a struct, in its order.
func keys(t reflect.Type) (out []string) {
	for i := range t.NumField() {
		if inline(t.Field(i)) {
			out = append(out, keys(t.Field(i).Type)...)
		} else if key := keyOf(t.Field(i)); key != "" {
			out = append(out, key)
		}
	}
	return out
}

// inline reports whether the keys of a field are those of the struct around it.
func inline(f reflect.StructField) bool {
	return f.Type.Kind() == reflect.Struct && strings.Contains(f.Tag.Get("yaml"), ",inline")
}

// keyOf is the key of a field in YAML; empty: it has none.
func keyOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// at names the file and the line of a node.
func (d *document) at(node ast.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", d.name, node.GetToken().Position.Line, fmt.Errorf(format, args...))
}
