// Package export writes a warehouse as files that other programs read and that can be
// cited: Parquet in Hive partitions, CSV as it is and for Excel, one XLSX workbook, a
// Frictionless data package, checksums, CITATION.cff and notes.
//
//	sum, err := export.Write(ctx, db, "out/export", func(done, total int, now string) {})
//
// Of one folder only one export may run at a time.
//
// What is exported stands in resources.csv: SQL, keys, references and formats of each
// table. What the columns mean is taken from the COMMENTs of the warehouse.
//
// Invariants:
//
//   - The same build gives the same bytes: rows have an order, and no file holds a time of day.
//   - The folder is written beside and swapped. A file that did not change is kept as it is.
//   - A folder that holds anything but an export is refused: it would be lost.
//   - One partition is in memory at a time, never a whole table of cells.
package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

// sums is the name of the list of all other files with their sha256.
const sums = "SHA256SUMS"

// Summary says what an export came to.
type Summary struct {
	Files, Changed int
	Bytes          int64
	LeftOut        []string // what a format could not hold, one sentence each
}

// Progress is told how many of the steps are done and which comes now.
type Progress func(done, total int, now string)

// An export is one that is being written.
type export struct {
	db    *warehouse.DB
	dir   string // a temporary folder
	build build
	files map[string]file // by their path in the export, with slashes
	tell  Progress
	done  int
	total int

	resources []*resource
	workbook  *rows.Workbook
	leftOut   []string
}

// Write makes dir the export of the warehouse.
func Write(ctx context.Context, db *warehouse.DB, dir string, tell Progress) (sum Summary, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("export to %s: %w", dir, err)
		}
	}()
	parent, prefix := filepath.Dir(filepath.Clean(dir)), "."+filepath.Base(dir)+".export-"
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return sum, err
	}
	if err := recoverFrom(parent, prefix, dir); err != nil {
		return sum, err
	}
	old, err := read(dir)
	if err != nil {
		return sum, err
	}
	temp, err := os.MkdirTemp(parent, prefix+"*")
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	e := &export{db: db, dir: filepath.Join(temp, "new"), files: map[string]file{}, tell: tell}
	if err := e.write(ctx); err != nil {
		return sum, err
	}
	if sum, err = e.keepOld(dir, old); err != nil || sum.Changed == 0 && len(old) == len(e.files) {
		return sum, err
	}
	return sum, swap(e.dir, dir, filepath.Join(temp, "old"))
}

func (e *export) write(ctx context.Context) (err error) {
	if e.build, err = readBuild(ctx, e.db); err != nil {
		return err
	}
	if e.resources, err = e.load(ctx); err != nil {
		return err
	}
	if e.workbook, err = rows.NewWorkbook(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.workbook.Close()) }()
	if err := e.codebookSheet(); err != nil {
		return err
	}
	for _, r := range e.resources {
		e.total += len(r.parts)
	}
	for _, r := range e.resources {
		if err := e.table(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	e.tell(e.done, e.total, "nianbao.xlsx")
	if err := e.file("xlsx/nianbao.xlsx", func(f *sink) error { _, err := e.workbook.WriteTo(f); return err }); err != nil {
		return err
	}
	return e.notes()
}

// keepOld takes from dir the files that have the bytes of the new ones.
func (e *export) keepOld(dir string, old map[string]string) (Summary, error) {
	sum := Summary{Files: len(e.files), LeftOut: e.leftOut}
	for name, f := range e.files {
		sum.Bytes += f.bytes
		if old[name] != f.sha256 {
			sum.Changed++
		} else if err := e.keep(dir, name); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// keep puts the old file, which has the same bytes, in place of the new one.
func (e *export) keep(dir, name string) error {
	fresh := filepath.Join(e.dir, filepath.FromSlash(name))
	if err := os.Remove(fresh); err != nil {
		return err
	}
	return os.Link(filepath.Join(dir, filepath.FromSlash(name)), fresh)
}

// swap puts fresh in the place of dir.
func swap(fresh, dir, aside string) error {
	err := os.Rename(dir, aside)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	had := err == nil
	if err := os.Rename(fresh, dir); err != nil {
		if had {
			err = errors.Join(err, os.Rename(aside, dir))
		}
		return err
	}
	return nil
}

// recoverFrom removes what killed exports to dir left. Where one was killed between its
// two renames, the old export is put back.
func recoverFrom(parent, prefix, dir string) error {
	left, err := os.ReadDir(parent)
	for _, l := range left {
		if !strings.HasPrefix(l.Name(), prefix) {
			continue
		}
		path := filepath.Join(parent, l.Name())
		if _, gone := os.Stat(dir); errors.Is(gone, os.ErrNotExist) {
			if old := os.Rename(filepath.Join(path, "old"), dir); !errors.Is(old, os.ErrNotExist) {
				err = errors.Join(err, old)
			}
		}
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

// read returns the sha256 of every file of the export in dir, none where there is no
// dir, and an error where it holds anything else.
func read(dir string) (map[string]string, error) {
	held := map[string]string{}
	text, err := os.ReadFile(filepath.Join(dir, sums))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listed := map[string]bool{sums: err == nil}
	for line := range strings.Lines(string(text)) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			listed[name] = true
		}
	}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if !listed[name] {
			return fmt.Errorf("%s is no file of an export; move it away or choose another folder with --to", path)
		}
		held[name], err = hashOf(path)
		return err
	})
	if errors.Is(err, os.ErrNotExist) {
		return held, nil
	}
	return held, err
}

// names are the paths of the files, sorted.
func (e *export) names() []string {
	names := make([]string, 0, len(e.files))
	for name := range e.files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
