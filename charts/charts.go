// Package charts builds the static comparison site from the warehouse, in Chinese and in
// English: pages on which a reader picks bodies (explore, outcomes, disputes), all cities
// and provinces at a glance, a page for each place with every number of its reports, and
// what they mean, what changed and how to get them. Each chart has its table and CSV.
//
// The site opens from file:// and makes no request outside its folder. Every page
// is our own html/template under a strict content security policy; go-echarts only
// builds the options, which lie beside the pages as classic scripts.
//
// It keeps these promises:
//
//   - One chart holds one scope (whose requests are counted), named in its subtitle.
//   - Missing is drawn as missing. A value that was not printed is a gap with its
//     state in words, never a zero; a line is broken where a year is absent and where
//     [codebook.Break] says that the years are not comparable.
//   - A value that the form's own arithmetic contradicts has a hollow mark.
//   - A rate shows its numerator and denominator; below the indicator's minimum it is
//     not drawn.
//   - Chart, tooltip, table and CSV show the same value, read from the warehouse.
//   - The same warehouse gives the same bytes.
//
// On the pages explore, outcomes and disputes the reader picks scope, measure, years and
// bodies. state.js reads and writes the pick in the address, series.js and plots.js fill
// the frame of a chart (pickFrame) from the data scripts, picker.js has the controls and
// export.js what a reader takes away. The first three run in Go too, see package svg,
// so that the picture without scripts and the live chart are of one option: data-hash of
// the plot is the same in both. embed.html shows one chart of these pages elsewhere.
//
// It refuses to draw more than [maxDrawn] authorities in one chart; the chart's CSV file
// has those that it draws, the data scripts have all. Text from the warehouse is hostile:
// it reaches a page only through html/template, and a chart only as JSON that the page
// draws as text.
//
//	book, _ := codebook.Load()
//	res, err := charts.Build(ctx, charts.Input{Warehouse: "out/warehouse/nianbao.duckdb", Book: book, Dir: "out/site"})
package charts

import (
	"context"
	"fmt"

	"github.com/nianbao/nianbao/codebook"
)

// Input says what to build the site from and where to.
type Input struct {
	Warehouse string         // path of the DuckDB file; opened read-only
	Book      *codebook.Book // labels, breaks and definitions
	Dir       string         // folder of the site; made when absent
	Changes   *Changes       // since the build before; nil where there is none
	Queries   []Query        // that the program answers by name
}

// Result counts what Build did.
type Result struct {
	Pages     int // HTML pages of the site
	Written   int // files that are new or changed
	Unchanged int // files that already had these bytes
	Removed   int // files of an earlier build that are no longer part of the site
}

// Build writes the site of the warehouse to in.Dir. Files that already have the
// right bytes are left alone; files that only an earlier build produced are removed;
// files that no build produced are never touched.
func Build(ctx context.Context, in Input) (Result, error) {
	store, err := read(ctx, in.Warehouse, in.Book)
	if err != nil {
		return Result{}, fmt.Errorf("read warehouse %s: %w", in.Warehouse, err)
	}
	defer store.db.Close()
	store.changes, store.queries = in.Changes, in.Queries
	if store.downloads, err = downloads(in.Dir, store.buildID); err != nil {
		return Result{}, fmt.Errorf("downloads: %w", err)
	}
	output, err := newPublisher(in.Dir)
	if err != nil {
		return Result{}, fmt.Errorf("write site %s: %w", in.Dir, err)
	}
	defer output.root.Close()
	if err := render(ctx, store, in.Book, output); err != nil {
		return output.result, fmt.Errorf("site %s of build %s: %w", in.Dir, store.buildID, err)
	}
	res, err := output.finish(store.buildID)
	if err != nil {
		return res, fmt.Errorf("write site %s: %w", in.Dir, err)
	}
	return res, nil
}
