package portal

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var update = flag.Bool("update", false, "write the tables of docs/portals.md anew")

const docsFile = "../../docs/portals.md"

// The tables of docs/portals.md are made from what the code and the data say, so that
// they cannot go stale: after a change, go test ./crawl/portal -run Docs -update
func TestDocsAreCurrent(t *testing.T) {
	raw, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for name, table := range map[string]string{
		"keys": keyTable(t), "roles": termTable(Words().Roles, "crawled", func(r Term) string { return yesNo(r.Crawled) }),
		"levels":   termTable(Words().Levels, "due", func(l Term) string { return l.Due }),
		"statuses": termTable(Words().Statuses, "", nil), "families": familyTable(t),
	} {
		begin, end := "<!-- "+name+": made by go test -update -->\n", "<!-- end -->"
		i := strings.Index(text, begin)
		j := strings.Index(text[max(i, 0):], end)
		if i < 0 || j < 0 {
			t.Fatalf("%s has no place for the table of %s: %s%s", docsFile, name, begin, end)
		}
		text = text[:i+len(begin)] + "\n" + table + "\n" + text[i+j:]
	}
	switch {
	case text == string(raw):
	case *update:
		if err := os.WriteFile(docsFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("docs/portals.md is not what the code says; run go test ./crawl/portal -run Docs -update")
	}
}

// Each key of a Portal is in the table, in its place.
func TestDocsKnowEveryKey(t *testing.T) {
	table := keyTable(t)
	look := func(of reflect.Type, prefix string) {
		for _, key := range keys(of) {
			if !strings.Contains(table, "| `"+prefix+key+"` |") && !strings.Contains(table, "| `"+prefix+key+".") && !strings.Contains(table, "| `"+prefix+key+"[].") {
				t.Errorf("the key %s%s is not in the table; has its field a comment?", prefix, key)
			}
		}
	}
	look(reflect.TypeFor[Portal](), "")
	look(reflect.TypeFor[EntryPoint](), "entry_points[].")
	look(reflect.TypeFor[Evidence](), "evidence.")
	look(reflect.TypeFor[Politeness](), "politeness.")
	look(reflect.TypeFor[Filters](), "filters.")
	for _, key := range []string{"id", "name", "hosts.allow", "needs", "verified", "entry_points[].url", "evidence.source", "list.item"} {
		if strings.Contains(table, "| `"+key+"` |  |\n") {
			t.Errorf("the key %s has no meaning; give its field a comment", key)
		}
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func termTable(terms []Term, column string, value func(Term) string) string {
	var out strings.Builder
	if value == nil {
		out.WriteString("| | means |\n|---|---|\n")
		value = func(Term) string { return "" }
	} else {
		fmt.Fprintf(&out, "| | %s | means |\n|---|---|---|\n", column)
	}
	for _, t := range terms {
		if column == "" {
			fmt.Fprintf(&out, "| `%s` | %s |\n", t.ID, t.Means)
		} else {
			fmt.Fprintf(&out, "| `%s` | %s | %s |\n", t.ID, value(t), t.Means)
		}
	}
	return out.String()
}

// familyTable says of each family what the comment at the head of its file says.
func familyTable(t *testing.T) string {
	var out strings.Builder
	out.WriteString("| family | |\n|---|---|\n")
	for _, name := range Families() {
		raw, err := rules.ReadFile("families/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for line := range strings.Lines(string(raw)) {
			text, comment := strings.CutPrefix(strings.TrimSpace(line), "#")
			if !comment {
				break
			}
			words = append(words, strings.Fields(text)...)
		}
		fmt.Fprintf(&out, "| `%s` | %s |\n", name, cell(strings.Join(words, " ")))
	}
	return out.String()
}

// cell makes a text fit for a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;").Replace(strings.Join(strings.Fields(s), " "))
}

// keyTable says of each key what the comment on its field in the Go source says.
func keyTable(t *testing.T) string {
	structs, meanings := sourceStructs(t)
	var out strings.Builder
	out.WriteString("| key | means |\n|---|---|\n")
	writeKeys(&out, structs, meanings, "Portal", "", nil)
	return out.String()
}

// writeKeys writes a line a key; one that holds keys says what its type says.
func writeKeys(out *strings.Builder, structs map[string]*ast.StructType, meanings map[string]string, name, prefix string, around []string) {
	around = append(around, name)
	for _, f := range structs[name].Fields.List {
		key, below, inlined := sourceKey(f), nameOf(f.Type), isInline(f)
		recurse := hasKeys(structs[below]) && !slices.Contains(around, below)
		switch {
		case inlined && recurse:
			writeKeys(out, structs, meanings, below, prefix, around)
		case key == "":
		case recurse:
			fmt.Fprintf(out, "| `%s` | %s |\n", prefix+key, cell(cmp.Or(comment(f), meanings[below])))
			if _, list := f.Type.(*ast.ArrayType); list {
				key += "[]"
			}
			writeKeys(out, structs, meanings, below, prefix+key+".", around)
		default:
			fmt.Fprintf(out, "| `%s` | %s |\n", prefix+key, cell(comment(f)))
		}
	}
}

// sourceStructs are the struct types of this package and what they mean, by their names.
func sourceStructs(t *testing.T) (structs map[string]*ast.StructType, meanings map[string]string) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	structs, meanings = map[string]*ast.StructType{}, map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if decl, ok := n.(*ast.GenDecl); ok && decl.Tok == token.TYPE {
				for _, s := range decl.Specs {
					spec := s.(*ast.TypeSpec)
					if of, ok := spec.Type.(*ast.StructType); ok {
						structs[spec.Name.Name] = of
						meanings[spec.Name.Name] = cmp.Or(spec.Doc.Text(), decl.Doc.Text())
					}
				}
			}
			return true
		})
	}
	return structs, meanings
}

// comment is what the source says of a field, called by its key.
func comment(f *ast.Field) string {
	text := strings.TrimSpace(f.Doc.Text() + " " + f.Comment.Text())
	if len(f.Names) > 0 && strings.HasPrefix(text, f.Names[0].Name+" ") {
		text = sourceKey(f) + strings.TrimPrefix(text, f.Names[0].Name)
	}
	return text
}

var yamlTag = regexp.MustCompile(`yaml:"([^",]*)(,inline)?`)

func tagOf(f *ast.Field) []string {
	if f.Tag == nil {
		return []string{"", "", ""}
	}
	text, _ := strconv.Unquote(f.Tag.Value)
	if m := yamlTag.FindStringSubmatch(text); m != nil && m[1] != "-" {
		return m
	}
	return []string{"", "", ""}
}

func sourceKey(f *ast.Field) string { return tagOf(f)[1] }
func isInline(f *ast.Field) bool    { return tagOf(f)[2] != "" }

func hasKeys(s *ast.StructType) bool {
	return s != nil && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool { return sourceKey(f) != "" || isInline(f) })
}

// nameOf is the name of a type, or of the items of a list.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.ArrayType:
		return nameOf(e.Elt)
	case *ast.StarExpr:
		return nameOf(e.X)
	}
	return ""
}

// The profile that docs/portals.md shows as an example is one.
func TestDocsExampleIsAProfile(t *testing.T) {
	raw, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(raw), "```yaml\n")
	text, _, ok := strings.Cut(text, "```")
	if !ok {
		t.Fatal("docs/portals.md shows no profile")
	}
	portals, err := Load(fstest.MapFS{"example.yaml": {Data: []byte(text)}})
	if err != nil || len(portals[0].Lists(time.Now())) != 1 {
		t.Errorf("%+v, %v", portals, err)
	}
}
