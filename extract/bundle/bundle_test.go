package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao/extract/grid"
)

type entry struct{ name, content string }

func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := z.CreateHeader(&zip.FileHeader{Name: e.name, NonUTF8: true, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(e.content))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func names(t *testing.T, data []byte) []string {
	t.Helper()
	members, err := Members(data)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range members {
		out = append(out, m.Name)
	}
	return out
}

func TestLikeliestFirst(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("附件/年报.doc")
	if err != nil {
		t.Fatal(err)
	}
	got := names(t, pack(t,
		entry{"readme.txt", "说明"},
		entry{"small.pdf", "%PDF-1.7"},
		entry{"photo.doc", "\xFF\xD8\xFF\xE0"}, // its name lies
		entry{"page.doc", "<html>"},
		entry{gbk, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 long"},
		entry{"../../etc/passwd", "PK\x03\x04"},
		entry{"__MACOSX/._年报.doc", "%PDF-"},
		entry{"folder/", ""},
		entry{"program.exe", "MZ\x00\x00"},
		entry{"empty.txt", ""},
	))
	want := []string{"附件/年报.doc", "small.pdf", "../../etc/passwd", "page.doc", "readme.txt", "photo.doc"}
	if !slices.Equal(got, want) {
		t.Errorf("members %q, want %q", got, want)
	}
}

func TestOrderDoesNotDependOnTheArchive(t *testing.T) {
	a, b, c := entry{"a.pdf", "%PDF-1"}, entry{"b.pdf", "%PDF-1"}, entry{"c.pdf", "%PDF-1.7"}
	if x, y := names(t, pack(t, a, b, c)), names(t, pack(t, c, b, a)); !slices.Equal(x, y) || x[0] != "c.pdf" {
		t.Errorf("%q and %q, want the largest first and the same", x, y)
	}
}

// lie makes an archive whose member unpacks to size bytes and says that it has one.
func lie(t *testing.T, size int) []byte {
	t.Helper()
	content := []byte("%PDF-" + strings.Repeat("x", size))
	honest := pack(t, entry{"a.pdf", string(content)})
	z, err := zip.NewReader(bytes.NewReader(honest), int64(len(honest)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := z.File[0].OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "a.pdf", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content), CompressedSize64: z.File[0].CompressedSize64, UncompressedSize64: 1})
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	packed.ReadFrom(raw)
	f.Write(packed.Bytes())
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sealed is an archive whose member needs a password.
func sealed(t testing.TB) []byte {
	data := pack(t, entry{"a.pdf", "%PDF-1.7"})
	data[6] |= 1                                         // the flag in the local header
	data[bytes.Index(data, []byte("PK\x01\x02"))+8] |= 1 // and in the directory
	return data
}

func TestHostileArchives(t *testing.T) {
	big := "%PDF-" + strings.Repeat("x", maxMember)
	many := make([]entry, maxMembers+1)
	for i := range many {
		many[i].name = strings.Repeat("a", i+1)
	}
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, grid.ErrCorrupt},
		{"cut", pack(t, entry{"a.pdf", "%PDF-1.7"})[:60], grid.ErrCorrupt},
		{"no members", pack(t), grid.ErrEmpty},
		{"no report", pack(t, entry{"a.exe", "MZ\x00"}), ErrUnsupported},
		{"many members", pack(t, many...), grid.ErrTooLarge},
		{"encrypted", sealed(t), grid.ErrEncrypted},
		{"a bomb", pack(t, entry{"a.pdf", big}), grid.ErrTooLarge},
		{"a bomb beside a report", pack(t, entry{"a.pdf", big}, entry{"b.pdf", "%PDF-1.7"}), nil},
		{"three bombs", pack(t, entry{"a.pdf", big}, entry{"b.pdf", big}, entry{"c.pdf", big}), grid.ErrTooLarge},
		{"a size that lies", lie(t, 10<<20), grid.ErrCorrupt},
	} {
		started := time.Now()
		if _, err := Members(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}

func TestRefused(t *testing.T) {
	for data, want := range map[string]error{"Rar!\x1A\x07\x01\x00": ErrUnsupported, "Rar!\x1A\x07\x00": ErrUnsupported, "7z\xBC\xAF\x27\x1C": ErrUnsupported, "PK\x03\x04": nil, "": nil} {
		if err := Refused([]byte(data)); !errors.Is(err, want) {
			t.Errorf("Refused(%q) = %v, want %v", data, err, want)
		}
	}
}
