package office

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"

	"github.com/nianbao/nianbao/extract/grid"
)

// format is what a document is, by its content.
type format struct {
	kind      string // what it is converted to, such as "docx"
	extension string // that LibreOffice expects of it
	filter    string // that LibreOffice reads it with; empty: it knows
	sealed    bool   // it says that it is encrypted
}

// signatures are the formats that the first bytes tell.
var signatures = []struct {
	at    int
	bytes string
	format
}{
	{0, `{\rtf`, format{kind: "docx", extension: "rtf"}},
	{30, "mimetypeapplication/vnd.oasis.opendocument.text", format{kind: "docx", extension: "odt"}},
	{30, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", format{kind: "xlsx", extension: "ods"}},
}

// streams are the formats that share the compound file (MS-CFB), by the stream that
// holds their content. WPS writes the streams of Word and Excel.
var streams = map[string]format{
	"WordDocument": {kind: "docx", extension: "doc"},
	"Workbook":     {kind: "xlsx", extension: "xls"},
	"Book":         {kind: "xlsx", extension: "xls"}, // Excel 5.0 and 95
}

const compoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// Is reports whether data is of a format that is converted here, or may be one that
// an error of Convert explains.
func Is(data []byte) bool {
	_, known := signature(data)
	return known || bytes.HasPrefix(data, []byte(compoundFile))
}

// identify tells the format, or why the document cannot be converted.
func identify(data []byte) (format, error) {
	if f, ok := signature(data); ok {
		return f, nil
	}
	if !bytes.HasPrefix(data, []byte(compoundFile)) {
		return format{}, ErrNotOffice
	}
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return format{}, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	var names []string
	for _, s := range r.File {
		if len(s.Path) > 0 { // of a document embedded in this one
			continue
		}
		if s.Name == "EncryptedPackage" {
			return format{}, fmt.Errorf("%w: the document opens with a password only", grid.ErrEncrypted)
		}
		if f, ok := streams[s.Name]; ok {
			head := make([]byte, 4096)
			n, _ := io.ReadFull(s, head)
			f.sealed = sealed(f.extension, head[:n])
			return f, nil
		}
		names = append(names, s.Name)
	}
	return format{}, fmt.Errorf("%w: its streams are %.100q", ErrNotOffice, strings.Join(names, ", "))
}

func signature(data []byte) (format, bool) {
	for _, s := range signatures {
		if len(data) > s.at && bytes.HasPrefix(data[s.at:], []byte(s.bytes)) {
			return s.format, true
		}
	}
	return format{}, false
}

// sealed reads from the beginning of the content whether it is encrypted: Word has a
// flag in its header (MS-DOC 2.5.2, fEncrypted), Excel a FilePass record (MS-XLS
// 2.4.117) among its first.
func sealed(extension string, head []byte) bool {
	if extension == "doc" {
		return len(head) >= 12 && binary.LittleEndian.Uint16(head[10:])&0x0100 != 0
	}
	const filePass = 0x2F
	for range 10 {
		if len(head) < 4 {
			return false
		}
		if binary.LittleEndian.Uint16(head) == filePass {
			return true
		}
		head = head[min(len(head), 4+int(binary.LittleEndian.Uint16(head[2:]))):]
	}
	return false
}
