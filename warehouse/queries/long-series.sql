-- title_zh: 跨表式的长序列
-- title_en: Long series across the forms
-- about: >-
--   The series that continue from the forms up to 2018 to those since 2019. comparability says how far they do: near, approx
--   or none; note tells why.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: series, type: text, default: "", example: H_new, about: "An id of table series_definition; empty: all"}
SELECT h.adcode, h.authority, h.scope, h.series, d.label_zh, d.label_en, h.report_year, h.era, h.value, h.status, h.comparability, h.grade, d.note_en AS note
FROM harmonised h
JOIN current_report r USING (report_id)
JOIN series_definition d ON d.id = h.series
WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND ifnull(h.series = $series, true)
ORDER BY h.adcode, h.authority, h.scope, h.series, h.report_year;
