package extract

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// A raggedHeading is the keys of the heading of table 3 as they follow each other where
// spans are lost: the groups of applicants in one row, their members in the next, or
// behind them in the same; 总计 stands in either.
type raggedHeading struct{ groups, members string }

func raggedHeadings(book *codebook.Book) []raggedHeading {
	var alone, groups, members strings.Builder // kinds behind the groups, up to the last group, in groups
	for k, a := range book.Applicants {
		switch {
		case a.GroupKey == "" && members.Len() > 0:
			alone.WriteString(a.Key)
		case a.GroupKey == "":
			groups.WriteString(a.Key)
		case book.Applicants[k-1].GroupKey != a.GroupKey:
			groups.WriteString(a.GroupKey)
			fallthrough
		default:
			members.WriteString(a.Key)
		}
	}
	return []raggedHeading{
		{groups.String() + alone.String(), members.String()},
		{groups.String(), members.String() + alone.String()},
	}
}

// raggedApplicants reads the heading where spans are lost. The official one, in its order,
// may have run together; any other names its columns only cell by cell.
func (f *finder) raggedApplicants(i int) []applicantColumn {
	row, above := f.rows[i], line{}
	if i > 0 && f.rows[i-1].grid == row.grid {
		above = f.rows[i-1]
	}
	got, before := f.joined(row), f.joined(above)
	for _, h := range raggedHeadings(f.book) {
		if !strings.HasSuffix(got, h.groups+h.members) && (got != h.members || !strings.HasSuffix(before, h.groups)) {
			continue
		}
		columns := make([]applicantColumn, len(f.book.Applicants))
		for k, a := range f.book.Applicants {
			columns[k] = applicantColumn{k - len(columns), a.ID, a.LabelZH}
		}
		return columns
	}
	if !f.namesApplicants(row) {
		return nil
	}
	cells := row.once
	member := slices.IndexFunc(cells, func(c *grid.Cell) bool { return f.isMember(c.Text) })
	switch group := slices.IndexFunc(cells, func(c *grid.Cell) bool { return f.isApplicantGroup(c.Text) }); {
	case member < 0:
		return nil
	case group >= 0:
		return f.crossedApplicants(cells[:member], cells[member:])
	case slices.ContainsFunc(cells, f.isAlone):
		first := slices.IndexFunc(cells, func(c *grid.Cell) bool { return f.isApplicant(c.Text) })
		return f.columnsNamed(printed(cells[first:]))
	}
	return f.crossedApplicants(above.once, cells)
}

// crossedApplicants reads a heading of two rows, the second of which stands below the
// group of applicants in the first.
func (f *finder) crossedApplicants(above, row []*grid.Cell) []applicantColumn {
	above, row = printed(above), printed(row)
	first := slices.IndexFunc(above, func(c *grid.Cell) bool { return f.isApplicant(c.Text) || f.isApplicantGroup(c.Text) })
	group := slices.IndexFunc(above, func(c *grid.Cell) bool { return f.isApplicantGroup(c.Text) })
	if group < 0 {
		return nil
	}
	behind := above[group+1:]
	if len(behind) > 0 && slices.ContainsFunc(row, f.isAlone) {
		return nil // which of them stands before the other is not known
	}
	return f.columnsNamed(slices.Concat(above[first:group], row, behind))
}

// columnsNamed are the columns that stand below so many headings. What names no kind of
// applicant is a column that is not read.
func (f *finder) columnsNamed(headings []*grid.Cell) []applicantColumn {
	var columns []applicantColumn
	known := map[string]bool{}
	for k, c := range headings {
		a, ok := f.applicant(c.Text)
		if known[a.ID] {
			return nil
		}
		if ok {
			known[a.ID] = true
		}
		columns = append(columns, applicantColumn{k - len(headings), a.ID, c.Text})
	}
	if len(known) < minApplicants {
		return nil
	}
	return columns
}

func (f *finder) isApplicant(label string) bool {
	_, ok := f.applicant(label)
	return ok
}

// isAlone reports whether the cell names a kind of applicants that is in no group.
func (f *finder) isAlone(c *grid.Cell) bool {
	a, ok := f.applicant(c.Text)
	return ok && a.GroupKey == ""
}

// isMember reports whether the label is that of a kind of applicants within a group.
func (f *finder) isMember(label string) bool {
	a, _ := f.applicant(label)
	return a.GroupKey != ""
}

func (f *finder) isApplicantGroup(label string) bool {
	key := f.key(label)
	return key != "" && slices.ContainsFunc(f.book.Applicants, func(a codebook.Applicant) bool { return a.GroupKey == key })
}

// namesApplicants reports whether the row is one of a heading: it names several kinds of
// applicants or groups of them, and has no values.
func (f *finder) namesApplicants(row line) bool {
	names := 0
	for _, c := range row.labels {
		if f.isApplicant(c.Text) || f.isApplicantGroup(c.Text) {
			names++
		}
	}
	return names > 1 && !printsValue(row)
}

// joined is the keys of a row's labels run together.
func (f *finder) joined(row line) string {
	var b strings.Builder
	for _, c := range printed(row.cells) {
		b.WriteString(f.key(c.Text))
	}
	return b.String()
}
