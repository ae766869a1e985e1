-- Of the reports from first_report to last_report: totals, indicators and series, which views need of all reports at once.

CREATE TEMP TABLE wanted AS
SELECT metric, CASE WHEN applicant = '' THEN 'total' ELSE applicant END AS applicant FROM term WHERE kind IN ('indicator', 'series')
UNION
SELECT m.id, a.applicant FROM metric m, (SELECT 'total' AS applicant UNION SELECT applicant FROM term WHERE applicant <> '') a
JOIN duckdb_columns() c ON c.database_name = 'nianbao' AND c.table_name = 'total'
                       AND c.column_name = CASE WHEN a.applicant = 'total' THEN m.id ELSE m.id || '_' || a.applicant END;
SET VARIABLE wanted_applicants = (SELECT list(DISTINCT applicant) FROM wanted);

CREATE TEMP TABLE figure AS
SELECT report_id, metric, applicant, value, status, grade
FROM metric_by_applicant SEMI JOIN wanted USING (metric, applicant)
WHERE report_id BETWEEN getvariable('first_report') AND getvariable('last_report')
  AND list_contains(getvariable('wanted_applicants'), applicant);

CREATE TEMP TYPE total_column AS ENUM (
    SELECT column_name FROM duckdb_columns() WHERE database_name = 'nianbao' AND table_name = 'total' AND column_name <> 'report_id'
);
INSERT INTO total BY NAME
FROM (
    SELECT report_id, value, CASE WHEN applicant = 'total' THEN metric ELSE metric || '_' || applicant END AS name FROM figure
) PIVOT (max(value) FOR name IN total_column GROUP BY report_id)
ORDER BY report_id;
DROP TYPE total_column;

-- The sides of indicators, and harmonised series, as the form of each report's era has them. A side has a value only if
-- each of its terms has one.
CREATE TEMP TABLE side AS
WITH standing AS (
    FROM report WHERE is_current AND report_id BETWEEN getvariable('first_report') AND getvariable('last_report')
), known AS ( -- residents only where the report counts the whole place
    FROM figure
    UNION ALL
    SELECT r.report_id, 'population', 'total', p.population, 'number', 'unproved'
    FROM standing r
    JOIN scope s ON s.id = r.scope AND s.whole <> ''
    JOIN population p ON p.adcode = r.adcode AND p.year = r.report_year
), term_value AS (
    SELECT r.report_id, t.kind, t.owner, t.side, t.position, t.sign, v.value,
           CASE WHEN v.status = 'corrected' THEN v.status WHEN v.value IS NOT NULL THEN 'number' WHEN t.metric = 'population' THEN 'no_population' WHEN v.status IS NULL THEN 'missing_row' ELSE v.status END AS status,
           v.grade
    FROM standing r
    JOIN term t ON t.kind IN ('indicator', 'series') AND t.era IN ('', r.era)
    LEFT JOIN known v
           ON v.report_id = r.report_id AND v.metric = t.metric
          AND v.applicant = CASE WHEN t.applicant = '' THEN 'total' ELSE t.applicant END
)
SELECT report_id, kind, owner, side,
       CASE WHEN count(value) = count(*) THEN TRY_CAST(sum(sign * value) AS DECIMAL(28, 8)) END AS value,
       CASE WHEN count(value) = count(*) THEN CASE WHEN bool_or(status = 'corrected') THEN 'corrected' ELSE 'number' END
            ELSE arg_min(status, position) FILTER (WHERE value IS NULL) END AS status,
       CASE WHEN bool_or(grade = 'contradicted') THEN 'contradicted'
            WHEN bool_or(grade IS DISTINCT FROM 'proved') THEN 'unproved' ELSE 'proved' END AS grade
FROM term_value
GROUP BY report_id, kind, owner, side;
DROP TABLE figure;
DROP TABLE wanted;

INSERT INTO series_value
SELECT report_id, owner, value, status, grade FROM side WHERE kind = 'series' ORDER BY owner, report_id;

-- Every indicator of every report that stands. One that the form of its era does not have has the status missing_row.
INSERT INTO indicator_value
WITH part AS (
    SELECT report_id, owner AS indicator,
           any_value(value) FILTER (side = 'numerator') AS x, any_value(status) FILTER (side = 'numerator') AS x_status,
           any_value(value) FILTER (side = 'denominator') AS n, any_value(status) FILTER (side = 'denominator') AS n_status,
           count(*) AS sides, list(grade) AS grades
    FROM side
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
WHERE r.is_current AND r.report_id BETWEEN getvariable('first_report') AND getvariable('last_report')
ORDER BY i.id, r.report_id;
DROP TABLE side;
