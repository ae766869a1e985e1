-- Views over quantities: what a report says a metric is, and the sums that build on it.

CREATE VIEW metric_value AS
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
       q.metric, q.applicant, q.value, q.status, q.grade, q.cell_no
FROM quantity q JOIN report r USING (report_id);

-- One row a metric and applicant, where the total of all applicants is 'total' whether or not the table splits it.
-- A report that states it both ways, in tables of two forms, is read by the table that splits it.
CREATE VIEW metric_by_applicant AS
SELECT * FROM metric_value WHERE applicant <> ''
UNION ALL
SELECT v.* REPLACE ('total' AS applicant)
FROM metric_value v
ANTI JOIN (SELECT report_id, metric FROM quantity WHERE applicant = 'total') t USING (report_id, metric)
WHERE v.applicant = '';

-- One row a current report and side of an indicator or, of its own era, a harmonised series.
-- A side has a value only if each of its terms has one.
CREATE VIEW expression_value AS
WITH term_value AS (
    SELECT r.report_id, t.kind, t.owner, t.side, t.position, t.sign, v.value,
           CASE WHEN v.value IS NOT NULL THEN 'number' WHEN v.status IS NULL THEN 'missing_row' ELSE v.status END AS status,
           v.grade
    FROM report r
    JOIN term t ON t.kind = 'indicator' OR (t.kind = 'series' AND t.side = r.era)
    LEFT JOIN metric_by_applicant v
           ON v.report_id = r.report_id AND v.metric = t.metric
          AND v.applicant = CASE WHEN t.applicant = '' THEN 'total' ELSE t.applicant END
    WHERE r.is_current
)
SELECT report_id, kind, owner, side,
       CASE WHEN count(value) = count(*) THEN TRY_CAST(sum(sign * value) AS DECIMAL(28, 8)) END AS value,
       CASE WHEN count(value) = count(*) THEN 'number'
            ELSE arg_min(status, position) FILTER (WHERE value IS NULL) END AS status,
       CASE WHEN bool_or(grade = 'contradicted') THEN 'contradicted'
            WHEN bool_or(grade IS DISTINCT FROM 'proved') THEN 'unproved' ELSE 'proved' END AS grade
FROM term_value
GROUP BY report_id, kind, owner, side;

CREATE VIEW harmonised AS
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
       s.id AS series, e.value, e.status, s.comparability, e.grade
FROM expression_value e
JOIN report r USING (report_id)
JOIN series_definition s ON s.id = e.owner
WHERE e.kind = 'series';
