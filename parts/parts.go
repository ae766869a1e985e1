// Package parts keeps what was extracted as Parquet files, so that a document is
// extracted once for each version of the code and the codebook, and never again.
//
// A store lies in DIR/<version>/<shard>/, the shard being the first two hex digits
// of a document's sha256. Each shard has one file a table: document.parquet,
// report.parquet, cell.parquet, raw_cell.parquet, check_result.parquet and
// finding.parquet, with the schemas of package record, sorted by document. A shard is written whole and put
// in place by a rename, so that it is complete or absent; an interrupted update
// loses at most the shard it was at. The bytes of a shard depend on its documents
// alone, not on the order or the number of updates.
//
//	store := parts.Open("out/parts", version)
//	summary, err := store.Update(ctx, archive.Documents, 1, extractOne, nil)
//	// SELECT * FROM read_parquet('out/parts/<version>/*/cell.parquet')
package parts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow/array/arreflect"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/sync/errgroup"

	"github.com/nianbao/nianbao/record"
)

// Store is the parts of one version.
type Store struct{ root, version string }

// Open names the store of a version below root. Nothing is created yet.
func Open(root, version string) *Store { return &Store{root, version} }

// Dir is the folder of the store's shards.
func (s *Store) Dir() string { return filepath.Join(s.root, s.version) }

// Summary counts what an update did.
type Summary struct {
	Extracted int     // documents extracted by this update
	Kept      int     // documents that were extracted before
	Failed    []error // documents that could not be read from the archive; they are tried again next time
}

// ExtractFunc extracts the document of the given sha256. It is called by as many
// goroutines at a time as the update has workers.
type ExtractFunc func(ctx context.Context, sha256 string) (*record.Extraction, error)

// Update makes the store hold exactly the given documents: it extracts those that
// are missing and drops those that are no longer wanted. A document for which
// extract fails is left out and the rest goes on; a context that ends stops the
// update with its error. Several shards are worked at, one by each worker, which the
// result does not show. Progress, if not nil, is called after each document, by one
// goroutine at a time.
func (s *Store) Update(ctx context.Context, documents []string, workers int, extract ExtractFunc, progress func(done, total int)) (Summary, error) {
	var sum Summary
	if err := os.MkdirAll(s.Dir(), 0o755); err != nil {
		return sum, fmt.Errorf("create the folder of the parts: %w; choose another --out or make it writable", err)
	}
	if err := s.sweep(); err != nil {
		return sum, err
	}
	wanted := map[string][]string{}
	for _, d := range slices.Sorted(slices.Values(documents)) {
		wanted[d[:2]] = append(wanted[d[:2]], d)
	}
	var mu sync.Mutex
	failed := map[string]error{} // by document
	report := func(kept, extracted int, sha string, err error) {
		mu.Lock()
		defer mu.Unlock()
		sum.Kept += kept
		sum.Extracted += extracted
		if err != nil {
			failed[sha] = err
		}
		if progress != nil {
			progress(sum.Kept+sum.Extracted+len(failed), len(documents))
		}
	}
	shards, ctx := errgroup.WithContext(ctx)
	shards.SetLimit(workers)
	for shard := range 256 {
		name := fmt.Sprintf("%02x", shard)
		shards.Go(func() error { return s.updateShard(ctx, name, wanted[name], extract, report) })
	}
	err := shards.Wait()
	for _, sha := range slices.Sorted(maps.Keys(failed)) {
		sum.Failed = append(sum.Failed, failed[sha])
	}
	if err != nil {
		return sum, err
	}
	return sum, s.prune()
}

// updateShard brings one shard up to date, or leaves it alone if it is. It reports how
// many documents are kept, and then each that was extracted or failed.
func (s *Store) updateShard(ctx context.Context, name string, wanted []string, extract ExtractFunc, report func(kept, extracted int, sha string, err error)) error {
	ready, err := s.holds(name, wanted)
	if err != nil {
		return err
	}
	if ready {
		report(len(wanted), 0, "", nil)
		return nil
	}
	have, err := s.read(name)
	if err != nil {
		return err
	}
	kept := have.only(wanted)
	report(len(kept.documents), 0, "", nil)
	extracted := 0
	for _, sha := range wanted {
		if kept.has(sha) {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		x, err := extract(ctx, sha)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			report(0, 0, sha, err)
		default:
			kept.add(x)
			extracted++
			report(0, 1, sha, nil)
		}
	}
	if extracted == 0 && len(kept.documents) == len(have.documents) {
		return nil // nothing but failures
	}
	return s.write(name, kept)
}

// sweep removes what an interrupted update left half written.
func (s *Store) sweep() error {
	leftovers, err := filepath.Glob(filepath.Join(s.Dir(), ".writing-*"))
	for _, l := range leftovers {
		err = errors.Join(err, os.RemoveAll(l))
	}
	return err
}

// prune removes the parts of other versions, which nothing reads any more.
func (s *Store) prune() error {
	entries, err := os.ReadDir(s.root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != s.version {
			if err := os.RemoveAll(filepath.Join(s.root, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// shard is the content of one shard.
type shard struct {
	documents []record.Document
	reports   []record.Report
	cells     []record.Cell
	rawCells  []record.RawCell
	checks    []record.CheckResult
	findings  []record.Finding
}

func (s *shard) has(sha string) bool {
	return slices.ContainsFunc(s.documents, func(d record.Document) bool { return d.SHA256 == sha })
}

func (s *shard) add(x *record.Extraction) {
	s.documents = append(s.documents, x.Document)
	if x.Report != nil {
		s.reports = append(s.reports, *x.Report)
	}
	s.cells = append(s.cells, x.Cells...)
	s.rawCells = append(s.rawCells, x.RawCells...)
	s.checks = append(s.checks, x.Checks...)
	s.findings = append(s.findings, x.Findings...)
}

// only returns the part of the shard that comes from the given documents.
func (s *shard) only(documents []string) *shard {
	in := map[string]bool{}
	for _, d := range documents {
		in[d], in[d[:16]] = true, true // a report's id is the start of its document's sha256
	}
	return &shard{
		documents: filter(s.documents, func(d record.Document) bool { return in[d.SHA256] }),
		reports:   filter(s.reports, func(r record.Report) bool { return in[r.SHA256] }),
		cells:     filter(s.cells, func(c record.Cell) bool { return in[c.ReportID] }),
		rawCells:  filter(s.rawCells, func(c record.RawCell) bool { return in[c.ReportID] }),
		checks:    filter(s.checks, func(c record.CheckResult) bool { return in[c.ReportID] }),
		findings:  filter(s.findings, func(f record.Finding) bool { return in[f.SHA256] }),
	}
}

func filter[T any](rows []T, keep func(T) bool) []T {
	var out []T
	for _, r := range rows {
		if keep(r) {
			out = append(out, r)
		}
	}
	return out
}

// sort brings the rows into document order; rows of one document keep theirs.
func (s *shard) sort() {
	slices.SortStableFunc(s.documents, func(a, b record.Document) int { return cmp.Compare(a.SHA256, b.SHA256) })
	slices.SortStableFunc(s.reports, func(a, b record.Report) int { return cmp.Compare(a.ReportID, b.ReportID) })
	slices.SortStableFunc(s.cells, func(a, b record.Cell) int { return cmp.Compare(a.ReportID, b.ReportID) })
	slices.SortStableFunc(s.rawCells, func(a, b record.RawCell) int { return cmp.Compare(a.ReportID, b.ReportID) })
	slices.SortStableFunc(s.checks, func(a, b record.CheckResult) int { return cmp.Compare(a.ReportID, b.ReportID) })
	slices.SortStableFunc(s.findings, func(a, b record.Finding) int { return cmp.Compare(a.SHA256, b.SHA256) })
}

func (s *Store) write(name string, content *shard) error {
	content.sort()
	temporary, err := os.MkdirTemp(s.Dir(), ".writing-")
	if err != nil {
		return fmt.Errorf("write shard %s: %w", name, err)
	}
	defer os.RemoveAll(temporary)
	err = errors.Join(
		writeParquet(temporary, "document", content.documents),
		writeParquet(temporary, "report", content.reports),
		writeParquet(temporary, "cell", content.cells),
		writeParquet(temporary, "raw_cell", content.rawCells),
		writeParquet(temporary, "check_result", content.checks),
		writeParquet(temporary, "finding", content.findings),
	)
	if err != nil {
		return fmt.Errorf("write shard %s: %w", name, err)
	}
	final := filepath.Join(s.Dir(), name)
	if err := os.RemoveAll(final); err != nil {
		return fmt.Errorf("replace shard %s: %w", name, err)
	}
	return os.Rename(temporary, final)
}

// holds reports whether a shard is of exactly the wanted documents, which are sorted. It
// reads no more than it must.
func (s *Store) holds(name string, wanted []string) (bool, error) {
	dir := filepath.Join(s.Dir(), name)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return len(wanted) == 0, nil
	}
	var documents []record.Document
	if err := readParquet(dir, "document", &documents); err != nil {
		return false, unreadable(dir, err)
	}
	return slices.EqualFunc(documents, wanted, func(d record.Document, sha string) bool { return d.SHA256 == sha }), nil
}

func unreadable(dir string, err error) error {
	return fmt.Errorf("read shard %s: %w; delete the folder and run again, it is extracted anew", dir, err)
}

func (s *Store) read(name string) (*shard, error) {
	dir := filepath.Join(s.Dir(), name)
	content := &shard{}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return content, nil
	}
	err := errors.Join(
		readParquet(dir, "document", &content.documents),
		readParquet(dir, "report", &content.reports),
		readParquet(dir, "cell", &content.cells),
		readParquet(dir, "raw_cell", &content.rawCells),
		readParquet(dir, "check_result", &content.checks),
		readParquet(dir, "finding", &content.findings),
	)
	if err != nil {
		return nil, unreadable(dir, err)
	}
	return content, nil
}

func writeParquet[T any](dir, table string, rows []T) error {
	batch, err := record.Batch(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	defer batch.Release()
	f, err := os.Create(filepath.Join(dir, table+".parquet"))
	if err != nil {
		return err
	}
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCreatedBy("nianbao"))
	w, err := pqarrow.NewFileWriter(batch.Schema(), f, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if err := w.Write(batch); err != nil {
		return errors.Join(err, f.Close())
	}
	return w.Close() // closes the file too
}

func readParquet[T any](dir, table string, into *[]T) error {
	path := filepath.Join(dir, table+".parquet")
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 16}, memory.DefaultAllocator)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	batches, err := reader.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer batches.Release()
	for batches.Next() {
		rows, err := arreflect.RecordToSlice[T](batches.RecordBatch())
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		*into = append(*into, rows...)
	}
	return batches.Err()
}
