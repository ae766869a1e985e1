// Package extract turns the bytes of an annual report (政府信息公开工作年度报告)
// into records: every printed numeric cell with its meaning, status and place, the
// form's own arithmetic checked, and whatever needs a person's look as findings.
//
// A reader package (html, docx, pdf, text) turns bytes into a grid.Document and
// knows nothing of forms; this package knows nothing of formats. What a cell means
// is decided by its labels and the codebook, never by the year or by position
// alone. What is not understood is kept as an unmapped cell or a finding.
//
// The result depends on nothing but the bytes, the code and the codebook:
//
//	e := extract.New(book, extract.Options{})
//	defer e.Close()
//	x, err := e.Extract(ctx, data)
//
// A document that yields no report is no error: its record.Document says why.
package extract

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/extract/pdf"
	"github.com/nianbao/nianbao/record"
)

// MaxBytes is the largest document that is read.
const MaxBytes = 128 << 20

// maxPlain is the largest plain text that is read; a report has some 20 kB.
const maxPlain = 8 << 20

// maxPage is the largest page that is read; pictures within a page are in it.
const maxPage = 32 << 20

// maxTags bounds the tags of a page; that of a report has some 2,000, and a paragraph costs
// some 200 bytes.
const maxTags = 500_000

// maxPositions bounds the tables of a document; a year's page with the reports of a
// hundred bodies has 60,000.
const maxPositions = 300_000

// Options of an Extractor.
type Options struct {
	// CacheDir keeps compiled code of the PDF engine between runs; empty: none.
	CacheDir string
	// Reread has the cells of failed identities read again by a second route, which
	// takes one to three seconds a document, to tell misreadings from errors of the source.
	Reread bool
}

// Extractor holds what is costly to set up. It is for one goroutine.
type Extractor struct {
	book   *codebook.Book
	again  bool // failed identities are read again
	pdf    *pdf.Reader
	office *office.Converter
}

// New returns an Extractor; Close it after use.
func New(book *codebook.Book, o Options) *Extractor {
	return &Extractor{book: book, again: o.Reread, pdf: pdf.New(o.CacheDir), office: office.New("")}
}

// Close releases what reading some formats took: the PDF engine, the converter.
func (e *Extractor) Close() error { return errors.Join(e.pdf.Close(), e.office.Close()) }

// Extract reads one document. An error means that it could not be tried at all
// (the context ended, the PDF engine did not start).
func (e *Extractor) Extract(ctx context.Context, data []byte) (*record.Extraction, error) {
	sum := sha256.Sum256(data)
	r := &record.Extraction{Document: record.Document{
		SHA256:    hex.EncodeToString(sum[:]),
		MediaType: sniff(data),
		Bytes:     int64(len(data)),
	}}
	doc, err := e.read(ctx, r.Document.MediaType, data)
	if err == nil && doc.Positions() > maxPositions {
		err = fmt.Errorf("%w: its tables have %d positions, the limit is %d", grid.ErrTooLarge, doc.Positions(), maxPositions)
	}
	if err != nil {
		reason, ok := reasonOf(err)
		if !ok {
			return nil, fmt.Errorf("read %s document %s: %w", r.Document.MediaType, r.Document.SHA256[:16], err)
		}
		r.Document.Reason, r.Document.Detail = reason, oneLine(err)
	} else {
		if err := e.interpret(ctx, data, doc, r); err != nil {
			return nil, err
		}
		e.sayUnread(doc, &r.Document)
	}
	if wrong := e.wrongPage(r.Document, data, doc); wrong.Reason != "" {
		r.Document.Reason, r.Document.Detail = wrong.Reason, "it looks like a page of "+wrong.Source
	}
	return r, nil
}

// maxDetail is how much of an error is kept, in bytes.
const maxDetail = 300

// oneLine is an error without line ends, which joined errors and traces have.
func oneLine(err error) string {
	line := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\t' }), "; ")
	if len(line) > maxDetail {
		line = strings.ToValidUTF8(line[:maxDetail], "") + "…"
	}
	return line
}

// sayUnread gives the reason of a document that yields no report for want of a part that
// could not be read.
func (e *Extractor) sayUnread(doc *grid.Document, d *record.Document) {
	if doc.Unread == nil || !slices.Contains(forWantOfTables, d.Reason) && (d.Reason == "" || !onlyPictures(doc)) {
		return
	}
	if reason, ok := reasonOf(doc.Unread); ok {
		d.Reason, d.Detail = reason, oneLine(doc.Unread)
	}
}

// maxWrongPage is more than a page that is sent in place of another has, in bytes.
const maxWrongPage = 64 << 10

// maxWrongText is more than such a page says, in bytes of squeezed text.
const maxWrongText = 1 << 10

// wrongPage tells why a page that holds nothing of a report was sent: it is the first
// of challenge.csv or wrong_page.csv that it looks like.
func (e *Extractor) wrongPage(d record.Document, data []byte, doc *grid.Document) codebook.WrongPage {
	if d.Reason != "empty" && d.Reason != "not_a_report" || d.MediaType != typeHTML && d.MediaType != typeText || len(data) > maxWrongPage {
		return codebook.WrongPage{}
	}
	text := ""
	if doc != nil {
		text = codebook.Squeeze(doc.Title) + "\n" + documentText(doc)
	}
	if c := e.book.ChallengeIn(data); c.Product != "" {
		return codebook.WrongPage{Reason: "challenge_page", Source: c.Product}
	}
	for _, w := range e.book.WrongPages {
		if len(text) <= maxWrongText && w.Pattern.MatchString(text) {
			return w
		}
	}
	return codebook.WrongPage{}
}

// interpret maps, checks and identifies the document. The error is that of the context.
func (e *Extractor) interpret(ctx context.Context, data []byte, doc *grid.Document, r *record.Extraction) error {
	text := documentText(doc)
	id := identify(e.book, doc, text)
	var misread []finding
	keys, recognised := map[string]string{}, isRecognised(doc)
	if recognised {
		keys, misread = recognisedKeys(e.book, doc)
	}
	matches := matchForms(e.book, doc, id.year, keys)
	r.Document.Title = id.title
	if len(matches) == 0 {
		r.Document.Reason, r.Document.Detail = e.whyNoTables(doc, id)
		return nil
	}
	found := append(id.findings, misread...)
	r.Cells, found = e.cells(r.Document.SHA256[:16], matches, found)
	if recognised {
		r.Cells, found = accept(e.book, matches, r.Cells, found)
	}
	if !anyNumber(r.Cells) && (recognised || !id.reportsNothing(doc, text)) {
		r.Document.Reason, r.Document.Detail = "not_a_report", "a form is printed without a single number in it"
		r.Cells = nil
		return nil
	}
	report := &record.Report{
		ReportID:  r.Document.SHA256[:16],
		SHA256:    r.Document.SHA256,
		Era:       eraOf(matches),
		Forms:     formsOf(matches),
		Extractor: Version(),
		Codebook:  codebook.ReadingVersion(),
	}
	id.fill(report)
	c := newChecker(e.book, r.Cells)
	r.Checks = c.check(matches)
	differ, why, err := e.reread(ctx, data, doc, c, r)
	if err != nil {
		return err
	}
	found = append(found, differ...)
	for i := range r.Checks {
		r.Checks[i].ReportID = report.ReportID
		switch r.Checks[i].Outcome {
		case "held":
			report.IdentitiesHeld++
		case "failed":
			report.IdentitiesFailed++
			found = append(found, e.failure(r.Checks[i], why))
		default:
			report.IdentitiesOpen++
		}
	}
	found = append(found, missingTables(matches, doc.Unread)...)
	raw, unknown := unknownTables(doc, matches, report.ReportID)
	r.RawCells, found = raw, append(found, unknown...)
	found = append(found, c.compareNarrative(text)...)
	r.Report = report
	r.Findings = e.findings(r.Document.SHA256, found)
	return nil
}

// isRecognised reports whether text of the document was read from pictures.
func isRecognised(doc *grid.Document) bool {
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		for i := range b.Grid.Cells {
			if b.Grid.Cells[i].Recognised != nil {
				return true
			}
		}
	}
	return false
}

// maxTitles is how many titles of reports a report may name: its own, and those of
// the years before and after that a page links to.
const maxTitles = 3

// whyNoTables gives the reason of a document without a table of a known form.
func (e *Extractor) whyNoTables(doc *grid.Document, id identity) (reason, detail string) {
	titles := 0
	for _, b := range doc.Blocks {
		if isTitle(squeezed(b.Text)) {
			titles++
		}
	}
	switch {
	case hasRecognisedTable(doc) && (id.title != "" || id.recognised):
		return "tables_are_images", "tables stand in the pictures, but too little of their labels can be read"
	case id.title == "":
		return "not_a_report", "no table of a known form and no title of an annual report"
	case companion.MatchString(id.title):
		return "not_a_report", "a picture or an explanation that goes with a report"
	case titles > maxTitles:
		return "not_a_report", fmt.Sprintf("names %d reports and has the tables of none", titles)
	case e.pictured(doc):
		return "tables_are_images", "a picture stands where a table should"
	case hasRecognisedText(doc):
		return "tables_are_images", "no table was found in the pictures, neither by ruling lines nor by columns of numbers"
	}
	return "tables_missing", "titled as an annual report, but no table is in a known form"
}

// pictured reports whether a picture follows the heading of a table's section.
func (e *Extractor) pictured(doc *grid.Document) bool {
	above := ""
	for _, b := range doc.Blocks {
		if b.Picture && slices.ContainsFunc(e.book.Tables, func(t codebook.Table) bool { return t.Heading.MatchString(above) }) {
			return true
		}
		if b.Text != "" {
			above = squeezed(b.Text)
		}
	}
	return false
}

// missingTables finds the tables of a report that are not printed, or in no known form:
// a body without requests may print table 2 alone. Unread says why pictures, of which
// one may be the table, were not read; nil: they were, or there are none.
func missingTables(matches map[string]*match, unread error) []finding {
	var found []finding
	pictures := ""
	if unread != nil {
		pictures = "; pictures in it were not read: " + unread.Error()
	}
	for _, t := range []string{"t2", "t3", "t4"} {
		if matches["stat"] == nil && matches[t] == nil {
			found = append(found, finding{"missing_table", fmt.Sprintf("no table of the report is %s of a known form%s", t, pictures), ""})
		}
	}
	return found
}

// tableOrder is the order in which the tables stand in a report.
var tableOrder = []string{"t2", "t3", "t4", "stat"}

func formsOf(matches map[string]*match) string {
	var out []string
	for _, t := range tableOrder {
		if m := matches[t]; m != nil {
			out = append(out, t+":"+m.table.Form)
		}
	}
	return strings.Join(out, " ")
}

// cells parses the value of each place, in the order of the tables and, within a
// table, as printed.
func (e *Extractor) cells(reportID string, matches map[string]*match, found []finding) ([]record.Cell, []finding) {
	total := 0
	for _, m := range matches {
		total += len(m.cells)
	}
	cells, values := make([]record.Cell, 0, total), make([]decimal128.Num, total)
	var metric codebook.Metric // of the cell before, which most often is that of this one
	for _, t := range tableOrder {
		m := matches[t]
		if m == nil {
			continue
		}
		found = append(found, m.findings...)
		for _, p := range m.cells {
			if p.metric != metric.ID {
				metric = e.book.Metric[p.metric]
			}
			value := &values[len(cells)]
			var status string
			if *value, status = parseUnder(e.book, metric, p.cell.Text, p.unit); status != "number" {
				value = nil
			}
			cell := record.Cell{
				ReportID: reportID, CellNo: int32(len(cells) + 1),
				Table: t, Metric: p.metric, Applicant: p.applicant,
				Value: value, Status: status, Raw: p.cell.Text, Locator: p.cell.Locator,
				RowLabel: p.row, ColumnLabel: p.column,
			}
			if f, bad := outOfDomain(metric, cell); bad {
				found = append(found, f)
			}
			cells = append(cells, cell)
		}
	}
	return cells, found
}

// outOfDomain finds a count that is negative or not whole.
func outOfDomain(m codebook.Metric, c record.Cell) (finding, bool) {
	if c.Value == nil || m.ID == "" {
		return finding{}, false
	}
	if (record.IsWhole(*c.Value) || !m.Integer()) && (c.Value.Sign() >= 0 || m.Signed()) {
		return finding{}, false
	}
	return finding{"negative_or_fraction", fmt.Sprintf("%s is printed %q", m.ID, c.Raw), c.Locator}, true
}

// failure says that an identity fails; one of severity info usually holds, but need not.
// Why says why its cells were not read again; empty: they were, or need not be.
func (e *Extractor) failure(c record.CheckResult, why string) finding {
	message := fmt.Sprintf("%s: %s against %s", strings.TrimSuffix(c.Identity+" "+c.Instance, " "), record.DecimalString(*c.LHS), record.DecimalString(*c.RHS))
	if e.severity(c.Identity) == "info" {
		return finding{"identity_unusual", message, ""}
	}
	switch {
	case c.Reread == rereadAlike:
		message += "; a second route reads the same figures, so the source prints them"
	case why != "":
		message += "; not read a second time: " + why
	}
	return finding{"identity_failed", message, ""}
}

// severity is that of an identity when it fails.
func (e *Extractor) severity(identity string) string {
	i := slices.IndexFunc(e.book.Identities, func(i *codebook.Identity) bool { return i.ID == identity })
	return e.book.Identities[i].Severity
}

// findings gives findings their severity and document, most severe first.
func (e *Extractor) findings(sha string, found []finding) []record.Finding {
	rank := map[string]int{"error": 0, "warn": 1, "info": 2}
	var out []record.Finding
	for _, f := range found {
		out = append(out, record.Finding{SHA256: sha, Code: f.code, Severity: e.book.FindingKind[f.code].Severity, Message: f.message, Locator: f.locator})
	}
	sort.SliceStable(out, func(i, j int) bool { return rank[out[i].Severity] < rank[out[j].Severity] })
	return out
}
