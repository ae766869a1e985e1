package warehouse

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/rows"
)

//go:embed gate.csv sql/diff/*.sql
var diffFiles embed.FS

// Comparisons are what [Diff] can print of two builds.
var Comparisons = []string{"summary", "reports", "cells", "identities", "gate"}

// A Threshold says how much of what a measure of sql/diff/gate.sql counts a new build may
// lose: MaxShare of what the old one had or MaxCount, whichever is more.
type Threshold struct {
	Measure  string  `csv:"measure"`
	MaxShare float64 `csv:"max_share"` // 0 to 1
	MaxCount int64   `csv:"max_count"`
	Reason   string  `csv:"reason"` // why a loss needs a person
}

// Thresholds are those of gate.csv, and in their place those of the file at path, if it is
// not empty.
func Thresholds(path string) ([]Threshold, error) {
	text, err := diffFiles.ReadFile("gate.csv")
	if err != nil {
		return nil, err
	}
	var all, own []Threshold
	if err := csvutil.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("gate.csv: %w", err)
	}
	if path == "" {
		return all, nil
	}
	if text, err = os.ReadFile(path); err != nil {
		return nil, fmt.Errorf("thresholds of the gate: %w", err)
	}
	if err := csvutil.Unmarshal(text, &own); err != nil {
		return nil, fmt.Errorf("thresholds %s: %w; the columns are measure,max_share,max_count,reason", path, err)
	}
	for i, t := range own {
		at := slices.IndexFunc(all, func(other Threshold) bool { return other.Measure == t.Measure })
		if at < 0 || !(t.MaxShare >= 0 && t.MaxShare <= 1) || t.MaxCount < 0 {
			return nil, fmt.Errorf("thresholds %s, row %d: %q, %v, %d: needs a measure of gate.csv, a share from 0 to 1 and a count from 0", path, i+1, t.Measure, t.MaxShare, t.MaxCount)
		}
		all[at] = t
	}
	return all, nil
}

// Diff prints one of the [Comparisons] of two kept builds of the folder dir, named as
// for [Rollback]. Without names these are the one that serves and the newest, if that
// waits, else the one that served before and the one that serves; with one name it is
// that build and the one that serves. The older is the old one.
func Diff(ctx context.Context, w io.Writer, format rows.Format, dir, what string, gate []Threshold, names ...string) error {
	all, err := Builds(ctx, dir)
	if err != nil {
		return err
	}
	old, new, err := pair(all, names)
	if err != nil {
		return fmt.Errorf("diff: %w", err)
	}
	sql, err := diffFiles.ReadFile("sql/diff/" + what + ".sql")
	if err != nil {
		return fmt.Errorf("diff: nothing called %q; there are %s", what, strings.Join(Comparisons, ", "))
	}
	db, err := openDiff(ctx, old.Path, new.Path, os.TempDir(), gate)
	if err != nil {
		return fmt.Errorf("diff %s %s: %w", old.Name(), new.Name(), err)
	}
	defer db.Close()
	return db.Query(ctx, w, format, string(sql))
}

// pair chooses the two builds of a comparison.
func pair(all []Kept, names []string) (old, new Kept, err error) {
	readable := func(k Kept) bool { return k.BuildID != "" }
	now := serving(all)
	switch len(names) {
	case 2:
		old, err = pick(all, names[0], nil)
		if err == nil {
			new, err = pick(all, names[1], nil)
		}
		return old, new, err
	case 1:
		old, new = now, now
		named, err := pick(all, names[0], nil)
		if named.serial > now.serial {
			new = named
		} else {
			old = named
		}
		return old, new, err
	}
	if new, err = pick(all, "", readable); err != nil {
		return old, new, err
	}
	if !new.Serving {
		return now, new, nil
	}
	old, err = pick(all, "", func(k Kept) bool { return readable(k) && k.State == Published && k.serial < new.serial })
	return old, new, err
}

// openDiff attaches two builds as old and new, with what sql/diff/prepare.sql makes of
// them and the thresholds. Work that does not fit in memory goes to a folder in temp.
func openDiff(ctx context.Context, old, new, temp string, gate []Threshold) (*DB, error) {
	pool, conn, err := connect(ctx, ":memory:")
	if err != nil {
		return nil, err
	}
	db := &DB{pool: pool, conn: conn}
	var thresholds strings.Builder
	for _, t := range gate {
		fmt.Fprintf(&thresholds, "INSERT INTO threshold VALUES (%s, %s, %d, %s);", literal(t.Measure), strconv.FormatFloat(t.MaxShare, 'f', -1, 64), t.MaxCount, literal(t.Reason))
	}
	prepare, err := diffFiles.ReadFile("sql/diff/prepare.sql")
	for _, statements := range []string{
		"SET temp_directory = " + literal(filepath.Join(temp, fmt.Sprintf(".nianbao-diff-%d", os.Getpid()))),
		"ATTACH " + literal(old) + " AS old (READ_ONLY)",
		"ATTACH " + literal(new) + " AS new (READ_ONLY)",
		"CREATE TEMP TABLE threshold (measure VARCHAR, max_share DOUBLE, max_count BIGINT, reason VARCHAR)",
		thresholds.String(),
		string(prepare),
	} {
		if err == nil && statements != "" {
			_, err = conn.ExecContext(ctx, statements)
		}
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// breaches says what a new build loses beyond the thresholds. A build that cannot be
// compared, because the tables differ, breaks them, too.
func breaches(ctx context.Context, old, new Kept, temp string, gate []Threshold) ([]string, error) {
	db, err := openDiff(ctx, old.Path, new.Path, temp, gate)
	if err == nil {
		defer db.Close()
		var broken []string
		if broken, err = db.broken(ctx); err == nil {
			return broken, nil
		}
	}
	var known *duckdb.Error
	if errors.As(err, &known) && (known.Type == duckdb.ErrorTypeBinder || known.Type == duckdb.ErrorTypeCatalog) {
		return []string{fmt.Sprintf("it cannot be compared with %s, whose tables are others: %v", old.Name(), err)}, nil
	}
	return nil, fmt.Errorf("compare build %s with %s: %w", new.Name(), old.Name(), err)
}

// broken reads the broken thresholds.
func (db *DB) broken(ctx context.Context) ([]string, error) {
	sql, err := diffFiles.ReadFile("sql/diff/gate.sql")
	if err != nil {
		return nil, err
	}
	found, err := db.conn.QueryContext(ctx, "SELECT measure, part, base, lost, allowed, examples, reason FROM ("+string(sql)+") WHERE broken")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []string
	for found.Next() {
		var measure, part, examples, reason string
		var base, lost, allowed int64
		if err := found.Scan(&measure, &part, &base, &lost, &allowed, &examples, &reason); err != nil {
			return nil, err
		}
		line := fmt.Sprintf("%s: %d of %d, at most %d. %s", strings.TrimSpace(measure+" "+part), lost, base, allowed, reason)
		if examples != "" {
			line += "\n    " + strings.ReplaceAll(examples, "; ", "\n    ")
		}
		all = append(all, line)
	}
	return all, found.Err()
}
