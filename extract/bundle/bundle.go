// Package bundle opens the archives in which some portals publish a report: a ZIP
// that holds the report itself, perhaps beside pictures and other papers. It returns
// the members that may be a report, the likeliest first, for the caller to try; what
// a member is, its content says, since names are in any encoding and often wrong.
// Nothing is written anywhere, and an archive inside the archive is not opened.
//
//	members, err := bundle.Members(data)
//	for _, m := range members {
//		// read m.Data until one yields a report
//	}
//
// RAR and 7z are told by [Refused] and not opened: [ErrUnsupported].
package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// ErrUnsupported says that the archive is of a kind that is not opened, or holds
// nothing that has a reader.
var ErrUnsupported = errors.New("archive not supported")

// Limits of an archive.
const (
	maxMembers = 1000
	maxTried   = 20
	maxMember  = 64 << 20  // unpacked
	maxTotal   = 128 << 20 // unpacked, members that are tried together
)

// Member is a file of an archive.
type Member struct {
	Name string // for people, in UTF-8; never a path to write to
	Data []byte
}

// Refused returns ErrUnsupported where data is a RAR or 7z archive, else nil.
func Refused(data []byte) error {
	if bytes.HasPrefix(data, []byte("Rar!\x1A\x07")) || bytes.HasPrefix(data, []byte("7z\xBC\xAF\x27\x1C")) {
		return fmt.Errorf("%w: RAR and 7z are not opened; pack the files as ZIP", ErrUnsupported)
	}
	return nil
}

// Members returns the members that may be a report: documents before pages before
// plain text and pictures, each kind by size, the largest first, and by name.
func Members(data []byte) ([]Member, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	if len(z.File) > maxMembers {
		return nil, fmt.Errorf("%w: %d members, the limit is %d", grid.ErrTooLarge, len(z.File), maxMembers)
	}
	found, failure := candidates(z)
	switch {
	case len(found) > 0:
		return unpack(found)
	case failure != nil:
		return nil, failure
	case len(z.File) == 0:
		return nil, fmt.Errorf("%w: the archive has no members", grid.ErrEmpty)
	}
	return nil, fmt.Errorf("%w: none of its %d members is a document, page, text or picture", ErrUnsupported, len(z.File))
}

// candidate is a member that its first bytes let in.
type candidate struct {
	file *zip.File
	name string
	rank int
}

// candidates ranks the members; failure is why the last one that could not be looked
// at could not.
func candidates(z *zip.Reader) (found []candidate, failure error) {
	for _, f := range z.File {
		name := memberName(f)
		if strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		if f.Flags&1 != 0 {
			failure = fmt.Errorf("%w: %s needs a password", grid.ErrEncrypted, name)
			continue
		}
		head, err := read(f, 1024)
		if err != nil {
			failure = fmt.Errorf("%w: %s: %v", grid.ErrCorrupt, name, err)
			continue
		}
		if rank := rankOf(head); rank >= 0 {
			found = append(found, candidate{f, name, rank})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		switch {
		case a.rank != b.rank:
			return a.rank - b.rank
		case a.file.UncompressedSize64 > b.file.UncompressedSize64:
			return -1
		case a.file.UncompressedSize64 < b.file.UncompressedSize64:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return found, failure
}

// unpack reads the likeliest candidates. One that cannot be read is left out, unless
// none is left.
func unpack(found []candidate) ([]Member, error) {
	var out []Member
	var failure error
	left := int64(maxTotal)
	for _, c := range found[:min(len(found), maxTried)] {
		limit := min(left, maxMember)
		data, err := read(c.file, limit+1)
		left = max(0, left-int64(len(data)))
		switch {
		case err != nil:
			failure = fmt.Errorf("%w: %s: %v", grid.ErrCorrupt, c.name, err)
		case int64(len(data)) > limit:
			failure = fmt.Errorf("%w: %s unpacks to more than %d bytes", grid.ErrTooLarge, c.name, limit)
		default:
			out = append(out, Member{c.name, data})
		}
	}
	if len(out) == 0 {
		return nil, failure
	}
	return out, nil
}

// read unpacks up to limit bytes; what the archive says of sizes is not believed.
func read(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, limit))
}

// memberName decodes the name, which archivers in China write in GBK without saying so.
func memberName(f *zip.File) string {
	return strings.ReplaceAll(charset.Decode([]byte(f.Name), ""), `\`, "/")
}

// rankOf tells by its first bytes how likely a member is to be a report; -1: not at all.
func rankOf(head []byte) int {
	for rank, signatures := range [][]string{
		{"%PDF-", "PK\x03\x04", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", `{\rtf`}, // documents; a ZIP may be an office file
		{"\x89PNG", "\xFF\xD8\xFF", "GIF8", "II*\x00", "MM\x00*", "BM"},      // pictures
	} {
		for _, s := range signatures {
			if bytes.HasPrefix(head, []byte(s)) {
				return rank * 3 // 1 and 2 are markup and text
			}
		}
	}
	switch text := bytes.TrimLeft(head, "\xEF\xBB\xBF\r\n\t "); {
	case len(text) == 0 || bytes.IndexByte(text, 0) >= 0:
		return -1
	case text[0] == '<':
		return 1
	}
	return 2
}
