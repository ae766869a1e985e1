package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python is the interpreter of a tool that scripts/setup installs.
func python(t *testing.T, tool string) string {
	t.Helper()
	path, err := filepath.Abs("../../.cache/" + tool + "/bin/python")
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("%v; run scripts/setup, which installs %s", err, tool)
	}
	return path
}

// program runs a command and returns what it printed.
func program(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// oddRun is a sample run in a folder whose name has to be quoted in any language.
func oddRun(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), `it's "年报" of mine`)
	if err := os.Rename(sampleRun(t), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestConnectProgramsRun(t *testing.T) {
	dir := oddRun(t)
	text := func(tool, file string) string {
		code, out, talk := nianbao(t, "connect", tool, "--out", dir)
		if code != 0 {
			t.Fatalf("%s: exit code %d\n%s", tool, code, talk)
		}
		path := filepath.Join(t.TempDir(), file)
		if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	answers := func(tool, out string) {
		if !strings.Contains(out, "郑州市人民政府") || !strings.Contains(out, "3325") { // 2022 as published
			t.Errorf("%s prints\n%s", tool, out)
		}
	}
	answers("python", program(t, ".", python(t, "duckdb"), text("python", "first.py")))
	answers("go", program(t, ".", "go", "run", "-tags", "duckdb_arrow", text("go", "first.go")))
	// DuckDB's own shell is on no registry; Python runs the SQL of its text.
	raw, err := os.ReadFile(text("duckdb", "first.txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, sql, ok := strings.Cut(string(raw), "-- or in a session of your own:\n")
	if !ok {
		t.Fatalf("the text for duckdb:\n%s", raw)
	}
	answers("duckdb", program(t, ".", python(t, "duckdb"), "-c", "import sys, duckdb; print(duckdb.connect().sql(sys.argv[1]))", sql))
	first := text("r", "first.R")
	if r, err := exec.LookPath("Rscript"); err == nil { // its package duckdb is not on this machine's registries
		program(t, ".", r, "-e", "invisible(parse(commandArgs(TRUE)[1]))", first)
	}
}

func TestConnectPrintsAll(t *testing.T) {
	dir := sampleRun(t)
	_, out, _ := nianbao(t, "connect", "--out", dir)
	for _, tool := range connectTools {
		_, one, _ := nianbao(t, "connect", tool, "--out", dir)
		if one == "" || !strings.Contains(out, "== "+tool+" ==\n\n"+one) {
			t.Errorf("%s is not in\n%s", tool, out)
		}
	}
	if code, _, talk := nianbao(t, "connect", "perl", "--out", dir); code != exitUsage || !strings.Contains(talk, "perl") {
		t.Errorf("exit code %d\n%s", code, talk)
	}
}
