package extract

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/record"
)

// scoreLine counts the cells of the documents of one set, format and era.
type scoreLine struct {
	set, format, era string
	// right: value and status are true; wrong: either is not; missing: not read, or said
	// to be illegible; spurious: read where nothing is printed under this meaning. A
	// value that was repaired is no reading and does not count.
	documents, cells, right, wrong, missing, spurious int
}

func (l scoreLine) name() string { return l.set + "," + l.format + "," + l.era }

func (l scoreLine) worseThan(o scoreLine) bool {
	return l.right < o.right || l.wrong > o.wrong || l.missing > o.missing || l.spurious > o.spurious
}

const scoreboardFile = "testdata/scoreboard.csv"

// TestScoreboard counts what is read right and fails if any count is worse than
// the committed one; -update writes what is better. Who means to give something up
// deletes the line first. The practice reports count where they are beside the clone.
func TestScoreboard(t *testing.T) {
	e := newExtractor(t)
	got := map[string]scoreLine{}
	score(t, e, "corpus", corpus, "want.csv", got)
	score(t, e, "practice", practice, "truth.csv", got)
	was := readScoreboard(t)
	for _, name := range slices.Sorted(maps.Keys(got)) {
		l := got[name]
		t.Logf("%-26s %3d documents %6d cells %6d right %5d wrong %5d missing %5d spurious", name, l.documents, l.cells, l.right, l.wrong, l.missing, l.spurious)
		w, known := was[name]
		switch {
		case *update && (!known || l.documents != w.documents || !l.worseThan(w)):
			was[name] = l
		case !known || l.documents != w.documents:
			t.Errorf("%s: the scoreboard knows %d documents, there are %d; run with -update", name, w.documents, l.documents)
		case l.worseThan(w):
			t.Errorf("%s is worse than before: %+v, was %+v", name, l, w)
		}
	}
	if *update {
		writeScoreboard(t, was)
	}
}

func score(t *testing.T, e *Extractor, set, root, truthFile string, board map[string]scoreLine) {
	t.Helper()
	for _, dir := range cases(t, root) {
		x, err := e.Extract(t.Context(), sourceOf(t, dir))
		if err != nil {
			t.Errorf("%s: %v", dir, err)
			continue
		}
		want := readTruth(t, filepath.Join(dir, truthFile))
		names, _ := filepath.Glob(filepath.Join(dir, "source.*"))
		l := scoreLine{set: set, format: strings.TrimPrefix(filepath.Ext(names[0]), "."), era: eraIn(t, dir)}
		if before, ok := board[l.name()]; ok {
			l = before
		}
		l.documents++
		l.cells += len(want)
		l.count(x.Cells, want)
		board[l.name()] = l
	}
}

// count compares printed cells with the truth.
func (l *scoreLine) count(cells []record.Cell, want map[cellKey]string) {
	seen := map[cellKey]bool{}
	for _, c := range cells {
		if c.Status == "repaired" || c.Status == "illegible" {
			continue
		}
		key := cellKey{c.Metric, c.Applicant}
		got := "," + c.Status
		if c.Value != nil {
			got = record.DecimalString(*c.Value) + got
		}
		w, ok := want[key]
		switch {
		case !ok || seen[key]:
			l.spurious++
		case w == got:
			l.right++
		default:
			l.wrong++
		}
		seen[key] = true
	}
	for key := range want {
		if !seen[key] {
			l.missing++
		}
	}
}

func readTruth(t *testing.T, path string) map[cellKey]string {
	t.Helper()
	out := map[cellKey]string{}
	for _, r := range readCSV(t, path)[1:] {
		metric := r[1]
		if label, ok := strings.CutPrefix(metric, "unmapped:"); ok {
			metric = unmapped(label)
		}
		out[cellKey{metric, r[2]}] = r[3] + "," + r[4]
	}
	return out
}

// eraIn is the era that the truth names; "none" for what is no report.
func eraIn(t *testing.T, dir string) string {
	t.Helper()
	for _, name := range []string{"want.json", "meta.json"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		for _, era := range []string{"A", "B", "C", "D"} {
			if strings.Contains(string(raw), fmt.Sprintf("\"era\": %q", era)) {
				return era
			}
		}
	}
	return "none"
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

var scoreHead = []string{"set", "format", "era", "documents", "cells", "right", "wrong", "missing", "spurious"}

func readScoreboard(t *testing.T) map[string]scoreLine {
	t.Helper()
	out := map[string]scoreLine{}
	if _, err := os.Stat(scoreboardFile); os.IsNotExist(err) && *update {
		return out
	}
	for _, r := range readCSV(t, scoreboardFile)[1:] {
		l := scoreLine{set: r[0], format: r[1], era: r[2]}
		for i, n := range []*int{&l.documents, &l.cells, &l.right, &l.wrong, &l.missing, &l.spurious} {
			v, err := strconv.Atoi(r[3+i])
			if err != nil {
				t.Fatalf("%s: %v", scoreboardFile, err)
			}
			*n = v
		}
		out[l.name()] = l
	}
	return out
}

func writeScoreboard(t *testing.T, lines map[string]scoreLine) {
	t.Helper()
	var b strings.Builder
	b.WriteString(strings.Join(scoreHead, ",") + "\n")
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		l := lines[name]
		fmt.Fprintf(&b, "%s,%d,%d,%d,%d,%d,%d\n", name, l.documents, l.cells, l.right, l.wrong, l.missing, l.spurious)
	}
	if err := os.WriteFile(scoreboardFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
