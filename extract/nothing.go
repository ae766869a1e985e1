package extract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

var (
	// emptyForm marks the title of a form to fill in, or of what goes with one.
	emptyForm = regexp.MustCompile(`通知|格式|模[板版]|样[表式本张例]|范[本例文式]|参考|附件|空白|填[报写表]|说明|[Xx○□_]{2}|[某×]`)
	// salutation begins a letter to those who are to fill it in: 各镇人民政府、县直各部门：
	salutation = regexp.MustCompile(`^各[^。]*:$`)
)

// reportsNothing tells a report without a single number in it, of a body that had nothing
// to report, from a blank form, as a notice that asks for reports has: its title names who
// reports for which year, its text gives the period (统计期限) of that year, and nobody is
// addressed.
func (id *identity) reportsNothing(doc *grid.Document, text string) bool {
	sentence := period.FindStringSubmatch(withoutNumbers(text))
	if id.year == nil || sentence == nil || atoi(sentence[1]) != id.atYear() {
		return false
	}
	if !strings.HasPrefix(id.authorityEvidence, "title: ") || emptyForm.MatchString(arabicYears(id.title)) {
		return false
	}
	return !slices.ContainsFunc(doc.Blocks, func(b grid.Block) bool {
		return salutation.MatchString(codebook.Squeeze(b.Text))
	})
}

// anyNumber reports whether one of the cells is a number.
func anyNumber(cells []record.Cell) bool {
	return slices.ContainsFunc(cells, func(c record.Cell) bool { return c.Value != nil })
}
