package warehouse

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/rows"
)

// Everything in this file is made up: the bodies 甲市 and 乙市, their addresses and
// their numbers, unless a test says that it reads a published report.

// A paper is one document with the report it states. The text that it is named by
// stands for its bytes.
type paper struct {
	document record.Document
	report   record.Report
	cells    []record.Cell
	raw      []record.RawCell
	checks   []record.CheckResult
	findings []record.Finding
	fetched  time.Time
}

// newPaper takes cells as lines "table metric applicant printed [grade]", where
// applicant "-" is none and printed is a number or a status.
func newPaper(t *testing.T, name, authority, adcode string, year int32, scope, era, cells string) *paper {
	t.Helper()
	sum := sha256.Sum256([]byte(name))
	sha := hex.EncodeToString(sum[:])
	p := &paper{
		document: record.Document{SHA256: sha, MediaType: "text/html", Bytes: int64(len(name)), Title: name},
		report: record.Report{ReportID: sha[:16], SHA256: sha, Title: name, Authority: authority, Adcode: adcode,
			ReportYear: &year, Scope: scope, Era: era, Extractor: "x1", Codebook: codebook.Version()},
		fetched: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	if year == 0 {
		p.report.ReportYear = nil
	}
	for line := range strings.Lines(cells) {
		if words := strings.Fields(line); len(words) > 0 {
			p.cells = append(p.cells, newCell(t, p, words))
		}
	}
	return p
}

func newCell(t *testing.T, p *paper, words []string) record.Cell {
	t.Helper()
	c := record.Cell{ReportID: p.report.ReportID, CellNo: int32(len(p.cells) + 1), Table: words[0], Metric: words[1],
		Applicant: strings.Trim(words[2], "-"), Status: "number", Raw: words[3], Grade: "proved",
		Locator: fmt.Sprintf("table %s cell %d", words[0], len(p.cells)+1), RowLabel: "行 " + words[1], ColumnLabel: "总计"}
	if v, err := decimal128.FromString(words[3], 28, record.Scale); err == nil {
		c.Value = &v
	} else {
		c.Status, c.Raw, c.Grade = words[3], "", "unproved"
	}
	if len(words) > 4 {
		c.Grade = words[4]
	}
	return c
}

func (p *paper) check(identity, instance, outcome string, lhs, rhs int64) *paper {
	l, r, d := number(lhs), number(rhs), number(lhs-rhs)
	c := record.CheckResult{ReportID: p.report.ReportID, Identity: identity, Instance: instance, Outcome: outcome,
		LHS: l, RHS: r, Delta: d}
	if outcome == "untestable" {
		c.LHS, c.RHS, c.Delta = nil, nil, nil
	}
	p.checks = append(p.checks, c)
	switch outcome {
	case "held":
		p.report.IdentitiesHeld++
	case "failed":
		p.report.IdentitiesFailed++
	default:
		p.report.IdentitiesOpen++
	}
	return p
}

// unchecked is the paper without its checks.
func (p *paper) unchecked() *paper {
	p.checks, p.report.IdentitiesHeld, p.report.IdentitiesFailed, p.report.IdentitiesOpen = nil, 0, 0, 0
	return p
}

func number(n int64) *decimal128.Num {
	v := decimal128.FromI64(n).Mul(decimal128.FromI64(100_000_000))
	return &v
}

func (p *paper) fetchedOn(day int) *paper {
	p.fetched = time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)
	return p
}

// input writes the papers as parts, in the shards of their hashes, and returns what
// builds a warehouse of them in a fresh folder.
func input(t *testing.T, papers ...*paper) Input {
	t.Helper()
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Dir: filepath.Join(t.TempDir(), "it's a [folder]*"), Parts: filepath.Join(t.TempDir(), "it's [parts]"), Book: book}
	shards := map[string][]*paper{}
	for _, p := range papers {
		shards[p.report.SHA256[:2]] = append(shards[p.report.SHA256[:2]], p)
		in.Locations = append(in.Locations, record.Location{URL: "https://example.invalid/" + p.report.ReportID,
			SHA256: p.report.SHA256, Portal: "made-up", FetchedAt: p.fetched.Format(time.RFC3339), HTTPStatus: 200})
	}
	for shard, papers := range shards {
		writeShard(t, filepath.Join(in.Parts, shard), papers)
	}
	return in
}

// saying are links that say so much.
func saying(links []record.Link) Links {
	return Links{Read: func() []record.Link { return links }}
}

func writeShard(t *testing.T, dir string, papers []*paper) {
	t.Helper()
	var documents []record.Document
	var reports []record.Report
	var cells []record.Cell
	var raw []record.RawCell
	var checks []record.CheckResult
	var findings []record.Finding
	for _, p := range papers {
		documents, reports = append(documents, p.document), append(reports, p.report)
		raw = append(raw, p.raw...)
		cells, checks, findings = append(cells, p.cells...), append(checks, p.checks...), append(findings, p.findings...)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		writeParquet(filepath.Join(dir, "document.parquet"), documents),
		writeParquet(filepath.Join(dir, "report.parquet"), reports),
		writeParquet(filepath.Join(dir, "cell.parquet"), cells),
		writeParquet(filepath.Join(dir, "raw_cell.parquet"), raw),
		writeParquet(filepath.Join(dir, "check_result.parquet"), checks),
		writeParquet(filepath.Join(dir, "finding.parquet"), findings),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func build(t *testing.T, in Input) Result {
	t.Helper()
	r, err := Build(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// open builds a warehouse of the papers and opens it.
func open(t *testing.T, papers ...*paper) *DB {
	t.Helper()
	db, err := Open(context.Background(), build(t, input(t, papers...)).Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// query returns the rows as CSV lines without the header.
func query(t *testing.T, db *DB, sql string, args ...any) []string {
	t.Helper()
	var out bytes.Buffer
	if err := db.Query(context.Background(), &out, rows.CSV, sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	return lines[1:]
}

func expect(t *testing.T, db *DB, sql string, want ...string) {
	t.Helper()
	if got := query(t, db, sql); !slices.Equal(got, want) {
		t.Errorf("%s\n got %q\nwant %q", sql, got, want)
	}
}

// zhengzhou is the report of 郑州市 2022.
func zhengzhou(t *testing.T) *paper {
	return published(t, "zhengzhou-2022", "郑州市人民政府", "410100", 2022)
}

// published reads the numbers of a real report on the form of 2021 as they were copied
// from it by hand into truth.csv.
func published(t *testing.T, name, authority, adcode string, year int32) *paper {
	t.Helper()
	path := "../../shared/reports/practice/" + name + "/truth.csv"
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the published figures of %s are not on this machine: %v", name, err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var cells strings.Builder
	for _, l := range lines[1:] {
		printed := l[3]
		if l[4] != "number" {
			printed = l[4]
		}
		fmt.Fprintf(&cells, "%s %s %s %s\n", l[0], l[1], l[2]+strings.Repeat("-", max(0, 1-len(l[2]))), printed)
	}
	return newPaper(t, name, authority, adcode, year, "city_aggregate", "D", cells.String())
}
