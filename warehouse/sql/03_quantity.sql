-- What each version of a report says each metric is, printed or computed.
--
-- Nearly every quantity is one printed cell as it stands. Those of the few reports where one is not are stored in
-- settled_quantity (settle.sql).
CREATE VIEW printed_quantity AS
SELECT report_id, metric, applicant, value, status, grade, cell_no
FROM cell
SEMI JOIN (SELECT report_id FROM report WHERE is_current UNION ALL SELECT supersedes FROM report WHERE supersedes IS NOT NULL) USING (report_id)
ANTI JOIN (SELECT DISTINCT report_id FROM settled_quantity) USING (report_id)
WHERE NOT starts_with(metric, 'unmapped:')
UNION ALL
SELECT report_id, metric, applicant, value, status, grade, cell_no FROM settled_quantity;

-- A group sum that the form does not print is computed from its parts, if the report has a row for each of them;
-- it has a value only if each part has one, else the status of the first part that has none.
CREATE VIEW quantity AS
FROM printed_quantity
UNION ALL
SELECT p.report_id, t.owner, p.applicant,
       CASE WHEN count(p.value) = count(*) THEN TRY_CAST(sum(t.sign * p.value) AS DECIMAL(28, 8)) END,
       CASE WHEN count(p.value) = count(*) THEN CASE WHEN bool_or(p.status = 'corrected') THEN 'corrected' ELSE 'computed' END
            ELSE arg_min(p.status, t.position) FILTER (WHERE p.value IS NULL) END,
       CASE WHEN bool_or(p.grade = 'contradicted') THEN 'contradicted'
            WHEN bool_or(p.grade <> 'proved') THEN 'unproved' ELSE 'proved' END,
       NULL
FROM printed_quantity p
JOIN term t ON t.kind = 'metric' AND t.metric = p.metric
JOIN (SELECT owner, count(*) AS parts FROM term WHERE kind = 'metric' GROUP BY owner) s ON s.owner = t.owner
ANTI JOIN (SELECT report_id, metric, applicant FROM printed_quantity WHERE metric IN (SELECT owner FROM term WHERE kind = 'metric')) o
     ON o.report_id = p.report_id AND o.metric = t.owner AND o.applicant = p.applicant
GROUP BY p.report_id, t.owner, p.applicant, s.parts
HAVING count(*) = s.parts;
