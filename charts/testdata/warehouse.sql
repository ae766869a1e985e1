-- A small warehouse with made-up bodies and figures, in the shape that package
-- warehouse publishes; what it says of several bodies together comes from warehouse/sql/10_comparison.sql.
-- In spec, NULL is a blank cell.
CREATE TABLE region AS SELECT * FROM (VALUES
	('990000', '某省（虚构）', 'province', '', 'Some Province (made up)', NULL::INTEGER, NULL::INTEGER),
	('990100', '甲市（虚构）', 'prefecture', '990000', 'Jia (made up)', NULL, NULL),
	('990200', '乙市（虚构）', 'prefecture', '990000', 'Yi (made up)', NULL, NULL),
	('990300', '丙市（虚构）', 'prefecture', '990000', 'Bing (made up)', NULL, NULL)) t(adcode, name, level, parent, name_en, valid_from, valid_to);
CREATE TABLE spec AS SELECT * FROM (VALUES
	('a18', '甲市人民政府（虚构）', '990100', 'city_aggregate', 2018, 'B', 'unproved', 800, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 4, 1, 0, NULL, 5, 0, 0, 0, 0, 0),
	('a19', '甲市人民政府（虚构）', '990100', 'city_aggregate', 2019, 'C', 'proved', 1000, 980, 500, 100, 120, 200, 30, 30, 10, 5, 3, 2, 20, 4, 1, 0, 1, 6),
	('a20', '甲市人民政府（虚构）', '990100', 'city_aggregate', 2020, 'C', 'contradicted', 1200, 1190, 600, 120, 150, 260, 30, 50, 12, 6, 1, 1, 20, 5, 1, 1, 0, 7),
	('a21', '甲市人民政府（虚构）', '990100', 'city_aggregate', 2021, 'D', 'proved', 1500, 1490, 700, 200, 190, 300, 50, 50, 20, 8, 4, 2, 34, 9, 0, 1, 2, 12),
	('a22', '甲市人民政府（虚构）', '990100', 'city_aggregate', 2022, 'D', 'proved', 1400, 1400, 690, 180, 180, 280, 40, 30, 15, 9, 4, 1, 29, 8, 1, 0, 2, 11),
	('b19', '乙市人民政府（虚构）', '990200', 'city_aggregate', 2019, 'C', 'proved', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	('b21', '乙市人民政府（虚构）', '990200', 'city_aggregate', 2021, 'D', 'proved', 7, 6, 3, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0),
	('b22', '乙市人民政府（虚构）', '990200', 'city_aggregate', 2022, 'D', 'unproved', NULL, 40, 20, 5, 5, NULL, 0, 0, 2, NULL, NULL, 1, 3, 1, 0, 0, 0, 1),
	('c19', '丙市人民政府办公厅（虚构）', '990300', 'general_office', 2019, 'C', 'unproved', 300, 290, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 7, NULL, NULL, NULL, NULL, NULL),
	('x22', '</script><script>window.x=1</script>', '990300', 'department', 2022, 'D', 'proved', 50, 50, 30, 10, 5, 3, 1, 1, 2, 1, 0, 0, 3, 0, 0, 0, 0, 0)
	) t(report_id, authority, adcode, scope, report_year, era, grade, app_new, app_closed_total, out_granted, out_partial, out_denied,
		out_unavail, out_notproc, out_other, rev_upheld, rev_corrected, rev_other, rev_pending, rev_total,
		lit_upheld, lit_corrected, lit_other, lit_pending, lit_total);
INSERT INTO spec SELECT 'd' || i, '第' || i || '区（虚构）', '9904' || i, 'district_aggregate', 2022, 'D', 'proved', i * 10, i * 10, i * 5, i, i, i, i, i, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0
	FROM range(10, 22) r(i);
CREATE TABLE report AS SELECT report_id, report_id || '0000000000000000' AS sha256,
	authority || ' __f__ {b} 年度报告' AS title, authority, adcode, report_year::INTEGER AS report_year, scope, '' AS scope_evidence,
	1.0 AS scope_confidence, era, 't3:' || era AS forms, grade, true AS is_current,
	CASE WHEN report_id = 'x22' THEN 'javascript://example.org/%0Awindow.x=2' ELSE 'https://example.org/' || report_id END AS url FROM spec;
CREATE TABLE authority AS SELECT DISTINCT authority, CASE WHEN authority LIKE '甲%' THEN 'Government of Jia (made up)' END AS authority_en, adcode FROM spec;
CREATE TABLE metric_value AS
	SELECT report_id, adcode, authority, scope, report_year::INTEGER AS report_year, era, metric,
		CASE WHEN starts_with(metric, 'app') OR starts_with(metric, 'out') THEN 'total' ELSE '' END AS applicant, value::DECIMAL(28, 8) AS value,
		CASE WHEN value IS NULL THEN 'blank' ELSE 'number' END AS status, grade, 1 AS cell_no
	FROM spec UNPIVOT INCLUDE NULLS (value FOR metric IN (app_new, app_closed_total, out_granted, out_partial, out_denied, out_unavail, out_notproc, out_other,
		rev_upheld, rev_corrected, rev_other, rev_pending, rev_total, lit_upheld, lit_corrected, lit_other, lit_pending, lit_total))
	WHERE NOT (report_id = 'a18' AND starts_with(metric, 'out'));
CREATE TABLE metric AS SELECT DISTINCT metric AS id, CASE left(metric, 3) WHEN 'out' THEN 'outcome' WHEN 'rev' THEN 'review' WHEN 'lit' THEN 'litigation' ELSE 'app_flow' END AS family FROM metric_value;
CREATE VIEW metric_by_applicant AS SELECT * REPLACE (CASE applicant WHEN '' THEN 'total' ELSE applicant END AS applicant) FROM metric_value;
CREATE TABLE comparability AS SELECT report_id, CASE report_year WHEN 2019 THEN ['*'] WHEN 2021 THEN ['outcome'] ELSE [] END::VARCHAR[] AS broken_families FROM report;
CREATE TABLE scope AS SELECT * FROM (VALUES ('city_aggregate', 'prefecture'), ('general_office', ''), ('department', ''), ('district_aggregate', 'county')) t(id, whole);
CREATE TABLE indicator_definition AS SELECT * FROM (VALUES
	('requests_received', 'count', 1, 0), ('disclosure_rate', 'share', 1, 10), ('denial_rate', 'share', 1, 10),
	('review_rate', 'rate', 1, 10), ('litigation_rate', 'rate', 1, 10)) t(id, kind, per, min_n);
CREATE TABLE funnel_target (indicator VARCHAR, scope VARCHAR, report_year INTEGER, years INTEGER, bodies BIGINT, target DOUBLE, overdispersion DOUBLE, tau2 DOUBLE);
CREATE TABLE lineage AS SELECT *, '' AS raw, 'table 2 row 3' AS locator FROM metric_value;
CREATE TABLE indicators AS
	SELECT *, CASE WHEN indicator = 'requests_received' THEN numerator ELSE numerator / nullif(denominator, 0) END AS value,
		CASE WHEN denominator > 0 AND numerator >= 0 THEN greatest(0, numerator / denominator - 0.02) END AS low,
		CASE WHEN denominator > 0 AND numerator >= 0 THEN numerator / denominator + 0.02 END AS high,
		report_year NOT IN (2019, 2021) AS comparable_with_prev, 
		CASE WHEN indicator = 'requests_received' THEN numerator IS NOT NULL ELSE coalesce(denominator >= 10, false) END AS enough,
		CASE WHEN numerator IS NULL OR denominator IS NULL AND indicator <> 'requests_received' THEN 'blank' ELSE 'number' END AS status
	FROM (
		SELECT report_id, adcode, authority, scope, report_year::INTEGER AS report_year, grade, 'disclosure_rate' AS indicator, (out_granted + out_partial)::DOUBLE AS numerator, app_closed_total::DOUBLE AS denominator FROM spec
		UNION ALL SELECT report_id, adcode, authority, scope, report_year, grade, 'requests_received', app_new, NULL FROM spec
		UNION ALL SELECT report_id, adcode, authority, scope, report_year, grade, 'denial_rate', out_denied, app_closed_total FROM spec
		UNION ALL SELECT report_id, adcode, authority, scope, report_year, grade, 'review_rate', rev_total, app_closed_total FROM spec
		UNION ALL SELECT report_id, adcode, authority, scope, report_year, grade, 'litigation_rate', lit_total, app_closed_total FROM spec);
CREATE TABLE coverage AS SELECT authority, adcode, scope, report_year::INTEGER AS report_year, 'reported' AS state, report_id FROM spec
	UNION ALL VALUES ('乙市人民政府（虚构）', '990200', 'city_aggregate', 2020, 'absent', NULL);
CREATE TABLE errata AS SELECT 'a20' AS report_id, '990100' AS adcode, '甲市人民政府（虚构）' AS authority, 'city_aggregate' AS scope, 2020 AS report_year,
	'T3_OUTCOME_SUM_C' AS identity, '各项之和等于总计' AS label_zh, 'outcomes add up to the printed total' AS label_en, 'total' AS instance,
	1210::DECIMAL(28, 8) AS lhs, 1190::DECIMAL(28, 8) AS rhs, 20::DECIMAL(28, 8) AS delta, 'https://example.org/a20' AS url, 'source' AS verdict;
CREATE TABLE location AS SELECT url, sha256, 'made-up' AS portal, '' AS portal_name, TIMESTAMP '2026-01-02 03:04:05' AS fetched_at, 'made up' AS provenance FROM report;
CREATE TABLE finding AS SELECT 'a200000000000000000' AS sha256, 'identity_failed' AS code, 'error' AS severity, '<b>1210 ≠ 1190</b>' AS message, '' AS locator;
CREATE TABLE run AS SELECT 'made-up-1' AS build_id, 'x' AS extractor, 'y' AS codebook, 22 AS documents, 22 AS reports, 396 AS cells;
CREATE TABLE form_break AS SELECT * FROM (VALUES (2019, '*'), (2021, 'outcome')) t(year, family);
CREATE TABLE restatements AS SELECT 'a22' AS new_report_id, 't3' AS "table", 'app_new' AS metric, 'total' AS applicant,
	'1300' AS old_raw, '1400' AS new_raw, 'number' AS old_status, 'number' AS new_status;
CREATE TABLE correction AS SELECT 'made-up-1' AS id, '甲市人民政府（虚构）' AS authority, 2021 AS report_year, 'rev_total' AS metric, '' AS applicant, '34' AS printed,
	33::DECIMAL(28, 8) AS corrected, 'made-up reason' AS reason, '<i>made-up evidence</i>' AS evidence, 'accepted' AS status, DATE '2026-01-05' AS decided_on, 'a21' AS report_id;
DROP TABLE spec;
