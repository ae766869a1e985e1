-- What the pages of places need beyond warehouse.sql; made up like it.
CREATE TABLE current_cell AS SELECT adcode, authority, scope, report_year, era, report_id,
	row_number() OVER (PARTITION BY report_id ORDER BY metric)::INTEGER AS cell_no,
	CASE WHEN starts_with(metric, 'app') OR starts_with(metric, 'out') THEN 't3' ELSE 't4' END AS "table", metric, applicant, value, status,
	coalesce(value::INTEGER::VARCHAR, '') AS raw, 'table 2 row ' || length(metric) AS locator, '行 <i>' || metric AS row_label, '列' AS column_label,
	grade, report_id || '0000000000000000' AS sha256,
	CASE WHEN report_id = 'a21' AND metric = 'rev_total' THEN 33::DECIMAL(28, 8) END AS corrected, CASE WHEN report_id = 'a21' AND metric = 'rev_total' THEN 'made-up-correction' END AS correction
	FROM metric_value;
INSERT INTO current_cell SELECT * REPLACE (100 + cell_no AS cell_no, 'natural_person' AS applicant, 3 AS value, '3' AS raw, 'number' AS status) FROM current_cell WHERE metric = 'app_new';
INSERT INTO metric_value SELECT report_id, adcode, authority, scope, report_year, era, 'out_denied', 'natural_person', 5, 'computed', 'proved', NULL FROM report WHERE report_id = 'a22';
CREATE TABLE check_result AS SELECT report_id, 'T4_REV_SUM' AS identity, '' AS instance, 20::DECIMAL(28, 8) AS lhs, 20::DECIMAL(28, 8) AS rhs, 'held' AS outcome FROM report;
CREATE TABLE identity AS SELECT 'T4_REV_SUM' AS id, '=' AS op, '' AS per, '复议各结果之和等于总计' AS label_zh, 'review results add up to their total' AS label_en;
CREATE TABLE term AS SELECT * FROM (VALUES
	('identity', 'T4_REV_SUM', 'lhs', '', 1, 1, 'rev_upheld', ''), ('identity', 'T4_REV_SUM', 'lhs', '', 2, 1, 'rev_corrected', ''),
	('identity', 'T4_REV_SUM', 'rhs', '', 1, 1, 'rev_total', ''),
	('metric', 'out_denied', 'sum', '', 1, 1, 'app_new', '')) t(kind, owner, side, era, position, sign, metric, applicant);
CREATE TABLE link AS SELECT '990200' AS adcode, 'city_aggregate' AS scope, 2018 AS report_year;
