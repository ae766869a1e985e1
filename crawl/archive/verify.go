package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/nianbao/nianbao/crawl/archive/warc"
)

// A Damage is something in the archive that is not as it was stored.
type Damage struct {
	Path     string
	Offset   int64  // of the damaged WARC record, in bytes; -1: the file as a whole
	Address  string // one that the damaged bytes belong to; "" if none is known
	Problem  string
	NextStep string
}

// Verified counts what Verify read.
type Verified struct {
	Objects, Records int64
	Bytes, Total     int64 // read so far; to be read
	Damaged          int
}

// Next steps for damage.
const (
	fetchAnew = "crawl again: it is fetched anew"
	restore   = "restore the file from a copy; the documents themselves are in objects"
	replay    = "restore it from a copy, or rebuild the archive in another folder: nianbao crawl --replay"
)

// Verify reads the ledger, every object against its name and every WARC record against its digest
// and checksum, and looks for each that the ledger names. It reports damage as it finds
// it, and progress after each file and record. Damaged objects are noted in the ledger,
// so that the next crawl fetches them anew. An error means that it could not go on.
func (a *Archive) Verify(ctx context.Context, progress func(Verified), report func(Damage)) (Verified, error) {
	v := verification{Archive: a, ctx: ctx, progress: progress, report: report}
	err := a.finish()
	for _, step := range []func() error{v.measure, v.readLedger, v.readObjects, v.missingObjects, v.readRecords} {
		if err == nil {
			err = step()
		}
	}
	return v.Verified, err
}

// verification is one Verify.
type verification struct {
	*Archive
	Verified
	ctx      context.Context
	progress func(Verified)
	report   func(Damage)
}

func (v *verification) damage(d Damage) {
	v.Damaged++
	v.report(d)
}

// read counts bytes and asks whether to go on.
func (v *verification) read(n int64) error {
	v.Bytes += n
	v.progress(v.Verified)
	return v.ctx.Err()
}

func (v *verification) measure() error {
	for _, dir := range []string{v.objects(), v.WARC()} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				v.Total += info.Size()
			}
			return errors.Join(err, v.ctx.Err())
		})
		if err != nil {
			return fmt.Errorf("measuring %s: %w", dir, err)
		}
	}
	return nil
}

// readLedger lets SQLite look for damage of its file.
func (v *verification) readLedger() error {
	path := filepath.Join(v.dir, "ledger.sqlite")
	return v.rows(v.ctx, "reading ledger", `PRAGMA quick_check(10)`, nil, func(r *sql.Rows) error {
		var problem string
		err := r.Scan(&problem)
		if err == nil && problem != "ok" {
			v.damage(Damage{Path: path, Offset: -1, Problem: problem, NextStep: replay})
		}
		return err
	})
}

// readObjects reads every object that is there.
func (v *verification) readObjects() error {
	return filepath.WalkDir(v.objects(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		sum, n, err := hashFile(path)
		if err != nil {
			return fmt.Errorf("reading object: %w", err)
		}
		v.Objects++
		sha := d.Name()
		if want, err := v.path(sha); err != nil || want != path {
			v.damage(Damage{Path: path, Offset: -1, Problem: "is no object: its name is not a sha256 in its folder", NextStep: "delete the file"})
		} else if sum != sha {
			if err := v.damagedObject(sha, path, "its bytes do not match its name"); err != nil {
				return err
			}
		}
		return v.read(n)
	})
}

func hashFile(path string) (sum string, n int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

func (v *verification) damagedObject(sha, path, problem string) error {
	if _, err := v.db.ExecContext(v.ctx, `INSERT OR IGNORE INTO damaged (sha256) VALUES (?)`, sha); err != nil {
		return fmt.Errorf("noting damage: %w", err)
	}
	d := Damage{Path: path, Offset: -1, Problem: problem, NextStep: fetchAnew}
	err := v.rows(v.ctx, "looking for the address of an object", `SELECT min(url) FROM version WHERE sha256 = ?`, []any{sha}, func(r *sql.Rows) error {
		var url *string
		err := r.Scan(&url)
		if url != nil {
			d.Address = *url
		}
		return err
	})
	v.damage(d)
	return err
}

// missingObjects looks for the objects that the ledger names.
func (v *verification) missingObjects() error {
	for after := int64(-1); ; {
		var shas []string
		err := v.rows(v.ctx, "listing objects", `SELECT rowid, sha256 FROM version WHERE rowid > ? ORDER BY rowid LIMIT ?`,
			[]any{after, workPage}, func(r *sql.Rows) error {
				var sha string
				err := r.Scan(&after, &sha)
				shas = append(shas, sha)
				return err
			})
		if err != nil || len(shas) == 0 {
			return err
		}
		for _, sha := range shas {
			path, err := v.path(sha)
			if err != nil {
				return err
			}
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				if err := v.damagedObject(sha, path, "no such file"); err != nil {
					return err
				}
			}
		}
	}
}

// readRecords reads every WARC file, and looks for the records that the ledger names.
func (v *verification) readRecords() error {
	files, err := warc.Files(v.WARC())
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, path := range files {
		names[filepath.Base(path)] = true
		if err := v.file(path); err != nil {
			return err
		}
	}
	return v.rows(v.ctx, "listing WARC files", `SELECT warc, min(url) FROM payload GROUP BY warc`, nil, func(r *sql.Rows) error {
		var name, url string
		err := r.Scan(&name, &url)
		if err == nil && !names[name] {
			v.damage(Damage{Path: filepath.Join(v.WARC(), name), Offset: -1, Address: url, Problem: "no such file", NextStep: restore})
		}
		return err
	})
}

func (v *verification) file(path string) error {
	r, err := warc.Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	var whole []int64 // offsets of whole records, ascending
	var broken []int64
	for end := int64(0); ; {
		record, err := r.Next()
		var damage *warc.Damage
		switch {
		case errors.Is(err, io.EOF):
			return v.named(path, whole, broken)
		case errors.As(err, &damage):
			broken = append(broken, damage.Offset)
			v.damage(Damage{Path: path, Offset: damage.Offset, Problem: damage.Err.Error(), NextStep: restore})
			continue
		case err != nil:
			return err
		}
		v.Records++
		whole = append(whole, record.Offset)
		if err := v.read(record.End - end); err != nil {
			return err
		}
		end = record.End
	}
}

// named looks, in a file, for the records that the ledger names, but for those that are
// known to be broken.
func (v *verification) named(path string, whole, broken []int64) error {
	return v.rows(v.ctx, "listing WARC records", `SELECT url, warc_offset FROM payload WHERE warc = ?`, []any{filepath.Base(path)}, func(r *sql.Rows) error {
		var url string
		var offset int64
		err := r.Scan(&url, &offset)
		_, found := slices.BinarySearch(whole, offset)
		if err == nil && !found && !slices.Contains(broken, offset) {
			v.damage(Damage{Path: path, Offset: offset, Address: url, Problem: "the record that the ledger names is not there", NextStep: restore})
		}
		return err
	})
}
