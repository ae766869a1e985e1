package extract

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// practice is the folder of real reports with their true values, read by eye; it
// lies beside the project and is absent from a stranger's clone.
const practice = "../../shared/reports/practice"

func newExtractor(t testing.TB) *Extractor {
	t.Helper()
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	e := New(book, Options{CacheDir: filepath.Join(cache, "nianbao")})
	t.Cleanup(func() { e.Close() })
	return e
}

// truth is meta.json beside a practice report.
type truth struct {
	Authority         string   `json:"authority"`
	Adcode            string   `json:"adcode"`
	ReportYear        int32    `json:"report_year"`
	Scope             string   `json:"scope"`
	ScopeAlternatives []string `json:"scope_alternatives"`
	Era               string   `json:"era"`
	FailedInstances   []string `json:"failed_instances"`
	Untestable        int32    `json:"untestable_instances"`
}

func TestPracticeReports(t *testing.T) {
	folders, _ := filepath.Glob(filepath.Join(practice, "*", "meta.json"))
	if len(folders) == 0 {
		t.Skipf("skipped: the practice reports (%s) are not beside this clone", practice)
	}
	e := newExtractor(t)
	for _, meta := range folders {
		dir := filepath.Dir(meta)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			sources, _ := filepath.Glob(filepath.Join(dir, "source.*"))
			data, err := os.ReadFile(sources[0])
			if err != nil {
				t.Fatal(err)
			}
			x, err := e.Extract(t.Context(), data)
			if err != nil {
				t.Fatal(err)
			}
			if x.Report == nil {
				t.Fatalf("no report: %s: %s", x.Document.Reason, x.Document.Detail)
			}
			var want truth
			raw, err := os.ReadFile(meta)
			if err == nil {
				err = json.Unmarshal(raw, &want)
			}
			if err != nil {
				t.Fatal(err)
			}
			compareReport(t, x, want)
			compareCells(t, x.Cells, filepath.Join(dir, "truth.csv"))
		})
	}
}

func compareReport(t *testing.T, x *record.Extraction, want truth) {
	t.Helper()
	got := x.Report
	if got.Authority != want.Authority || got.Adcode != want.Adcode {
		t.Errorf("authority %s %s, want %s %s", got.Authority, got.Adcode, want.Authority, want.Adcode)
	}
	if got.ReportYear == nil || *got.ReportYear != want.ReportYear {
		t.Errorf("year %v, want %d", got.ReportYear, want.ReportYear)
	}
	if !slices.Contains(append(want.ScopeAlternatives, want.Scope), got.Scope) {
		t.Errorf("scope %s (%s), want %s", got.Scope, got.ScopeEvidence, want.Scope)
	}
	if got.Era != want.Era {
		t.Errorf("era %s, want %s", got.Era, want.Era)
	}
	var failed []string
	for _, c := range x.Checks {
		if c.Outcome == "failed" {
			failed = append(failed, strings.TrimSuffix(c.Identity+":"+c.Instance, ":"))
		}
	}
	slices.Sort(failed)
	slices.Sort(want.FailedInstances)
	if !slices.Equal(failed, want.FailedInstances) {
		t.Errorf("failed identities %v, want %v", failed, want.FailedInstances)
	}
}

// compareCells checks that the printed cells are those of truth.csv, each with its
// value and status, no more and no fewer.
func compareCells(t *testing.T, cells []record.Cell, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type value struct{ value, status string }
	want := map[cellKey]value{}
	for _, r := range rows[1:] {
		metric := r[1]
		if label, ok := strings.CutPrefix(metric, "unmapped:"); ok {
			metric = unmapped(label)
		}
		want[cellKey{metric, r[2]}] = value{r[3], r[4]}
	}
	for _, c := range cells {
		key := cellKey{c.Metric, c.Applicant}
		got := value{status: c.Status}
		if c.Value != nil {
			got.value = record.DecimalString(*c.Value)
		}
		w, ok := want[key]
		if !ok {
			t.Errorf("%s: spurious or twice: %v from %q", key, got, c.Raw)
			continue
		}
		delete(want, key)
		if got != w {
			t.Errorf("%s: %v from %q, want %v", key, got, c.Raw, w)
		}
		if c.Locator == "" {
			t.Errorf("%s: no locator", key)
		}
	}
	for key, w := range want {
		t.Errorf("%s: missing, want %v", key, w)
	}
}
