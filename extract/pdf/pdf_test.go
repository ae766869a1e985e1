package pdf

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

func TestReadRecovers(t *testing.T) {
	r := testReader(t)
	good := drawn(lattices[0])
	want, err := r.Read(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		data     []byte
		replaced bool // the engine, before the next document
	}{
		{"no PDF at all", []byte("%PDF-1.4 and no more"), false},
		{"more characters than the limit", drawn("BT /F 1 Tf " + strings.Repeat("("+strings.Repeat("x", 20_000)+") Tj ", maxChars/20_000+1) + "ET"), true},
	} {
		engine := r.engine
		if _, err := r.Read(t.Context(), c.data); !errors.Is(err, grid.ErrCorrupt) {
			t.Errorf("%s: error %v, want corrupt", c.name, err)
		}
		got, err := r.Read(t.Context(), good)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("after %s: %v (%v), want the same as before", c.name, got, err)
		}
		if replaced := r.engine != engine; replaced != c.replaced {
			t.Errorf("after %s: engine replaced: %t, want %t", c.name, replaced, c.replaced)
		}
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	r := testReader(t)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := r.Read(ctx, drawn(lattices[0])); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := r.Read(ctx, drawn(lattices[0])); !errors.Is(err, ctx.Err()) {
		t.Errorf("error %v, want %v", err, ctx.Err())
	}
	if _, err := r.Read(t.Context(), drawn(lattices[0])); err != nil {
		t.Errorf("after an ended context: %v", err)
	}
}
