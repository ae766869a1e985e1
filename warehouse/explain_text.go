package warehouse

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nianbao/nianbao/rows"
)

// WriteText prints the explanation from the number to the address, one fact a line.
func (e Explanation) WriteText(w io.Writer) error {
	var s strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&s, "%-10s%s\n", name, rows.Printable(fmt.Sprintf(format, args...)))
	}
	line("number", "%s %s  %s", e.shown(), e.Unit, e.Grade)
	line("metric", "%s  %s  %s", e.Metric, e.LabelZH, e.LabelEN)
	line("applicant", "%s", e.Applicant)
	line("report", "%s  %d  scope %s  form %s  %s  %s", strings.TrimSpace(e.Authority+"  "+e.AuthorityEN), e.Year, e.Scope,
		cmp.Or(e.Era, "unknown"), e.ReportID, e.ReportGrade)
	if e.Cell != nil {
		line("cell", "%s", e.Cell)
	} else {
		line("computed", "not printed; the sum of")
	}
	for _, p := range e.Parts {
		line("  part", "%s %s %s  %s", sign(p.Sign), p.Metric, shown(p.Value, p.Status), p.Cell)
	}
	line("file", "sha256 %s  %s  %d bytes  %s", e.SHA256, e.MediaType, e.Bytes, e.Object())
	if len(e.Locations) == 0 {
		line("address", "not known")
	}
	for _, f := range e.Locations {
		line("address", "%s", f)
		if f.Record != "" {
			line("record", "%s", f.Record)
		}
	}
	for _, r := range e.Others {
		line("rendition", "%s", r)
	}
	if len(e.Checks) == 0 {
		line("check", "no identity covers it")
	}
	for _, c := range e.Checks {
		line("check", "%s", c)
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func (e Explanation) shown() string { return shown(e.Value, e.Status) }

// String shows a cell as printed, with its place.
func (o *Origin) String() string {
	if o == nil {
		return ""
	}
	return fmt.Sprintf("%s  row %q  column %q  printed %q (%s)  at %s  cell %d",
		o.Table, o.RowLabel, o.ColumnLabel, o.Raw, o.Status, o.Locator, o.CellNo)
}

// String shows where and when a document was fetched.
func (f Fetch) String() string {
	s := f.URL + "  fetched " + f.At.UTC().Format(time.RFC3339) + "  portal " + f.Portal
	if f.FoundOn != "" {
		s += "  found on " + f.FoundOn
	}
	if f.Published != "" {
		s += ", dated " + f.Published
	}
	return s + "  " + cmp.Or(f.Provenance, "live portal")
}

// String shows another rendition and how far it agrees.
func (r Rendition) String() string {
	return fmt.Sprintf("%s  sha256 %s  %s  %d of %d numbers differ", r.URL, r.SHA256, r.MediaType, r.Differing, r.Compared)
}

// String shows both sides of a check with their values, as
//
//	T3_BALANCE total: app_new 8 + app_carried_in 2 = 10 | app_closed_total 9 + app_carried_out 1 = 10  held
func (c Check) String() string {
	between := "|"
	if c.Op != "=" {
		between = c.Op
	}
	outcome := c.Outcome
	if c.Reread != "" {
		outcome += ", by a second route " + c.Reread
	}
	return fmt.Sprintf("%s: %s %s %s  %s", strings.TrimSpace(c.Identity+" "+c.Instance), c.LHS, between, c.RHS, outcome)
}

// String shows a side's terms and, where there are several, their sum.
func (s Side) String() string {
	var out strings.Builder
	for i, t := range s.Terms {
		if i > 0 || t.Sign < 0 {
			out.WriteString(" " + sign(t.Sign) + " ")
		}
		out.WriteString(t.Name + " " + shown(t.Value, t.Status))
	}
	if len(s.Terms) > 1 {
		out.WriteString(" = " + cmp.Or(s.Sum, "?"))
	}
	return strings.TrimSpace(out.String())
}

func sign(n int) string {
	if n < 0 {
		return "-"
	}
	return "+"
}

// shown is a value or, where there is none, its status in brackets.
func shown(value, status string) string { return cmp.Or(value, "["+status+"]") }
