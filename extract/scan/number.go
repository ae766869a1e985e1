package scan

import (
	"context"
	"image"

	"github.com/nianbao/nianbao/extract/grid"
)

// Numbers recognises the figures at places of pages that are known otherwise, as a PDF
// knows those of its text. The pages lie straight. Each place is read alone, three times
// and as nothing but figures; one without ink has no readings.
func Numbers(ctx context.Context, pages []grid.Picture, places []grid.Place) ([]grid.Recognition, error) {
	r, err := newRecogniser(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	sheets := make([]*sheet, len(pages))
	for i, page := range pages {
		if page, err = readyPage(i+1, page); err != nil {
			return nil, err
		}
		sheets[i] = turnedSheet(i+1, page, 0)
	}
	cells := make([]*cell, len(places))
	for i, p := range places {
		s := sheets[p.Picture]
		cells[i] = &cell{field: field{box: s.around(p.Box)}, sheet: s}
	}
	inked, _ := parted(cells, (*cell).findPrint)
	for _, m := range []struct {
		mode
		high float64
	}{{figures, 33}, {figures, 46}, {oneNumber, 40}} {
		if err := readAgain(ctx, r, inked, m.mode, "figures", m.high); err != nil {
			return nil, err
		}
	}
	out := make([]grid.Recognition, len(cells))
	for i, c := range cells {
		out[i].Readings = c.readings
	}
	return out, nil
}

// around is a box of the page as drawn, in dots of the sheet, and a little of what is
// around it: the box of a text ends where its ink does.
func (s *sheet) around(b image.Rectangle) image.Rectangle {
	return s.frame.level(b).Inset(-s.u(5)).Intersect(s.grey.Rect)
}
