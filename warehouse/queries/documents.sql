-- title_zh: 抓到的文件和结果
-- title_en: What was fetched and what became of it
-- about: Documents by type and, where one yields no report, the reason (codebook reason.csv), with their size.
SELECT media_type, CASE WHEN reason = '' THEN 'report' ELSE reason END AS became, count(*) AS documents, sum(bytes) AS bytes,
       min(fetched_at) AS first_fetched, max(fetched_at) AS last_fetched
FROM document
GROUP BY ALL
ORDER BY documents DESC, media_type, became;
