-- One printed cell: $1 report, $2 number.
SELECT "table", cell_no, row_label, column_label, raw, status, locator FROM cell WHERE report_id = $1 AND cell_no = $2;
