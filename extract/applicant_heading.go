package extract

import (
	"slices"

	"github.com/nianbao/nianbao/extract/grid"
)

// repeatsHeading reports whether the cells name the kinds of applicants below which they
// stand, as a heading does that is printed again on the next page.
func (f *finder) repeatsHeading(values []*grid.Cell, columns []applicantColumn) bool {
	for i, v := range values {
		if a, ok := f.applicant(v.Text); !ok || a.ID != columns[i].applicant {
			return false
		}
	}
	return true
}

// headings are the headings of a row, each made by label of a cell and the one above it. A
// row that prints no part of them is a row of values and has none.
func headings(cells, above []*grid.Cell, label func(c, above string) string) []applicantColumn {
	var all []applicantColumn
	own := 0
	for col, c := range cells {
		if c == nil || col > 0 && cells[col-1] == c {
			continue
		}
		heading := c.Text
		if above[col] != nil && above[col] != c {
			heading = label(c.Text, above[col].Text)
		}
		all = append(all, applicantColumn{index: col, label: heading})
		if !isValue(c.Text) {
			own++
		}
	}
	if own < minOwn {
		return nil
	}
	return all
}

// namedApplicants are those of the headings that name a kind of applicants.
func (f *finder) namedApplicants(all []applicantColumn) []applicantColumn {
	var columns []applicantColumn
	seen := map[string]bool{}
	for _, c := range all {
		if a, ok := f.applicant(c.label); ok && !seen[a.ID] {
			seen[a.ID] = true
			columns = append(columns, applicantColumn{c.index, a.ID, c.label})
		}
	}
	if len(columns) < minApplicants {
		return nil
	}
	return columns
}

// placedApplicants names the columns of a heading that says a few kinds of applicants in
// other words, such as 法律服务组织: each of the others stands in its place in the order of
// the form, and half of the characters are the same.
func (f *finder) placedApplicants(all []applicantColumn) []applicantColumn {
	for n := len(f.book.Applicants); len(all) >= n; all = all[1:] {
		columns, exact := slices.Clone(all[:n]), 0
		for i, a := range f.book.Applicants {
			printed, official := []rune(f.key(columns[i].label)), []rune(a.Key)
			if 2*common(printed, official) < max(len(printed), len(official)) {
				break
			}
			columns[i].applicant = a.ID
			if string(printed) == a.Key {
				exact++
			}
		}
		if columns[n-1].applicant == "" || exact < n-maxOther {
			continue
		}
		for i, a := range f.book.Applicants {
			if f.key(columns[i].label) != a.Key {
				f.match.note("damaged_label", "", "%q is taken for %q", columns[i].label, a.LabelZH)
			}
		}
		return columns
	}
	return nil
}

// maxOther is how many kinds of applicants a heading may name in other words.
const maxOther = 3

// minOwn is how many of its headings a heading row must print itself.
const minOwn = 3
