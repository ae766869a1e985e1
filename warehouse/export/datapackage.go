package export

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"
)

// The types below are those of Frictionless Data Package and Table Schema, version 1
// (https://specs.frictionlessdata.io). Only CSV is tabular there: Parquet, XLSX and CSV
// for Excel are files with hash and size.

type dataPackage struct {
	Profile     string         `json:"profile"`
	Name        string         `json:"name"`
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Version     string         `json:"version"`
	Licenses    []license      `json:"licenses"`
	Keywords    []string       `json:"keywords"`
	Resources   []dataResource `json:"resources"`
}

type license struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Path  string `json:"path"`
}

type dataResource struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"` // table or file
	Profile     string   `json:"profile"`
	Path        string   `json:"path"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Format      string   `json:"format"`
	Mediatype   string   `json:"mediatype"`
	Encoding    string   `json:"encoding,omitempty"`
	Bytes       int64    `json:"bytes"`
	Hash        string   `json:"hash"`
	Dialect     *dialect `json:"dialect,omitempty"`
	Schema      *schema  `json:"schema,omitempty"`
}

type dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
	QuoteChar      string `json:"quoteChar"`
	DoubleQuote    bool   `json:"doubleQuote"`
	Header         bool   `json:"header"`
}

type schema struct {
	Fields        []field      `json:"fields"`
	MissingValues []string     `json:"missingValues"`
	PrimaryKey    []string     `json:"primaryKey,omitempty"`
	ForeignKeys   []foreignKey `json:"foreignKeys,omitempty"`
}

type field struct {
	Name        string `json:"name"`
	Title       string `json:"title,omitempty"`
	Type        string `json:"type"`
	Format      string `json:"format,omitempty"`
	Description string `json:"description"`
	Unit        string `json:"unit,omitempty"`
}

type foreignKey struct {
	Fields    []string  `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

var mediaTypes = map[string]string{
	".csv": "text/csv", ".parquet": "application/vnd.apache.parquet",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// dataPackage describes every table and every other file that holds rows.
func (e *export) dataPackage() ([]byte, error) {
	p := dataPackage{
		Profile: "data-package", Name: "nianbao", ID: "sha256:" + e.build.ID, Version: e.build.Version(),
		Title:       "nianbao 年报: annual reports of Chinese governments on requests for information 政府信息公开工作年度报告",
		Description: "Every printed number of the reports with its state, its place and its proof. README.md says how to read it, LICENCE.md what may be done with it.",
		Licenses:    []license{{"other-pd", "Official documents and figures; arrangement and codebook under Apache-2.0", "LICENCE.md"}},
		Keywords:    []string{"政府信息公开", "依申请公开", "freedom of information", "China", "open government"},
	}
	for _, r := range e.resources {
		if f, ok := e.files["csv/"+r.Name+".csv"]; ok {
			d := e.resource("csv/"+r.Name+".csv", f)
			d.Name, d.Type, d.Profile, d.Encoding = strings.ReplaceAll(r.Name, "_", "-"), "table", "tabular-data-resource", "utf-8"
			d.Title, d.Description = r.TitleZH+" · "+r.TitleEN, r.comment
			d.Dialect = &dialect{",", "\n", `"`, true, true}
			d.Schema = r.schema()
			p.Resources = append(p.Resources, d)
		}
	}
	for _, name := range e.names() {
		if mediaTypes[path.Ext(name)] != "" && !strings.HasPrefix(name, "csv/") {
			p.Resources = append(p.Resources, e.resource(name, e.files[name]))
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(p)
	return b.Bytes(), err
}

// plain makes of a path a name in the letters that a name may have.
var plain = strings.NewReplacer("/", ".", "=", "-", "_", "-")

func (e *export) resource(name string, f file) dataResource {
	ext := path.Ext(name)
	return dataResource{
		Name: strings.ToLower(plain.Replace(strings.TrimSuffix(name, ext))), Type: "file", Profile: "data-resource", Path: name,
		Format: ext[1:], Mediatype: mediaTypes[ext], Bytes: f.bytes, Hash: "sha256:" + f.sha256,
	}
}

func (r *resource) schema() *schema {
	s := &schema{MissingValues: []string{""}, PrimaryKey: strings.Fields(r.Key)}
	for _, c := range r.columns {
		kind, format := fieldType(c.Type)
		title := strings.Trim(c.TitleZH+" · "+c.TitleEN, " ·")
		s.Fields = append(s.Fields, field{c.Name, title, kind, format, c.Comment, c.unit()})
	}
	for _, ref := range strings.Fields(r.References) {
		own, other, _ := strings.Cut(ref, "=")
		table, column, _ := strings.Cut(other, ".")
		s.ForeignKeys = append(s.ForeignKeys, foreignKey{[]string{own}, reference{strings.ReplaceAll(table, "_", "-"), []string{column}}})
	}
	return s
}

// fieldType is the type of Table Schema for a type of DuckDB.
func fieldType(duck string) (kind, format string) {
	base, _, _ := strings.Cut(duck, "(")
	switch base {
	case "INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT":
		return "integer", ""
	case "DECIMAL", "DOUBLE", "FLOAT":
		return "number", ""
	case "BOOLEAN":
		return "boolean", ""
	case "DATE":
		return "date", ""
	case "TIMESTAMP":
		return "datetime", "%Y-%m-%dT%H:%M:%S" // UTC, which has no sign in it
	}
	return "string", ""
}
