package extract

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/record"
)

// corpus is the folder of made-up reports, one hazard each. testdata/generate writes
// them and their truth from the same figures, without asking the extractor.
const corpus = "testdata/corpus"

var update = flag.Bool("update", false, "record findings of the corpus cases that are right, and the scoreboard if it is no worse")

// wantReport is want.json of a case: what the source says beside its cells.
type wantReport struct {
	Reason    string   `json:"reason,omitempty"` // why there is no report; then the rest is empty
	Authority string   `json:"authority"`
	Adcode    string   `json:"adcode"`
	Year      int32    `json:"year"`
	Scope     string   `json:"scope"`
	Era       string   `json:"era"`
	Failed    []string `json:"failed"`   // identities that the figures break
	Reread    string   `json:"reread"`   // what a second route finds in their cells
	Findings  []string `json:"findings"` // codes, sorted, each once; recorded with -update
}

func TestCorpus(t *testing.T) {
	e := newExtractor(t)
	e.again = true
	for _, dir := range cases(t, corpus) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			want := readWant(t, dir)
			x, err := e.Extract(t.Context(), sourceOf(t, dir))
			if err != nil {
				t.Fatal(err)
			}
			if x.Document.Reason != want.Reason {
				t.Fatalf("reason %q (%s), want %q", x.Document.Reason, x.Document.Detail, want.Reason)
			}
			if x.Report != nil {
				compareReport(t, x, truth{
					Authority: want.Authority, Adcode: want.Adcode, ReportYear: want.Year,
					Scope: want.Scope, Era: want.Era, FailedInstances: want.Failed,
				})
			}
			compareCells(t, x.Cells, filepath.Join(dir, "want.csv"))
			for _, c := range x.Checks {
				if c.Outcome == "failed" && e.severity(c.Identity) == "error" && c.Reread != want.Reread {
					t.Errorf("%s %s: read again it is %q, want %q", c.Identity, c.Instance, c.Reread, want.Reread)
				}
			}
			got := findingCodes(x)
			if *update && !t.Failed() {
				recordFindings(t, dir, got)
			} else if !slices.Equal(got, want.Findings) {
				t.Errorf("findings %v, want %v", got, want.Findings)
			}
		})
	}
}

// In text nothing but their order holds the cells together. A line that is lost may cost
// the cells of its row; it gives no other cell another number.
func TestALostLineShiftsNothing(t *testing.T) {
	e := newExtractor(t)
	for _, dir := range cases(t, corpus) {
		if filepath.Ext(sourceName(dir)) != ".txt" || strings.HasSuffix(dir, "-text") { // UTF-16 has other line ends
			continue
		}
		truth := readTruth(t, filepath.Join(dir, "want.csv"))
		lines := strings.SplitAfter(string(sourceOf(t, dir)), "\n")
		for i := 0; i < len(lines); i += 1 + len(lines)/60 {
			x, err := e.Extract(t.Context(), []byte(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "")))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range x.Cells {
				want, ok := truth[cellKey{c.Metric, c.Applicant}]
				if !ok || c.Value == nil {
					continue
				}
				if got := record.DecimalString(*c.Value) + ",number"; got != want {
					t.Errorf("%s without line %d: %s %s is %s, want %s", dir, i+1, c.Metric, c.Applicant, got, want)
				}
			}
		}
	}
}

func sourceName(dir string) string {
	names, _ := filepath.Glob(filepath.Join(dir, "source.*"))
	return names[0]
}

// cases lists the folders that hold a source, of the corpus or of the practice reports.
func cases(t testing.TB, root string) []string {
	t.Helper()
	sources, err := filepath.Glob(filepath.Join(root, "*", "source.*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sources {
		sources[i] = filepath.Dir(sources[i])
	}
	return sources
}

func sourceOf(t testing.TB, dir string) []byte {
	t.Helper()
	data, err := os.ReadFile(sourceName(dir))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readWant(t *testing.T, dir string) wantReport {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	var w wantReport
	if err := json.Unmarshal(raw, &w); err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return w
}

func findingCodes(x *record.Extraction) []string {
	codes := []string{}
	for _, f := range x.Findings {
		codes = append(codes, f.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// recordFindings writes the codes into want.json and leaves the rest as it is.
func recordFindings(t *testing.T, dir string, codes []string) {
	t.Helper()
	path := filepath.Join(dir, "want.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	quoted, _ := json.Marshal(codes)
	head, _, ok := strings.Cut(string(raw), `"findings":`)
	if !ok {
		t.Fatalf("%s has no findings", path)
	}
	if err := os.WriteFile(path, []byte(head+`"findings": `+string(quoted)+"\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The truth of a case is complete: each source says that it is made up, and each
// report has cells. A case whose generator failed would else pass for nothing.
func TestCorpusIsWhole(t *testing.T) {
	dirs := cases(t, corpus)
	if len(dirs) < 40 {
		t.Errorf("%d cases, want 40 or more; run testdata/generate/generate.py", len(dirs))
	}
	for _, dir := range dirs {
		want := readWant(t, dir)
		f, err := os.Open(filepath.Join(dir, "want.csv"))
		if err != nil {
			t.Error(err)
			continue
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil || (len(rows) > 1) != (want.Reason == "") {
			t.Errorf("%s: %d rows of want.csv (%v) with reason %q", dir, len(rows), err, want.Reason)
		}
		about, err := os.ReadFile(filepath.Join(dir, "about.md"))
		if err != nil || !strings.Contains(string(about), "Made up") {
			t.Errorf("%s: about.md does not say that it is made up (%v)", dir, err)
		}
	}
}
