// Package scan reads pictures of pages, as scanners make them, into paragraphs and
// tables. A page is turned upright, its ruling lines are found and make the cells;
// what is printed in a cell is freed from rules and specks and recognised by
// tesseract, an external program: several times in ways that err differently, since
// one reading of a number proves nothing. All readings are handed on in
// [grid.Cell].Recognised; which of them is accepted is decided by package extract
// with the form's arithmetic. A cell without ink is blank and no question to the
// recogniser.
//
// A page that lies on its side or upside down is turned first. Tables without rules are
// not recognised as such: their text comes out as paragraphs. Where tesseract or its Chinese model is not
// installed Read fails with [ErrNoRecogniser]. Equal pictures and an equal version of
// tesseract give an equal document.
//
//	pages, err := pdfReader.Render(ctx, data, 200)
//	doc, err := scan.Read(ctx, pages)
//
// Locators read "page 3, box 89 482 117 499" as those of a PDF do: left, bottom,
// right and top of the cell in points from the lower left corner of the page. Where
// the dots per inch are not known they read "page 3, dots 143 297 1499 311": left,
// top, right and bottom in dots from the upper left corner of the picture. A picture
// with a name is called by it instead of the page.
package scan

import (
	"context"
	"fmt"
	"image"

	"github.com/nianbao/nianbao/extract/grid"
)

// Read recognises the pages of one document.
func Read(ctx context.Context, pages []grid.Picture) (*grid.Document, error) {
	switch {
	case len(pages) == 0:
		return nil, grid.ErrEmpty
	case len(pages) > maxPages:
		return nil, fmt.Errorf("%w: %d pages of pictures, the limit is %d", grid.ErrTooLarge, len(pages), maxPages)
	}
	r, err := newRecogniser(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var d document
	sheets, onSheet := make([]*sheet, len(pages)), make([][]word, len(pages))
	for i, page := range pages {
		s, words, err := r.readPage(ctx, i+1, page)
		if err != nil {
			return nil, err
		}
		sheets[i], onSheet[i] = s, words
		err = d.add(s, words, func(lines []textLine) error { return readTitles(ctx, r, s, lines) })
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	if len(d.cells) == 0 {
		tables, err := openTables(ctx, r, sheets, onSheet)
		if err != nil {
			return nil, err
		}
		d.addOpen(tables)
	}
	if err := recognise(ctx, r, d.cells); err != nil {
		return nil, err
	}
	return d.grid()
}

// readTitles reads lines in large print again, scaled to the size at which the
// recogniser is best: in the page as it stands it takes 工 in a title for two dashes.
func readTitles(ctx context.Context, r *recogniser, s *sheet, lines []textLine) error {
	var pictures []*image.Gray
	var large []*textLine
	for i := range lines {
		if lines[i].box.Dy() < s.u(34) || han(lines[i].text) < 4 {
			continue
		}
		p, ok := s.printIn(lines[i].box.Inset(-s.u(6)))
		if ok && p.lines() == 1 {
			large, pictures = append(large, &lines[i]), append(pictures, p.picture(40))
		}
	}
	words, err := r.read(ctx, pictures, oneLine)
	if err != nil {
		return err
	}
	for i, l := range large {
		if again := reading("line", words[i]); han(again.Text) >= han(l.text) {
			l.text = again.Text
		}
	}
	return nil
}
