package codebook

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Squeeze takes a short way through what forms print most; it must lead where NFKC does.
func TestSqueezeIsNFKCWithoutTheInvisible(t *testing.T) {
	slow := func(s string) string {
		return strings.Map(func(r rune) rune {
			if invisible(r) {
				return -1
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
