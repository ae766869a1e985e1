-- As verify.sql, of what the build derives from the tables that it loaded.

SELECT 'a quantity stands once in a report' AS promise, count(*) AS broken, min(report_id || ' ' || metric || ' ' || applicant) AS example
FROM (SELECT report_id, metric, applicant FROM quantity GROUP BY ALL HAVING count(*) > 1)
UNION ALL
SELECT 'a quantity belongs to a report', count(*), min(report_id) FROM quantity ANTI JOIN report USING (report_id)
UNION ALL
SELECT 'an indicator stands once for a body, scope and year', count(*), min(authority || ' ' || report_year || ' ' || indicator)
FROM (SELECT adcode, authority, scope, report_year, indicator FROM indicators GROUP BY ALL HAVING count(*) > 1)
UNION ALL
SELECT 'a number of a report that stands is in a quantity', count(*), min(c.report_id || ' cell ' || c.cell_no)
FROM cell c JOIN metric m ON m.id = c.metric JOIN report r ON r.report_id = c.report_id AND r.is_current
ANTI JOIN quantity q ON q.report_id = c.report_id AND q.metric = c.metric AND q.applicant = c.applicant
ORDER BY promise;
