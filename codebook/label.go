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
func Squeeze(s string) string { return squeeze(s, false) }

// squeeze is Squeeze of text that is normal already, or of which no character needs more
// than is known here.
func squeeze(s string, normal bool) string {
	var out strings.Builder
	copied := 0
	simplified := traditional()
	for i, r := range s {
		to := r
		switch {
		case r > ' ' && r < 0x7F:
			continue
		case r >= 0x4E00 && r <= 0x9FFF:
			if !simplified.has(r) {
				continue
			}
			to = simplified.of(r)
		case r >= 0xFF01 && r <= 0xFF5E:
			to = r - 0xFEE0 // what NFKC makes of it, at a tenth of the time
		case invisible(r):
			to = -1
		case normal && r != utf8.RuneError, r >= 0x3001 && r <= 0x3011, r == '“', r == '”':
			continue
		case !normal:
			return squeeze(norm.NFKC.String(s), true)
		}
		if copied == 0 {
			out.Grow(len(s))
		}
		out.WriteString(s[copied:i])
		if to >= 0 {
			out.WriteRune(to)
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		copied = i + size
	}
	if copied == 0 {
		return s
	}
	out.WriteString(s[copied:])
	return out.String()
}

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
	if rest := s[len(ordinalOf(s)):]; rest != "" {
		s = rest
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

// Ordinal returns the ordinal that a label starts with, such as "(三)" or "2.",
// or an empty string.
func Ordinal(label string) string { return ordinalOf(Squeeze(label)) }

// ordinalOf is the ordinal that squeezed text starts with, 其中 included. Its sign may be
// missing, as in 2重复申请 and in ②重复申请, which squeezing makes the same.
func ordinalOf(s string) string {
	rest, among := strings.CutPrefix(s, "其中")
	if among {
		rest = strings.TrimPrefix(rest, ":")
	}
	o := s[:len(s)-len(rest)+numeral(rest)]
	if bare := digits(s[len(o):]); bare > 0 && !strings.ContainsAny(o, ".、()") {
		if r, _ := utf8.DecodeRuneInString(s[len(o)+bare:]); unicode.Is(unicode.Han, r) {
			return s[:len(o)+bare]
		}
	}
	return o
}

// numeral is the length of the number and its sign that s starts with, such as 一、, (二)
// or 3., and 0 where it starts with none.
func numeral(s string) int {
	number, opened := strings.CutPrefix(s, "(")
	if n := digits(number); n > 0 {
		return lengthBefore(s, number[n:], "、.):")
	}
	rest := strings.TrimLeft(number, "一二三四五六七八九十")
	if len(rest) == len(number) {
		return 0
	}
	rest, closed := strings.CutPrefix(rest, ")")
	if n := lengthBefore(s, rest, "、.:"); n > 0 {
		return n
	}
	if opened && closed {
		return len(s) - len(rest)
	}
	return 0
}

// digits is how many digits s starts with, two at most.
func digits(s string) int {
	n := 0
	for n < min(2, len(s)) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// lengthBefore is the length of s up to the sign that its end, rest, starts with, the
// sign included, and 0 where rest starts with none of the signs.
func lengthBefore(s, rest, signs string) int {
	sign, size := utf8.DecodeRuneInString(rest)
	if size == 0 || !strings.ContainsRune(signs, sign) {
		return 0
	}
	return len(s) - len(rest) + size
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
