-- What two builds, attached as old and new, are compared by. Only tables are read, and of them only columns that every
-- version has had: views of a file know the names under which it was built.

-- Bytes that both hold but whose cells differ. Summed hashes find the few among the many without sorting all cells.
CREATE TEMP TABLE altered_document AS
WITH o AS (
    SELECT sha256, sum(hash("table", metric, applicant, value, status)) AS print FROM old.cell GROUP BY sha256
), n AS (
    SELECT sha256, sum(hash("table", metric, applicant, value, status)) AS print FROM new.cell GROUP BY sha256
)
SELECT sha256 FROM o FULL JOIN n USING (sha256)
SEMI JOIN old.document USING (sha256) SEMI JOIN new.document USING (sha256)
WHERE o.print IS DISTINCT FROM n.print;

-- A cell is the same cell in both if the same document prints it: same table, metric and applicant and, where it prints
-- that twice, the same turn.
CREATE TEMP TABLE cell_change AS
WITH o AS (
    SELECT *, row_number() OVER (PARTITION BY sha256, "table", metric, applicant ORDER BY cell_no) AS turn
    FROM old.cell SEMI JOIN altered_document USING (sha256)
), n AS (
    SELECT *, row_number() OVER (PARTITION BY sha256, "table", metric, applicant ORDER BY cell_no) AS turn
    FROM new.cell SEMI JOIN altered_document USING (sha256)
)
SELECT CASE WHEN o.status IS NULL THEN 'new' WHEN n.status IS NULL THEN 'gone' ELSE 'changed' END AS change,
       ifnull(n.report_id, o.report_id) AS report_id, sha256, "table", metric, applicant,
       o.value AS old_value, o.status AS old_status, o.raw AS old_raw,
       n.value AS new_value, n.status AS new_status, n.raw AS new_raw, ifnull(n.locator, o.locator) AS locator
FROM o FULL JOIN n USING (sha256, "table", metric, applicant, turn)
WHERE o.value IS DISTINCT FROM n.value OR o.status IS DISTINCT FROM n.status;

-- What a report that stands in both says a metric is.
CREATE TEMP TABLE quantity_change AS
WITH altered AS (
    SELECT report_id
    FROM (SELECT report_id, sum(hash(metric, applicant, value, status)) AS print FROM old.quantity GROUP BY report_id) o
    JOIN (SELECT report_id, sum(hash(metric, applicant, value, status)) AS print FROM new.quantity GROUP BY report_id) n
    USING (report_id) WHERE o.print <> n.print
)
SELECT report_id, metric, applicant, o.value AS old_value, o.status AS old_status, n.value AS new_value, n.status AS new_status
FROM (FROM old.quantity SEMI JOIN altered USING (report_id)) o
JOIN (FROM new.quantity SEMI JOIN altered USING (report_id)) n USING (report_id, metric, applicant)
WHERE o.value IS DISTINCT FROM n.value OR o.status <> n.status;

-- Checks of the same report that come out otherwise.
CREATE TEMP TABLE check_change AS
WITH o AS (
    SELECT report_id, identity, instance, lhs, rhs, outcome FROM old.check_result
), n AS (
    SELECT report_id, identity, instance, lhs, rhs, outcome FROM new.check_result
)
SELECT report_id, identity, instance, o.outcome AS old_outcome, o.lhs AS old_lhs, o.rhs AS old_rhs,
       n.outcome AS new_outcome, n.lhs AS new_lhs, n.rhs AS new_rhs
FROM o JOIN n USING (report_id, identity, instance) WHERE o.outcome <> n.outcome;

-- The reports that stand, one a body, year and scope.
CREATE TEMP TABLE standing AS
SELECT k.adcode, k.authority, k.scope, k.report_year, o.report_id AS old_id, n.report_id AS new_id, o.grade AS old_grade, n.grade AS new_grade,
       k.report_year || ' ' || ifnull(nullif(g.level, ''), 'no level') AS part
FROM (SELECT adcode, authority, scope, report_year FROM old.report WHERE is_current
      UNION SELECT adcode, authority, scope, report_year FROM new.report WHERE is_current) k
LEFT JOIN (FROM old.report WHERE is_current) o USING (adcode, authority, scope, report_year)
LEFT JOIN (FROM new.report WHERE is_current) n USING (adcode, authority, scope, report_year)
LEFT JOIN new.region g USING (adcode);

-- A table that has become a view is none that lost its rows.
CREATE TEMP TABLE table_rows AS
SELECT table_name, o.rows AS old_rows, n.rows AS new_rows
FROM (SELECT table_name, estimated_size AS rows FROM duckdb_tables() WHERE database_name = 'old'
      AND table_name NOT IN (SELECT view_name FROM duckdb_views() WHERE database_name = 'new')) o
FULL JOIN (SELECT table_name, estimated_size AS rows FROM duckdb_tables() WHERE database_name = 'new') n USING (table_name);

CREATE TEMP MACRO number(value, status) AS ifnull(regexp_replace(value::VARCHAR, '[.]?0+$', ''), status);
