// Package mhtml takes the page out of a web page saved as one file (MHTML, RFC 2557),
// as browsers and Word write it: a message of several parts, of which the page is one.
//
//	page, err := mhtml.Page(data)
//	doc, err := html.Read(page)
//	picture, err := mhtml.Pictures(data)(doc.Blocks[3].Address)
//
// Nothing else is read: no frames, no style sheets. Word files saved as "single file web
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

	pictures []picture // kept where they are looked for
	left     int       // bytes of pictures that may still be kept
}

type picture struct {
	location, id string
	data         []byte
}

// ErrMissing says that the message has no such picture.
var ErrMissing = errors.New("the message has no such part")

// Pictures returns a function that finds the picture that the page calls by an address:
// a Content-ID or a Content-Location, or the end of the latter where the page's
// addresses are relative. The message is read at the first call.
func Pictures(data []byte) func(address string) ([]byte, error) {
	s := &search{}
	return func(address string) ([]byte, error) {
		if s.left == 0 {
			s.left = maxPage
			data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), "\r\n\t ")
			if m, err := mail.ReadMessage(bytes.NewReader(data)); err == nil {
				_ = s.walk(textproto.MIMEHeader(m.Header), m.Body, 0) // what was found before an error counts
			}
		}
		address = strings.TrimPrefix(strings.TrimSpace(address), "./")
		for _, p := range s.pictures {
			if p.location == address || p.id != "" && "cid:"+p.id == address {
				return p.data, nil
			}
		}
		for _, p := range s.pictures {
			if strings.HasSuffix(p.location, "/"+address) {
				return p.data, nil
			}
		}
		return nil, fmt.Errorf("%s: %w", address, ErrMissing)
	}
}

// keepPicture decodes a picture, if pictures are looked for.
func (s *search) keepPicture(h textproto.MIMEHeader, body io.Reader) error {
	if s.left == 0 {
		return nil
	}
	data, err := decoded(h, body)
	if s.left -= len(data); err != nil || s.left <= 0 {
		s.left = -1
		return fmt.Errorf("%w: the pictures have more than %d bytes: %v", grid.ErrTooLarge, maxPage, err)
	}
	s.pictures = append(s.pictures, picture{h.Get("Content-Location"), strings.Trim(h.Get("Content-ID"), "<> "), data})
	return nil
}

func (s *search) walk(h textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return nil // no page
	}
	switch {
	case strings.HasPrefix(kind, "image/"):
		return s.keepPicture(h, body)
	case s.left != 0 && !strings.HasPrefix(kind, "multipart/"):
		return nil
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
	data, err := decoded(h, body)
	if err != nil {
		return err
	}
	s.page, s.done = charset.Bytes(data, "text/html; charset="+encoding), root
	return nil
}

// decoded is the content of a part.
func decoded(h textproto.MIMEHeader, body io.Reader) ([]byte, error) {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(io.LimitReader(body, maxPage+1))
	switch {
	case len(data) > maxPage:
		return nil, fmt.Errorf("%w: a part has more than %d bytes", grid.ErrTooLarge, maxPage)
	case err != nil:
		return nil, fmt.Errorf("%w: a part: %v", grid.ErrCorrupt, err)
	}
	return data, nil
}
