-- Every term of every check that involves a number, directly or as a part of a sum: $1 report, $2 metric, $3 applicant.
WITH resolved AS (
    SELECT c.identity, c.instance, c.lhs, c.rhs, c.outcome, c.reread, i.op, i.severity, i.label_zh, i.label_en,
           t.side, t.position, t.sign,
           CASE WHEN t.metric = '' THEN c.instance ELSE t.metric END AS metric,
           CASE WHEN t.applicant <> '' THEN t.applicant WHEN i.per = 'applicant' THEN c.instance ELSE 'total' END AS applicant,
           CASE WHEN t.metric = '' THEN t.applicant WHEN t.applicant = '' THEN t.metric
                ELSE t.metric || '@' || t.applicant END AS name
    FROM check_result c
    JOIN identity i ON i.id = c.identity
    JOIN term t ON t.kind = 'identity' AND t.owner = c.identity
    WHERE c.report_id = $1
), involved AS (
    SELECT DISTINCT identity, instance FROM resolved
    WHERE applicant = $3 AND (metric = $2 OR EXISTS (
        FROM term p WHERE p.kind = 'metric' AND p.owner = resolved.metric AND p.metric = $2))
)
SELECT identity, instance, label_zh, label_en, op, severity, outcome, reread, lhs::VARCHAR, rhs::VARCHAR,
       side, sign, name, v.value::VARCHAR, CASE WHEN v.status IS NULL THEN 'missing_row' ELSE v.status END
FROM resolved SEMI JOIN involved USING (identity, instance)
LEFT JOIN metric_by_applicant v ON v.report_id = $1 AND v.metric = resolved.metric AND v.applicant = resolved.applicant
ORDER BY identity, instance, side, position;
