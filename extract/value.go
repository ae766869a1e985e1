package extract

import (
	"math/big"
	"regexp"
	"strings"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// printedNumber is a number as forms print it: sign, digits with or without
// thousands separators, decimals, unit, and a note in brackets such as
// 22（其中修订16件）.
var printedNumber = regexp.MustCompile(`^([+\-−]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(亿元|万元|元|件|条|项|个|次|人次|人|篇|宗|家|起|部|份|户|例|批|场|期)?(\(.*\))?$`)

// money gives the power of ten by which a printed money unit exceeds 元.
var money = map[string]int{"元": 0, "万元": 4, "亿元": 8}

// parseValue is parseUnder for a cell whose heading names no unit.
func parseValue(book *codebook.Book, m codebook.Metric, raw string) (*decimal128.Num, string) {
	n, status := parseUnder(book, m, raw, "")
	if status != "number" {
		return nil, status
	}
	return &n, status
}

// parseUnder reads one printed cell of metric m. It returns 0 and a status other
// than "number" for what is not a number; it never guesses one. A money unit printed
// in the cell, or else in the heading, is converted to the metric's unit.
func parseUnder(book *codebook.Book, m codebook.Metric, raw, heading string) (n decimal128.Num, status string) {
	if ambiguous(raw) {
		return n, "text"
	}
	s := codebook.Squeeze(raw)
	if count, ok := shortCount(s); ok && m.Integer() {
		return count, "number"
	}
	if status = book.MarkStatus(s); status != "" {
		return n, status
	}
	p := printedNumber.FindStringSubmatch(s)
	if p == nil {
		return n, "text"
	}
	printed := p[4]
	if named := headingUnit.FindStringSubmatch(codebook.Squeeze(heading)); printed == "" && named != nil {
		printed = named[1]
	}
	shift, ok := unitShift(printed, m.Unit)
	if !ok {
		return n, "text"
	}
	v, ok := scaled(strings.ReplaceAll(p[2], ",", ""), strings.TrimPrefix(p[3], "."), shift)
	if !ok {
		return n, "text"
	}
	if p[1] == "-" || p[1] == "−" {
		v.Neg(v)
	}
	return decimal128.FromBigInt(v), "number"
}

// headingUnit is the money unit that a heading names, as in （单位：元）, （元） or /元, or
// a cell that holds nothing else.
var headingUnit = regexp.MustCompile(`^(?:.*(?:单位:?|[(/:,]))?(亿元|万元|元)(?:[,)].*)?$`)

// ambiguous reports whether digits stand beside each other that make no number: those
// of a footnote's mark, such as ① or ², and those of two lines.
func ambiguous(raw string) bool {
	digitAbove, newLine := false, false
	for _, r := range raw {
		switch {
		case r > unicode.MaxASCII && unicode.Is(unicode.No, r):
			return true
		case r == '\n':
			newLine = digitAbove
		case unicode.IsDigit(r):
			if newLine {
				return true
			}
			digitAbove = true
		case !unicode.IsSpace(r):
			digitAbove, newLine = false, false
		}
	}
	return false
}

// shortCount reads what most cells print: a few digits and nothing else.
func shortCount(s string) (decimal128.Num, bool) {
	if len(s) == 0 || len(s) > 9 {
		return decimal128.Num{}, false
	}
	n := int64(0)
	for _, digit := range []byte(s) {
		if digit < '0' || digit > '9' {
			return decimal128.Num{}, false
		}
		n = 10*n + int64(digit-'0')
	}
	return decimal128.FromI64(n * unit), true
}

// unit is how many of its smallest parts a decimal column counts as 1.
const unit = 100_000_000 // 10^record.Scale

// unitShift is the power of ten from a printed unit to the metric's, and false
// where the two do not go together.
func unitShift(printed, unit string) (int, bool) {
	of, isMoney := money[printed]
	switch {
	case printed == "":
		return 0, true
	case unit == "wanyuan":
		return of - 4, isMoney
	case unit == "yuan":
		return of, isMoney
	}
	return 0, !isMoney
}

// scaled makes whole.fraction × 10^shift an integer of 10^-record.Scale units,
// and reports false where that would lose a digit.
func scaled(whole, fraction string, shift int) (*big.Int, bool) {
	zeros := record.Scale + shift - len(fraction)
	if zeros < 0 || len(whole)+len(fraction)+zeros > 28 {
		return nil, false
	}
	return new(big.Int).SetString(whole+fraction+strings.Repeat("0", zeros), 10)
}
