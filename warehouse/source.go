package warehouse

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/version"
)

// A source is one relation that enters the warehouse: Parquet files as they are, or
// rows of this process that write themselves to a Parquet file.
type source struct {
	name  string   // sql/02_load.sql reads it as in_<name>
	files []string // sorted; empty: write makes one
	write func(path string) error
	hash  func(w io.Writer) error
}

func (in Input) sources() ([]source, error) {
	parts := []func(string) (source, error){
		part[record.Document]("document"), part[record.Report]("report"), part[record.Cell]("cell"),
		part[record.RawCell]("raw_cell"), part[record.CheckResult]("check_result"), part[record.Finding]("finding"),
	}
	var all []source
	for _, open := range parts {
		s, err := open(in.Parts)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	shipped, err := in.Book.ShippedCorrections()
	if err != nil {
		return nil, err
	}
	all = append(all, inMemory("location", byAddress(in.Locations)), inMemory("ledger", byEntry(in.Ledger)), in.links(), inMemory("expectation", byPortal(in.Expected)), corrections(slices.Concat(shipped, in.Corrections)))
	return append(all, bookSources(in.Book)...), nil
}

// part finds the files of one kind in every shard. Where there are none, the relation
// is empty but has the columns of T.
func part[T any](name string) func(dir string) (source, error) {
	return func(dir string) (source, error) {
		found, err := fs.Glob(os.DirFS(dir), "[0-9a-f][0-9a-f]/"+name+".parquet")
		if err != nil {
			return source{}, fmt.Errorf("parts %s: %w", dir, err)
		}
		s := inMemory[T](name, nil)
		if len(found) == 0 {
			return s, nil
		}
		for _, f := range found {
			s.files = append(s.files, filepath.Join(dir, filepath.FromSlash(f)))
		}
		s.hash = func(w io.Writer) error { return hashFiles(w, found, s.files) }
		return s, nil
	}
}

// inMemory is a source of rows of this process.
func inMemory[T any](name string, all []T) source {
	return source{
		name:  name,
		write: func(path string) error { return writeParquet(path, all) },
		hash:  func(w io.Writer) error { return json.NewEncoder(w).Encode(all) },
	}
}

func hashFiles(w io.Writer, names, paths []string) error {
	for i, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		fmt.Fprintf(w, "%s %x\n", names[i], h.Sum(nil))
	}
	return nil
}

// buildID identifies all that decides the bytes of the file.
func buildID(sources []source) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, version.Of(files, mapping.LibraryVersion(), codebook.Version()))
	for _, s := range sources {
		fmt.Fprintf(h, "in_%s\n", s.name)
		if err := s.hash(h); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// attachSources makes each source readable as the temporary view in_<name>. It is the
// only way by which rows enter DuckDB.
func attachSources(ctx context.Context, conn *sql.Conn, dir string, sources []source) error {
	for _, s := range sources {
		paths := s.files
		if len(paths) == 0 {
			paths = []string{filepath.Join(dir, s.name+".parquet")}
			if err := s.write(paths[0]); err != nil {
				return fmt.Errorf("write %s: %w", paths[0], err)
			}
		}
		quoted := make([]string, len(paths))
		for i, p := range paths {
			quoted[i] = literal(p)
		}
		view := "CREATE TEMP VIEW in_" + s.name + " AS SELECT * FROM read_parquet([" + strings.Join(quoted, ", ") + "])"
		if _, err := conn.ExecContext(ctx, view); err != nil {
			return fmt.Errorf("read %s of %d files from %s: %w", s.name, len(paths), paths[0], err)
		}
	}
	return nil
}

// writeParquet writes rows with the schema of their type.
func writeParquet[T any](path string, all []T) (err error) {
	schema, err := record.Schema[T]()
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w, err := pqarrow.NewFileWriter(schema, f, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		f.Close()
		return err
	}
	defer func() { err = cmp.Or(err, w.Close()) }() // closes f, too
	if len(all) == 0 {
		return nil
	}
	batch, err := record.Batch(all)
	if err != nil {
		return err
	}
	defer batch.Release()
	return w.Write(batch)
}

func byAddress(all []record.Location) []record.Location {
	return slices.SortedFunc(slices.Values(all), func(a, b record.Location) int {
		return cmp.Or(cmp.Compare(a.URL, b.URL), cmp.Compare(a.SHA256, b.SHA256), cmp.Compare(a.Portal, b.Portal),
			cmp.Compare(a.FetchedAt, b.FetchedAt))
	})
}

func byEntry(all []record.LedgerEntry) []record.LedgerEntry {
	return slices.SortedFunc(slices.Values(all), func(a, b record.LedgerEntry) int {
		return cmp.Or(cmp.Compare(a.URL, b.URL), cmp.Compare(a.Portal, b.Portal), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.FoundOn, b.FoundOn), cmp.Compare(a.SHA256, b.SHA256))
	})
}

// links is the source of what links say; the ledger and the version stand for it in the
// build id.
func (in Input) links() source {
	return source{
		name: "link",
		write: func(path string) error {
			if in.Links.Read == nil {
				return writeParquet[record.Link](path, nil)
			}
			return writeParquet(path, byURL(in.Links.Read()))
		},
		hash: func(w io.Writer) error { _, err := io.WriteString(w, in.Links.Version); return err },
	}
}

func byURL(all []record.Link) []record.Link {
	return slices.SortedFunc(slices.Values(all), func(a, b record.Link) int { return cmp.Compare(a.URL, b.URL) })
}

func byPortal(all []record.Expectation) []record.Expectation {
	year := func(e record.Expectation) int32 {
		if e.ReportYear == nil {
			return 0
		}
		return *e.ReportYear
	}
	return slices.SortedFunc(slices.Values(all), func(a, b record.Expectation) int {
		return cmp.Or(cmp.Compare(a.Portal, b.Portal), cmp.Compare(year(a), year(b)))
	})
}
