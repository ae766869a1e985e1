package lattice

import "github.com/nianbao/nianbao/extract/grid"

// Open finds tables without ruling lines among texts at places, such as those recognised
// on scans, by the places of their numbers; see [Assemble]. Pages follow each other. The
// locator of each cell is that of its text, of a blank one that of the values of its row.
func Open(pages [][]Char) ([]*grid.Grid, error) {
	var lines [][]*textLine
	for _, chars := range pages {
		onPage, err := textLines(chars)
		if err != nil {
			return nil, err
		}
		lines = append(lines, onPage)
	}
	return openTables(lines), nil
}
