package export

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

//go:embed resources.csv
var resourcesCSV []byte

// A resource is a line of resources.csv: one table of the export.
type resource struct {
	Name       string `csv:"name"`
	Query      string `csv:"query"`      // without an order
	Key        string `csv:"key"`        // columns that name a row; empty: none do
	Partition  string `csv:"partition"`  // column of which each value is asked alone; empty: all at once
	References string `csv:"references"` // column=resource.column
	Formats    string `csv:"formats"`    // of csv, excel, parquet, xlsx
	TitleZH    string `csv:"title_zh"`
	TitleEN    string `csv:"title_en"`

	comment string
	columns []column
	parts   []*int64 // values of Partition, nil for NULL; of no partition one nil
	rows    int64
}

// A column is as DuckDB types it and as its COMMENT says.
type column struct {
	Name    string `json:"column_name"`
	Type    string `json:"column_type"`
	Comment string `json:"comment"`
	TitleZH string `json:"title_zh"`
	TitleEN string `json:"title_en"`
}

var unitOf = regexp.MustCompile(`Unit: ([^.]+)\.`)

// unit is what the comment names as unit, or empty.
func (c column) unit() string {
	if m := unitOf.FindStringSubmatch(c.Comment); m != nil {
		return m[1]
	}
	return ""
}

// source is what the comment names as source, or empty.
func (c column) source() string {
	_, source, _ := strings.Cut(c.Comment, "Source: ")
	return source
}

func (r *resource) has(format string) bool { return slices.Contains(strings.Fields(r.Formats), format) }

// sql is the query of one part in its order; the part is bound to $part.
func (r *resource) sql() string {
	order := "ALL"
	if r.Key != "" {
		order = `"` + strings.Join(strings.Fields(r.Key), `", "`) + `"`
	}
	where := ""
	if r.Partition != "" {
		where = ` WHERE "` + r.Partition + `" IS NOT DISTINCT FROM $part`
	}
	return "SELECT * FROM (" + r.Query + ")" + where + " ORDER BY " + order
}

func (r *resource) args(part *int64) []any {
	if r.Partition == "" {
		return nil
	}
	if part == nil {
		return []any{sql.Named("part", nil)}
	}
	return []any{sql.Named("part", *part)}
}

// ask runs SQL and reads its rows as JSON.
func ask[T any](ctx context.Context, db *warehouse.DB, sql string, args ...any) (all []T, err error) {
	var b bytes.Buffer
	if err := db.Query(ctx, &b, rows.JSON, sql, args...); err != nil {
		return nil, err
	}
	return all, json.Unmarshal(b.Bytes(), &all)
}

// load reads resources.csv and what the warehouse says of each.
func (e *export) load(ctx context.Context) ([]*resource, error) {
	var all []*resource
	if err := csvutil.Unmarshal(resourcesCSV, &all); err != nil {
		return nil, fmt.Errorf("resources.csv: %w", err)
	}
	for i, r := range all {
		e.tell(i, len(all), "counted, "+r.Name)
		if err := r.describe(ctx, e.db); err != nil {
			return nil, fmt.Errorf("resources.csv: %s: %w", r.Name, err)
		}
	}
	return all, nil
}

// describe reads columns, comments and partitions. A column takes the comment that its
// own table has for it, else any.
func (r *resource) describe(ctx context.Context, db *warehouse.DB) (err error) {
	r.columns, err = ask[column](ctx, db, `
		SELECT d.column_name, d.column_type, ifnull(m.label_zh, '') AS title_zh, ifnull(m.label_en, '') AS title_en,
		       ifnull((SELECT first(c.comment ORDER BY c.table_name = $name DESC, c.table_name) FROM duckdb_columns() c
		               WHERE c.database_name = 'nianbao' AND c.column_name = d.column_name), '') AS comment
		FROM (SELECT *, row_number() OVER () AS position FROM (DESCRIBE `+r.Query+`)) d LEFT JOIN metric m ON m.id = d.column_name
		ORDER BY d.position`, sql.Named("name", r.Name))
	if err != nil {
		return err
	}
	about, err := ask[struct {
		Comment string
		View    bool
	}](ctx, db, `
		SELECT comment, false AS view FROM duckdb_tables() WHERE database_name = 'nianbao' AND table_name = $name
		UNION ALL SELECT comment, true FROM duckdb_views() WHERE database_name = 'nianbao' AND view_name = $name`, sql.Named("name", r.Name))
	if err != nil || len(about) != 1 {
		return errors.Join(err, fmt.Errorf("%d tables or views have the name, want 1", len(about)))
	}
	r.comment = about[0].Comment
	if about[0].View {
		if err := r.keepRows(ctx, db); err != nil {
			return err
		}
	}
	return r.countParts(ctx, db)
}

// keepRows evaluates a view once and for all its parts, into a temporary table.
func (r *resource) keepRows(ctx context.Context, db *warehouse.DB) error {
	err := db.Query(ctx, io.Discard, rows.CSV, `CREATE OR REPLACE TEMP TABLE "export_`+r.Name+`" AS `+r.Query)
	r.Query = `FROM temp."export_` + r.Name + `"`
	return err
}

func (r *resource) countParts(ctx context.Context, db *warehouse.DB) error {
	value := "NULL"
	if r.Partition != "" {
		value = `"` + r.Partition + `"`
	}
	parts, err := ask[struct{ Part, Rows *int64 }](ctx, db,
		"SELECT "+value+" AS part, count(*) AS rows FROM ("+r.Query+") GROUP BY ALL ORDER BY part NULLS LAST")
	if err != nil {
		return err
	}
	for _, p := range parts {
		r.parts = append(r.parts, p.Part)
		r.rows += *p.Rows
	}
	if len(parts) == 0 { // an empty table has its heading yet
		r.parts = []*int64{nil}
	}
	return nil
}

// build is what the run table and the archive say of the warehouse.
type build struct {
	ID        string `json:"build_id"`
	Codebook  string `json:"codebook"`
	Extractor string `json:"extractor"`
	Reports   int64  `json:"reports"`
	Cells     int64  `json:"cells"`
	Until     string `json:"until"` // day on which the last document was fetched; empty: none was
	DuckDB    string `json:"duckdb"`
}

// Version is the part of the build id that names it in text.
func (b build) Version() string { return b.ID[:min(12, len(b.ID))] }

func readBuild(ctx context.Context, db *warehouse.DB) (build, error) {
	all, err := ask[build](ctx, db, `
		SELECT build_id, codebook, extractor, reports, cells, (SELECT library_version FROM pragma_version()) AS duckdb,
		       ifnull((SELECT max(fetched_at)::DATE::VARCHAR FROM location), '') AS until FROM run`)
	if err != nil || len(all) != 1 {
		return build{}, fmt.Errorf("%d builds in the run table, want 1: %w", len(all), err)
	}
	return all[0], nil
}
