package codebook

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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

// invisible holds for white space, zero-width characters and the fillers of Hangul.
func invisible(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0:
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// Squeeze brings printed text to one form for comparison: NFKC (full-width digits
// and brackets become ASCII), in simplified characters, without any white space or
// zero-width character.
func Squeeze(s string) string {
	plain, simple := true, true
	simplified := traditional()
	for _, r := range s {
		switch {
		case r > ' ' && r < 0x7F:
		case r >= 0x4E00 && r <= 0x9FFF:
			if simplified.has(r) {
				plain = false
			}
		case r <= ' ', r >= 0xFF01 && r <= 0xFF5E, r >= 0x3000 && r <= 0x3011, r == '“', r == '”':
			plain = false
		default:
			plain, simple = false, false
		}
	}
	switch {
	case plain:
		return s
	case !simple:
		s = norm.NFKC.String(s)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x4E00 && r <= 0x9FFF:
			return simplified.of(r)
		case r > ' ' && r < 0x7F:
			return r
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0 // what NFKC makes of it, at a tenth of the time
		case invisible(r):
			return -1
		}
		return r
	}, s)
}

var (
	ordinal     = regexp.MustCompile(`^(?:其中[::]?)?(?:[((]?[一二三四五六七八九十]+[))]?[、.::]|[((][一二三四五六七八九十]+[))]|[((]?\d{1,2}[、.)::])?`)
	bareOrdinal = regexp.MustCompile(`^(\d{1,2})\p{Han}`)
)

// unpunctuated maps quotation marks to nothing and what separates words to a comma.
func unpunctuated(r rune) rune {
	switch r {
	case '“', '”', '"', '「', '」', '『', '』', '‘', '’', '《', '》', ':':
		return -1
	case '、', '，', ';':
		return ','
	}
	return r
}

// LabelKey is the form in which labels are compared: squeezed, without its ordinal,
// its closing notes, quotation marks and differences of punctuation.
//
//	LabelKey("（二）部分公开（区分处理的，只计这一情形，不计其他情形）") == "部分公开"
func LabelKey(label string) string {
	s := Squeeze(label)
	if startsOrdinal(s) {
		if rest := s[len(ordinalOf(s)):]; rest != "" {
			s = rest
		}
	}
	return strings.Map(unpunctuated, withoutNotes(s))
}

// unitNote is a note of the unit that stands behind a label without brackets.
var unitNote = regexp.MustCompile(`[,;]?单位:[^:]{1,4}$`)

// withoutNotes cuts the notes that squeezed text ends with, unless nothing else is there.
func withoutNotes(s string) string {
	for {
		before := s
		s = withoutNote(strings.TrimRight(s, ":。*"))
		if at := strings.LastIndex(s, "单位:"); at > 0 {
			s = unitNote.ReplaceAllString(s, "")
		}
		if s == before || s == "" {
			return before
		}
	}
}

// startsOrdinal reports whether s begins with a sign that an ordinal begins with.
func startsOrdinal(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("其(一二三四五六七八九十0123456789", r)
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
