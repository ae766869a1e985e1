package scan

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // pictures that pages hold
	_ "image/jpeg"
	_ "image/png"

	"github.com/nianbao/nianbao/extract/grid"
)

// Size is the size in dots that a PNG, JPEG or GIF file declares; it may be any.
func Size(data []byte) (image.Point, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return image.Point{}, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	return image.Pt(c.Width, c.Height), nil
}

// Decode reads a PNG, JPEG or GIF file in grey, on white where it is transparent. Name
// is what locators call it.
func Decode(name string, data []byte) (grid.Picture, error) {
	size, err := Size(data)
	switch {
	case err != nil:
		return grid.Picture{}, err
	case size.X < 1 || size.Y < 1:
		return grid.Picture{}, fmt.Errorf("%w: %s has no dots", grid.ErrCorrupt, name)
	case size.X > maxPixels/size.Y:
		return grid.Picture{}, fmt.Errorf("%w: %s measures %d by %d dots", grid.ErrTooLarge, name, size.X, size.Y)
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return grid.Picture{}, fmt.Errorf("%w: %s: %v", grid.ErrCorrupt, name, err)
	}
	grey := image.NewGray(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(grey, grey.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(grey, grey.Rect, m, m.Bounds().Min, draw.Over)
	return grid.Picture{Gray: grey, Name: name}, nil
}
