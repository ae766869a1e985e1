// Command site builds the site of a warehouse, such as that of bench/lake/make, and says
// what it took and whether its files keep to the budgets:
//
//	go run ./bench/lake/make --out /tmp/lake
//	go run ./bench/site --warehouse /tmp/lake/warehouse/nianbao.duckdb --out /tmp/lake/site
//
// It ends with 1 where a file is larger than its budget, as a web server sends it, or
// where the build held more memory than allowed.
package main

import (
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"github.com/nianbao/nianbao/charts"
	"github.com/nianbao/nianbao/codebook"
)

// Budgets in bytes, of gzip except for memory.
const (
	fileBudget   = 40 << 10  // of a page and of a data script
	firstBudget  = 600 << 10 // of what the first page loads
	memoryBudget = 1 << 30
)

func main() {
	warehouse := flag.String("warehouse", "", "DuckDB file")
	out := flag.String("out", "", "folder of the site, to be made")
	flag.Parse()
	debug.SetGCPercent(400) // as nianbao does
	debug.SetMemoryLimit(350 << 20)
	over, err := measure(*warehouse, *out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
	}
	if err != nil || over > 0 {
		os.Exit(1)
	}
}

// measure prints what the build took and returns how many budgets it exceeds.
func measure(warehouse, out string) (over int, err error) {
	book, err := codebook.Load()
	if err != nil {
		return 0, err
	}
	start := time.Now()
	r, err := charts.Build(context.Background(), charts.Input{Warehouse: warehouse, Book: book, Dir: out})
	if err != nil {
		return 0, err
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0, err
	}
	memory := used.Maxrss << 10 // of KiB, on Linux
	fmt.Printf("%d pages, %d files: %.1f s, %.1f s of CPU, %d MB at most\n", r.Pages, r.Written+r.Unchanged, time.Since(start).Seconds(),
		time.Duration(used.Utime.Nano()+used.Stime.Nano()).Seconds(), memory>>20)
	if memory > memoryBudget {
		fmt.Printf("OVER the budget of %d MB\n", memoryBudget>>20)
		over++
	}
	sizes, err := zippedSizes(out)
	if err != nil {
		return over, err
	}
	return over + report(out, sizes), nil
}

// zippedSizes are the sizes of the pages and scripts of a site, by their paths in it.
func zippedSizes(out string) (map[string]int64, error) {
	sizes := map[string]int64{}
	err := filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if kind := path.Ext(name); err != nil || kind != ".html" && kind != ".js" && kind != ".css" {
			return err
		}
		in, err := filepath.Rel(out, name)
		if err == nil {
			sizes[filepath.ToSlash(in)], err = zipped(name)
		}
		return err
	})
	return sizes, err
}

func zipped(name string) (int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var n counter
	w := gzip.NewWriter(&n)
	if _, err := io.Copy(w, f); err != nil {
		return 0, err
	}
	return int64(n), w.Close()
}

// A counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

var loads = regexp.MustCompile(`(?:src|<link rel="stylesheet" href)="\.\./([^"]+)"`)

// report prints the largest files, and what the home page loads, and counts what exceeds a budget.
func report(out string, sizes map[string]int64) (over int) {
	var names []string
	for name := range sizes {
		if path.Ext(name) == ".html" || path.Dir(name) != "assets" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return int(sizes[b] - sizes[a]) })
	for i, name := range names {
		exceeds := sizes[name] > fileBudget
		if exceeds {
			over++
		}
		if i < 5 || exceeds && i < 40 {
			fmt.Printf("%7.1f KB %s%s\n", float64(sizes[name])/1024, name, map[bool]string{true: "  OVER the budget of 40 KB"}[exceeds])
		}
	}
	for _, page := range []string{"zh/index.html", "en/index.html"} {
		raw, err := os.ReadFile(filepath.Join(out, page))
		if err != nil {
			fmt.Println(err)
			over++
			continue
		}
		total := sizes[page]
		for _, m := range loads.FindAllStringSubmatch(string(raw), -1) {
			total += sizes[m[1]]
		}
		fmt.Printf("%7.1f KB %s with all it loads\n", float64(total)/1024, page)
		if total > firstBudget {
			fmt.Println("OVER the budget of 600 KB")
			over++
		}
	}
	return over
}
