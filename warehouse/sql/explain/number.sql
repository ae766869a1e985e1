-- The numbers of one metric and applicant in one year: $1 place, $2 year, $3 metric, $4 applicant, $5 scope or ''.
SELECT v.report_id, v.adcode, v.authority, r.authority_en, v.scope, v.report_year, v.era, r.grade,
       v.metric, m.label_zh, m.label_en, m.unit, v.applicant, v.value::VARCHAR, v.status, v.grade, v.cell_no,
       d.sha256, d.media_type, d.bytes
FROM metric_by_applicant v
JOIN current_report r USING (report_id)
JOIN metric m ON m.id = v.metric
LEFT JOIN cell c ON c.report_id = v.report_id AND c.cell_no = v.cell_no
JOIN document d ON d.sha256 = ifnull(c.sha256, r.sha256)
WHERE $1 IN (r.adcode, r.authority, r.region_zh) AND v.report_year = $2 AND v.metric = $3 AND v.applicant = $4
  AND $5 IN ('', v.scope)
ORDER BY v.adcode, v.authority, v.scope;
