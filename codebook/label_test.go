package codebook

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"
)

// Squeeze takes a short way through what forms print most; it must lead where NFKC does,
// but for traditional characters.
func TestSqueezeIsNFKCWithoutTheInvisible(t *testing.T) {
	slow := func(s string) string {
		return strings.Map(func(r rune) rune {
			if invisible(r) {
				return -1
			}
			if simplified, ok := traditional().char[r]; ok {
				return simplified
			}
			return r
		}, norm.NFKC.String(s))
	}
	for r := rune(0); r <= 0xFFFF; r++ {
		if r >= 0xD800 && r <= 0xDFFF {
			continue // surrogates are no characters
		}
		for _, s := range []string{string(r), "（" + string(r) + "）", "本 年" + string(r) + "２"} {
			if got, want := Squeeze(s), slow(s); got != want {
				t.Fatalf("%+q squeezes to %+q, NFKC says %+q", s, got, want)
			}
		}
	}
}

// An ordinal as a pattern spells it: with its sign, or of digits alone before a word.
var (
	signedOrdinal = regexp.MustCompile(`^(?:其中:?)?(?:\(?[一二三四五六七八九十]+\)?[、.:]|\([一二三四五六七八九十]+\)|\(?\d{1,2}[、.):])?`)
	bareOrdinal   = regexp.MustCompile(`^(\d{1,2})\p{Han}`)
)

func TestOrdinalIsWhatThePatternSays(t *testing.T) {
	slow := func(s string) string {
		o := signedOrdinal.FindString(s)
		if m := bareOrdinal.FindStringSubmatch(s[len(o):]); m != nil && !strings.ContainsAny(o, ".、()") {
			return o + m[1]
		}
		return o
	}
	parts := []string{"", "其中", "其", ":", "(", ")", "一", "十二", "3", "12", "123", "、", ".", "件"}
	for n := range len(parts) * len(parts) * len(parts) * len(parts) * len(parts) {
		s := ""
		for range 5 {
			s, n = s+parts[n%len(parts)], n/len(parts)
		}
		if got, want := Ordinal(s), slow(s); got != want {
			t.Fatalf("the ordinal of %q is %q, the pattern says %q", s, got, want)
		}
	}
}

// What GB 2312 has is printed in simplified text too, and stays: 乾县, 於潜镇.
func TestTraditionalCharacters(t *testing.T) {
	if got := Squeeze("廣州市荔灣區 政府信息公開，乾县於潜镇"); got != "广州市荔湾区政府信息公开,乾县於潜镇" {
		t.Errorf("squeezes to %s", got)
	}
	if n := len(traditional().char); n < 600 {
		t.Errorf("%d characters, want those of the codebook", n)
	}
	for from, to := range traditional().char {
		gb := simplifiedchinese.HZGB2312.NewEncoder()
		if _, err := gb.String(string(from)); err == nil {
			t.Errorf("%c is in GB 2312", from)
		}
		if traditional().has(to) {
			t.Errorf("%c is no simplified character", to)
		}
	}
}
