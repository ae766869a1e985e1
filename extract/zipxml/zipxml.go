// Package zipxml opens a ZIP archive of XML parts, as Word documents, workbooks
// (ISO/IEC 29500) and OFD files (GB/T 33190) are, and bounds what it unpacks to.
package zipxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
)

// ErrMissing says that the archive has no such part.
var ErrMissing = errors.New("the part is missing")

// Archive is an archive being read. The zero Archive has no parts.
type Archive struct {
	files []*zip.File
	limit int64
	left  int64 // bytes that may still be unpacked
}

// Open reads the directory of an archive whose parts together may unpack to limit
// bytes. An error is a [grid.ErrCorrupt].
func Open(data []byte, limit int64) (*Archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	return &Archive{files: z.File, limit: limit, left: limit}, nil
}

// Has reports whether there is such a part.
func (a *Archive) Has(name string) bool { return a.find(name) != nil }

// Part has a part read and charges what is read of it. Errors are [ErrMissing],
// [grid.ErrEncrypted], [grid.ErrTooLarge], and what read returns.
func (a *Archive) Part(name string, read func(*xml.Decoder) error) error {
	f := a.find(name)
	if f == nil {
		return fmt.Errorf("%s: %w", name, ErrMissing)
	}
	if f.Flags&1 != 0 {
		return fmt.Errorf("%w: %s needs a password", grid.ErrEncrypted, name)
	}
	if f.UncompressedSize64 > uint64(a.left) { // as it says itself; what it holds is counted too
		return fmt.Errorf("%w: it unpacks to more than %d bytes", grid.ErrTooLarge, a.limit)
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: a.left}
	err = read(xml.NewDecoder(limited))
	a.left = limited.N
	switch {
	case a.left <= 0:
		return fmt.Errorf("%w: it unpacks to more than %d bytes", grid.ErrTooLarge, a.limit)
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Bytes unpacks a part that is no XML, such as a picture.
func (a *Archive) Bytes(name string) ([]byte, error) {
	f := a.find(name)
	if f == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrMissing)
	}
	if f.Flags&1 != 0 {
		return nil, fmt.Errorf("%w: %s needs a password", grid.ErrEncrypted, name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, a.left+1))
	if a.left -= int64(len(data)); a.left < 0 {
		return nil, fmt.Errorf("%w: it unpacks to more than %d bytes", grid.ErrTooLarge, a.limit)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v", grid.ErrCorrupt, name, err)
	}
	return data, nil
}

// find ignores case (ISO/IEC 29500-2, 6.2.2) and the slashes that some writers use.
func (a *Archive) find(name string) *zip.File {
	for _, f := range a.files {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"), name) {
			return f
		}
	}
	return nil
}

// Elements calls start for each element of the part; start may read on.
func Elements(x *xml.Decoder, start func(*xml.Decoder, xml.StartElement) error) error {
	for {
		token, err := x.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := start(x, e); err != nil {
				return err
			}
		}
	}
}
