package portal

import (
	"reflect"
	"testing"

	"github.com/goccy/go-yaml/parser"
)

// Keys of an inlined struct stand beside those of the one around it.
func TestDecodeInline(t *testing.T) {
	type inner struct {
		Colour string `yaml:"colour"`
	}
	var outer struct {
		Name  string `yaml:"name"`
		Inner inner  `yaml:",inline"`
	}
	outer.Name = "stays"
	file, err := parser.ParseBytes([]byte("colour: red\nsize: 3\nshape: {}\n"), 0)
	if err != nil {
		t.Fatal(err)
	}
	d := document{name: "x.yaml"}
	err = d.decode(file.Docs[0].Body, reflect.ValueOf(&outer).Elem())
	if outer.Inner.Colour != "red" || outer.Name != "stays" {
		t.Errorf("%+v", outer)
	}
	if err == nil || err.Error() != "x.yaml:2: unknown key \"size\"; known here: name, colour\nx.yaml:3: unknown key \"shape\"; known here: name, colour" {
		t.Errorf("error = %v", err)
	}
}

// An empty text that is given differs from one that is not.
func TestDecodePointer(t *testing.T) {
	var got struct {
		Given  *string `yaml:"given"`
		Absent *string `yaml:"absent"`
		List   []struct {
			Given *string `yaml:"given"`
		} `yaml:"list"`
	}
	file, err := parser.ParseBytes([]byte("given: ''\nlist: [{given: ''}, {}]\n"), 0)
	if err != nil {
		t.Fatal(err)
	}
	d := document{name: "x.yaml"}
	if err := d.decode(file.Docs[0].Body, reflect.ValueOf(&got).Elem()); err != nil {
		t.Fatal(err)
	}
	if got.Given == nil || got.Absent != nil || len(got.List) != 2 || got.List[0].Given == nil || got.List[1].Given != nil {
		t.Errorf("%+v", got)
	}
}
