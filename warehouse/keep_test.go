package warehouse

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/record"
)

// nights builds in one folder on several nights, each of which brings a ledger entry.
func nights(t *testing.T, n int) Input {
	t.Helper()
	in := input(t, somePapers(t)...)
	for range n {
		build(t, nextNight(&in))
	}
	return in
}

func nextNight(in *Input) Input {
	url := fmt.Sprintf("https://example.invalid/night/%d", len(in.Ledger))
	in.Ledger = append(in.Ledger, record.LedgerEntry{URL: url, Portal: "made-up", State: "failed", Reason: "unreachable"})
	return *in
}

// states are the serials and states of the kept builds, the oldest first.
func states(t *testing.T, in Input) string {
	t.Helper()
	all, err := Builds(t.Context(), in.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, k := range all {
		out = append(out, fmt.Sprintf("%d %s", k.serial, k.Says()))
	}
	return strings.Join(out, ", ")
}

// refusal is the error of a build that must not be published.
func refusal(t *testing.T, in Input) *RefusedError {
	t.Helper()
	_, err := Build(t.Context(), in)
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("the build was not refused: %v", err)
	}
	return refused
}

func serves(t *testing.T, in Input) string {
	t.Helper()
	r, err := readRun(t.Context(), store(in.Dir).serving())
	if err != nil {
		t.Fatal(err)
	}
	return r.BuildID
}

func TestTheLastBuildsAreKept(t *testing.T) {
	in := nights(t, 3)
	if got := states(t, in); got != "1 served, 2 served, 3 serves" {
		t.Errorf("kept: %s", got)
	}
	in.Keep = 2
	build(t, nextNight(&in))
	if got := states(t, in); got != "3 served, 4 serves" {
		t.Errorf("with Keep 2: %s", got)
	}
	all, err := Builds(t.Context(), in.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(readFile(t, all[1].Path), readFile(t, store(in.Dir).serving())) {
		t.Error("the kept file of the build that serves is another")
	}
	if k := all[1]; k.Reports != 3 || k.Cells != 9 || k.MadeAt.IsZero() {
		t.Errorf("listed as %+v", k)
	}
}

func TestRollbackHoldsWhatCameAfter(t *testing.T) {
	in := nights(t, 3)
	third := serves(t, in)
	k, err := Rollback(t.Context(), in.Dir, "")
	if err != nil {
		t.Fatal(err)
	}
	second := serves(t, in)
	if k.BuildID != second || second == third || states(t, in) != "1 served, 2 serves, 3 held" {
		t.Errorf("rolled back to %s: %s", k.Name(), states(t, in))
	}
	if r := refusal(t, in); r.Build.BuildID != third || r.Serving.BuildID != second {
		t.Errorf("the next night without news: %v", r)
	}
	if r := refusal(t, nextNight(&in)); r.Build.serial != 4 || !strings.Contains(r.Error(), "--accept "+r.Build.Name()) {
		t.Errorf("the next night with news: %v", r)
	}
	if got := states(t, in); serves(t, in) != second || got != "1 served, 2 serves, 3 held, 4 held" {
		t.Errorf("after two nights: %s", got)
	}
	if k, err = Accept(t.Context(), in.Dir, ""); err != nil || k.serial != 4 {
		t.Fatalf("accepted %s, %v", k.Name(), err)
	}
	if build(t, in); states(t, in) != "1 served, 2 served, 3 held, 4 serves" {
		t.Errorf("after it was accepted: %s", states(t, in))
	}
	if build(t, nextNight(&in)); states(t, in) != "1 served, 2 served, 3 held, 4 served, 5 serves" {
		t.Errorf("the night after: %s", states(t, in))
	}
}

// Inputs that come back find their build kept; it serves as the newest.
func TestEarlierInputsServeAgain(t *testing.T) {
	in := nights(t, 2)
	in.Ledger = in.Ledger[:1]
	if r := build(t, in); r.Unchanged || states(t, in) != "2 served, 3 serves" {
		t.Errorf("%+v: %s", r, states(t, in))
	}
	if k, err := Rollback(t.Context(), in.Dir, ""); err != nil || k.serial != 2 {
		t.Errorf("rolled back to %s, %v", k.Name(), err)
	}
}

func TestNamesOfBuilds(t *testing.T) {
	in := nights(t, 3)
	all, err := Builds(t.Context(), in.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"1", "000001", all[0].Name(), all[0].BuildID, all[0].BuildID[:12]} {
		if k, err := pick(all, name, nil); err != nil || k.serial != 1 {
			t.Errorf("%q: %s, %v", name, k.Name(), err)
		}
	}
	for _, wrong := range []string{"9", "x", "3"} { // 3 serves
		if _, err := Rollback(t.Context(), in.Dir, wrong); err == nil || !strings.Contains(err.Error(), "--list") {
			t.Errorf("rollback to %q: %v", wrong, err)
		}
	}
	if _, err := Accept(t.Context(), in.Dir, ""); err == nil {
		t.Error("accepted a build although none waits")
	}
	if got := states(t, in); got != "1 served, 2 served, 3 serves" {
		t.Errorf("after what was refused: %s", got)
	}
}

// A file from before builds were kept is kept, so that one can go back to it.
func TestTheFileThatServesIsAdopted(t *testing.T) {
	in := nights(t, 1)
	if err := os.RemoveAll(store(in.Dir).builds()); err != nil {
		t.Fatal(err)
	}
	first := serves(t, in)
	build(t, nextNight(&in))
	if _, err := Rollback(t.Context(), in.Dir, ""); err != nil || serves(t, in) != first {
		t.Errorf("rolled back to %s, want %s: %v", serves(t, in), first, err)
	}
}

// Where a build was interrupted after it was kept, it is published the next time, and was
// no build to go back to.
func TestAnInterruptedBuildIsPublishedLater(t *testing.T) {
	in := nights(t, 2)
	all, err := Builds(t.Context(), in.Dir)
	if err != nil {
		t.Fatal(err)
	}
	s := store(in.Dir)
	if _, err := s.move(all[1], 2, Built); err != nil {
		t.Fatal(err)
	}
	if err := s.serve(all[0]); err != nil {
		t.Fatal(err)
	}
	if got := states(t, in); got != "1 serves, 2 built" {
		t.Fatalf("interrupted: %s", got)
	}
	if build(t, in); states(t, in) != "1 served, 2 serves" {
		t.Errorf("after the next build: %s", states(t, in))
	}
}

func TestLinkOrCopy(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := os.WriteFile(from, []byte("made up"), 0o644); err != nil {
		t.Fatal(err)
	}
	// On Linux /dev/shm is another file system, onto which there are no hard links.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		to = filepath.Join("/dev/shm", filepath.Base(filepath.Dir(dir))+"-nianbao-test")
		defer os.Remove(to)
	}
	if err := linkOrCopy(from, to); err != nil || !slices.Equal(readFile(t, to), []byte("made up")) {
		t.Errorf("%v", err)
	}
}
