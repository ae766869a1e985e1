// Package warehouse builds and reads the DuckDB file of nianbao: the tables, views
// and macros that queries, charts and notebooks rely on.
//
// [Build] takes what crawl and extract left behind (locations and ledger of the
// archive, Parquet parts) and the codebook, and writes Dir/nianbao.duckdb. It builds
// beside the old file, verifies, and renames: readers see the old build or the new,
// never half. Nothing is updated in place; the file can always be rebuilt. The last
// builds are kept in Dir/builds ([Builds], [Rollback], [Accept]). Of one Dir only one
// of these may run at a time.
//
//	result, err := warehouse.Build(ctx, warehouse.Input{Dir: "out/warehouse", Parts: "out/parts", Book: book})
//	db, err := warehouse.Open(ctx, result.Path)
//	err = db.Query(ctx, os.Stdout, rows.CSV, "SELECT * FROM requests WHERE report_year = ?", 2022)
//
// Invariants:
//
//   - The same inputs give the same bytes. The build id names the inputs; a Dir that
//     already holds that build is left alone.
//   - Rows enter only from Parquet through read_parquet. Arrow streams are never
//     registered as views: DuckDB pushes projections into them that they ignore, and
//     returns wrong values without an error.
//   - What is missing stays NULL with a status; no view turns it into a number.
//   - A build that breaks a promise of sql/verify*.sql is refused and names a row.
//   - No network and no extension downloads; an opened warehouse is read-only and
//     has no access to other files.
//
// The SQL stands in sql/*.sql in the order in which it runs; what each table, view and
// column means stands in comments.csv and, as COMMENT, in the file itself.
package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// FileName is the name of the warehouse in its folder.
const FileName = "nianbao.duckdb"

const tempPattern = ".build-*"

// What a build takes: DuckDB's memory, beside which it spills to the folder of the build,
// and how many reports the scripts in ranges take at once.
const (
	memory        = "2GB"
	reportsAtOnce = 50_000
)

// undetermined are the compression methods that give the same rows different bytes: FSST
// samples at random, and those for floating point store padding that they never set.
const undetermined = "fsst,dict_fsst,alp,alprd,chimp,patas"

//go:embed *.go sql/*.sql sql/explain/*.sql comments.csv
var files embed.FS

// Input is what a warehouse is built from.
type Input struct {
	Dir         string               // folder of the warehouse; made if it is absent
	Parts       string               // folder of <shard>/{document,report,cell,raw_cell,check_result,finding}.parquet
	Locations   []record.Location    // of the archive, in any order
	Ledger      []record.LedgerEntry // of the archive, in any order
	Links       Links                // of the documents in the ledger
	Expected    []record.Expectation // of the archive, in any order
	Book        *codebook.Book
	Corrections []codebook.Correction // beside those of the codebook
	Keep        int                   // how many builds are kept of those that served, and of the others; 0: DefaultKeep
	Gate        []Threshold           // how much a build may lose against the one that serves; nil: anything
}

// Links are what the links in the ledger say of their documents. They follow from the
// ledger, so they are read only where something is to be built.
type Links struct {
	Version string               // of the code that reads them
	Read    func() []record.Link // in any order; nil: none are read
}

// Result says what serves after a build.
type Result struct {
	Path      string // of the warehouse
	BuildID   string // sha256 over all inputs, the SQL and the version of DuckDB
	Unchanged bool   // the folder held this build already
	Documents int64
	Reports   int64 // all versions
	Cells     int64
}

// Build makes the warehouse of the input current. A failed or interrupted build
// leaves the old file as it was. A build that is not published is kept; the error is then
// a [*RefusedError], and the result that of the build that serves.
func Build(ctx context.Context, in Input) (Result, error) {
	sources, err := in.sources()
	if err != nil {
		return Result{}, fmt.Errorf("warehouse inputs: %w", err)
	}
	id, err := buildID(sources)
	if err != nil {
		return Result{}, fmt.Errorf("warehouse inputs: %w", err)
	}
	s := store(in.Dir)
	if old, err := readRun(ctx, s.serving()); err == nil && old.BuildID == id {
		old.Unchanged = true
		return old, nil
	}
	built, err := s.replace(ctx, in, sources, id)
	if refused := (*RefusedError)(nil); err != nil && !errors.As(err, &refused) {
		return Result{}, fmt.Errorf("build warehouse %s: %w%s", s.serving(), err, advice(err))
	}
	return built, err
}

// advice is the next step after an error whose text has none: DuckDB passes on what the
// system says of a full disk.
func advice(err error) string {
	for _, full := range []string{"No space left", "no space left", "Disk quota exceeded"} {
		if strings.Contains(err.Error(), full) {
			return "; the old build serves; make room on that disk, a build needs about twice the size of the file, and run it again"
		}
	}
	return ""
}

// replace makes the build of the given id, unless it is kept, and puts it in the place of
// the one that serves, unless that must not be.
func (s store) replace(ctx context.Context, in Input, sources []source, id string) (Result, error) {
	if err := os.MkdirAll(s.builds(), 0o755); err != nil {
		return Result{}, err
	}
	if err := removeLeftovers(in.Dir); err != nil {
		return Result{}, err
	}
	all, err := Builds(ctx, in.Dir)
	if err != nil {
		return Result{}, err
	}
	if all, err = s.adopt(ctx, all); err != nil {
		return Result{}, err
	}
	at := slices.IndexFunc(all, func(k Kept) bool { return k.BuildID == id })
	if at < 0 {
		made, err := s.make(ctx, in.Book, sources, id, all)
		if err != nil {
			return Result{}, err
		}
		at, all = len(all), append(all, made)
	}
	state, reasons, err := s.judge(ctx, all, all[at], in.Gate)
	if err != nil {
		return Result{}, err
	}
	was, built := serving(all), all[at]
	if state == Published {
		built, err = s.publish(all, built)
	} else {
		built, err = s.move(built, built.serial, state)
	}
	if err != nil {
		return Result{}, err
	}
	if all, err = Builds(ctx, in.Dir); err != nil {
		return Result{}, err
	}
	if err := s.prune(all, cmp.Or(in.Keep, DefaultKeep)); err != nil {
		return Result{}, err
	}
	if state == Published {
		return readRun(ctx, s.serving())
	}
	was.Path = s.serving()
	return was.Result, &RefusedError{Build: built, Serving: was, Reasons: reasons}
}

// judge says what is to become of a build, and why it is not published. It is compared
// with the one that serves, or else the last that did.
func (s store) judge(ctx context.Context, all []Kept, k Kept, gate []Threshold) (State, []string, error) {
	if reason := held(all, k); reason != "" {
		return Held, []string{reason}, nil
	}
	was := serving(all)
	for _, other := range all {
		if !was.Serving && other.State == Published && other.BuildID != "" && other.BuildID != k.BuildID {
			was = other
		}
	}
	if was.BuildID == "" || gate == nil {
		return Published, nil, nil
	}
	broken, err := breaches(ctx, was, k, string(s), gate)
	if len(broken) > 0 {
		return Refused, broken, err
	}
	return Published, nil, err
}

// make builds in a temporary folder beside the file that serves, and keeps the build.
func (s store) make(ctx context.Context, book *codebook.Book, sources []source, id string, all []Kept) (Kept, error) {
	temp, err := os.MkdirTemp(string(s), tempPattern)
	if err != nil {
		return Kept{}, err
	}
	defer os.RemoveAll(temp)
	built := filepath.Join(temp, FileName)
	if err := buildFile(ctx, built, sources, id, book); err != nil {
		return Kept{}, err
	}
	if err := syncFile(built); err != nil {
		return Kept{}, err
	}
	k := Kept{State: Built, serial: nextSerial(all), id: id[:12]}
	k.Path = filepath.Join(s.builds(), k.file())
	if err := os.Rename(built, k.Path); err != nil {
		return Kept{}, err
	}
	k.Result, err = readRun(ctx, k.Path)
	return k, err
}

func removeLeftovers(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if match, _ := filepath.Match(tempPattern, e.Name()); match && e.IsDir() {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// buildFile writes a complete, verified warehouse to a path where no file is yet.
func buildFile(ctx context.Context, path string, sources []source, id string, book *codebook.Book) (err error) {
	pool, conn, err := connect(ctx, ":memory:")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), pool.Close()) }()

	// Sampling makes the string compressions fsst and dict_fsst choose at random, and
	// threads insert in the order they finish: both would change the bytes of the file.
	steps := []func() error{
		execute(ctx, conn, "SET disabled_compression_methods = '"+undetermined+"'; SET threads = 1"),
		execute(ctx, conn, "SET memory_limit = '"+memory+"'; SET temp_directory = "+literal(filepath.Dir(path))),
		execute(ctx, conn, "ATTACH "+literal(path)+" AS nianbao; USE nianbao"),
		execute(ctx, conn, "SET VARIABLE build_id = "+literal(id)+"; SET VARIABLE codebook = "+literal(codebook.Version())),
		script(ctx, conn, "sql/01_tables.sql"),
		func() error { return attachSources(ctx, conn, filepath.Dir(path), sources) },
		script(ctx, conn, "sql/02_load.sql"),
		func() error { return verify(ctx, conn, "sql/verify.sql") },
		func() error { return checkGuards(ctx, conn) },
		execute(ctx, conn, "SET enable_external_access = false"),
		script(ctx, conn, "sql/03_quantity.sql"),
		script(ctx, conn, "sql/04_report_views.sql"),
		script(ctx, conn, "sql/05_metric_views.sql"),
		func() error { return inRanges(ctx, conn, "sql/settle.sql", "sql/derive.sql") },
		script(ctx, conn, "sql/06_wide_views.sql"),
		script(ctx, conn, "sql/07_indicators.sql"),
		script(ctx, conn, "sql/08_portal_coverage.sql"),
		script(ctx, conn, "sql/09_between_reports.sql"),
		script(ctx, conn, "sql/10_comparison.sql"),
		func() error { return verify(ctx, conn, "sql/verify_derived.sql") },
		func() error { return comment(ctx, conn, book) },
		execute(ctx, conn, "CHECKPOINT nianbao; USE memory; DETACH nianbao"),
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// inRanges runs scripts for one range of reports after the other, so that what they group
// and sort fits into memory. Up to reportsAtOnce reports are one range.
func inRanges(ctx context.Context, conn *sql.Conn, names ...string) error {
	var firsts, lasts []string
	rows, err := conn.QueryContext(ctx, `
		SELECT min(report_id), max(report_id)
		FROM (SELECT report_id, (row_number() OVER (ORDER BY report_id) - 1) // $1 AS nr FROM report)
		GROUP BY nr ORDER BY nr`, reportsAtOnce)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var first, last string
		if err := rows.Scan(&first, &last); err != nil {
			return err
		}
		firsts, lasts = append(firsts, first), append(lasts, last)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range firsts {
		err := execute(ctx, conn, "SET VARIABLE first_report = "+literal(firsts[i])+"; SET VARIABLE last_report = "+literal(lasts[i]))()
		for _, name := range names {
			err = cmp.Or(err, script(ctx, conn, name)())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func execute(ctx context.Context, conn *sql.Conn, statements string) func() error {
	return func() error {
		if _, err := conn.ExecContext(ctx, statements); err != nil {
			return fmt.Errorf("%s: %w", statements, err)
		}
		return nil
	}
}

func script(ctx context.Context, conn *sql.Conn, name string) func() error {
	return func() error {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
}

// verify refuses a build that breaks a promise of the named SQL.
func verify(ctx context.Context, conn *sql.Conn, name string) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer rows.Close()
	var broken []error
	for rows.Next() {
		var promise string
		var count int64
		var example sql.NullString
		if err := rows.Scan(&promise, &count, &example); err != nil {
			return err
		}
		if count > 0 {
			broken = append(broken, fmt.Errorf("verification failed: %q is broken %d times, as by %q; extract these documents again", promise, count, example.String))
		}
	}
	return errors.Join(append(broken, rows.Err())...)
}

// connect opens one connection to a DuckDB instance that downloads nothing.
func connect(ctx context.Context, dsn string) (*sql.DB, *sql.Conn, error) {
	connector, err := duckdb.NewConnector(dsn, nil)
	if err != nil {
		return nil, nil, err
	}
	pool := sql.OpenDB(connector)
	conn, err := pool.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET TimeZone = 'UTC'")
	}
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return pool, conn, nil
}

// literal quotes a string for SQL.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
