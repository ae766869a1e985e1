package charts

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// maxReadings is the number of readings that a name is found by at most, spokenPlace the
// number of its first characters of which more than one reading counts: the place in it.
const (
	maxReadings = 8
	spokenPlace = 4
)

// searchKey is the words in Latin letters that a body is found by, besides its names and
// its code: each reading of the Chinese name in full and by its initials.
func searchKey(name Text) string {
	var words []string
	for _, r := range readings(name.ZH) {
		for _, word := range []string{strings.Join(r, ""), initials(r)} {
			if word != "" && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return strings.Join(words, " ")
}

// readings are the ways to read a name aloud, each a syllable a character. Letters and
// digits read as themselves; other marks are left out.
func readings(name string) [][]string {
	args := pinyin.NewArgs()
	args.Heteronym = true
	args.Fallback = func(r rune, _ pinyin.Args) []string {
		if r < 0x80 && strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", r) {
			return []string{string(r)}
		}
		return nil
	}
	out := [][]string{nil}
	for i, toned := range pinyin.Pinyin(strings.ToLower(name), args) {
		var syllables []string // the common one first
		for _, s := range toned {
			if !slices.Contains(syllables, s) {
				syllables = append(syllables, s)
			}
		}
		if i >= spokenPlace || len(out)*len(syllables) > maxReadings {
			syllables = syllables[:1]
		}
		var next [][]string
		for _, s := range syllables {
			for _, before := range out {
				next = append(next, append(slices.Clone(before), s))
			}
		}
		out = next
	}
	return out
}

func initials(syllables []string) string {
	var b strings.Builder
	for _, s := range syllables {
		b.WriteByte(s[0])
	}
	return b.String()
}
