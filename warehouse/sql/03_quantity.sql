-- What each version of a report says each metric is, printed or computed. Nearly every quantity is one printed cell as it
-- stands; the others are stored in settled_quantity (settle.sql).
CREATE VIEW quantity AS
SELECT report_id, metric, applicant, value, status, grade, cell_no
FROM cell
SEMI JOIN (SELECT report_id FROM report WHERE is_current UNION ALL SELECT supersedes FROM report WHERE supersedes IS NOT NULL) USING (report_id)
ANTI JOIN (SELECT DISTINCT report_id FROM settled_quantity WHERE cell_no IS NOT NULL) USING (report_id)
WHERE NOT starts_with(metric, 'unmapped:')
UNION ALL
SELECT report_id, metric, applicant, value, status, grade, cell_no FROM settled_quantity;
