-- title_zh: 各列的含义、单位和来源
-- title_en: What the columns mean, with unit and source
-- about: The columns of one table or view, or of all, in their order, with type and COMMENT.
-- parameters:
--   - {name: table, type: text, default: "", example: requests, about: "Name of a table or view, as query tables lists them; empty: all"}
SELECT table_name, column_index AS position, column_name, data_type, comment
FROM duckdb_columns()
WHERE database_name = 'nianbao' AND ifnull(table_name = $table, true)
ORDER BY table_name, column_index;
