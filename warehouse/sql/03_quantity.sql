-- What each version of a report says each metric is, printed or computed; stored, for most views start from it.
--
-- A metric that one report prints twice differently is not known: value NULL, status illegible.
-- Where an accepted correction stands, it is used, and the status says so; the printed cell stays as it is.
-- A group sum that the form does not print is computed from its parts, if the report has a row for each of them;
-- it has a value only if each part has one, else the status of the first part that has none.
INSERT INTO quantity
WITH printed AS (
    SELECT c.report_id, c.metric, c.applicant,
           min(c.value) IS NOT DISTINCT FROM max(c.value) AND min(c.status) = max(c.status) AS agrees,
           CASE WHEN agrees THEN min(c.value) END AS value,
           CASE WHEN agrees THEN min(c.status) ELSE 'illegible' END AS status,
           CASE WHEN bool_or(c.grade = 'contradicted') THEN 'contradicted'
                WHEN bool_or(c.grade <> 'proved') THEN 'unproved' ELSE 'proved' END AS grade,
           min(c.cell_no) AS cell_no
    FROM cell c
    JOIN report r ON r.report_id = c.report_id AND (r.is_current OR r.report_id IN (SELECT supersedes FROM report))
    JOIN metric m ON m.id = c.metric
    GROUP BY c.report_id, c.metric, c.applicant
), stated AS ( -- as an accepted correction has it, else as printed
    SELECT p.* REPLACE (ifnull(k.corrected, p.value) AS value, CASE WHEN k.id IS NULL THEN p.status ELSE 'corrected' END AS status,
                        CASE WHEN k.id IS NULL THEN p.grade ELSE 'unproved' END AS grade)
    FROM printed p
    LEFT JOIN correction k ON k.status = 'accepted' AND k.report_id = p.report_id AND k.metric = p.metric AND k.applicant = p.applicant
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
    JOIN stated p ON p.metric = t.metric
    JOIN size s ON s.metric = t.owner
    WHERE t.kind = 'metric'
    GROUP BY p.report_id, t.owner, p.applicant, s.parts
    HAVING count(*) = s.parts
)
SELECT report_id, metric, applicant, value, status, grade, cell_no FROM stated
UNION ALL
SELECT report_id, metric, applicant, value, status, grade, NULL
FROM computed ANTI JOIN printed USING (report_id, metric, applicant)
ORDER BY report_id, metric, applicant;
