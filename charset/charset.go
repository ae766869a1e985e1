// Package charset decodes the pages of government portals, whose declarations are
// often missing or wrong. The order is: byte order mark, valid UTF-8, the
// encoding that the markup declares, the one that the HTTP header declares, and
// else GB18030, of which gb2312 and gbk are taken to be parts.
package charset

import (
	"bytes"
	_ "embed"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Source is the code of this package, for versions that depend on it.
//
//go:embed charset.go
var Source string

var declared = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_\-]+)`)

// Decode returns data as UTF-8. contentType is the HTTP header's value, or empty.
// Bytes that the encoding does not know become U+FFFD; the input is not changed.
func Decode(data []byte, contentType string) string { return string(Bytes(data, contentType)) }

// Bytes is [Decode] for who needs bytes; what is UTF-8 already is not copied.
func Bytes(data []byte, contentType string) []byte {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		if data = data[3:]; utf8.Valid(data) {
			return data
		}
		return bytes.ToValidUTF8(data, []byte("\uFFFD"))
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decode(data, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	case utf8.Valid(data):
		return data
	}
	if m := declared.FindSubmatch(data[:min(len(data), 4096)]); m != nil {
		if e := byLabel(string(m[1])); e != nil {
			return decode(data, e)
		}
	}
	if _, label, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		if e := byLabel(strings.Trim(label, `"' ;`)); e != nil {
			return decode(data, e)
		}
	}
	return decode(data, simplifiedchinese.GB18030)
}

// byLabel resolves an encoding label. Latin-1 and UTF-8 are refused: servers claim
// them by default, and these bytes are not valid UTF-8.
func byLabel(label string) encoding.Encoding {
	e, name := charset.Lookup(label)
	switch name {
	case "", "windows-1252", "utf-8":
		return nil
	case "gbk":
		return simplifiedchinese.GB18030
	}
	return e
}

func decode(data []byte, e encoding.Encoding) []byte {
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	return out
}
