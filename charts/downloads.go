package charts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Query is a question that the program answers by name.
type Query struct{ Name, TitleZH, TitleEN string }

// A download is a file in the folder downloads of the site.
type download struct {
	path, hash string
	bytes      int64
}

// downloads lists what a data package in the folder downloads of the site offers. It is not part of the site: nianbao export puts it there. A
// package of another build is not offered.
func downloads(dir, buildID string) ([]download, error) {
	name := filepath.Join(dir, "downloads", "datapackage.json")
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var pack struct {
		ID        string
		Resources []struct {
			Path, Hash string
			Bytes      int64
		}
	}
	if err := json.Unmarshal(raw, &pack); err != nil {
		return nil, fmt.Errorf("%s: %w; export anew with nianbao export --to %s", name, err, filepath.Dir(name))
	}
	if pack.ID != "sha256:"+buildID {
		return nil, nil
	}
	var out []download
	for _, r := range pack.Resources {
		if filepath.IsLocal(r.Path) {
			out = append(out, download{r.Path, strings.TrimPrefix(r.Hash, "sha256:"), r.Bytes})
		}
	}
	slices.SortStableFunc(out, func(a, b download) int { return strings.Compare(a.path, b.path) })
	return out, nil
}

// dataChapters say how to get the figures, cite them and ask of them.
func (v *view) dataChapters() []chapter {
	files := chapter{ID: "files", Heading: v.say("data_files"), Text: v.says("data_files"), Listing: v.downloadListing()}
	if len(v.store.downloads) == 0 {
		files.Text, files.Listing = v.says("data_export"), v.formatListing()
	}
	cite := chapter{ID: "cite", Heading: v.say("data_cite"), Text: v.says("data_cite", short(v.store.buildID), span(v.first, v.last), v.dataDate())}
	out := []chapter{files,
		{ID: "charts", Heading: v.say("data_charts"), Text: v.says("data_charts")},
		cite,
		{ID: "licence", Heading: v.say("data_licence"), Text: v.says("data_licence")}}
	if len(v.store.queries) > 0 {
		out = append(out, chapter{ID: "queries", Heading: v.say("data_queries"), Text: v.says("data_queries"), Listing: v.queryListing()})
	}
	return append(out, chapter{ID: "connect", Heading: v.say("data_connect"), Text: v.says("data_connect"), Listing: v.connectListing()})
}

// dataDate is the day on which the last document was fetched.
func (v *view) dataDate() string {
	last := "–"
	for _, r := range v.store.reports {
		if r.fetched != "" && (r.fetched > last || last == "–") {
			last = r.fetched
		}
	}
	return last
}

// downloadListing lists the files, with the description of the package and its sums first.
func (v *view) downloadListing() *listing {
	l := v.header("data_file", "data_what", "data_size", "data_hash")
	for _, about := range formats() {
		if name := about.path; name == "datapackage.json" || name == "SHA256SUMS" {
			l.Rows = append(l.Rows, listed{"", [][]item{{{Text: name, Href: "../downloads/" + name}}, plain(v.say(about.key)), nil, nil}})
		}
	}
	for _, about := range formats() {
		for _, d := range v.store.downloads {
			if strings.HasPrefix(d.path, about.path) {
				l.Rows = append(l.Rows, listed{"", [][]item{{{Text: d.path, Href: "../downloads/" + d.path}}, plain(v.say(about.key)), plain(size(d.bytes)), code(d.hash)}})
			}
		}
	}
	return l
}

// formats are what nianbao export writes: a file or folder, and the phrase that says
// what it is.
func formats() []struct{ path, key string } {
	return []struct{ path, key string }{
		{"datapackage.json", "data_package"}, {"SHA256SUMS", "data_sums"}, {"CITATION.cff", "data_citation"}, {"xlsx/", "data_xlsx"},
		{"csv/", "data_csv"}, {"csv-excel/", "data_excel"}, {"parquet/", "data_parquet"},
	}
}

// formatListing says what nianbao export writes.
func (v *view) formatListing() *listing {
	l := v.header("data_file", "data_what")
	for _, f := range formats() {
		l.Rows = append(l.Rows, listed{"", [][]item{code(f.path), plain(v.say(f.key))}})
	}
	return l
}

func (v *view) queryListing() *listing {
	l := v.header("data_query", "data_what")
	for _, q := range v.store.queries {
		l.Rows = append(l.Rows, listed{"query-" + q.Name, [][]item{code("nianbao query " + q.Name), plain(v.pick(q.TitleZH, q.TitleEN))}})
	}
	return l
}

func (v *view) connectListing() *listing {
	l := v.header("data_program", "data_command")
	for _, c := range [][2]string{
		{"nianbao", "nianbao query"},
		{"DuckDB", "duckdb -readonly nianbao.duckdb"},
		{"Python", `duckdb.connect("nianbao.duckdb", read_only=True)`},
		{"R", `dbConnect(duckdb::duckdb(), "nianbao.duckdb", read_only = TRUE)`},
	} {
		l.Rows = append(l.Rows, listed{"", [][]item{plain(c[0]), code(c[1])}})
	}
	return l
}

// size prints a number of bytes in the unit in which it is easily read.
func size(bytes int64) string {
	switch n := float64(bytes); {
	case n < 1e3:
		return fmt.Sprintf("%d B", bytes)
	case n < 1e6:
		return fmt.Sprintf("%.1f kB", n/1e3)
	default:
		return fmt.Sprintf("%.1f MB", n/1e6)
	}
}
