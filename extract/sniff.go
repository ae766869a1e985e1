package extract

import (
	"archive/zip"
	"bytes"

	"github.com/nianbao/nianbao/extract/mhtml"
	"github.com/nianbao/nianbao/extract/office"
)

// Media types that extract tells apart, by content alone: names and declared
// types of portals are often wrong.
const (
	typeHTML    = "text/html"
	typeText    = "text/plain"
	typePDF     = "application/pdf"
	typeDOCX    = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeOFD     = "application/ofd"
	typeOffice  = "application/x-office" // DOC, WPS, RTF, XLS and other formats that are converted
	typeZIP     = "application/zip"
	typeMHTML   = "multipart/related"
	typeImage   = "image/*"
	typeUnknown = "application/octet-stream"
)

// sniff names the media type of data by its magic bytes.
func sniff(data []byte) string {
	head := data[:min(len(data), 1024)]
	switch {
	case office.Is(data): // before ZIP: OpenDocument is one
		return typeOffice
	case bytes.HasPrefix(data, []byte("PK\x03\x04")): // before PDF, which may be its first member
		return sniffZIP(data)
	case isPDF(head):
		return typePDF
	case bytes.HasPrefix(data, []byte("\x89PNG")), bytes.HasPrefix(data, []byte("\xFF\xD8\xFF")), bytes.HasPrefix(data, []byte("GIF8")):
		return typeImage
	case mhtml.Is(data):
		return typeMHTML
	case bytes.IndexByte(head, 0) >= 0 && !utf16(head):
		return typeUnknown
	case controls(head)*50 > len(head) && !utf16(head):
		return typeUnknown
	case looksLikeMarkup(head):
		return typeHTML
	}
	return typeText
}

// isPDF reports whether the header of a PDF stands in head; something may stand before it
// (ISO 32000-1, implementation note 13), but a page that speaks of PDFs is none.
func isPDF(head []byte) bool {
	before, _, found := bytes.Cut(head, []byte("%PDF-"))
	return found && !looksLikeMarkup(before)
}

// utf16 reports whether the text begins with the mark of UTF-16.
func utf16(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF"))
}

// controls counts bytes that no text has.
func controls(head []byte) int {
	n := 0
	for _, b := range head {
		if b < ' ' && !bytes.ContainsRune([]byte("\t\n\v\f\r\x1A\x1B"), rune(b)) {
			n++
		}
	}
	return n
}

func looksLikeMarkup(head []byte) bool {
	for {
		at := bytes.IndexByte(head, '<')
		if at < 0 {
			return false
		}
		head = head[at:]
		for _, tag := range []string{"<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<div", "<p>", "<p ", "<title", "<script"} {
			if len(head) >= len(tag) && bytes.EqualFold(head[:len(tag)], []byte(tag)) {
				return true
			}
		}
		head = head[1:]
	}
}

func sniffZIP(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		// A Word file cut short still says what it is in its first local headers.
		if bytes.Contains(data[:min(len(data), 4096)], []byte("word/")) {
			return typeDOCX
		}
		return typeZIP
	}
	for _, f := range z.File {
		switch f.Name {
		case "word/document.xml":
			return typeDOCX
		case "xl/workbook.xml":
			return typeXLSX
		case "OFD.xml":
			return typeOFD
		}
	}
	return typeZIP
}
