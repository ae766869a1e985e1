-- title_zh: 原报告自己的算术错误
-- title_en: Arithmetic errors of the publishers
-- about: >-
--   Identities of the form that a report breaks, with both sides. verdict says what speaks for an error of the publisher and
--   not of the reading: source, disputed or unconfirmed. Published as printed, never repaired.
-- parameters:
--   - {name: city, type: text, default: "", example: "320813", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region; empty: all"}
--   - {name: year, type: integer, default: "", example: "2023", about: "Year of the reports; empty: all"}
SELECT e.adcode, e.authority, e.scope, e.report_year, e.identity, e.label_zh, e.label_en, e.instance, e.lhs, e.rhs, e.delta, e.verdict, e.url
FROM errata e
JOIN current_report r USING (report_id)
WHERE ifnull($city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en), $city IS NULL) AND ifnull(e.report_year = $year, true)
ORDER BY e.adcode, e.authority, e.scope, e.report_year, e.identity, e.instance;
