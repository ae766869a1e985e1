// Package nianbao_test holds the rules of the module as a whole.
package nianbao_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/nianbao/nianbao/"

// mayImport says, for each room of the house, which other rooms it may use. Data is
// the seam between the stages: crawl, extract, warehouse and charts know each other
// not at all; cmd wires them.
var mayImport = map[string][]string{
	"version":   {},
	"charset":   {},
	"codebook":  {"version"},
	"record":    {},
	"rows":      {},
	"crawl":     {"charset", "codebook", "record"},
	"extract":   {"charset", "codebook", "record", "version"},
	"parts":     {"record"},
	"warehouse": {"codebook", "record", "rows", "version"},
	"charts":    {"codebook", "record", "version"},
	"bench":     {"charts", "codebook", "record", "parts", "warehouse"},
	"cmd":       {"charset", "codebook", "record", "rows", "crawl", "extract", "parts", "warehouse", "charts"},
}

func TestDependenciesPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	room := func(path string) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(path, module), "/")
		return name
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if !strings.HasPrefix(fields[0], module) {
			continue // the module itself has no package but its tests
		}
		from := room(fields[0])
		allowed, ok := mayImport[from]
		if !ok {
			t.Errorf("package %s: say in architecture_test.go what it may import", fields[0])
		}
		for _, to := range fields[1:] {
			if strings.HasPrefix(to, module) && room(to) != from && !slices.Contains(allowed, room(to)) {
				t.Errorf("%s imports %s; %s may import only %v", fields[0], to, from, allowed)
			}
		}
	}
}

// sharedByReaders is what several formats' readers stand on: what a table is, tables
// from ruling lines, ZIP files of XML, encodings.
var sharedByReaders = []string{"extract/grid", "extract/lattice", "extract/zipxml", "charset"}

// A format's reader knows what a table is and nothing about forms, nor other formats.
func TestReadersKnowNoForms(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./extract/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if fields[0] == module+"extract" {
			continue
		}
		for _, to := range fields[1:] {
			if strings.HasPrefix(to, module) && !slices.Contains(sharedByReaders, strings.TrimPrefix(to, module)) {
				t.Errorf("%s imports %s; a reader may import only %v", fields[0], to, sharedByReaders)
			}
		}
	}
}
