-- Of the reports from first_report to last_report: the quantities that are not one printed cell as it stands, and all printed
-- ones of the reports that have such.
--
-- A metric that one report prints twice differently is not known: value NULL, status illegible.
-- Where an accepted correction stands, it is used, and the status says so; the printed cell stays as it is.
INSERT INTO settled_quantity
WITH own AS NOT MATERIALIZED (
    FROM cell WHERE report_id BETWEEN getvariable('first_report') AND getvariable('last_report')
), metric_bit AS (
    SELECT id AS metric, 16 * row_number() OVER (ORDER BY id) AS bit FROM metric
), applicant_bit AS (
    SELECT applicant, row_number() OVER (ORDER BY applicant) - 1 AS bit FROM (SELECT DISTINCT applicant FROM own)
), repeated AS ( -- a bit for each figure: to count them is much less work than to group the cells by figure
    SELECT c.report_id FROM own c JOIN metric_bit m USING (metric) JOIN applicant_bit a USING (applicant)
    GROUP BY c.report_id HAVING bit_count(bitstring_agg(m.bit + a.bit, 0, 8191)) < count(*)
), unsettled AS (
    SELECT report_id FROM repeated UNION SELECT report_id FROM correction WHERE status = 'accepted'
), printed AS (
    SELECT c.report_id, c.metric, c.applicant,
           min(c.value) IS NOT DISTINCT FROM max(c.value) AND min(c.status) = max(c.status) AS agrees,
           CASE WHEN agrees THEN min(c.value) END AS value,
           CASE WHEN agrees THEN min(c.status) ELSE 'illegible' END AS status,
           CASE WHEN bool_or(c.grade = 'contradicted') THEN 'contradicted'
                WHEN bool_or(c.grade <> 'proved') THEN 'unproved' ELSE 'proved' END AS grade,
           min(c.cell_no) AS cell_no
    FROM own c
    SEMI JOIN unsettled USING (report_id)
    JOIN report r ON r.report_id = c.report_id AND (r.is_current OR r.report_id IN (SELECT supersedes FROM report))
    JOIN metric m ON m.id = c.metric
    GROUP BY c.report_id, c.metric, c.applicant
)
SELECT p.report_id, p.metric, p.applicant, ifnull(k.corrected, p.value), CASE WHEN k.id IS NULL THEN p.status ELSE 'corrected' END,
       CASE WHEN k.id IS NULL THEN p.grade ELSE 'unproved' END, p.cell_no
FROM printed p
LEFT JOIN correction k ON k.status = 'accepted' AND k.report_id = p.report_id AND k.metric = p.metric AND k.applicant = p.applicant
ORDER BY p.report_id, p.metric, p.applicant;

-- A group sum that the form does not print is computed from its parts, if the report has a row for each of them;
-- it has a value only if each part has one, else the status of the first part that has none.
INSERT INTO settled_quantity
WITH own AS NOT MATERIALIZED (
    FROM quantity WHERE report_id BETWEEN getvariable('first_report') AND getvariable('last_report')
), size AS (
    SELECT owner AS metric, count(*) AS parts FROM term WHERE kind = 'metric' GROUP BY owner
), computed AS (
    SELECT p.report_id, t.owner AS metric, p.applicant,
           CASE WHEN count(p.value) = count(*) THEN TRY_CAST(sum(t.sign * p.value) AS DECIMAL(28, 8)) END AS value,
           CASE WHEN count(p.value) = count(*) THEN CASE WHEN bool_or(p.status = 'corrected') THEN 'corrected' ELSE 'computed' END
                ELSE arg_min(p.status, t.position) FILTER (WHERE p.value IS NULL) END AS status,
           CASE WHEN bool_or(p.grade = 'contradicted') THEN 'contradicted'
                WHEN bool_or(p.grade <> 'proved') THEN 'unproved' ELSE 'proved' END AS grade
    FROM term t
    JOIN own p ON p.metric = t.metric
    JOIN size s ON s.metric = t.owner
    WHERE t.kind = 'metric'
    GROUP BY p.report_id, t.owner, p.applicant, s.parts
    HAVING count(*) = s.parts
)
SELECT report_id, metric, applicant, value, status, grade, NULL
FROM computed ANTI JOIN (SELECT report_id, metric, applicant FROM own SEMI JOIN size USING (metric)) o USING (report_id, metric, applicant)
ORDER BY report_id, metric, applicant;
