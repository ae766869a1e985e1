package parts

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/nianbao/nianbao/record"
)

// documents are the names of n made-up documents, several to a shard.
func documents(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)})))
	}
	return out
}

// extractor yields one report with one cell a document and counts its calls.
type extractor struct{ calls int }

func (e *extractor) extract(_ context.Context, sha string) (*record.Extraction, error) {
	e.calls++
	year := int32(2022)
	return &record.Extraction{
		Document: record.Document{SHA256: sha, Bytes: 1},
		Report:   &record.Report{ReportID: sha[:16], SHA256: sha, ReportYear: &year},
		Cells:    []record.Cell{{ReportID: sha[:16], Metric: "app_new", Status: "blank"}},
		RawCells: []record.RawCell{{ReportID: sha[:16], TableNo: 1, Row: 1, Column: 2, Raw: "7"}},
		Findings: []record.Finding{{SHA256: sha, Code: "made_up"}},
	}, nil
}

// tree reads all files below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWorkersDoNotShow(t *testing.T) {
	docs := documents(300)
	extract := func(ctx context.Context, sha string) (*record.Extraction, error) {
		if sha == docs[5] || sha == docs[205] {
			return nil, errors.New("damaged object " + sha)
		}
		return new(extractor).extract(ctx, sha)
	}
	one, many := t.TempDir(), t.TempDir()
	want, err := Open(one, "v").Update(t.Context(), docs, 1, extract, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	got, err := Open(many, "v").Update(t.Context(), docs, 8, extract, func(done, _ int) { last = done })
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || got.Extracted != 298 || last != 300 {
		t.Errorf("eight workers: %v, %d done (%v), one: %v", got, last, err, want)
	}
	if !maps.Equal(tree(t, many), tree(t, one)) {
		t.Error("eight workers leave other bytes than one")
	}
}

func TestInterruptedUpdateEndsInTheSameBytes(t *testing.T) {
	docs := documents(600)
	whole := t.TempDir()
	if _, err := Open(whole, "v").Update(t.Context(), docs, 1, new(extractor).extract, nil); err != nil {
		t.Fatal(err)
	}
	want := tree(t, whole)
	for _, stopAfter := range []int{0, 1, 299, 599} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		e := &extractor{}
		_, err := Open(dir, "v").Update(ctx, docs, 1, func(ctx context.Context, sha string) (*record.Extraction, error) {
			if e.calls == stopAfter {
				cancel()
			}
			return e.extract(ctx, sha)
		}, nil)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d: error %v, want context canceled", stopAfter, err)
		}
		again := &extractor{}
		sum, err := Open(dir, "v").Update(t.Context(), docs, 1, again.extract, nil)
		if err != nil {
			t.Fatal(err)
		}
		// One shard of 600/256 documents is what an interruption may cost.
		if lost := stopAfter - sum.Kept; lost > 12 {
			t.Errorf("stopped after %d: %d documents had to be extracted again", stopAfter, lost)
		}
		if got := tree(t, dir); !reflect.DeepEqual(got, want) {
			t.Errorf("stopped after %d: the parts differ from those of an undisturbed update", stopAfter)
		}
	}
}

func TestUpdateExtractsOnlyWhatIsMissing(t *testing.T) {
	dir, docs := t.TempDir(), documents(50)
	update := func(version string, docs []string) (int, Summary) {
		t.Helper()
		e := &extractor{}
		sum, err := Open(dir, version).Update(t.Context(), docs, 1, e.extract, nil)
		if err != nil {
			t.Fatal(err)
		}
		return e.calls, sum
	}
	if n, _ := update("v1", docs[:40]); n != 40 {
		t.Errorf("first update extracted %d documents, want 40", n)
	}
	if n, sum := update("v1", docs); n != 10 || sum.Kept != 40 {
		t.Errorf("second update extracted %d and kept %d, want 10 and 40", n, sum.Kept)
	}
	if n, _ := update("v1", docs); n != 0 {
		t.Errorf("update with nothing new extracted %d documents", n)
	}
	if n, _ := update("v2", docs); n != 50 {
		t.Errorf("update of a new version extracted %d documents, want all 50", n)
	}
	if _, err := os.Stat(filepath.Join(dir, "v1")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("parts of the old version are still there: %v", err)
	}
}

func TestOneBadDocumentDoesNotStopTheRest(t *testing.T) {
	dir, docs := t.TempDir(), documents(20)
	bad := docs[7]
	e := &extractor{}
	flaky := func(ctx context.Context, sha string) (*record.Extraction, error) {
		if sha == bad {
			return nil, errors.New("damaged object")
		}
		return e.extract(ctx, sha)
	}
	sum, err := Open(dir, "v").Update(t.Context(), docs, 1, flaky, nil)
	if err != nil || sum.Extracted != 19 || len(sum.Failed) != 1 {
		t.Fatalf("extracted %d, failed %v, error %v; want 19 extracted and one failure", sum.Extracted, sum.Failed, err)
	}
	sum, err = Open(dir, "v").Update(t.Context(), docs, 1, e.extract, nil)
	if err != nil || sum.Extracted != 1 {
		t.Errorf("next update extracted %d (error %v), want the one that had failed", sum.Extracted, err)
	}
}
