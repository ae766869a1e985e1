-- As verify.sql, of what the build derives from the tables that it loaded.

SELECT 'a settled quantity stands once in a report' AS promise, count(*) AS broken, min(report_id || ' ' || metric || ' ' || applicant) AS example
FROM (SELECT report_id, metric, applicant FROM settled_quantity GROUP BY ALL HAVING count(*) > 1)
UNION ALL
SELECT 'a settled quantity belongs to a version of a report', count(*), min(report_id)
FROM settled_quantity ANTI JOIN (SELECT report_id FROM report WHERE is_current UNION ALL SELECT supersedes FROM report) USING (report_id)
UNION ALL
SELECT 'an indicator stands once for a body, scope and year', count(*), min(authority || ' ' || report_year || ' ' || indicator)
FROM (SELECT adcode, authority, scope, report_year, indicator FROM indicators GROUP BY ALL HAVING count(*) > 1)
UNION ALL
SELECT 'a number of a settled report is in a quantity', count(*), min(c.report_id || ' cell ' || c.cell_no)
FROM cell c
SEMI JOIN (SELECT DISTINCT report_id FROM settled_quantity WHERE cell_no IS NOT NULL) USING (report_id)
ANTI JOIN settled_quantity q ON q.report_id = c.report_id AND q.metric = c.metric AND q.applicant = c.applicant
WHERE NOT starts_with(c.metric, 'unmapped:')
UNION ALL
SELECT 'every report that stands has its totals', count(*), min(report_id)
FROM (SELECT DISTINCT report_id FROM indicator_value WHERE status = 'number') ANTI JOIN total USING (report_id)
ORDER BY promise;
