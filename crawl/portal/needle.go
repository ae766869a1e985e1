package portal

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// A needle is a text that every match of an expression contains. Where a page lacks it, the
// expression need not be tried, which takes a hundred times as long.
type needle struct {
	text string // lower case if fold; "": none is known
	fold bool   // in upper or lower case
}

// in reports whether a text has the needle, so that the expression may match.
func (n needle) in(s string) bool {
	if !n.fold {
		return strings.Contains(s, n.text)
	}
	for i := 0; i+len(n.text) <= len(s); i++ {
		if s[i]|0x20 == n.text[0]|0x20 && strings.EqualFold(s[i:i+len(n.text)], n.text) {
			return true
		}
	}
	return false
}

// needleOf returns the longest needle of an expression that RE2 accepts.
func needleOf(expression string) needle {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return needle{}
	}
	return needleIn(re)
}

func needleIn(re *syntax.Regexp) (longest needle) {
	switch re.Op {
	case syntax.OpLiteral:
		return literal(re)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if n := needleIn(sub); len(n.text) > len(longest.text) {
				longest = n
			}
		}
		return longest
	case syntax.OpCapture, syntax.OpPlus:
		return needleIn(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needleIn(re.Sub[0])
		}
	}
	return needle{}
}

// literal returns the longest part of a literal that has no other forms than upper and
// lower case, of one byte each: k and s have (K, ſ).
func literal(re *syntax.Regexp) (longest needle) {
	if re.Flags&syntax.FoldCase == 0 {
		return needle{text: string(re.Rune)}
	}
	parts := strings.FieldsFunc(strings.ToLower(string(re.Rune)), func(r rune) bool { return r > unicode.MaxASCII || r == 'k' || r == 's' })
	for _, part := range parts {
		if len(part) > len(longest.text) {
			longest = needle{part, true}
		}
	}
	return longest
}
