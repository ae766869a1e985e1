package codebook

import (
	"sync"
	"unicode/utf8"
)

// hans maps traditional characters of the block 4E00 to 9FFF to simplified ones.
type hans struct {
	set  [(0xA000 - 0x4E00) / 64]uint64 // which there are; looked at for each character of a document
	char map[rune]rune
}

func (h *hans) has(r rune) bool { return h.set[(r-0x4E00)>>6]>>(uint(r)&63)&1 != 0 }

func (h *hans) of(r rune) rune {
	if h.has(r) {
		return h.char[r]
	}
	return r
}

// traditional is traditional.csv: the traditional characters of OpenCC's table that stand
// for one in the codebook and are not in GB 2312, where nobody writes them who writes
// simplified ones: 乾, as in 乾县, is none.
var traditional = sync.OnceValue(func() *hans {
	var pairs []struct {
		Traditional string `csv:"traditional"`
		Simplified  string `csv:"simplified"`
	}
	if err := read("traditional", &pairs); err != nil { // an embedded file; a test reads it
		panic(err)
	}
	h := &hans{char: make(map[rune]rune, len(pairs))}
	for _, p := range pairs {
		from, _ := utf8.DecodeRuneInString(p.Traditional)
		h.char[from], _ = utf8.DecodeRuneInString(p.Simplified)
		h.set[(from-0x4E00)>>6] |= 1 << (uint(from) & 63)
	}
	return h
})
