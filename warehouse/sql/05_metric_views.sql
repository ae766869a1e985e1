-- Views over quantities: what a report says a metric is, and the sums that build on it.

CREATE VIEW metric_value AS
SELECT q.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
       q.metric, q.applicant, q.value, q.status, q.grade, q.cell_no
FROM quantity q JOIN report r USING (report_id)
WHERE r.is_current;

-- One row a metric and applicant, where the total of all applicants is 'total' whether or not the table splits it.
-- A report that states it both ways, in tables of two forms, is read by the table that splits it.
CREATE VIEW metric_by_applicant AS
SELECT * FROM metric_value WHERE applicant <> ''
UNION ALL
SELECT v.* REPLACE ('total' AS applicant)
FROM metric_value v
ANTI JOIN (SELECT report_id, metric FROM quantity WHERE applicant = 'total') t USING (report_id, metric)
WHERE v.applicant = '';
