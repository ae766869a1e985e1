-- title_zh: 有哪些表和视图
-- title_en: Which tables and views there are
-- about: What each table and view of the warehouse holds, as its COMMENT says, with the number of rows of the tables.
SELECT table_name, 'table' AS kind, column_count AS columns, estimated_size AS rows, comment
FROM duckdb_tables() WHERE database_name = 'nianbao'
UNION ALL
SELECT view_name, 'view', column_count, NULL, comment
FROM duckdb_views() WHERE database_name = 'nianbao' AND NOT internal
ORDER BY table_name;
