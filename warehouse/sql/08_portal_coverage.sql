-- What became of each report that the law asks of a portal's own authority. Reports of other
-- bodies that the portal links to are counted, and nothing is expected of them.

-- A title without document numbers, such as 〔2025〕3号, whose year is not that of the report.
CREATE MACRO unnumbered(title) AS regexp_replace(title, '[〔\[（(【]20[0-9]{2}[〕\]）)】]第?[0-9]+号', '', 'g');

CREATE MACRO title_year(title) AS
    ifnull(try_cast(regexp_extract(unnumbered(title), '(20[0-9]{2})[^0-9].{0,30}?信息公开', 1) AS INTEGER),
           try_cast(regexp_extract(unnumbered(title), '信息公开.{0,12}?(20[0-9]{2})', 1) AS INTEGER));

-- What is left of the name of a body, or of the title of its report, without the given names and
-- the words that all names of governments and all titles have.
CREATE MACRO beyond(text, names) AS
    regexp_replace(list_reduce(list_prepend(unnumbered(text), names), lambda t, name: replace(t, name, '')),
                   '[\s()（）“”"《》\[\]〔〕]|人民政府|办公(厅|室)|关于|20[0-9]{2}|年度?|的', '', 'g');

CREATE VIEW portal_coverage AS
WITH portal AS (
    SELECT e.*, g.name AS region, nullif(c.name, g.name) AS city, nullif(v.name, g.name) AS province
    FROM expectation e
    LEFT JOIN region g ON g.adcode = e.adcode
    LEFT JOIN region c ON c.adcode = left(e.adcode, 4) || '00'
    LEFT JOIN region v ON v.adcode = left(e.adcode, 2) || '0000'
    WHERE e.report_year IS NULL
), spelling AS ( -- a government is also called by its place; both may follow the places above
    SELECT DISTINCT portal, above || own AS name
    FROM portal, unnest(['', province, city, province || city]) a(above),
         unnest([authority, portal_name, CASE WHEN admin_level IN ('province', 'city', 'county', 'district') THEN region END]) o(own)
    WHERE above IS NOT NULL AND own <> ''
), spellings AS (
    SELECT portal, list(name ORDER BY length(name) DESC, name) AS names FROM spelling GROUP BY portal
), part AS ( -- attachments and frames of a document; only a report makes them count
    SELECT l.url FROM crawl_ledger l JOIN crawl_ledger page ON page.url = l.found_on AND page.kind = 'document'
    WHERE l.kind = 'document'
), found AS (
    SELECT p.portal, l.url IN (FROM part) AS is_part, l.url, l.state, l.reason AS crawl_reason, l.sha256, d.reason AS extract_reason, CASE WHEN r.report_year IS NOT NULL THEN r.report_id END AS report_id, r.scope,
           ifnull(r.report_year, title_year(l.title)) AS report_year,
           CASE WHEN r.authority <> '' THEN
                    r.authority = p.authority
                    OR (r.adcode IN (p.adcode, '') AND beyond(r.authority, n.names) = '')
                ELSE regexp_matches(beyond(l.title, n.names), '^(政府|政务)?信息公开')
           END AS own
    FROM portal p
    JOIN spellings n ON n.portal = p.portal
    JOIN crawl_ledger l ON l.portal = p.portal AND l.kind = 'document' AND l.reason <> 'title_excluded'
    LEFT JOIN document d ON d.sha256 = l.sha256
    LEFT JOIN report r ON r.sha256 = l.sha256
), counted AS (
    SELECT portal, report_year,
           count(*) FILTER (own AND NOT is_part) AS located,
           count(*) FILTER (own AND NOT is_part AND sha256 <> '') AS fetched,
           count(DISTINCT report_id) FILTER (own) AS reports,
           count(*) FILTER (own AND NOT is_part AND sha256 <> '' AND state <> 'fetched') AS withdrawn,
           count(*) FILTER (NOT own AND NOT is_part) AS others,
           string_agg(DISTINCT scope, ' ' ORDER BY scope) FILTER (own AND report_id IS NOT NULL) AS scopes,
           min(nullif(extract_reason, '')) FILTER (own AND NOT is_part) AS extract_reason,
           min(nullif(crawl_reason, '')) FILTER (own AND NOT is_part) AS crawl_reason,
           min(url) FILTER (own) AS url
    FROM found GROUP BY portal, report_year
), lists AS (
    SELECT portal, bool_or(state = 'fetched') AS read, min(nullif(reason, '')) AS reason
    FROM crawl_ledger WHERE kind = 'list' GROUP BY portal
), wanted AS (
    SELECT portal, report_year FROM expectation WHERE report_year IS NOT NULL
    UNION
    SELECT portal, report_year FROM counted WHERE located > 0 OR reports > 0
    UNION
    SELECT portal, NULL FROM portal WHERE needs <> '' OR admin_level = ''
)
SELECT p.portal, p.portal_name, p.authority, p.adcode, p.admin_level, w.report_year, e.due_on,
       e.due_on IS NOT NULL AS expected,
       CASE WHEN c.reports > 0 AND w.report_year IS NOT NULL THEN 'accepted'
            WHEN c.fetched > 0 THEN 'fetched'
            WHEN c.located > 0 THEN 'located'
            WHEN w.report_year IS NULL OR NOT ifnull(l.read, false) OR l.reason IS NOT NULL THEN 'unknown'
            ELSE 'missing' END AS state,
       CASE WHEN c.reports > 0 AND w.report_year IS NOT NULL THEN ''
            WHEN c.fetched > 0 THEN ifnull(c.extract_reason, '')
            WHEN c.located > 0 THEN ifnull(c.crawl_reason, '')
            ELSE ifnull(l.reason, '') END AS reason,
       CASE WHEN c.portal IS NOT NULL THEN ''
            WHEN p.needs <> '' THEN 'not crawled; to be found out: ' || p.needs
            WHEN p.admin_level = '' THEN 'nothing is expected: the profile has no admin_level'
            WHEN l.portal IS NULL THEN 'no list has been asked for'
            WHEN NOT l.read OR l.reason IS NOT NULL THEN 'not every list could be read'
            ELSE 'no row of that year on the lists' END AS detail,
       ifnull(c.located, 0) AS located, ifnull(c.fetched, 0) AS fetched, ifnull(c.reports, 0) AS reports,
       ifnull(c.scopes, '') AS scopes, ifnull(c.withdrawn, 0) AS withdrawn,
       ifnull(o.others, 0) AS others, c.url
FROM wanted w
JOIN portal p USING (portal)
LEFT JOIN counted c ON c.portal = w.portal AND c.report_year IS NOT DISTINCT FROM w.report_year AND (c.located > 0 OR c.reports > 0)
LEFT JOIN counted o ON o.portal = w.portal AND o.report_year IS NOT DISTINCT FROM w.report_year
LEFT JOIN expectation e ON e.portal = w.portal AND e.report_year = w.report_year
LEFT JOIN lists l ON l.portal = w.portal;
