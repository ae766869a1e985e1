package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/codebook"
)

// A note is one line of comments.csv. Column is empty for the table, view or macro itself.
// Table "*" stands for every table and view that has the column and no note of its
// own for it.
type note struct {
	Table  string `csv:"table"`
	Column string `csv:"column"`
	Text   string `csv:"comment"`
}

type place struct{ table, column string }

// comment attaches a COMMENT to every table, view, macro and column. A column named after a
// metric takes its comment from the codebook. It fails on whatever has no comment, and
// on a line of comments.csv that stands for nothing.
func comment(ctx context.Context, conn *sql.Conn, book *codebook.Book) error {
	notes, err := readNotes()
	if err != nil {
		return err
	}
	places, kinds, err := listPlaces(ctx, conn)
	if err != nil {
		return err
	}
	used := map[place]bool{}
	var errs []error
	for _, p := range places {
		text, ok := noteFor(p, notes, used, book)
		if !ok {
			errs = append(errs, fmt.Errorf("comments.csv: nothing for %s.%s", p.table, p.column))
			continue
		}
		if _, err := conn.ExecContext(ctx, commentStatement(p, kinds[p.table], text)); err != nil {
			errs = append(errs, fmt.Errorf("comment on %s.%s: %w", p.table, p.column, err))
		}
	}
	return errors.Join(append(errs, stale(notes, used)...)...)
}

func stale(notes map[place]string, used map[place]bool) []error {
	var errs []error
	for p := range notes {
		if !used[p] {
			errs = append(errs, fmt.Errorf("comments.csv: the warehouse has no %s.%s", p.table, p.column))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

func readNotes() (map[place]string, error) {
	text, err := fs.ReadFile(files, "comments.csv")
	if err != nil {
		return nil, err
	}
	var all []note
	if err := csvutil.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("comments.csv: %w", err)
	}
	notes := make(map[place]string, len(all))
	for _, n := range all {
		notes[place{n.Table, n.Column}] = n.Text
	}
	return notes, nil
}

// listPlaces returns every table, view and macro, each followed by its columns, and which
// of TABLE, VIEW, MACRO and MACRO TABLE it is.
func listPlaces(ctx context.Context, conn *sql.Conn) ([]place, map[string]string, error) {
	rows, err := conn.QueryContext(ctx, `
		SELECT o.name, o.kind, c.column_name FROM (
			SELECT table_name AS name, 'TABLE' AS kind FROM duckdb_tables() WHERE database_name = 'nianbao'
			UNION ALL
			SELECT view_name, 'VIEW' FROM duckdb_views() WHERE database_name = 'nianbao' AND NOT internal
			UNION ALL
			SELECT function_name, CASE function_type WHEN 'macro' THEN 'MACRO' ELSE 'MACRO TABLE' END
			FROM duckdb_functions() WHERE database_name = 'nianbao' AND NOT internal
		) o LEFT JOIN duckdb_columns() c ON c.database_name = 'nianbao' AND c.table_name = o.name
		ORDER BY o.name, c.column_index`)
	if err != nil {
		return nil, nil, fmt.Errorf("list columns: %w", err)
	}
	defer rows.Close()
	var places []place
	kinds := map[string]string{}
	for rows.Next() {
		var table, kind string
		var column sql.NullString
		if err := rows.Scan(&table, &kind, &column); err != nil {
			return nil, nil, err
		}
		if kinds[table] == "" {
			kinds[table] = kind
			places = append(places, place{table, ""})
		}
		if column.Valid {
			places = append(places, place{table, column.String})
		}
	}
	return places, kinds, rows.Err()
}

func noteFor(p place, notes map[place]string, used map[place]bool, book *codebook.Book) (string, bool) {
	for _, key := range []place{p, {"*", p.column}} {
		if text, ok := notes[key]; ok {
			used[key] = true
			return text, text != ""
		}
	}
	return metricComment(book, p.column)
}

func commentStatement(p place, kind, text string) string {
	if p.column == "" {
		return "COMMENT ON " + kind + " " + p.table + " IS " + literal(text)
	}
	return "COMMENT ON COLUMN " + p.table + `."` + p.column + `" IS ` + literal(text)
}
