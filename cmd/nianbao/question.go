package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/duckdb/duckdb-go/v2"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
	"github.com/nianbao/nianbao/warehouse/queries"
)

// A question is SQL with its arguments.
type question struct {
	sql   string
	args  []any
	named bool // one of the named queries
}

// queryName is what the name of a query looks like; SQL of one word does not exist.
var queryName = regexp.MustCompile(`^[\p{L}\d_-]+$`)

// paramsOf reads name=value.
func paramsOf(params []string) (map[string]string, error) {
	given := map[string]string{}
	for _, p := range params {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return nil, &codedError{exitUsage, fmt.Errorf("parameter %q: write it as name=value", p)}
		}
		given[name] = value
	}
	return given, nil
}

// questionOf makes a question of SQL or of the name of a query.
func questionOf(ctx context.Context, db *warehouse.DB, text string, given map[string]string) (question, error) {
	var q queries.Query
	var err error
	named := queryName.MatchString(text)
	if named {
		q, err = findQuery(ctx, text)
	} else {
		q, err = adHoc(ctx, db, text)
	}
	if err != nil {
		return question{}, err
	}
	args, err := q.Arguments(given)
	if err != nil {
		return question{}, &codedError{exitUsage, err}
	}
	return question{sql: q.SQL, args: args, named: named}, nil
}

func findQuery(ctx context.Context, name string) (queries.Query, error) {
	if q, ok := queries.Find(name); ok {
		return q, nil
	}
	near, err := warehouse.Nearest(ctx, name, queries.Names())
	if err != nil {
		return queries.Query{}, err
	}
	return queries.Query{}, &codedError{exitUsage, fmt.Errorf("no query %q; nearest: %s; nianbao query --list lists all",
		name, strings.Join(near, ", "))}
}

// adHoc is SQL as a query with the parameters that it names.
func adHoc(ctx context.Context, db *warehouse.DB, text string) (queries.Query, error) {
	names, err := db.Parameters(ctx, text)
	return queries.Of(text, names), nextQueryStep(err)
}

// run prints the rows and returns how many there are.
func (q question) run(ctx context.Context, db *warehouse.DB, w io.Writer, format rows.Format) (int64, error) {
	var n int64
	err := db.Stream(ctx, func(schema *arrow.Schema) (warehouse.Sink, error) {
		out, err := rows.NewWriter(w, format, schema)
		return counted{out, &n}, err
	}, q.sql, q.args...)
	return n, nextQueryStep(err)
}

// counted counts the rows that go to a sink.
type counted struct {
	warehouse.Sink
	n *int64
}

func (c counted) Write(batch arrow.RecordBatch) error {
	*c.n += batch.NumRows()
	return c.Sink.Write(batch)
}

// nextQueryStep adds to what DuckDB says of a name that it does not know where the names stand.
func nextQueryStep(err error) error {
	var duck *duckdb.Error
	if errors.As(err, &duck) && (duck.Type == duckdb.ErrorTypeCatalog || duck.Type == duckdb.ErrorTypeBinder) {
		return fmt.Errorf("%w\nnext: nianbao query tables; nianbao query columns --param table=NAME", err)
	}
	return err
}
