// Package mhtml takes the page out of a web page saved as one file (MHTML, RFC 2557),
// as browsers and Word write it: a message of several parts, of which the page is one.
//
//	page, err := mhtml.Page(data)
//	doc, err := html.Read(page)
//
// Nothing else is read: no pictures, no frames. Word files saved as "single file web
// page" carry the name .doc and are read here too.
package mhtml

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// Limits of a message.
const (
	maxDepth = 4 // of parts within parts
	maxParts = 1000
	maxPage  = 32 << 20
)

// Is reports whether data is a message of several parts.
func Is(data []byte) bool {
	head, err := header(data[:min(len(data), 16<<10)])
	return err == nil && strings.HasPrefix(strings.ToLower(head.Get("Content-Type")), "multipart/")
}

// header reads the header that data begins with; data may end within it.
func header(data []byte) (mail.Header, error) {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), "\r\n\t ")
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return m.Header, nil
}

// Page returns the root page in UTF-8: the part that the message's start parameter
// names if that is HTML, else the first part that is.
func Page(data []byte) ([]byte, error) {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), "\r\n\t ")
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	s := &search{}
	if err := s.walk(textproto.MIMEHeader(m.Header), m.Body, 0); err != nil && s.page == nil {
		return nil, err
	}
	if s.page == nil {
		return nil, fmt.Errorf("%w: none of its %d parts is a page", grid.ErrEmpty, s.parts)
	}
	return s.page, nil
}

// search looks for the page.
type search struct {
	start string // Content-ID of the root part, if it is named
	parts int
	page  []byte
	done  bool // the page is the root part
}

func (s *search) walk(h textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return nil // no page
	}
	switch {
	case kind == "text/html" || kind == "application/xhtml+xml":
		return s.keep(h, body, parameters["charset"])
	case !strings.HasPrefix(kind, "multipart/"):
		return nil
	case depth >= maxDepth:
		return fmt.Errorf("%w: parts nested more than %d deep", grid.ErrTooLarge, maxDepth)
	}
	if s.start == "" {
		s.start = strings.Trim(parameters["start"], "<>")
	}
	r := multipart.NewReader(body, parameters["boundary"])
	for !s.done {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
		}
		if s.parts++; s.parts > maxParts {
			return fmt.Errorf("%w: more than %d parts", grid.ErrTooLarge, maxParts)
		}
		if err := s.walk(part.Header, part, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// keep decodes a page, unless an earlier one stands and this is not the root.
func (s *search) keep(h textproto.MIMEHeader, body io.Reader, encoding string) error {
	root := s.start == "" || strings.Trim(h.Get("Content-ID"), "<> ") == s.start
	if s.page != nil && !root {
		return nil
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(io.LimitReader(body, maxPage+1))
	switch {
	case len(data) > maxPage:
		return fmt.Errorf("%w: the page has more than %d bytes", grid.ErrTooLarge, maxPage)
	case err != nil:
		return fmt.Errorf("%w: the page: %v", grid.ErrCorrupt, err)
	}
	s.page, s.done = charset.Bytes(data, "text/html; charset="+encoding), root
	return nil
}
