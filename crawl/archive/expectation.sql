-- What was expected of each portal when it was last crawled: one row without a year for
-- the portal, and one a report that was due by then.
CREATE TABLE IF NOT EXISTS expectation (
    portal      TEXT NOT NULL,
    authority   TEXT NOT NULL, -- as the codebook names the portal's own authority
    admin_level TEXT NOT NULL, -- '' if the profile does not say, and nothing is expected
    needs       TEXT NOT NULL, -- why the portal is not crawled; '' if it is
    report_year INTEGER,       -- NULL: the portal's own row
    due_on      TEXT NOT NULL, -- day; '' in the portal's own row
    UNIQUE (portal, report_year)
);
