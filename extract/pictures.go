package extract

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/scan"
)

// Limits of the pictures of one document.
const (
	maxPictures      = 40
	maxPicturePixels = 200_000_000 // of all together
	minPictureWidth  = 300         // dots; a table does not go into less
	minPictureHeight = 60
)

// errElsewhere says that the document does not hold the bytes of a picture.
var errElsewhere = errors.New("the picture is not in the document")

// forWantOfTables are the reasons that pictures left unread explain better.
var forWantOfTables = []string{"tables_are_images", "tables_missing"}

func onlyPictures(doc *grid.Document) bool {
	return !slices.ContainsFunc(doc.Blocks, func(b grid.Block) bool { return !b.Picture })
}

// elsewhere finds no picture: of a page alone.
func elsewhere(string) ([]byte, error) { return nil, errElsewhere }

// A pictureFinder gives the pictures of a document that are worth reading, by the index
// of their block. None are where all tables of a form stand in the document as text:
// pictures are ornaments then.
type pictureFinder func(context.Context, *grid.Document) (map[int]grid.Picture, error)

// inFiles finds pictures that are files. Fetch gets one from its address, unless that
// holds it; pictures of which the bytes are elsewhere are not found.
func (e *Extractor) inFiles(fetch func(address string) ([]byte, error)) pictureFinder {
	return func(_ context.Context, doc *grid.Document) (map[int]grid.Picture, error) {
		pictures, err := picturesOf(doc, fetch)
		if len(pictures) > 0 && e.complete(doc) {
			return nil, nil
		}
		return pictures, err
	}
}

// withPictures puts what can be read in the pictures of a document in their place. Those
// that are not found stay as they are, and Unread says why others do.
func (e *Extractor) withPictures(ctx context.Context, doc *grid.Document, err error, find pictureFinder) (*grid.Document, error) {
	if err != nil || !slices.ContainsFunc(doc.Blocks, func(b grid.Block) bool { return b.Picture && b.Address != "" }) {
		return doc, err
	}
	pictures, err := find(ctx, doc)
	if err != nil {
		if _, known := reasonOf(err); !known {
			return nil, err
		}
		doc.Unread = err
		return doc, nil
	}
	if len(pictures) == 0 {
		return doc, nil
	}
	out := *doc
	out.Blocks = nil
	for i := 0; i < len(doc.Blocks); i++ {
		// Pictures with nothing between them may be one table, cut in pieces.
		var run []grid.Picture
		for ; i < len(doc.Blocks) && pictures[i].Gray != nil; i++ {
			run = append(run, pictures[i])
		}
		if len(run) > 0 {
			read, err := scan.Read(ctx, run)
			switch _, known := reasonOf(err); {
			case err == nil:
				out.Blocks = append(out.Blocks, read.Blocks...)
			case !known:
				return nil, err
			default:
				out.Blocks = append(out.Blocks, doc.Blocks[i-len(run):i]...)
				if !errors.Is(err, grid.ErrEmpty) { // there is nothing to read in an ornament
					out.Unread = err
				}
			}
		}
		if i < len(doc.Blocks) {
			out.Blocks = append(out.Blocks, doc.Blocks[i])
		}
	}
	return &out, nil
}

// complete reports whether the tables of some form are in the document as text.
func (e *Extractor) complete(doc *grid.Document) bool {
	m := matchForms(e.book, doc, nil, map[string]string{})
	return m["stat"] != nil || m["t2"] != nil && m["t3"] != nil && m["t4"] != nil
}

// picturesOf decodes the pictures that may be tables, by the index of their block.
func picturesOf(doc *grid.Document, find func(address string) ([]byte, error)) (map[int]grid.Picture, error) {
	out := map[int]grid.Picture{}
	number, pixels := 0, 0
	for i, b := range doc.Blocks {
		if !b.Picture {
			continue
		}
		number++
		data, err := inAddress(b.Address)
		if errors.Is(err, errElsewhere) {
			data, err = find(b.Address)
		}
		if err != nil {
			continue
		}
		size, err := scan.Size(data)
		if err != nil || size.X < minPictureWidth || size.Y < minPictureHeight {
			continue // no picture that can be read, or an ornament
		}
		pixels += size.X * size.Y
		if len(out) >= maxPictures || pixels > maxPicturePixels {
			return nil, fmt.Errorf("%w: its pictures are more than %d or have more than %d dots", grid.ErrTooLarge, maxPictures, maxPicturePixels)
		}
		p, err := scan.Decode(fmt.Sprintf("picture %d", number), data)
		if errors.Is(err, grid.ErrTooLarge) {
			return nil, err
		}
		if err == nil {
			out[i] = p
		}
	}
	return out, nil
}

// inAddress returns the picture that a data: URI (RFC 2397) holds.
func inAddress(address string) ([]byte, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(address), "data:")
	kind, text, comma := strings.Cut(rest, ",")
	if !ok || !comma {
		return nil, errElsewhere
	}
	if strings.HasSuffix(strings.ToLower(strings.TrimSpace(kind)), ";base64") {
		if strings.Contains(text, "%") {
			if plain, err := url.PathUnescape(text); err == nil {
				text = plain
			}
		}
		text = strings.Join(strings.Fields(text), "")
		return base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	}
	plain, err := url.PathUnescape(text)
	return []byte(plain), err
}
