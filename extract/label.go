package extract

import (
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

// isCutShort reports whether the label of a row is rather the beginning of another's, as
// its ordinal tells: 2.其他 is not 3.其他, but what a page break leaves of 2.其他法律….
func isCutShort(label string, row *codebook.FormCell) bool {
	if row.Longer == nil {
		return false
	}
	sign := ordinalSign(label)
	return sign != ordinalSign(row.Row) && sign == ordinalSign(row.Longer.Row)
}

// keyInGroup is the key of a label that is printed behind those of its groups, as in
// （三）不予公开 1.属于国家秘密, and empty for any other.
func (f *finder) keyInGroup(label string) string {
	key, cut := f.key(label), false
	for i := 0; i < len(f.match.table.Groups); i++ {
		if rest, ok := strings.CutPrefix(key, f.match.table.Groups[i]); ok && rest != "" {
			key, cut, i = f.key(strings.TrimLeft(rest, "-—,/|>")), true, -1
		}
	}
	if !cut {
		return ""
	}
	return key
}
