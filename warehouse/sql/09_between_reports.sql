-- Identities between reports: of one body from year to year, and of a city and what it consists of.

-- From year to year: the reports that stand of one body and scope for two years in a row.
CREATE VIEW continuity AS
WITH pair AS (
    SELECT n.report_id, b.report_id AS before_report_id, n.adcode, n.authority, n.scope, n.report_year,
           i.id AS identity, i.severity, i.label_zh, i.label_en, i.per
    FROM report n
    JOIN report b ON b.is_current AND b.adcode = n.adcode AND b.authority = n.authority AND b.scope = n.scope
                 AND b.report_year = n.report_year - 1
    JOIN continuity_definition i
         ON regexp_matches(n.forms, i."table" || ':[' || replace(i.forms, ' ', '') || ']')
        AND regexp_matches(b.forms, i."table" || ':[' || replace(i.forms, ' ', '') || ']')
    WHERE n.is_current
), instance AS (
    SELECT *, 'total' AS applicant FROM pair
    UNION ALL
    SELECT p.*, a.applicant
    FROM pair p JOIN (SELECT DISTINCT applicant FROM quantity WHERE applicant NOT IN ('', 'total')) a ON p.per = 'applicant'
), side AS (
    SELECT i.report_id, i.identity, i.applicant, t.side,
           CASE WHEN count(v.value) = count(*) THEN TRY_CAST(sum(t.sign * v.value) AS DECIMAL(28, 8)) END AS value
    FROM instance i
    JOIN term t ON t.kind = 'continuity' AND t.owner = i.identity
    LEFT JOIN metric_by_applicant v
           ON v.report_id = CASE WHEN t.side = 'before' THEN i.before_report_id ELSE i.report_id END
          AND v.metric = t.metric AND v.applicant = i.applicant
    GROUP BY i.report_id, i.identity, i.applicant, t.side
)
SELECT i.report_id, i.before_report_id, i.adcode, i.authority, i.scope, i.report_year, i.identity, i.label_zh, i.label_en,
       CASE WHEN i.per = '' THEN '' ELSE i.applicant END AS instance,
       CASE WHEN i.applicant = 'total' THEN i.severity ELSE 'info' END AS severity,
       b.value AS lhs, n.value AS rhs, b.value - n.value AS delta,
       CASE WHEN delta IS NULL THEN 'untestable' WHEN delta = 0 THEN 'held' ELSE 'failed' END AS outcome
FROM instance i
JOIN side b ON b.report_id = i.report_id AND b.identity = i.identity AND b.applicant = i.applicant AND b.side = 'before'
JOIN side n ON n.report_id = i.report_id AND n.identity = i.identity AND n.applicant = i.applicant AND n.side = 'now';

-- From part to whole: the report of a whole city, and those of the same year that it sums. Its members are the regions
-- right below and the bodies of roster.csv. Only where that lists them and each has one report can anything be said:
-- what a sum lacks else is a member as likely as a number.
CREATE VIEW hierarchy AS
WITH whole AS (
    SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, i.id AS identity, i.part, i.metrics, i.tolerance,
           i.severity, i.label_zh, i.label_en, i."table" || ':[' || replace(i.forms, ' ', '') || ']' AS form
    FROM report r JOIN hierarchy_definition i ON i.whole = r.scope
    WHERE r.is_current AND regexp_matches(r.forms, form)
), member AS (
    SELECT w.report_id, w.identity, w.report_year, w.form, g.adcode, w.part AS scope, '' AS authority, g.name AS member
    FROM whole w JOIN region g ON g.parent = w.adcode AND substr(g.adcode, 5, 1) <> '7' -- no development zones
                              AND w.report_year BETWEEN ifnull(g.valid_from, 0) AND ifnull(g.valid_to, 9999)
    UNION ALL
    SELECT w.report_id, w.identity, w.report_year, w.form, m.adcode, m.scope, m.authority, m.authority
    FROM whole w JOIN roster m ON m.adcode = w.adcode
                              AND w.report_year BETWEEN ifnull(m.valid_from, 0) AND ifnull(m.valid_to, 9999)
), reported AS ( -- a member with two reports of that scope counts as one that is missing
    SELECT m.report_id, m.identity, m.authority, m.member, CASE WHEN count(r.report_id) = 1 THEN min(r.report_id) END AS part_id
    FROM member m
    LEFT JOIN report r ON r.is_current AND r.adcode = m.adcode AND r.scope = m.scope AND r.report_year = m.report_year
                      AND m.authority IN ('', r.authority) AND regexp_matches(r.forms, m.form)
    GROUP BY m.report_id, m.identity, m.adcode, m.scope, m.authority, m.member
), known AS (
    SELECT report_id, identity, count(*) AS members, count(part_id) AS members_there,
           count(*) FILTER (authority <> '') > 0 AS has_roster,
           string_agg(member, ' ' ORDER BY member) FILTER (part_id IS NULL) AS missing
    FROM reported GROUP BY report_id, identity
), instance AS (
    SELECT *, unnest(string_split(metrics, ' ')) AS metric FROM whole
), side AS (
    SELECT w.report_id, w.identity, w.metric,
           CASE WHEN count(p.part_id) = count(*) AND count(v.value) = count(*) THEN TRY_CAST(sum(v.value) AS DECIMAL(28, 8)) END AS sum
    FROM instance w
    JOIN reported p ON p.report_id = w.report_id AND p.identity = w.identity
    LEFT JOIN metric_by_applicant v ON v.report_id = p.part_id AND v.metric = w.metric AND v.applicant = 'total'
    GROUP BY w.report_id, w.identity, w.metric
)
SELECT w.report_id, w.adcode, w.authority, w.scope, w.report_year, w.identity, w.label_zh, w.label_en, w.metric AS instance, w.severity,
       ifnull(k.members, 0) AS members, ifnull(k.members_there, 0) AS members_there, ifnull(k.has_roster, false) AS has_roster,
       ifnull(k.missing, '') AS missing,
       CASE WHEN k.has_roster THEN s.sum END AS lhs, v.value AS rhs, lhs - rhs AS delta,
       CASE WHEN delta IS NULL THEN 'untestable' WHEN abs(delta) <= w.tolerance * rhs THEN 'held' ELSE 'failed' END AS outcome
FROM instance w
LEFT JOIN known k ON k.report_id = w.report_id AND k.identity = w.identity
LEFT JOIN side s ON s.report_id = w.report_id AND s.identity = w.identity AND s.metric = w.metric
LEFT JOIN metric_by_applicant v ON v.report_id = w.report_id AND v.metric = w.metric AND v.applicant = 'total';

CREATE VIEW between_reports AS
SELECT report_id, adcode, authority, scope, report_year, identity, label_zh, label_en, instance, severity, lhs, rhs, delta, outcome,
       'the report of ' || (report_year - 1) || ' against this one' AS compared
FROM continuity
UNION ALL
SELECT report_id, adcode, authority, scope, report_year, identity, label_zh, label_en, instance, severity, lhs, rhs, delta, outcome,
       members_there || ' of ' || members || ' members'' reports against this one'
       || CASE WHEN has_roster THEN '' ELSE '; roster.csv does not list the bodies of the city itself' END
FROM hierarchy;

-- What a person should look at: the findings of all documents, and what fails between the reports that stand.
CREATE VIEW problem AS
SELECT f.severity, f.code, r.authority, r.report_year, f.message, f.locator, d.url
FROM finding f JOIN document d USING (sha256) LEFT JOIN report r USING (sha256)
UNION ALL
SELECT b.severity, b.identity, b.authority, b.report_year,
       format('{}: {} against {}, {}', trim(b.identity || ' ' || b.instance), regexp_replace(b.lhs::VARCHAR, '[.]?0+$', ''),
              regexp_replace(b.rhs::VARCHAR, '[.]?0+$', ''), b.compared), '', r.url
FROM between_reports b JOIN report r USING (report_id)
WHERE b.outcome = 'failed';
