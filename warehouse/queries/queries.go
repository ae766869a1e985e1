// Package queries holds the named queries of nianbao: questions that are asked often,
// as SQL on the warehouse. One .sql file is one query, named by the file; what it
// answers and which parameters it takes stands in YAML in the comment at its head.
//
//	q, ok := queries.Find("requests-by-year")
//	args, err := q.Arguments(map[string]string{"city": "410100"})
//	err = db.Query(ctx, os.Stdout, rows.Table, q.SQL, args...)
package queries

import (
	"cmp"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed *.sql
var files embed.FS

// A Query is a question in SQL. A parameter stands in it as $name.
type Query struct {
	Name       string      `yaml:"-"` // of the file, without .sql
	TitleZH    string      `yaml:"title_zh"`
	TitleEN    string      `yaml:"title_en"`
	About      string      `yaml:"about"` // what the rows are and how to read them
	Parameters []Parameter `yaml:"parameters"`
	SQL        string      `yaml:"-"` // the whole file
}

// A Parameter is bound to its place in the SQL; it is never pasted into it.
type Parameter struct {
	Name    string  `yaml:"name"`
	Type    string  `yaml:"type"`    // text or integer
	Default *string `yaml:"default"` // nil: must be given; empty: NULL, which the queries read as any
	Example string  `yaml:"example"` // a value that the sample edition answers
	About   string  `yaml:"about"`
}

// All returns the queries by name.
var All = sync.OnceValue(func() []Query {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		panic(err) // the pattern is good
	}
	all := make([]Query, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err == nil {
			all[i], err = parse(strings.TrimSuffix(name, path.Ext(name)), string(text))
		}
		if err != nil {
			panic(fmt.Sprintf("warehouse/queries/%s: %v", name, err)) // a test reads them all
		}
	}
	return all
})

// Names returns the names of all queries, sorted.
func Names() []string {
	var names []string
	for _, q := range All() {
		names = append(names, q.Name)
	}
	return names
}

// Find returns the query of that name.
func Find(name string) (Query, bool) {
	i := slices.IndexFunc(All(), func(q Query) bool { return q.Name == name })
	if i < 0 {
		return Query{}, false
	}
	return All()[i], true
}

// parse reads the comment at the head of a file, which is YAML.
func parse(name, text string) (Query, error) {
	var head strings.Builder
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		head.WriteString(strings.TrimPrefix(comment, " "))
	}
	q := Query{Name: name, SQL: text}
	if err := yaml.UnmarshalWithOptions([]byte(head.String()), &q, yaml.Strict()); err != nil {
		return q, fmt.Errorf("comment at the head: %w", err)
	}
	return q, nil
}

// Of is SQL as a query without a name, in which each of params must be given as text.
func Of(sql string, params []string) Query {
	q := Query{SQL: sql}
	for _, name := range params {
		q.Parameters = append(q.Parameters, Parameter{Name: name, Type: "text", Example: "…", About: "$" + name + " in the SQL"})
	}
	return q
}

func (q Query) title() string {
	if q.Name == "" {
		return "the SQL"
	}
	return "query " + q.Name
}

// Arguments are the values of all parameters for [warehouse.DB.Query]. The error names a
// parameter that is missing, unknown, or of another type.
func (q Query) Arguments(given map[string]string) ([]any, error) {
	given = maps.Clone(given)
	args := make([]any, len(q.Parameters))
	for i, p := range q.Parameters {
		text, ok := given[p.Name]
		delete(given, p.Name)
		if !ok && p.Default != nil {
			text = *p.Default
		}
		if text == "" && p.Default == nil {
			return nil, fmt.Errorf("%s needs the parameter %s (%s); as in: %s", q.title(), p.Name, p.About, q.Command())
		}
		value, err := p.value(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.title(), err)
		}
		args[i] = sql.Named(p.Name, value)
	}
	if unknown := slices.Sorted(maps.Keys(given)); len(unknown) > 0 {
		return nil, fmt.Errorf("%s has no parameter %s; it takes %s", q.title(), unknown[0], q.takes())
	}
	return args, nil
}

func (p Parameter) value(text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	if p.Type != "integer" {
		return text, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("parameter %s is a whole number, not %q", p.Name, text)
	}
	return n, nil
}

// Describe says what the parameter is, what it is where it is left out, and an example.
func (p Parameter) Describe() string {
	text := p.Type + ". " + p.About
	switch {
	case p.Default == nil:
		text += "; must be given"
	case *p.Default != "":
		text += "; default: " + *p.Default
	}
	if p.Example != "" {
		text += "; as " + p.Example
	}
	return text
}

func (q Query) takes() string {
	var names []string
	for _, p := range q.Parameters {
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// Command is a command line that runs the query with the values of its examples.
func (q Query) Command() string {
	line := "nianbao query " + cmp.Or(q.Name, `"…"`)
	for _, p := range q.Parameters {
		if p.Example != "" {
			line += " --param " + p.Name + "=" + p.Example
		}
	}
	return line
}
