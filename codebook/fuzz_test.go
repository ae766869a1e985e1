package codebook

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzLabelKey: a key has no white space and is valid text, whatever the label; and
// what is invisible in a label does not change its key.
func FuzzLabelKey(f *testing.F) {
	for _, name := range []string{"form.csv", "synonym.csv"} {
		file, err := os.Open(filepath.Join("data", name))
		if err != nil {
			f.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		file.Close()
		if err != nil {
			f.Fatal(err)
		}
		for _, row := range rows {
			for _, field := range row {
				f.Add(field)
			}
		}
	}
	f.Add("\u3164") // a filler, and another one after NFKC
	f.Fuzz(func(t *testing.T, label string) {
		if !utf8.ValidString(label) {
			t.Skip("readers decode before they ask")
		}
		key := LabelKey(label)
		if !utf8.ValidString(key) || strings.ContainsFunc(key, unicode.IsSpace) {
			t.Errorf("%q has the key %q", label, key)
		}
		if (Squeeze(label) == "") != IsBlank(label) {
			t.Errorf("%q squeezes to %q, IsBlank says %v", label, Squeeze(label), IsBlank(label))
		}
		if spaced := LabelKey(" " + label + "\u200b\n"); spaced != key {
			t.Errorf("%q has the key %q, with space around it %q", label, key, spaced)
		}
		if Ordinal(label) != Ordinal("\u00a0"+label) {
			t.Errorf("the ordinal of %q depends on space before it", label)
		}
	})
}
