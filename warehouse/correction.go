package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/nianbao/nianbao/codebook"
)

type correctionRow struct {
	ID         string `arrow:"id"`
	File       string `arrow:"file"`
	Line       int32  `arrow:"line"`
	SHA256     string `arrow:"sha256"`
	URL        string `arrow:"url"`
	Adcode     string `arrow:"adcode"`
	Authority  string `arrow:"authority"`
	Year       *int32 `arrow:"report_year"`
	Scope      string `arrow:"scope"`
	Metric     string `arrow:"metric"`
	Applicant  string `arrow:"applicant"`
	Printed    string `arrow:"printed"`
	Corrected  string `arrow:"corrected"`
	Reason     string `arrow:"reason"`
	Evidence   string `arrow:"evidence"`
	Status     string `arrow:"status"`
	Reporter   string `arrow:"reporter"`
	ReviewedBy string `arrow:"reviewed_by"`
	Date       string `arrow:"decided_on"`
}

func corrections(all []codebook.Correction) source {
	return inMemory("correction", convert(all, func(c codebook.Correction) correctionRow {
		return correctionRow{c.ID, c.File, int32(c.Line), c.SHA256, c.URL, c.Adcode, c.Authority, year(c.Year), c.Scope, c.Metric, c.Applicant,
			c.Printed, c.Corrected, c.Reason, c.Evidence, c.Status, c.Reporter, c.ReviewedBy, c.Date}
	}))
}

// checkGuards refuses a build in which an accepted correction does not meet the cell that
// its reviewer saw. One whose report is not here waits for it.
func checkGuards(ctx context.Context, conn *sql.Conn) error {
	text, err := fs.ReadFile(files, "sql/correction_guard.sql")
	if err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, string(text))
	if err != nil {
		return fmt.Errorf("sql/correction_guard.sql: %w", err)
	}
	defer rows.Close()
	var broken []error
	for rows.Next() {
		var file, id, cell, printed, found string
		var line int
		if err := rows.Scan(&file, &line, &id, &cell, &printed, &found); err != nil {
			return err
		}
		broken = append(broken, fmt.Errorf("corrections %s line %d (%s): %s: expected %q as printed, found %s; review the correction again", file, line, id, cell, printed, found))
	}
	return errors.Join(append(broken, rows.Err())...)
}
