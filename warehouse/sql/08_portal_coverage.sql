-- What became of each report that the law asks of a portal's own authority, and of those of other bodies on the portal:
-- which they are nobody says but the portal itself, so a body is expected to go on where it was listed before.

-- What is left of the name of a body without the given names and the words that all names of governments have.
CREATE MACRO beyond(body, names) AS
    regexp_replace(list_reduce(list_prepend(body, names), lambda t, name: replace(t, name, '')),
                   '[\s()（）“”"《》]|人民政府|行政公署|办公(厅|室)', '', 'g');

-- The documents on the portals: whose report of which year each is, by itself if it gives a report, else by its link. A link
-- that names nobody leads to the report of the portal's own authority.
CREATE VIEW portal_document AS
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
         unnest([authority, portal_name, regexp_replace(portal_name, '(人民政府|行政公署)?(办公[厅室])?$', ''),
                 CASE WHEN admin_level IN ('province', 'city', 'county', 'district') THEN region END]) o(own)
    WHERE above IS NOT NULL AND own <> ''
), spellings AS (
    SELECT portal, list(name ORDER BY length(name) DESC, name) AS names FROM spelling GROUP BY portal
), signed AS (
    SELECT l.portal, l.url, l.title, l.state, l.reason AS crawl_reason, l.sha256, l.published_on,
           CASE WHEN d.reason <> '' THEN d.reason WHEN r.report_id IS NOT NULL THEN 'unidentified' ELSE '' END AS extract_reason,
           page.url IS NOT NULL AS is_part, CASE WHEN r.report_year IS NOT NULL AND r.authority <> '' THEN ifnull(r.rendition_of, ifnull(r.part_of, r.report_id)) END AS report_id, r.scope,
           ifnull(r.report_year, k.report_year) AS report_year,
           CASE WHEN r.authority <> '' THEN r.authority ELSE ifnull(k.authority, '') END AS authority,
           CASE WHEN r.authority <> '' THEN r.adcode ELSE ifnull(k.adcode, '') END AS adcode
    FROM crawl_ledger l
    LEFT JOIN link k USING (url)
    LEFT JOIN document d USING (sha256)
    LEFT JOIN report r USING (sha256)
    LEFT JOIN crawl_ledger page ON page.url = l.found_on AND page.kind = 'document'
    WHERE l.kind = 'document' AND l.reason <> 'title_excluded'
)
SELECT s.portal, s.url, s.title, p.portal_name, s.authority, s.adcode, s.report_year, s.is_part,
       CASE WHEN s.authority = '' THEN s.title LIKE '%信息公开%'
            ELSE s.authority = p.authority OR s.adcode IN (p.adcode, '') AND beyond(s.authority, n.names) = '' END AS own,
       CASE WHEN s.report_id IS NOT NULL THEN 'accepted' WHEN s.sha256 <> '' THEN 'fetched' ELSE 'located' END AS state,
       CASE WHEN s.report_id IS NOT NULL THEN '' WHEN s.sha256 <> '' THEN s.extract_reason ELSE s.crawl_reason END AS reason,
       s.state <> 'fetched' AND s.sha256 <> '' AS withdrawn, s.published_on, s.sha256, s.report_id, s.scope
FROM signed s JOIN portal p USING (portal) JOIN spellings n USING (portal);

CREATE VIEW portal_coverage AS
WITH body AS ( -- a body without a name is none
    SELECT d.*, CASE WHEN d.own THEN '' ELSE d.authority END AS other
    FROM portal_document d WHERE d.own OR d.authority <> ''
), here AS ( -- bytes at several addresses are one document, which is withdrawn if none of them has it
    SELECT portal, other, report_year, CASE WHEN sha256 = '' THEN url ELSE sha256 END AS document, bool_and(withdrawn) AS withdrawn,
           bool_or(state <> 'located') AS fetched, min(nullif(reason, '')) AS reason, bool_or(state = 'fetched') AS unread,
           min(published_on) AS published_on, min(url) AS url
    FROM body WHERE NOT is_part GROUP BY ALL
), counted AS (
    SELECT portal, other, report_year, count(*) AS located, count(*) FILTER (fetched) AS fetched, count(*) FILTER (withdrawn) AS withdrawn,
           min(reason) FILTER (unread) AS extract_reason, min(reason) FILTER (NOT unread) AS crawl_reason,
           min(published_on) AS published_on, min(url) AS url
    FROM here GROUP BY ALL
), reported AS ( -- a report that is a part counts, too
    SELECT portal, other, report_year, count(DISTINCT report_id) AS reports, string_agg(DISTINCT scope, ' ' ORDER BY scope) AS scopes,
           min(url) AS url
    FROM body WHERE report_id IS NOT NULL GROUP BY ALL
), named AS (
    SELECT portal, other, min(adcode) AS adcode FROM body GROUP BY ALL
), known AS (
    SELECT portal, other, report_year FROM counted UNION SELECT portal, other, report_year FROM reported
), latest AS (
    SELECT portal, max(report_year) AS due FROM expectation GROUP BY portal
), again AS ( -- the years from the first of a body to one beyond its last, as far as they are due
    SELECT portal, other, unnest(generate_series(min(report_year), least(max(report_year) + 1, greatest(max(report_year), any_value(due)))))::INTEGER AS report_year
    FROM known JOIN latest USING (portal) WHERE other <> '' AND report_year IS NOT NULL GROUP BY portal, other
), wanted AS (
    SELECT portal, '' AS other, report_year FROM expectation WHERE report_year IS NOT NULL
    UNION SELECT portal, other, report_year FROM again
    UNION SELECT portal, other, report_year FROM known
    UNION SELECT portal, '', NULL FROM expectation WHERE report_year IS NULL AND (needs <> '' OR admin_level = '')
), lists AS ( -- that the latest crawl asked for
    SELECT portal, bool_or(state = 'fetched') AS read, min(reason) FILTER (reason NOT IN ('', 'not_a_list_page')) AS reason
    FROM crawl_ledger WHERE kind = 'list' AND NOT stale GROUP BY portal
)
SELECT p.portal, p.portal_name, CASE WHEN w.other = '' THEN p.authority ELSE w.other END AS authority, w.other = '' AS own,
       CASE WHEN w.other = '' THEN p.adcode ELSE ifnull(nullif(m.adcode, ''), '') END AS adcode, p.admin_level, w.report_year,
       CASE WHEN e.due_on IS NOT NULL THEN 'law' WHEN w.other <> '' AND a.portal IS NOT NULL THEN 'portal' ELSE '' END AS expected,
       e.due_on, c.published_on, c.published_on > e.due_on AS late,
       CASE WHEN r.reports > 0 AND w.report_year IS NOT NULL THEN 'accepted'
            WHEN c.fetched > 0 THEN 'fetched'
            WHEN c.located > 0 THEN 'located'
            WHEN w.report_year IS NULL OR NOT ifnull(l.read, false) OR l.reason IS NOT NULL THEN 'unknown'
            ELSE 'missing' END AS state,
       CASE WHEN r.reports > 0 AND w.report_year IS NOT NULL THEN ''
            WHEN c.fetched > 0 THEN ifnull(c.extract_reason, '')
            WHEN c.located > 0 THEN ifnull(c.crawl_reason, '')
            ELSE ifnull(l.reason, '') END AS reason,
       CASE WHEN c.portal IS NOT NULL OR r.portal IS NOT NULL THEN ''
            WHEN p.needs <> '' THEN 'not crawled; to be found out: ' || p.needs
            WHEN p.admin_level = '' THEN 'nothing is expected: the profile has no admin_level'
            WHEN l.portal IS NULL THEN 'no list has been asked for'
            WHEN NOT l.read OR l.reason IS NOT NULL THEN 'not every list could be read'
            ELSE 'no row of that year on the lists' END AS detail,
       ifnull(c.located, 0) AS located, ifnull(c.fetched, 0) AS fetched, ifnull(r.reports, 0) AS reports,
       ifnull(r.scopes, '') AS scopes, ifnull(c.withdrawn, 0) AS withdrawn, ifnull(c.url, r.url) AS url
FROM wanted w
JOIN expectation p ON p.portal = w.portal AND p.report_year IS NULL
LEFT JOIN counted c ON c.portal = w.portal AND c.other = w.other AND c.report_year IS NOT DISTINCT FROM w.report_year
LEFT JOIN reported r ON r.portal = w.portal AND r.other = w.other AND r.report_year IS NOT DISTINCT FROM w.report_year
LEFT JOIN named m ON m.portal = w.portal AND m.other = w.other
LEFT JOIN again a ON a.portal = w.portal AND a.other = w.other AND a.report_year = w.report_year
LEFT JOIN expectation e ON w.other = '' AND e.portal = w.portal AND e.report_year = w.report_year
LEFT JOIN lists l ON l.portal = w.portal;
