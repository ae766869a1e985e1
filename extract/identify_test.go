package extract

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// vector is a line of testdata/identify.csv: what a document says of who, when and for
// whom, and what that means. Texts are made up in the shapes of portals.md 6 and formats.md
// 10; 示例 and 虚构 are nowhere. Bodies of real places are only named, their codes are
// those of GB/T 2260 in that year. No expectation was taken from the program.
type vector struct {
	Case      string `csv:"case"`
	Title     string `csv:"title"`     // as the page declares it
	Publisher string `csv:"publisher"` // as the page declares it
	Text      string `csv:"text"`      // paragraphs, parted by |
	Authority string `csv:"authority"`
	Adcode    string `csv:"adcode"`
	Year      int32  `csv:"year"` // 0: not established
	Scope     string `csv:"scope"`
	Finding   string `csv:"finding"` // beside scope_inferred; empty: none
}

func (v vector) document() *grid.Document {
	doc := &grid.Document{Title: v.Title, Issuer: v.Publisher}
	for _, p := range strings.Split(v.Text, "|") {
		doc.Blocks = append(doc.Blocks, grid.Block{Text: p})
	}
	return doc
}

func TestIdentify(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("testdata/identify.csv")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := csvutil.Unmarshal(raw, &vectors); err != nil || len(vectors) < 300 {
		t.Fatalf("%d vectors: %v", len(vectors), err)
	}
	for _, v := range vectors {
		doc := v.document()
		id := identify(book, doc, documentText(doc))
		if id.authority != v.Authority || id.adcode != v.Adcode || int32(id.atYear()) != v.Year || id.scope != v.Scope {
			t.Errorf("%s: %q %q\n got %q %q %d %s\nwant %q %q %d %s", v.Case, v.Title, v.Text,
				id.authority, id.adcode, id.atYear(), id.scope, v.Authority, v.Adcode, v.Year, v.Scope)
		}
		for what, e := range map[string]struct {
			known      bool
			evidence   string
			confidence float64
		}{
			"authority": {id.authority != "", id.authorityEvidence, id.authorityConfidence},
			"year":      {id.year != nil, id.yearEvidence, id.yearConfidence},
			"scope":     {id.scope != "unknown", id.scopeEvidence, id.scopeConfidence},
		} {
			if e.known != (e.confidence > 0) || e.known && e.evidence == "" || e.confidence > 1 {
				t.Errorf("%s: %q: %s has the evidence %q and confidence %g", v.Case, v.Title, what, e.evidence, e.confidence)
			}
		}
		conflict := slices.ContainsFunc(id.findings, func(f finding) bool { return f.code == "year_conflict" })
		unplaced := slices.ContainsFunc(id.findings, func(f finding) bool { return strings.HasPrefix(f.code, "region_") })
		if conflict && id.yearConfidence > 0.5 || unplaced && id.authorityConfidence > 0.5 {
			t.Errorf("%s: %q: confident, %g and %g, in spite of %v", v.Case, v.Title, id.yearConfidence, id.authorityConfidence, id.findings)
		}
		var codes []string
		for _, f := range id.findings {
			if f.code != v.Finding && f.code != "scope_inferred" && f.code != "scope_unknown" && v.Finding == "" {
				codes = append(codes, f.code)
			}
		}
		found := slices.ContainsFunc(id.findings, func(f finding) bool { return f.code == v.Finding })
		if len(codes) > 0 || v.Finding != "" && !found {
			t.Errorf("%s: %q: findings %v, want %q", v.Case, v.Title, id.findings, v.Finding)
		}
	}
}

// A corpus report written in traditional characters gives the cells of the original.
func TestReportInTraditionalCharacters(t *testing.T) {
	raw, err := os.ReadFile("../codebook/data/traditional.csv")
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, line := range strings.Fields(string(raw))[1:] {
		from, to, _ := strings.Cut(line, ",")
		pairs = append(pairs, to, from)
	}
	source := string(sourceOf(t, corpus+"/office"))
	converted := strings.NewReplacer(pairs...).Replace(source)
	e := newExtractor(t)
	want, err := e.Extract(t.Context(), []byte(source))
	if err != nil || want.Report == nil {
		t.Fatalf("no report: %v", err)
	}
	got, err := e.Extract(t.Context(), []byte(converted))
	if err != nil || got.Report == nil || !strings.Contains(converted, "總") {
		t.Fatalf("no report: %v %+v", err, got.Document)
	}
	if got.Report.Authority != want.Report.Authority || *got.Report.ReportYear != *want.Report.ReportYear || len(got.Cells) != len(want.Cells) {
		t.Errorf("%+v with %d cells, want %+v with %d", got.Report, len(got.Cells), want.Report, len(want.Cells))
	}
	for i, c := range want.Cells {
		if g := got.Cells[i]; g.Metric != c.Metric || g.Applicant != c.Applicant || g.Raw != c.Raw {
			t.Errorf("cell %d is %+v, want %+v", i, g, c)
		}
	}
}
