-- Cells of documents that both builds hold, whose value or status differs or which only one of them has.
SELECT c.change, r.authority, r.report_year, r.scope, c."table", c.metric, c.applicant, c.old_value, c.old_status, c.old_raw,
       c.new_value, c.new_status, c.new_raw, c.locator, c.sha256, d.url
FROM cell_change c LEFT JOIN new.report r USING (report_id) LEFT JOIN new.document d ON d.sha256 = c.sha256
ORDER BY r.authority, r.report_year, r.scope, c.sha256, c."table", c.metric, c.applicant, c.change, c.locator
