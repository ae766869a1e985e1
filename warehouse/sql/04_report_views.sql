-- Views over reports: which stand, which are missing, which were replaced.

-- The reports that stand, with the names of their places.
CREATE VIEW current_report AS
SELECT r.report_id, r.adcode, g.name AS region_zh, nullif(g.name_en, '') AS region_en,
       p.name AS province_zh, nullif(p.name_en, '') AS province_en,
       r.authority, a.authority_en, r.scope, r.report_year, r.era, r.grade, r.sha256, r.url, r.fetched_at
FROM report r
LEFT JOIN authority a USING (authority)
LEFT JOIN region g ON g.adcode = r.adcode
LEFT JOIN region p ON p.adcode = left(r.adcode, 2) || '0000'
WHERE r.is_current;

CREATE VIEW current_cell AS
SELECT r.adcode, r.authority, r.scope, r.report_year, r.era, c.*, k.corrected, k.id AS correction
FROM cell c JOIN report r USING (report_id)
LEFT JOIN correction k ON k.status = 'accepted' AND k.report_id = c.report_id AND k.metric = c.metric AND k.applicant = c.applicant
WHERE r.is_current;

CREATE VIEW coverage AS
WITH span AS (
    SELECT adcode, authority, scope, unnest(generate_series(min(report_year), max(report_year)))::INTEGER AS report_year
    FROM report WHERE is_current
    GROUP BY adcode, authority, scope
)
SELECT s.authority, s.adcode, s.scope, s.report_year,
       CASE WHEN r.report_id IS NULL THEN 'absent' ELSE 'reported' END AS state, r.report_id
FROM span s
LEFT JOIN report r ON r.is_current AND r.adcode = s.adcode AND r.authority = s.authority
                  AND r.scope = s.scope AND r.report_year = s.report_year;

CREATE VIEW lineage AS
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
       c.cell_no, c."table", c.metric, c.applicant, c.value, c.status, c.raw, c.locator, c.row_label, c.column_label,
       c.sha256, d.url, d.fetched_at, d.media_type, c.grade
FROM cell c
JOIN report r USING (report_id)
JOIN document d ON d.sha256 = c.sha256
WHERE r.is_current;

-- A failed identity is the source's own error or a misreading. It is the source's if its cells, read again by a second
-- route, come out alike (check_result.reread), or if a second rendition of the same report, read by another route (table
-- route), gives both sides alike: two readers do not misread to the same figures. Where the table has rows or columns
-- that no form has, they may be what is missing in the sum, so nothing is said.
CREATE VIEW errata AS
WITH failed AS (
    SELECT r.report_id, r.is_current, r.adcode, r.authority, r.scope, r.report_year, r.era, r.url, w.route,
           c.identity, c.instance, c.lhs, c.rhs, c.delta, c.reread
    FROM check_result c
    JOIN report r USING (report_id)
    JOIN document d USING (sha256)
    LEFT JOIN route w USING (media_type)
    WHERE c.outcome = 'failed'
), confirmed AS (
    SELECT f.report_id, f.identity, f.instance, min(o.report_id) AS report_id_2
    FROM failed f JOIN failed o USING (adcode, authority, scope, report_year, identity, instance, lhs, rhs)
    WHERE f.is_current AND f.route <> o.route
    GROUP BY f.report_id, f.identity, f.instance
), strange AS (
    SELECT DISTINCT report_id, "table" FROM cell WHERE metric LIKE 'unmapped:%'
), judged AS (
    SELECT f.*, i.label_zh, i.label_en,
           CASE WHEN f.reread = 'alike' THEN f.report_id ELSE c.report_id_2 END AS confirming,
           CASE WHEN f.reread = 'differs' THEN 'disputed'
                WHEN confirming IS NULL OR s.report_id IS NOT NULL THEN 'unconfirmed' ELSE 'source' END AS verdict
    FROM failed f
    JOIN identity i ON i.id = f.identity
    LEFT JOIN confirmed c ON c.report_id = f.report_id AND c.identity = f.identity AND c.instance = f.instance
    LEFT JOIN strange s ON s.report_id = f.report_id AND s."table" = i."table"
    WHERE f.is_current AND i.severity = 'error'
)
SELECT report_id, adcode, authority, scope, report_year, era, identity, label_zh, label_en, instance, lhs, rhs, delta, url,
       verdict, CASE WHEN verdict = 'source' THEN confirming END AS confirmed_by
FROM judged;

-- A cell is the same cell in two versions if both print it: same table, metric and applicant and, where one
-- report prints that twice, the same turn.
CREATE VIEW restatements AS
WITH turn AS (
    SELECT *, row_number() OVER (PARTITION BY report_id, "table", metric, applicant ORDER BY cell_no) AS turn
    FROM cell SEMI JOIN (SELECT unnest([report_id, supersedes]) AS report_id FROM report WHERE supersedes IS NOT NULL) USING (report_id)
)
SELECT r.adcode, r.authority, r.scope, r.report_year, n."table", n.metric, n.applicant,
       r.supersedes AS old_report_id, o.value AS old_value, o.status AS old_status, o.raw AS old_raw,
       r.report_id AS new_report_id, n.value AS new_value, n.status AS new_status, n.raw AS new_raw
FROM report r
JOIN turn n ON n.report_id = r.report_id
JOIN turn o ON o.report_id = r.supersedes AND o."table" = n."table" AND o.metric = n.metric
           AND o.applicant = n.applicant AND o.turn = n.turn
WHERE o.value IS DISTINCT FROM n.value OR o.status <> n.status;

-- The numbers of two renditions are of the same cell as those of two versions are.
CREATE VIEW renditions AS
WITH turn AS (
    SELECT *, row_number() OVER (PARTITION BY report_id, "table", metric, applicant ORDER BY cell_no) AS turn
    FROM cell SEMI JOIN (SELECT unnest([report_id, rendition_of]) AS report_id FROM report WHERE rendition_of IS NOT NULL) USING (report_id)
    WHERE value IS NOT NULL
), compared AS (
    SELECT r.report_id, count(*) AS compared, count(*) FILTER (o.value <> n.value) AS differing
    FROM report r
    JOIN turn n ON n.report_id = r.report_id
    JOIN turn o ON o.report_id = r.rendition_of AND o."table" = n."table" AND o.metric = n.metric
               AND o.applicant = n.applicant AND o.turn = n.turn
    GROUP BY r.report_id
)
SELECT r.adcode, r.authority, r.scope, r.report_year, r.rendition_of, r.report_id, r.sha256, d.media_type, r.url, r.fetched_at,
       ifnull(c.compared, 0) AS compared, ifnull(c.differing, 0) AS differing
FROM report r JOIN document d USING (sha256) LEFT JOIN compared c USING (report_id)
WHERE r.rendition_of IS NOT NULL;
