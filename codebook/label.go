package codebook

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// IsBlank reports whether nothing is left of s when it is squeezed.
func IsBlank(s string) bool {
	for _, r := range s {
		if !invisible(r) {
			return false
		}
	}
	return true
}

// invisible holds for white space and zero-width characters; U+3164 is a filler.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == 0x3164
}

// Squeeze brings printed text to one form for comparison: NFKC (full-width digits
// and brackets become ASCII), without any white space or zero-width character.
func Squeeze(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// isPlain reports whether Squeeze leaves s as it is: it is ASCII without spaces and
// CJK ideographs, as most of what is printed.
func isPlain(s string) bool {
	for _, r := range s {
		if (r <= ' ' || r >= 0x7F) && (r < 0x4E00 || r > 0x9FFF) {
			return false
		}
	}
	return true
}

var (
	ordinal     = regexp.MustCompile(`^(?:其中[::]?)?(?:[((]?[一二三四五六七八九十]+[))]?[、.::]|[((][一二三四五六七八九十]+[))]|[((]?\d{1,2}[、.)::])?`)
	bareOrdinal = regexp.MustCompile(`^(\d{1,2})\p{Han}`)
	noise       = strings.NewReplacer("“", "", "”", "", "\"", "", "「", "", "」", "", "『", "", "』", "", "‘", "", "’", "", "《", "", "》", "", "、", ",", "，", ",", ";", ",", ":", "")
)

// LabelKey is the form in which labels are compared: squeezed, without its ordinal,
// its closing note in brackets, quotation marks and differences of punctuation.
//
//	LabelKey("（二）部分公开（区分处理的，只计这一情形，不计其他情形）") == "部分公开"
func LabelKey(label string) string {
	s := Squeeze(label)
	if rest := s[len(ordinalOf(s)):]; rest != "" {
		s = rest
	}
	return noise.Replace(withoutNote(strings.TrimRight(s, ":。*")))
}

// Ordinal returns the ordinal that a label starts with, such as "(三)" or "2.",
// or an empty string.
func Ordinal(label string) string { return ordinalOf(Squeeze(label)) }

// ordinalOf is the ordinal that squeezed text starts with. Its sign may be missing,
// as in 2重复申请 and in ②重复申请, which squeezing makes the same.
func ordinalOf(s string) string {
	o := ordinal.FindString(s)
	if m := bareOrdinal.FindStringSubmatch(s[len(o):]); m != nil && !strings.ContainsAny(o, ".、()") {
		return o + m[1]
	}
	return o
}

// withoutNote cuts the note in brackets that squeezed text ends with, unless nothing
// else is there. A note may have brackets in it.
func withoutNote(s string) string {
	if !strings.HasSuffix(s, ")") {
		return s
	}
	depth := 0
	for i := len(s) - 1; i > 0; i-- {
		switch s[i] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 {
			return s[:i]
		}
	}
	return s
}
