package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// DB is a warehouse opened for reading. Its methods may be called from several
// goroutines but run one after the other.
type DB struct {
	pool *sql.DB
	conn *sql.Conn
}

// Open opens the warehouse file at path. Nothing that runs in it can change the file,
// read or write another, or load an extension.
func Open(ctx context.Context, path string) (*DB, error) { return openWith(ctx, path, "") }

// OpenBounded is Open for work on all rows: DuckDB keeps to 400 MB of memory and puts
// what is more into the folder spill, which must be there.
func OpenBounded(ctx context.Context, path, spill string) (*DB, error) {
	return openWith(ctx, path, "SET memory_limit = '400MB'; SET temp_directory = "+literal(spill)+"; ")
}

func openWith(ctx context.Context, path, settings string) (*DB, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	pool, conn, err := connect(ctx, ":memory:")
	if err != nil {
		return nil, fmt.Errorf("open warehouse %s: %w", path, err)
	}
	db := &DB{pool: pool, conn: conn}
	_, err = conn.ExecContext(ctx, settings+"ATTACH "+literal(path)+" AS nianbao (READ_ONLY); USE nianbao; "+
		"SET enable_external_access = false; SET lock_configuration = true")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open warehouse %s: %w; build it again with `nianbao build`", path, err), db.Close())
	}
	return db, nil
}

// Close releases the file.
func (db *DB) Close() error { return errors.Join(db.conn.Close(), db.pool.Close()) }

// checkFile refuses what DuckDB would name badly: a missing file and a foreign one.
// A DuckDB file has the bytes DUCK after its 8-byte checksum.
func checkFile(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no warehouse at %s: run `nianbao run` or `nianbao build` first: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	defer f.Close()
	head := make([]byte, 12)
	if _, err := io.ReadFull(f, head); err != nil || string(head[8:]) != "DUCK" {
		return fmt.Errorf("open warehouse %s: not a DuckDB file; build it again with `nianbao build`", path)
	}
	return nil
}

// readRun returns what the run table of the warehouse at path says.
func readRun(ctx context.Context, path string) (Result, error) {
	db, err := Open(ctx, path)
	if err != nil {
		return Result{}, err
	}
	defer db.Close()
	r := Result{Path: path}
	err = db.conn.QueryRowContext(ctx, "SELECT build_id, documents, reports, cells FROM run").
		Scan(&r.BuildID, &r.Documents, &r.Reports, &r.Cells)
	if err != nil {
		return Result{}, fmt.Errorf("read run of %s: %w", path, err)
	}
	return r, nil
}
