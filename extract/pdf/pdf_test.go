package pdf

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

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

// endless has PDFium read a form of a megabyte many thousand times, which takes hours.
func endless() []byte {
	form := stream("/Type/XObject/Subtype/Form/BBox[0 0 300 300]", strings.Repeat("q Q ", 1<<18))
	return onePage("/MediaBox[0 0 300 300]", "/XObject<</X 5 0 R>>", strings.Repeat("/X Do ", 50_000), form)
}

func TestWhatTakesTooLongIsStopped(t *testing.T) {
	r := testReader(t)
	good, long := drawn(lattices[0]), endless()
	want, err := r.Read(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	for name, use := range map[string]func(context.Context) error{
		"read": func(ctx context.Context) error { _, err := r.Read(ctx, long); return err },
		"draw": func(ctx context.Context) error { _, err := r.Render(ctx, long, 200); return err },
	} {
		r.maxTime = 50 * time.Millisecond
		if err := use(t.Context()); !errors.Is(err, grid.ErrTooLarge) {
			t.Errorf("%s: error %v, want too large", name, err)
		}
		r.maxTime = maxTime
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		if err := use(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v, want that of its context", name, err)
		}
		if got, err := r.Read(t.Context(), good); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("after %s: %v (%v), want the same as before", name, got, err)
		}
	}
}
