package codebook

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Pattern is an RE2 expression, in a CSV field too. To look for the words that a match
// cannot be without takes a tenth of the time of the expression, and most texts have none.
type Pattern struct {
	*regexp.Regexp
	words  []string // one of them is in whatever matches; nil: none need be
	begins bool     // it is what a match begins with
}

// MustPattern is the pattern of an expression that is known to be one.
func MustPattern(expr string) Pattern {
	p, err := newPattern(expr)
	if err != nil {
		panic(err)
	}
	return p
}

func newPattern(expr string) (p Pattern, err error) {
	if p.Regexp, err = regexp.Compile(expr); err != nil {
		return p, err
	}
	parsed, err := syntax.Parse(expr, syntax.Perl)
	p.words, p.begins = words(parsed)
	return p, err
}

// UnmarshalCSV implements csvutil.Unmarshaler.
func (p *Pattern) UnmarshalCSV(b []byte) (err error) {
	*p, err = newPattern(string(b))
	return err
}

// Match is as that of [regexp.Regexp], as are the others.
func (p Pattern) Match(b []byte) bool { return p.MatchString(string(b)) }

func (p Pattern) MatchString(s string) bool {
	at := p.from(s)
	return at >= 0 && p.Regexp.MatchString(s[at:])
}

func (p Pattern) FindStringSubmatch(s string) []string {
	at := p.from(s)
	if at < 0 {
		return nil
	}
	return p.Regexp.FindStringSubmatch(s[at:])
}

func (p Pattern) FindStringIndex(s string) []int {
	at := p.from(s)
	if at < 0 {
		return nil
	}
	found := p.Regexp.FindStringIndex(s[at:])
	for i := range found {
		found[i] += at
	}
	return found
}

func (p Pattern) ReplaceAllString(s, by string) string {
	if p.from(s) < 0 {
		return s
	}
	return p.Regexp.ReplaceAllString(s, by)
}

// from is where the first match may begin, negative where there is none.
func (p Pattern) from(s string) int {
	if p.words == nil {
		return 0
	}
	first := -1
	for _, word := range p.words {
		at := strings.Index(s, word)
		switch {
		case at < 0:
		case !p.begins:
			return 0
		case first < 0 || at < first:
			first = at
		}
	}
	return first
}

// words lists what a match has at least one of, nil where it need have none, and reports
// whether it begins with it.
func words(re *syntax.Regexp) (all []string, begins bool) {
	if all = whole(re); shortest(all) > 0 {
		return all, true
	}
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return words(re.Sub[0])
	case syntax.OpAlternate:
		return wordsOfAny(re.Sub)
	case syntax.OpConcat:
		return wordsOfAll(re.Sub)
	}
	return nil, false
}

// wordsOfAny is words of alternatives.
func wordsOfAny(alternatives []*syntax.Regexp) (all []string, begins bool) {
	begins = true
	for _, re := range alternatives {
		w, first := words(re)
		if w == nil {
			return nil, false
		}
		all, begins = append(all, w...), begins && first
	}
	return all, begins
}

// wordsOfAll is words of parts that follow each other: what the first parts make together,
// or those of a later part if they are longer, and so rarer.
func wordsOfAll(parts []*syntax.Regexp) (all []string, begins bool) {
	all, begins = []string{""}, true
	n := 0
	for n < len(parts) && product(all, whole(parts[n])) != nil {
		all = product(all, whole(parts[n]))
		n++
	}
	for i, re := range parts[n:] {
		if w, first := words(re); shortest(w) > shortest(all) {
			all, begins = w, first && n+i == 0
		}
	}
	if shortest(all) == 0 {
		return nil, false
	}
	return all, begins
}

// maxWords is how many words are looked for, maxMembers how many signs of a class are told
// apart for it.
const (
	maxWords   = 10
	maxMembers = 8
)

// whole lists all that an expression matches, nil where that is much.
func whole(re *syntax.Regexp) []string {
	switch {
	case re.Op == syntax.OpLiteral && re.Flags&syntax.FoldCase == 0:
		return []string{string(re.Rune)}
	case re.Op == syntax.OpCharClass:
		return members(re.Rune)
	case re.Op == syntax.OpCapture:
		return whole(re.Sub[0])
	case re.Op == syntax.OpEmptyMatch:
		return []string{""}
	case re.Op == syntax.OpQuest:
		if w := whole(re.Sub[0]); w != nil {
			return append(w, "")
		}
	case re.Op == syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			all = product(all, whole(sub))
		}
		return all
	case re.Op == syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			w := whole(sub)
			if all = append(all, w...); w == nil || len(all) > maxWords {
				return nil
			}
		}
		return all
	}
	return nil
}

// members lists the characters of a class, given as ranges.
func members(ranges []rune) (all []string) {
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if all = append(all, string(r)); len(all) > maxMembers {
				return nil
			}
		}
	}
	return all
}

// product lists each of the words before each of the others, nil where that are too many.
func product(before, behind []string) (all []string) {
	if len(before)*len(behind) > maxWords {
		return nil
	}
	for _, b := range before {
		for _, w := range behind {
			all = append(all, b+w)
		}
	}
	return all
}

// shortest is how many characters the shortest of the words has.
func shortest(words []string) int {
	n := 0
	for i, w := range words {
		if l := utf8.RuneCountInString(w); i == 0 || l < n {
			n = l
		}
	}
	return n
}
