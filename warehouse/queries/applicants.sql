-- title_zh: 各类申请人
-- title_en: By kind of applicant
-- about: >-
--   Received and closed requests and the disclosed among them (in full or in part) for each kind of applicant, as the form
--   splits them since 2019, with the kind's share of what was received. Lawyers often file as natural persons.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: year, type: integer, default: "", example: "2022", about: "Year of the reports; empty: all"}
WITH split AS (
    SELECT r.report_id, v.applicant, max(v.value) FILTER (v.metric = 'app_new') AS received,
           max(v.value) FILTER (v.metric = 'app_closed_total') AS closed,
           max(v.value) FILTER (v.metric = 'out_granted') + max(v.value) FILTER (v.metric = 'out_partial') AS disclosed
    FROM current_report r JOIN metric_by_applicant v USING (report_id)
    WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND ifnull(r.report_year = $year, true)
      AND v.metric IN ('app_new', 'app_closed_total', 'out_granted', 'out_partial')
    GROUP BY r.report_id, v.applicant
)
SELECT r.adcode, r.authority, r.scope, r.report_year, s.applicant, s.received, round(s.received / nullif(t.received, 0), 4) AS share_of_received,
       s.closed, s.disclosed, round(s.disclosed / nullif(s.closed, 0), 4) AS disclosed_share,
       round(wilson_low(s.disclosed, s.closed), 4) AS low, round(wilson_high(s.disclosed, s.closed), 4) AS high
FROM split s
JOIN current_report r USING (report_id)
LEFT JOIN split t ON t.report_id = s.report_id AND t.applicant = 'total'
ORDER BY r.adcode, r.authority, r.scope, r.report_year, s.received DESC NULLS LAST, s.applicant;
