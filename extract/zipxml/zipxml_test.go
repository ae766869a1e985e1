package zipxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

// packed is an archive with a part, whose directory says the given flags.
func packed(t testing.TB, name, content string, flags uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, Flags: flags, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))})
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPart(t *testing.T) {
	for _, c := range []struct {
		what, name, content string
		flags               uint16
		want                error
	}{
		{"another case and slash", `Word\Document.xml`, "<a><b/></a>", 0, nil},
		{"a leading slash", "/word/document.xml", "<a><b/></a>", 0, nil},
		{"another part", "word/styles.xml", "<a><b/></a>", 0, ErrMissing},
		{"a password", "word/document.xml", "<a><b/></a>", 1, grid.ErrEncrypted},
		{"too much", "word/document.xml", "<a>" + strings.Repeat("<b/>", 100) + "</a>", 0, grid.ErrTooLarge},
		{"not XML", "word/document.xml", "<a></b>", 0, &xml.SyntaxError{}},
	} {
		a, err := Open(packed(t, c.name, c.content, c.flags), 100)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		err = a.Part("word/document.xml", func(x *xml.Decoder) error {
			return Elements(x, func(_ *xml.Decoder, e xml.StartElement) error {
				names = append(names, e.Name.Local)
				return nil
			})
		})
		var syntax *xml.SyntaxError
		switch {
		case c.want == nil:
			if err != nil || len(names) != 2 {
				t.Errorf("%s: %v, elements %q", c.what, err, names)
			}
		case errors.As(c.want, &syntax):
			if !errors.As(err, &syntax) {
				t.Errorf("%s: %v", c.what, err)
			}
		case !errors.Is(err, c.want):
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
	if _, err := Open([]byte("no archive"), 100); !errors.Is(err, grid.ErrCorrupt) {
		t.Errorf("no archive: %v", err)
	}
}
