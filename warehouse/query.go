package warehouse

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/duckdb/duckdb-go/v2"

	"github.com/nianbao/nianbao/rows"
)

// A Sink takes the rows of a query. Close ends it; after an error it is not called, so
// that nothing cut short looks whole.
type Sink interface {
	Write(arrow.RecordBatch) error
	Close() error
}

// Query runs SQL and prints the rows of its last statement as they come. A question
// mark in that statement stands for the argument of its turn, $name for the
// [database/sql.NamedArg] of that name. Where the SQL itself is refused nothing is printed.
func (db *DB) Query(ctx context.Context, w io.Writer, format rows.Format, sql string, args ...any) error {
	return db.Stream(ctx, func(schema *arrow.Schema) (Sink, error) { return rows.NewWriter(w, format, schema) }, sql, args...)
}

// Stream runs SQL and hands the rows of its last statement, batch by batch as they
// come, to the sink that begin makes of their schema.
func (db *DB) Stream(ctx context.Context, begin func(*arrow.Schema) (Sink, error), sql string, args ...any) error {
	err := db.conn.Raw(func(conn any) error {
		return stream(ctx, conn.(driver.Conn), begin, sql, args)
	})
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

func stream(ctx context.Context, conn driver.Conn, begin func(*arrow.Schema) (Sink, error), sql string, args []any) error {
	arrowConn, err := duckdb.NewArrowFromConn(conn)
	if err != nil {
		return err
	}
	reader, err := arrowConn.QueryContext(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer reader.Release()
	sink, err := begin(reader.Schema())
	if err != nil {
		return err
	}
	for reader.Next() {
		if err := sink.Write(reader.RecordBatch()); err != nil {
			return err
		}
	}
	if err := errors.Join(reader.Err(), ctx.Err()); err != nil {
		return err
	}
	return sink.Close()
}

// Parameters are the names that the last statement of the SQL has values bound to, in the
// order of their first use: name of $name, 1 of the first question mark.
func (db *DB) Parameters(ctx context.Context, sql string) (names []string, err error) {
	err = db.conn.Raw(func(conn any) error {
		prepared, err := conn.(*duckdb.Conn).PrepareContext(ctx, sql)
		if err != nil {
			return err
		}
		defer prepared.Close()
		for i := range prepared.NumInput() {
			name, err := prepared.(*duckdb.Stmt).ParamName(i + 1)
			if err != nil {
				return err
			}
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return names, nil
}

// Words are what SQL on the warehouse is made of: tables, views, columns, macros and keywords.
func (db *DB) Words(ctx context.Context) ([]string, error) {
	return db.list(ctx, `
		SELECT word FROM (
			SELECT table_name AS word FROM duckdb_columns() WHERE database_name = 'nianbao'
			UNION SELECT column_name FROM duckdb_columns() WHERE database_name = 'nianbao'
			UNION SELECT function_name FROM duckdb_functions() WHERE database_name = 'nianbao'
			UNION SELECT upper(keyword_name) FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')
			UNION SELECT unnest(['count', 'sum', 'median', 'round', 'OVER', 'PARTITION BY', 'FILTER'])
		) ORDER BY word`, nil)
}

// Nearest returns three names that are most like one that is none of them, the likest first.
func Nearest(ctx context.Context, name string, of []string) (near []string, err error) {
	pool, conn, err := connect(ctx, ":memory:")
	if err != nil {
		return nil, err
	}
	db := &DB{pool: pool, conn: conn}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.list(ctx, "SELECT n FROM unnest($2) t(n) ORDER BY jaro_winkler_similarity(n, $1) DESC, n LIMIT 3", []any{name, of})
}
