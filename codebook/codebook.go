// Package codebook is the shared vocabulary of nianbao: the official forms of the
// annual report on government information disclosure (政府信息公开工作年度报告) by
// era, their metrics, identities (勾稽关系), indicators, scopes, regions and codes.
//
// All of it is data, in data/*.csv; a new form, synonym, region or indicator is a
// new line there and never a line of Go. Each bilingual label stands in one CSV,
// once. [Load] reads the embedded files and refuses any that contradict another,
// so a Book that loads is consistent.
//
//	book, err := codebook.Load()
//	book.Metric["app_new"].LabelEN // "Requests received in the year"
package codebook

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/version"
)

//go:embed data/*.csv *.go
var data embed.FS

// A Metric is one quantity that a form prints or that follows from printed ones.
type Metric struct {
	ID          string `csv:"id"`
	LabelZH     string `csv:"label_zh"`
	LabelEN     string `csv:"label_en"`
	Unit        string `csv:"unit"` // id in unit.csv
	Kind        string `csv:"kind"` // count, stock, signed_count, amount
	Family      string `csv:"family"`
	ByApplicant string `csv:"by_applicant"` // "yes" where forms split it by applicant
	SumOf       Expr   `csv:"sum_of"`       // what it is computed from where a form does not print it
}

// Integer reports whether a printed value must be a whole number.
func (m Metric) Integer() bool { return m.Unit != "wanyuan" && m.Unit != "yuan" }

// Signed reports whether a printed value may be negative.
func (m Metric) Signed() bool { return m.Kind == "signed_count" }

// A Unit is a unit of measure.
type Unit struct {
	ID      string `csv:"id"`
	LabelZH string `csv:"label_zh"`
	LabelEN string `csv:"label_en"`
}

// An Applicant is a column of table 3: one kind of applicant, or their total.
type Applicant struct {
	ID      string `csv:"id"`
	Order   int    `csv:"order"`
	LabelZH string `csv:"label_zh"`
	LabelEN string `csv:"label_en"`
	GroupZH string `csv:"group_zh"`
	GroupEN string `csv:"group_en"`

	Key      string `csv:"-"` // of the label, for comparison with [Book.Canonical]
	GroupKey string `csv:"-"`
}

// An Era is a generation of forms.
type Era struct {
	ID        string `csv:"id"`
	LabelZH   string `csv:"label_zh"`
	LabelEN   string `csv:"label_en"`
	FirstYear int    `csv:"first_year"`
	LastYear  int    `csv:"last_year,omitempty"` // 0: still in use
	Source    string `csv:"source"`
}

// A Table is one table of one form. Layout says how its cells get their metric:
// block (row label and column label), applicants (row label; columns are applicants),
// columns (column label), list (row label; one value column).
type Table struct {
	Form    string  `csv:"form"`
	ID      string  `csv:"table"` // t2, t3, t4 or stat
	Era     string  `csv:"era"`
	Layout  string  `csv:"layout"`
	Heading Pattern `csv:"heading"` // of the section that the table stands in
	// ValueColumn is the heading of the value column of a list; columns that
	// cumulate (累计) never are.
	ValueColumn Pattern     `csv:"value_column"`
	Source      string      `csv:"source"` // official document
	Cells       []*FormCell `csv:"-"`      // in printed order
	// RowCells are the cells of each row, in the order of the form, by the key of its label.
	RowCells map[string][]*FormCell `csv:"-"`
	// Groups are the keys of the groups, in printed order.
	Groups []string `csv:"-"`
	// ColumnKeys are the keys of the column labels, Headings those and the groups'.
	ColumnKeys map[string]bool `csv:"-"`
	Columns    []string        `csv:"-"` // ColumnKeys and their known variants, the longest first
	Headings   map[string]bool `csv:"-"`
}

// A FormCell is a printed row, column or cell of a form, in printed order.
// Metric is empty where the form has a row that no metric stands for.
type FormCell struct {
	Form   string `csv:"form"`
	Table  string `csv:"table"`
	Order  int    `csv:"order"`
	Group  string `csv:"group"`
	Row    string `csv:"row"`
	Column string `csv:"column"`
	Metric string `csv:"metric"`

	// Keys of the labels, for comparison with [Book.Canonical].
	RowKey    string   `csv:"-"`
	ColumnKey string   `csv:"-"`
	GroupKeys []string `csv:"-"` // one a level
	Path      []string `csv:"-"` // GroupKeys and ColumnKey: the headings from the top down

	Longer *FormCell `csv:"-"` // the first whose row label begins with all of this one's, and goes on
}

// A Synonym is a wording seen in the wild for an official label.
type Synonym struct {
	Table    string `csv:"table"`
	Label    string `csv:"label"`
	Variant  string `csv:"variant"`
	Evidence string `csv:"evidence"`
}

// An Identity is a 勾稽关系: LHS Op RHS, evaluated once per instance of Per
// (metric, applicant, or once per report where Per is empty).
type Identity struct {
	ID       string `csv:"id"`
	Table    string `csv:"table"`
	Forms    Words  `csv:"forms"` // forms of that table for which it is defined
	Per      string `csv:"per"`
	LHS      Expr   `csv:"lhs"`
	Op       string `csv:"op"` // "=" or "<="
	RHS      Expr   `csv:"rhs"`
	Severity string `csv:"severity"`
	LabelZH  string `csv:"label_zh"`
	LabelEN  string `csv:"label_en"`
	Source   string `csv:"source"`
}

// A Continuity is an identity between the reports of two years: Before, in the report
// of the year before, equals Now, once or per applicant.
type Continuity struct {
	ID       string `csv:"id"`
	Table    string `csv:"table"`
	Forms    Words  `csv:"forms"` // forms of that table for which it is defined, in both years
	Per      string `csv:"per"`   // "applicant", or empty
	Before   Expr   `csv:"before"`
	Now      Expr   `csv:"now"`
	Severity string `csv:"severity"`
	LabelZH  string `csv:"label_zh"`
	LabelEN  string `csv:"label_en"`
	Source   string `csv:"source"`
}

// A Hierarchy is an identity between the reports of one year: those of scope Part of the
// regions right below, and those of the bodies that roster.csv lists, add up to that of
// scope Whole, for each of the metrics, on the total of all applicants.
type Hierarchy struct {
	ID        string  `csv:"id"`
	Table     string  `csv:"table"`
	Forms     Words   `csv:"forms"` // forms of that table for which it is defined, in all the reports
	Whole     string  `csv:"whole"`
	Part      string  `csv:"part"`
	Metrics   Words   `csv:"metrics"`
	Tolerance float64 `csv:"tolerance"` // share of the whole that it may be out by
	Severity  string  `csv:"severity"`
	LabelZH   string  `csv:"label_zh"`
	LabelEN   string  `csv:"label_en"`
	Source    string  `csv:"source"`
}

// A Member is a body that the report of a region's government counts beside the regions
// below: the government itself, its departments and zones. The members of a region stand
// in roster.csv all or not at all; without them no [Hierarchy] can be tested there.
type Member struct {
	Adcode    string `csv:"adcode"`
	Authority string `csv:"authority"`
	Scope     string `csv:"scope"`
	ValidFrom int    `csv:"valid_from,omitempty"` // year of the first report; 0: before the first of all
	ValidTo   int    `csv:"valid_to,omitempty"`   // 0: still there
	Source    string `csv:"source"`
}

// A Route is the way by which documents of a media type are read. Two routes err
// independently of each other.
type Route struct {
	MediaType  string `csv:"media_type" arrow:"media_type"`
	Route      string `csv:"route" arrow:"route"`
	Preference int32  `csv:"preference" arrow:"preference"` // among renditions of a report; the lowest stands for it
}

// An Indicator is a ratio of two sums of metrics, on the total of all applicants
// unless a term names an applicant.
type Indicator struct {
	ID          string `csv:"id"`
	LabelZH     string `csv:"label_zh"`
	LabelEN     string `csv:"label_en"`
	Numerator   Expr   `csv:"numerator"`
	Denominator Expr   `csv:"denominator"`
	Unit        string `csv:"unit"`
	Family      string `csv:"family"`
	MinN        int    `csv:"min_n"` // below this denominator charts do not show it
	NoteZH      string `csv:"note_zh"`
	NoteEN      string `csv:"note_en"`
}

// A Harmonised series says how one quantity is read from each era's form.
type Harmonised struct {
	ID            string `csv:"id"`
	LabelZH       string `csv:"label_zh"`
	LabelEN       string `csv:"label_en"`
	A             Expr   `csv:"a"`
	B             Expr   `csv:"b"`
	CD            Expr   `csv:"cd"`
	Comparability string `csv:"comparability"` // near, approx, none
	NoteZH        string `csv:"note_zh"`
	NoteEN        string `csv:"note_en"`
}

// A Break says that figures of Year are not comparable with the year before,
// for metrics and indicators of Family ("*": all).
type Break struct {
	Year    int    `csv:"year"`
	Family  string `csv:"family"`
	LabelZH string `csv:"label_zh"`
	LabelEN string `csv:"label_en"`
	Source  string `csv:"source"`
}

// A Status says in which state a cell was printed: only "number" has a value.
type Status struct {
	ID      string `csv:"id"`
	LabelZH string `csv:"label_zh"`
	LabelEN string `csv:"label_en"`
	Marks   Words  `csv:"marks"` // what is printed for it
}

// A Scope says whose requests a report counts.
type Scope struct {
	ID         string `csv:"id"`
	LabelZH    string `csv:"label_zh"`
	LabelEN    string `csv:"label_en"`
	ShortPlace string `csv:"short_place"` // "yes" where bodies leave 市 or 县 out of the name of their place
}

// A ScopeRule derives a scope from the authority's name or the report's text.
type ScopeRule struct {
	Order      int     `csv:"order"`
	Where      string  `csv:"where"` // authority or text
	Pattern    Pattern `csv:"pattern"`
	Level      string  `csv:"level"` // region level for which it holds; empty: any
	Scope      string  `csv:"scope"`
	Confidence float64 `csv:"confidence"`
}

// A Narrative says how the text of a report words a metric: the first group of
// Pattern that matched is the figure.
type Narrative struct {
	Metric  string  `csv:"metric"`
	Pattern Pattern `csv:"pattern"`
}

// A Region is an administrative division by its GB/T 2260 code, under its last name.
// It was there at the end of each year from ValidFrom to ValidTo.
type Region struct {
	Adcode     string `csv:"adcode"`
	Name       string `csv:"name"`
	Level      string `csv:"level"` // province, prefecture, county
	Parent     string `csv:"parent"`
	NameEN     string `csv:"name_en"`
	ValidFrom  int    `csv:"valid_from,omitempty"` // 0: before the first reports
	ValidTo    int    `csv:"valid_to,omitempty"`   // 0: still there
	Successors List   `csv:"successors"`           // codes that it went to
}

// A RegionName is a name that a region had under the same code in former years.
type RegionName struct {
	Adcode    string `csv:"adcode"`
	Name      string `csv:"name"`
	ValidFrom int    `csv:"valid_from,omitempty"` // 0: before the first reports
	ValidTo   int    `csv:"valid_to"`
}

// A RegionAlias is what a region is called beside its name: 延边州, 阜蒙县.
type RegionAlias struct {
	Adcode string `csv:"adcode"`
	Name   string `csv:"name"`
}

// A Prefix is what the names of bodies have before their place, such as 国家税务总局.
// Adcode is their region where no place follows; empty: none.
type Prefix struct {
	Pattern Pattern `csv:"pattern"`
	Adcode  string  `csv:"adcode"`
	Source  string  `csv:"source"`
}

// An Authority is a body whose name needs more than the region table: an English
// name, a region it does not name, or other names it signs with.
type Authority struct {
	Name    string `csv:"name"`
	NameEN  string `csv:"name_en"`
	Adcode  string `csv:"adcode"`
	Aliases List   `csv:"aliases"`
}

// A Reason says why a document yields no report or an address no document.
type Reason struct {
	ID       string `csv:"id"`
	LabelZH  string `csv:"label_zh"`
	LabelEN  string `csv:"label_en"`
	NextStep string `csv:"next_step"`
}

// A WrongPage tells, by its words, a page that was sent in place of the one asked for.
type WrongPage struct {
	Reason  string  `csv:"reason"`
	Pattern Pattern `csv:"pattern"` // of its squeezed text
	Source  string  `csv:"source"`  // whose page looks like this
}

// A FindingKind is something worth a person's look. Severity is error, warn or info.
type FindingKind struct {
	ID       string `csv:"id"`
	Severity string `csv:"severity"`
	LabelZH  string `csv:"label_zh"`
	LabelEN  string `csv:"label_en"`
}

// Book is the whole codebook. Slices are in file order; maps are by id.
type Book struct {
	Metrics       []Metric
	Units         []Unit
	Applicants    []Applicant
	Eras          []Era
	Tables        []Table
	Synonyms      []Synonym
	Identities    []*Identity
	Continuities  []Continuity
	Hierarchies   []Hierarchy
	Members       []Member
	Routes        []Route
	Indicators    []Indicator
	Harmonised    []Harmonised
	Breaks        []Break
	Statuses      []Status
	Scopes        []Scope
	ScopeRules    []ScopeRule
	Narratives    []Narrative
	Regions       []Region
	RegionNames   []RegionName
	RegionAliases []RegionAlias
	Prefixes      []Prefix
	Authorities   []Authority
	Reasons       []Reason
	WrongPages    []WrongPage
	Challenges    []Challenge
	FindingKinds  []FindingKind

	Metric      map[string]Metric
	Unit        map[string]Unit
	Era         map[string]Era
	Indicator   map[string]Indicator
	Status      map[string]Status
	Region      map[string]Region
	Reason      map[string]Reason
	FindingKind map[string]FindingKind

	variants   map[string]map[string]string // table -> key of a variant -> key of the official label
	isVariant  map[string]bool              // keys of variants, of any table
	statusMark map[string]string            // mark -> status id
	byName     names                        // under each name, valid for the years of the name
	byAlias    names
	byShort    names
}

// Load reads and cross-checks the embedded codebook.
func Load() (*Book, error) {
	b := &Book{}
	var cells []*FormCell
	err := errors.Join(
		read("metric", &b.Metrics), read("unit", &b.Units), read("applicant", &b.Applicants),
		read("era", &b.Eras), read("table", &b.Tables), read("form", &cells), read("synonym", &b.Synonyms),
		read("identity", &b.Identities), read("continuity", &b.Continuities), read("hierarchy", &b.Hierarchies), read("roster", &b.Members), read("route", &b.Routes), read("indicator", &b.Indicators), read("crosswalk", &b.Harmonised),
		read("break", &b.Breaks), read("status", &b.Statuses), read("scope", &b.Scopes),
		read("scope_rule", &b.ScopeRules), read("narrative", &b.Narratives), read("region", &b.Regions), read("region_name", &b.RegionNames), read("region_alias", &b.RegionAliases), read("prefix", &b.Prefixes), read("authority", &b.Authorities),
		read("reason", &b.Reasons), read("wrong_page", &b.WrongPages), read("challenge", &b.Challenges), read("finding", &b.FindingKinds),
	)
	if err != nil {
		return nil, err
	}
	b.index(cells)
	return b, b.lint()
}

func read[T any](name string, into *[]T) error {
	raw, err := data.ReadFile("data/" + name + ".csv")
	if err != nil {
		return err
	}
	if err := csvutil.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("codebook %s.csv: %w", name, err)
	}
	return nil
}

func (b *Book) index(cells []*FormCell) {
	b.Metric = byID(b.Metrics, func(m Metric) string { return m.ID })
	b.Unit = byID(b.Units, func(u Unit) string { return u.ID })
	b.Era = byID(b.Eras, func(e Era) string { return e.ID })
	b.Indicator = byID(b.Indicators, func(i Indicator) string { return i.ID })
	b.Status = byID(b.Statuses, func(s Status) string { return s.ID })
	b.Region = byID(b.Regions, func(r Region) string { return r.Adcode })
	b.Reason = byID(b.Reasons, func(r Reason) string { return r.ID })
	b.FindingKind = byID(b.FindingKinds, func(f FindingKind) string { return f.ID })
	b.indexRegions()
	b.variants, b.isVariant = map[string]map[string]string{}, map[string]bool{}
	for _, s := range b.Synonyms {
		if b.variants[s.Table] == nil {
			b.variants[s.Table] = map[string]string{}
		}
		key := LabelKey(s.Variant)
		b.variants[s.Table][key], b.isVariant[key] = LabelKey(s.Label), true
	}
	for i := range b.Tables {
		t := &b.Tables[i]
		t.ColumnKeys, t.Headings, t.RowCells = map[string]bool{}, map[string]bool{}, map[string][]*FormCell{}
		for _, c := range cells {
			if c.Form != t.Form || c.Table != t.ID {
				continue
			}
			c.RowKey, c.ColumnKey = b.Canonical(t.ID, c.Row), b.Canonical(t.ID, c.Column)
			for _, g := range strings.Split(c.Group, "/") {
				c.GroupKeys = append(c.GroupKeys, b.Canonical(t.ID, g))
			}
			c.Path = append(slices.Clone(c.GroupKeys), c.ColumnKey)
			t.Cells = append(t.Cells, c)
			t.RowCells[c.RowKey] = append(t.RowCells[c.RowKey], c)
			t.ColumnKeys[c.ColumnKey] = true
			for _, heading := range c.Path {
				t.Headings[heading] = true
			}
			for _, g := range c.GroupKeys {
				if g != "" && !slices.Contains(t.Groups, g) {
					t.Groups = append(t.Groups, g)
				}
			}
		}
		for _, c := range t.Cells {
			at := slices.IndexFunc(t.Cells, func(o *FormCell) bool { return len(o.RowKey) > len(c.RowKey) && strings.HasPrefix(o.RowKey, c.RowKey) })
			if at >= 0 {
				c.Longer = t.Cells[at]
			}
		}
		t.Columns = b.wordings(t)
	}
	for i := range b.Applicants {
		a := &b.Applicants[i]
		a.Key, a.GroupKey = b.Canonical("t3", a.LabelZH), b.Canonical("t3", a.GroupZH)
	}
	b.statusMark = map[string]string{}
	for _, s := range b.Statuses {
		for _, m := range s.Marks {
			b.statusMark[m] = s.ID
		}
	}
}

// wordings lists the keys of the column labels of a table and of their known variants, the
// longest first.
func (b *Book) wordings(t *Table) []string {
	keys := slices.Collect(maps.Keys(t.ColumnKeys))
	for variant, official := range b.variants[t.ID] {
		if t.ColumnKeys[official] {
			keys = append(keys, variant)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return keys
}

func byID[T any](rows []T, id func(T) string) map[string]T {
	m := make(map[string]T, len(rows))
	for _, r := range rows {
		m[id(r)] = r
	}
	return m
}

// Canonical returns the key of the official label of a table that a printed label
// stands for: its own key, or that of the label it is a known variant of.
func (b *Book) Canonical(table, label string) string {
	key := LabelKey(label)
	if official, ok := b.variants[table][key]; ok {
		return official
	}
	return key
}

// Variants maps the keys of known variants of a table's labels to those of the
// official ones; it is not to be changed.
func (b *Book) Variants(table string) map[string]string { return b.variants[table] }

// IsVariant reports whether a key is that of a known variant of a label of any table.
func (b *Book) IsVariant(key string) bool { return b.isVariant[key] }

// MarkStatus returns the status of squeezed text that is empty or a mark printed in
// place of a number, repeated or not, and an empty string for any other text.
func (b *Book) MarkStatus(squeezed string) string {
	if squeezed == "" {
		return "blank"
	}
	status := ""
	for _, r := range squeezed {
		s := b.statusMark[string(r)]
		if s == "" || status != "" && s != status {
			return ""
		}
		status = s
	}
	return status
}

// Version identifies the codebook, its data and the code that reads them: equal
// versions, equal meaning.
var Version = sync.OnceValue(func() string { return version.Of(data) })

// List is a CSV field of several values separated by "|".
type List []string

// UnmarshalCSV implements csvutil.Unmarshaler.
func (l *List) UnmarshalCSV(b []byte) error {
	if len(b) > 0 {
		*l = strings.Split(string(b), "|")
	}
	return nil
}

// Words is a CSV field of several values separated by spaces.
type Words []string

// UnmarshalCSV implements csvutil.Unmarshaler.
func (w *Words) UnmarshalCSV(b []byte) error {
	*w = strings.Fields(string(b))
	return nil
}
