-- Views over quantities: what a report says a metric is, and the sums that build on it.

CREATE VIEW metric_value AS
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
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

-- The sides of indicators, and harmonised series, as the form of each report's era has them. A side has a value only if
-- each of its terms has one.
CREATE TEMP VIEW expression_value AS
WITH known AS ( -- residents only where the report counts the whole place
    SELECT report_id, metric, applicant, value, status, grade FROM metric_by_applicant
    UNION ALL
    SELECT r.report_id, 'population', 'total', p.population, 'number', 'unproved'
    FROM report r
    JOIN scope s ON s.id = r.scope AND s.whole <> ''
    JOIN population p ON p.adcode = r.adcode AND p.year = r.report_year
    WHERE r.is_current
), term_value AS (
    SELECT r.report_id, t.kind, t.owner, t.side, t.position, t.sign, v.value,
           CASE WHEN v.status = 'corrected' THEN v.status WHEN v.value IS NOT NULL THEN 'number' WHEN t.metric = 'population' THEN 'no_population' WHEN v.status IS NULL THEN 'missing_row' ELSE v.status END AS status,
           v.grade
    FROM report r
    JOIN term t ON t.kind IN ('indicator', 'series') AND t.era IN ('', r.era)
    LEFT JOIN known v
           ON v.report_id = r.report_id AND v.metric = t.metric
          AND v.applicant = CASE WHEN t.applicant = '' THEN 'total' ELSE t.applicant END
    WHERE r.is_current
)
SELECT report_id, kind, owner, side,
       CASE WHEN count(value) = count(*) THEN TRY_CAST(sum(sign * value) AS DECIMAL(28, 8)) END AS value,
       CASE WHEN count(value) = count(*) THEN CASE WHEN bool_or(status = 'corrected') THEN 'corrected' ELSE 'number' END
            ELSE arg_min(status, position) FILTER (WHERE value IS NULL) END AS status,
       CASE WHEN bool_or(grade = 'contradicted') THEN 'contradicted'
            WHEN bool_or(grade IS DISTINCT FROM 'proved') THEN 'unproved' ELSE 'proved' END AS grade
FROM term_value
GROUP BY report_id, kind, owner, side;

INSERT INTO series_value
SELECT report_id, owner, value, status, grade FROM expression_value WHERE kind = 'series' ORDER BY owner, report_id;

-- Every indicator of every report that stands. One that the form of its era does not have has the status missing_row.
INSERT INTO indicator_value
WITH part AS (
    SELECT report_id, owner AS indicator,
           any_value(value) FILTER (side = 'numerator') AS x, any_value(status) FILTER (side = 'numerator') AS x_status,
           any_value(value) FILTER (side = 'denominator') AS n, any_value(status) FILTER (side = 'denominator') AS n_status,
           count(*) AS sides, list(grade) AS grades
    FROM expression_value
    WHERE kind = 'indicator'
    GROUP BY report_id, owner
)
SELECT r.report_id, i.id, p.x, p.n,
       CASE WHEN i.kind = 'count' OR p.x IS NULL OR (p.x_status = 'corrected' AND p.n IS NOT NULL) THEN ifnull(p.x_status, 'missing_row')
            ELSE ifnull(p.n_status, 'missing_row') END,
       CASE WHEN list_contains(p.grades, 'contradicted') THEN 'contradicted'
            WHEN p.sides = CASE WHEN i.kind = 'count' THEN 1 ELSE 2 END AND NOT list_contains(p.grades, 'unproved') THEN 'proved'
            ELSE 'unproved' END
FROM report r
CROSS JOIN indicator_definition i
LEFT JOIN part p ON p.report_id = r.report_id AND p.indicator = i.id
WHERE r.is_current
ORDER BY i.id, r.report_id;

DROP VIEW expression_value;
