// Command make fills a folder with made-up reports and builds their warehouse:
//
//	go run ./bench/lake/make --out /tmp/lake --cities 340 --departments 4 --from 2008 --to 2025
//	bin/nianbao query --out /tmp/lake "SELECT count(*) FROM cell"
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"

	"github.com/nianbao/nianbao/bench/lake"
	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/parts"
	"github.com/nianbao/nianbao/warehouse"
)

func main() {
	var size lake.Size
	out := flag.String("out", "", "folder to be made")
	flag.IntVar(&size.Cities, "cities", 340, "made-up cities")
	flag.IntVar(&size.Departments, "departments", 4, "departments of each city")
	flag.IntVar(&size.First, "from", 2008, "first year")
	flag.IntVar(&size.Last, "to", 2025, "last year")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := fill(ctx, *out, size); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
}

func fill(ctx context.Context, out string, size lake.Size) error {
	book, err := codebook.Load()
	if err != nil {
		return err
	}
	l := lake.New(book, size)
	start := time.Now()
	store := parts.Open(filepath.Join(out, "parts"), "made-up")
	if _, err := store.Update(ctx, l.Documents(), runtime.NumCPU(), l.Extract, nil); err != nil {
		return err
	}
	fmt.Printf("%d made-up reports in %.1f s\n", len(l.Documents()), time.Since(start).Seconds())
	start = time.Now()
	r, err := warehouse.Build(ctx, warehouse.Input{Dir: filepath.Join(out, "warehouse"), Parts: store.Dir(), Locations: l.Locations(), Book: l.Book})
	if err != nil {
		return err
	}
	fmt.Printf("warehouse of %d reports, %d cells in %.1f s: %s\n", r.Reports, r.Cells, time.Since(start).Seconds(), r.Path)
	return nil
}
