package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A terminal is a shell of nianbao as a user has it.
type terminal struct {
	t    *testing.T
	tty  *os.File
	mu   sync.Mutex
	seen strings.Builder
	at   int // of seen, how far expect has read
}

func openTerminal(t *testing.T, dir, state string) *terminal {
	t.Helper()
	c := exec.Command(os.Args[0], "query", "--out", dir)
	c.Env = append(os.Environ(), "NIANBAO_AS_COMMAND=1", "XDG_STATE_HOME="+state, "TERM=xterm")
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 40, Cols: 200})
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, tty: tty}
	go io.Copy(term, tty)
	t.Cleanup(func() { c.Process.Kill(); c.Wait(); tty.Close() })
	return term
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.Write(p)
}

// expect waits until the terminal shows the text behind what was expected before.
func (s *terminal) expect(text string) {
	s.t.Helper()
	for range 600 {
		s.mu.Lock()
		i := strings.Index(s.seen.String()[s.at:], text)
		if i >= 0 {
			s.at += i + len(text)
		}
		s.mu.Unlock()
		if i >= 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("the terminal never shows %q; since then:\n%s", text, s.seen.String()[s.at:])
}

func (s *terminal) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.tty, text); err != nil {
		s.t.Fatal(err)
	}
}

func TestShell(t *testing.T) {
	dir, state := sampleRun(t), t.TempDir()
	s := openTerminal(t, dir, state)
	s.expect("nianbao> ")
	s.send("SELECT app_new\r")
	s.expect("...> ")
	s.send("FROM requests WHERE adcode = '410100';\r")
	s.expect("3325") // 郑州市 2022 as published
	s.expect("(1 rows)")
	s.send(".tables\r")
	s.expect("Every printed numeric cell")
	s.send(".schema run\r")
	s.expect("build_id")
	s.send("FROM nowhere;\r")
	s.expect("LINE 1")
	s.send(".format csv\r")
	s.send("provenance city=410100 year=2022 metric=app_new;\r")
	s.expect(",3325,number")
	s.send(".frmat\r")
	s.expect(".help lists all")
	s.send("SELECT app_carried_ou\t FROM requ\t WHERE adcode = '410100';\r")
	s.expect("app_carried_out")
	s.expect("nianbao> ")
	// Ctrl-C ends the query and leaves the shell.
	s.send("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b;\r")
	time.Sleep(500 * time.Millisecond)
	s.send("\x03")
	s.expect("stopped")
	s.send("SELECT 'still ' || 'here';\r")
	s.expect("still here")
	s.send("SELECT half\x03")
	s.send("SELECT 'a' || 'new';\r")
	s.expect("\nanew")
	s.send(".quit\r")

	again := openTerminal(t, dir, state)
	again.expect("nianbao> ")
	again.send("\x1b[A\r") // the line above
	again.expect("\nanew")
	again.send("\x04")
	info, err := os.Stat(filepath.Join(state, "nianbao", "history"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("history: %v, %v", info, err)
	}
}

func TestStatementEnds(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT 1": false, "SELECT 1;": true, "SELECT ';": false, "SELECT ';'": false, "SELECT ';';": true, "SELECT 1; -- done": true,
		"SELECT 1 -- not yet;": false, "SELECT 1 /* ; */": false, "SELECT 1; /* ; ": true, `SELECT ";`: false, "SELECT $$;$$": false, "SELECT 'it''s;": false, ";": true,
	} {
		if got := ended(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestCompletions(t *testing.T) {
	words := []string{"requests", "report", "report_year", "SELECT"}
	for text, want := range map[string][]string{
		"FROM rep": {"report", "report_year"}, "sel": {"SELECT"}, "requests.report_": {"report_year"}, ".sch": {".schema"}, ".schema req": {"requests"}, "": nil, "SELECT 甲": nil,
	} {
		head, got, tail := completions(words, text+"|", len([]rune(text)))
		if !slices.Equal(got, want) || tail != "|" || !strings.HasPrefix(text, head) {
			t.Errorf("%q: %q %q %q, want %q", text, head, got, tail, want)
		}
	}
}
