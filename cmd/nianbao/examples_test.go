package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/warehouse/queries"
)

var (
	sqlFence = regexp.MustCompile("(?s)```sql\n(.*?)```")
	// A command line is indented by four spaces in the documents, by two in help texts.
	commandLine = regexp.MustCompile(`(?m)^(?: {4}| {2})(?:bin/)?nianbao ((?:query|check|explain|doctor|archive verify|connect|export)\b.*)$`)
)

// examples are the shell commands that the text shows, SQL in fences as a query.
func examples(text string) []string {
	var found []string
	for _, m := range sqlFence.FindAllStringSubmatch(text, -1) {
		found = append(found, "query '"+strings.ReplaceAll(m[1], "'", `'\''`)+"'")
	}
	for _, m := range commandLine.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// Every command and every SQL that the READMEs, docs, help texts and heads of named
// queries show is run against the sample edition.
func TestExamples(t *testing.T) {
	texts := map[string]string{}
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(documents, "../../README.md", "../../README.zh-CN.md") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(raw)
	}
	for _, c := range newRoot().Commands() {
		texts["help of "+c.Name()] = c.Example
	}
	for _, q := range queries.All() {
		texts["query "+q.Name] = "    " + q.Command()
	}
	dir, counts := sampleRun(t), map[string]int{}
	work := t.TempDir()
	if err := os.Symlink(dir, filepath.Join(work, "out")); err != nil {
		t.Fatal(err)
	}
	done := map[string]bool{}
	for where, text := range texts {
		for _, command := range examples(text) {
			counts[strings.Fields(command)[0]]++
			if done[command] || strings.Contains(command, "NAME") {
				continue // NAME stands for one of the reader's
			}
			done[command] = true
			shell(t, work, where, command)
		}
	}
	for verb, least := range map[string]int{"query": len(queries.All()) + 10, "explain": 4, "check": 2} {
		if counts[verb] < least {
			t.Errorf("found only %d examples of %s", counts[verb], verb)
		}
	}
}

// shell runs one command line of nianbao in a folder as a reader would.
func shell(t *testing.T, dir, where, command string) {
	t.Helper()
	binary, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "-c", `"$NIANBAO" `+command)
	c.Dir = dir
	c.Stdin = strings.NewReader("SELECT 1") // of a query without SQL
	c.Env = append(os.Environ(), "NIANBAO_AS_COMMAND=1", "NIANBAO="+binary)
	talk, err := c.CombinedOutput()
	if err != nil && !(c.ProcessState.ExitCode() == exitFindings && strings.Contains(command, "--fail-on")) {
		t.Errorf("%s: nianbao %s: %v\n%s", where, command, err, talk)
	}
}

func TestExamplesAreFound(t *testing.T) {
	got := strings.Join(examples("x\n```sql\nSELECT 'a'\n```\n    bin/nianbao query \"SELECT 1\"\n    nianbao run\n"+(&cobra.Command{Example: "  nianbao query --list"}).Example), "|")
	if want := "query 'SELECT '\\''a'\\''\n'|query \"SELECT 1\"|query --list"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}
