-- title_zh: 最多的问题
-- title_en: The commonest findings
-- about: One row a kind of finding with how many documents have it and one example, the most severe and the commonest first.
-- parameters:
--   - {name: severity, type: text, default: "", example: error, about: "error, warn or info; empty: all"}
SELECT f.severity, f.code, count(*) AS findings, count(DISTINCT f.sha256) AS documents, min(f.message) AS example,
       arg_min(d.url, (f.message, d.url)) AS example_url
FROM finding f JOIN document d USING (sha256)
WHERE ifnull(f.severity = $severity, true)
GROUP BY f.severity, f.code
ORDER BY list_position(['error', 'warn', 'info'], f.severity), findings DESC, f.code;
