package warehouse

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/nianbao/nianbao/rows"
)

// Query runs SQL and prints the rows of its last statement as they come. A question
// mark in that statement stands for the argument of its turn. Where the SQL itself is
// refused nothing is printed.
func (db *DB) Query(ctx context.Context, w io.Writer, format rows.Format, sql string, args ...any) error {
	err := db.conn.Raw(func(conn any) error {
		return printRows(ctx, conn.(driver.Conn), w, format, sql, args)
	})
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

func printRows(ctx context.Context, conn driver.Conn, w io.Writer, format rows.Format, sql string, args []any) error {
	arrowConn, err := duckdb.NewArrowFromConn(conn)
	if err != nil {
		return err
	}
	reader, err := arrowConn.QueryContext(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer reader.Release()
	out, err := rows.NewWriter(w, format, reader.Schema())
	if err != nil {
		return err
	}
	for reader.Next() {
		if err := out.Write(reader.RecordBatch()); err != nil {
			return err
		}
	}
	if err := errors.Join(reader.Err(), ctx.Err()); err != nil {
		return err
	}
	return out.Close()
}
