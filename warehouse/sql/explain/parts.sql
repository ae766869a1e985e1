-- The parts of a computed sum: $1 report, $2 metric, $3 applicant.
SELECT t.sign, t.metric, v.value::VARCHAR, v.status, v.cell_no
FROM term t
JOIN metric_by_applicant v ON v.report_id = $1 AND v.metric = t.metric AND v.applicant = $3
WHERE t.kind = 'metric' AND t.owner = $2
ORDER BY t.position;
