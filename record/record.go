// Package record defines the Arrow records that pass between the stages: what
// crawl leaves behind (Location, LedgerEntry), and what extract makes of it
// (Link, Document, Report, Cell, RawCell, CheckResult, Finding). Their schemas are defined once,
// by these structs; Parquet parts and DuckDB tables follow from them.
//
// A row type converts with arreflect, through [Batch]:
//
//	rec, err := record.Batch(cells) // arrow.RecordBatch with the schema of record.Cell
//
// Times are RFC 3339 text in UTC, because arreflect drops a time.Time inside a
// struct. Missing is never zero: a pointer is nil, or a string empty, where nothing was
// printed or nothing is known; each field says which.
package record

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array/arreflect"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// A Location is one address at which a document was fetched.
type Location struct {
	URL         string `arrow:"url"`
	SHA256      string `arrow:"sha256"`
	Portal      string `arrow:"portal"`
	PortalName  string `arrow:"portal_name"`
	RegionCode  string `arrow:"region_code"` // the portal's GB/T 2260 code
	Title       string `arrow:"title"`       // as the list that links to it names it
	FoundOn     string `arrow:"found_on"`    // address of that list
	FetchedAt   string `arrow:"fetched_at"`  // RFC 3339, UTC; when these bytes were first received here
	HTTPStatus  int32  `arrow:"http_status"`
	ContentType string `arrow:"content_type"` // as the server declared it
	Provenance  string `arrow:"provenance"`   // empty for a live portal; else what the copy is
	PublishedOn string `arrow:"published_on"` // day that the list gives it, as in 2026-01-20; empty: none
	PublishedAs string `arrow:"published_as"` // how the list prints that day
	Authority   string `arrow:"authority"`    // whose report it is by its address, as the profile says; empty: it does not
}

// A LedgerEntry says what happened to one address and why.
type LedgerEntry struct {
	URL        string `arrow:"url"`
	Portal     string `arrow:"portal"`
	Kind       string `arrow:"kind"`  // list or document
	Title      string `arrow:"title"` // as linked
	FoundOn    string `arrow:"found_on"`
	State      string `arrow:"state"`       // fetched, failed or rejected
	Reason     string `arrow:"reason"`      // reason.csv id; empty when fetched
	Detail     string `arrow:"detail"`      // the error or rule in words
	HTTPStatus *int32 `arrow:"http_status"` // of the answer that was kept or failed; nil: none came
	SHA256     string `arrow:"sha256"`      // of the stored bytes; empty: none stored
	FetchedAt  string `arrow:"fetched_at"`  // RFC 3339, UTC; empty: never fetched
	Stale      bool   `arrow:"stale"`       // of a list: the latest crawl of its portal did not ask for it
	// PublishedOn, PublishedAs and Authority are as those of a Location.
	PublishedOn string `arrow:"published_on"`
	PublishedAs string `arrow:"published_as"`
	Authority   string `arrow:"authority"`
}

// A Link is what the title and the address of a document say of it, beside what it says
// itself. Its fields mean what those of a Report do.
type Link struct {
	URL               string  `arrow:"url"`
	Title             string  `arrow:"title"` // as linked
	Authority         string  `arrow:"authority"`
	AuthorityEvidence string  `arrow:"authority_evidence"`
	Adcode            string  `arrow:"adcode"`
	AdcodeCandidates  string  `arrow:"adcode_candidates"`
	ReportYear        *int32  `arrow:"report_year"`
	Scope             string  `arrow:"scope"`
	ScopeEvidence     string  `arrow:"scope_evidence"`
	ScopeConfidence   float64 `arrow:"scope_confidence"`
}

// A Document is a stored byte string and what became of it.
type Document struct {
	SHA256    string `arrow:"sha256"`
	MediaType string `arrow:"media_type"` // by magic bytes, not as declared
	Bytes     int64  `arrow:"bytes"`
	Title     string `arrow:"title"`
	Reason    string `arrow:"reason"` // reason.csv id; empty when it yields a report
	Detail    string `arrow:"detail"`
}

// A Report is one annual report as one document states it.
type Report struct {
	ReportID            string  `arrow:"report_id"` // first 16 hex digits of the document's sha256
	SHA256              string  `arrow:"sha256"`
	Title               string  `arrow:"title"`
	Authority           string  `arrow:"authority"` // empty: not established
	AuthorityEvidence   string  `arrow:"authority_evidence"`
	AuthorityConfidence float64 `arrow:"authority_confidence"` // 0 to 1, in name and region
	Adcode              string  `arrow:"adcode"`               // GB/T 2260; empty: not established
	AdcodeCandidates    string  `arrow:"adcode_candidates"`    // codes between which the name does not decide, space separated
	ReportYear          *int32  `arrow:"report_year"`          // nil: not established
	YearEvidence        string  `arrow:"year_evidence"`
	YearConfidence      float64 `arrow:"year_confidence"` // 0 to 1
	Scope               string  `arrow:"scope"`           // scope.csv id
	ScopeEvidence       string  `arrow:"scope_evidence"`
	ScopeConfidence     float64 `arrow:"scope_confidence"` // 0 to 1
	Era                 string  `arrow:"era"`              // of table 2, else of table 3, else of the statistical table
	Forms               string  `arrow:"forms"`            // form of each table found, such as "t2:D t3:C t4:D"
	IdentitiesHeld      int32   `arrow:"identities_held"`
	IdentitiesFailed    int32   `arrow:"identities_failed"`
	IdentitiesOpen      int32   `arrow:"identities_open"` // not testable: a cell is not a number
	Extractor           string  `arrow:"extractor"`       // version of the code
	Codebook            string  `arrow:"codebook"`        // codebook.ReadingVersion
}

// A Cell is one printed numeric cell of a report.
type Cell struct {
	ReportID    string          `arrow:"report_id"`
	CellNo      int32           `arrow:"cell_no"` // 1-based, in printed order
	Table       string          `arrow:"table"`   // t2, t3, t4 or stat
	Metric      string          `arrow:"metric"`  // metric.csv id, or "unmapped:" and the label
	Applicant   string          `arrow:"applicant"`
	Value       *decimal128.Num `arrow:"value,decimal(28,8)"` // in the metric's unit; nil unless status is number, computed or repaired
	Status      string          `arrow:"status"`              // status.csv id
	Raw         string          `arrow:"raw"`                 // as printed
	Locator     string          `arrow:"locator"`             // place in the document
	RowLabel    string          `arrow:"row_label"`           // as printed
	ColumnLabel string          `arrow:"column_label"`        // as printed
	Grade       string          `arrow:"grade"`               // proved, contradicted or unproved
}

// A RawCell is one text cell of a table in a report that fits no known form. What it
// means is not known, so it is no Cell and enters no figure.
type RawCell struct {
	ReportID   string `arrow:"report_id"`
	TableNo    int32  `arrow:"table_no"` // 1-based, of the tables of unknown form in the document
	Row        int32  `arrow:"row"`      // 1-based, as Column; of the upper left corner
	Column     int32  `arrow:"column"`
	RowSpan    int32  `arrow:"row_span"`
	ColumnSpan int32  `arrow:"column_span"`
	Raw        string `arrow:"raw"`     // as printed
	Locator    string `arrow:"locator"` // place in the document
}

// A CheckResult is one instance of an identity, evaluated in one report.
type CheckResult struct {
	ReportID  string          `arrow:"report_id"`
	Identity  string          `arrow:"identity"` // identity.csv id
	Instance  string          `arrow:"instance"` // metric or applicant; empty: once per report
	LHS       *decimal128.Num `arrow:"lhs,decimal(28,8)"`
	RHS       *decimal128.Num `arrow:"rhs,decimal(28,8)"`
	Delta     *decimal128.Num `arrow:"delta,decimal(28,8)"` // lhs - rhs
	Outcome   string          `arrow:"outcome"`             // held, failed or untestable
	Unprinted string          `arrow:"unprinted"`           // cells that are no number, space separated
	Reread    string          `arrow:"reread"`              // of a failed identity: alike or differs, as a second route reads its cells; empty: none read them all
}

// A Finding is something about a document that a person should look at.
type Finding struct {
	SHA256   string `arrow:"sha256"`
	Code     string `arrow:"code"` // finding.csv id
	Severity string `arrow:"severity"`
	Message  string `arrow:"message"`
	Locator  string `arrow:"locator"`
}

// An Extraction is all that one document yields. Report is nil, and
// Document.Reason says why, where it is not an annual report that can be read.
type Extraction struct {
	Document Document
	Report   *Report
	Cells    []Cell
	RawCells []RawCell
	Checks   []CheckResult
	Findings []Finding
}

// An Expectation is a report that the law asked of a portal's own authority by the time
// the portal was last crawled. Each portal has one row more, without a year, which says
// whether it is crawled at all.
type Expectation struct {
	Portal     string `arrow:"portal"` // id of the portal profile
	PortalName string `arrow:"portal_name"`
	Authority  string `arrow:"authority"`   // whose portal it is
	RegionCode string `arrow:"region_code"` // empty: not known
	AdminLevel string `arrow:"admin_level"` // of the profile; empty: nothing is expected
	Needs      string `arrow:"needs"`       // why the portal is not crawled; empty: it is
	ReportYear *int32 `arrow:"report_year"` // nil: the portal's own row
	DueOn      string `arrow:"due_on"`      // day, as in 2025-03-31; empty: the portal's own row
}

// Scale is the number of decimal places of every decimal column.
const Scale = 8

// DecimalString prints a value plainly: no exponent, no trailing zeros.
func DecimalString(v decimal128.Num) string {
	s := v.ToString(Scale)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// IsWhole reports whether a value has no decimal places.
func IsWhole(v decimal128.Num) bool {
	if v.FitsInPrecision(18) {
		return int64(v.LowBits())%100_000_000 == 0 // 10^Scale
	}
	return !strings.Contains(DecimalString(v), ".")
}

// Batch converts rows to one Arrow record batch; the caller releases it. Bytes of a
// string that are no UTF-8 become U+FFFD: Arrow has no other text, and DuckDB refuses
// a file that does. The rows themselves are changed so.
func Batch[T any](rows []T) (arrow.RecordBatch, error) {
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for f := range row.NumField() {
			if s := row.Field(f); s.Kind() == reflect.String && !utf8.ValidString(s.String()) {
				s.SetString(strings.ToValidUTF8(s.String(), "\uFFFD"))
			}
		}
	}
	return arreflect.RecordFromSlice(rows, memory.DefaultAllocator)
}

// Schema is the Arrow schema of the row type.
func Schema[T any]() (*arrow.Schema, error) { return arreflect.InferSchema[T]() }
