package codebook

import "strings"

// The rows of the CSV files, in the order in which the parts of a report need them.

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
	Per     int    `csv:"per"` // how many of its denominator an indicator in this unit is per
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

// An Indicator is a sum of metrics and series, or a ratio of two, on the total of all
// applicants unless a term names an applicant.
//
// Kind is count (no denominator), share (the numerator is a part of the denominator) or
// rate (it is not: reviews of a year also concern replies of the year before).
type Indicator struct {
	ID          string `csv:"id"`
	LabelZH     string `csv:"label_zh"`
	LabelEN     string `csv:"label_en"`
	Kind        string `csv:"kind"`
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
	Family        string `csv:"family"`        // of breaks that concern it beside those of all families
	Comparability string `csv:"comparability"` // near, approx, none
	NoteZH        string `csv:"note_zh"`
	NoteEN        string `csv:"note_en"`
}

// A Population is the number of residents (常住人口) of a region at the end of a year, as a
// named source publishes it. What has no source has no line.
type Population struct {
	Adcode      string `csv:"adcode"`
	Year        int    `csv:"year"`
	Population  string `csv:"population"` // plain decimal, in Unit
	Unit        string `csv:"unit"`       // 人 or 万人
	Source      string `csv:"source"`
	URL         string `csv:"url"`
	PublishedOn string `csv:"published_on"` // YYYY-MM-DD; empty: the source does not say
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
	Whole      string `csv:"whole"`       // level of the region all of whose bodies it counts; empty: it counts fewer
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
