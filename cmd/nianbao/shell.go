package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
	"github.com/nianbao/nianbao/warehouse/queries"
)

const shellHelp = `SQL ends with ; and may go over several lines. A named query runs by its name:
  refusal-grounds city=410100 year=2022;
.tables          tables and views, with what they hold
.schema NAME     columns of a table or view, with type, unit and source
.queries [NAME]  the named queries, or the SQL of one
.format NAME     how rows are printed: table, csv, json or jsonl
.help            this text
.quit            end; so does Ctrl-D
Tab completes, Ctrl-R searches the history, Ctrl-C stops a query or drops what is typed.
`

// A sqlShell asks a warehouse what is typed on a terminal.
type sqlShell struct {
	db     *warehouse.DB
	out    io.Writer
	format rows.Format
	typed  strings.Builder // lines of a statement that has not ended
}

// runShell reads statements until the input ends.
func runShell(cmd *cobra.Command, format rows.Format) error {
	db, err := warehouse.Open(cmd.Context(), outOf(cmd).database())
	if err != nil {
		return err
	}
	defer db.Close()
	words, err := db.Words(cmd.Context())
	if err != nil {
		return err
	}
	words = append(words, queries.Names()...)
	signal.Reset(os.Interrupt) // Ctrl-C is for a query, not for the shell
	line := liner.NewLiner()
	defer line.Close()
	line.SetCtrlCAborts(true)
	line.SetMultiLineMode(true)
	line.SetTabCompletionStyle(liner.TabPrints)
	line.SetWordCompleter(func(text string, at int) (string, []string, string) { return completions(words, text, at) })
	readHistory(line)
	s := &sqlShell{db: db, out: cmd.OutOrStdout(), format: format}
	fmt.Fprintf(s.out, "%s, read-only. .help says what can be asked, .quit ends.\n", outOf(cmd).database())
	for {
		text, err := line.Prompt(s.prompt())
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			s.typed.Reset()
			continue
		case errors.Is(err, io.EOF):
			fmt.Fprintln(s.out)
			return nil
		case err != nil:
			return fmt.Errorf("read from the terminal: %w", err)
		}
		entry, quit := s.take(cmd.Context(), text)
		if quit {
			return nil
		}
		if entry != "" {
			line.AppendHistory(entry)
			if err := writeHistory(line); err != nil {
				fmt.Fprintln(cmd.ErrOrStderr(), "history is not kept:", err)
			}
		}
	}
}

func (s *sqlShell) prompt() string {
	if s.typed.Len() > 0 {
		return "    ...> "
	}
	return "nianbao> "
}

// take does what a line asks and returns what history should hold of it: nothing before
// a statement ends.
func (s *sqlShell) take(ctx context.Context, line string) (entry string, quit bool) {
	line = strings.TrimSpace(line)
	if s.typed.Len() == 0 && strings.HasPrefix(line, ".") {
		if line == ".quit" || line == ".exit" {
			return "", true
		}
		s.report(s.command(ctx, strings.Fields(line)))
		return line, false
	}
	if line == "" && s.typed.Len() == 0 {
		return "", false
	}
	s.typed.WriteString(line + "\n")
	statement := strings.TrimSpace(s.typed.String())
	if !ended(statement) {
		return "", false
	}
	s.typed.Reset()
	s.report(s.ask(ctx, strings.TrimRight(statement, "; \n")))
	return strings.ReplaceAll(withoutComments(statement, func(s string) string { return s }), "\n", " "), false
}

func (s *sqlShell) report(err error) {
	if err != nil {
		fmt.Fprintln(s.out, err)
	}
}

// command does what a line that begins with a dot says.
func (s *sqlShell) command(ctx context.Context, words []string) error {
	argument := strings.Join(words[1:], " ")
	switch {
	case words[0] == ".help":
		_, err := io.WriteString(s.out, shellHelp)
		return err
	case words[0] == ".tables":
		return s.ask(ctx, "tables")
	case words[0] == ".schema" && argument != "":
		return s.ask(ctx, "columns table="+argument)
	case words[0] == ".queries" && argument == "":
		return listQueries(s.out)
	case words[0] == ".queries":
		return showQuery(ctx, s.out, argument)
	case words[0] == ".format":
		var f rows.Format
		if err := f.Set(argument); err != nil || f.Binary() {
			return fmt.Errorf("use .format with table, csv, json or jsonl")
		}
		s.format = f
		return nil
	}
	return fmt.Errorf("%s: no such command, or its argument is missing; .help lists all", words[0])
}

// ask runs SQL, or a named query with name=value for its parameters, until Ctrl-C.
func (s *sqlShell) ask(ctx context.Context, text string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	given := map[string]string(nil)
	if words := strings.Fields(text); len(words) > 0 && queryName.MatchString(words[0]) {
		if _, ok := queries.Find(words[0]); ok {
			var err error
			if given, err = paramsOf(words[1:]); err != nil {
				return err
			}
			text = words[0]
		}
	}
	q, err := questionOf(ctx, s.db, text, given)
	if err != nil {
		return err
	}
	n, err := q.run(ctx, s.db, s.out, s.format)
	if ctx.Err() != nil {
		return errors.New("stopped")
	}
	if err == nil && s.format == rows.Table {
		fmt.Fprintf(s.out, "(%d rows)\n", n)
	}
	return err
}

// quoted is what may hold a semicolon that ends nothing.
var quoted = regexp.MustCompile(`(?s)'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*(?:\n|$)|/\*.*?(?:\*/|$)|\$\$.*?(?:\$\$|$)`)

// ended says whether the last statement of the text is closed by a semicolon.
func ended(text string) bool {
	bare := withoutComments(text, func(string) string { return "q" })
	return strings.HasSuffix(strings.TrimSpace(bare), ";")
}

// withoutComments has white space for each comment, and what of makes of it for each quote.
func withoutComments(text string, of func(string) string) string {
	return quoted.ReplaceAllStringFunc(text, func(s string) string {
		if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "/") {
			return " "
		}
		return of(s)
	})
}

var lastWord = regexp.MustCompile(`[\p{L}\d_.-]*$`)

// completions are the words that go on what stands before the cursor; after .schema and
// the like they are words too.
func completions(words []string, text string, at int) (head string, found []string, tail string) {
	runes := []rune(text)
	before := string(runes[:at])
	word := lastWord.FindString(before)
	if i := strings.LastIndexByte(word, '.'); i > 0 || i == 0 && strings.TrimSpace(before) != word {
		word = word[i+1:] // a column behind its table
	}
	if strings.HasPrefix(word, ".") {
		words = []string{".tables", ".schema", ".queries", ".format", ".help", ".quit"}
	}
	for _, w := range words {
		if word != "" && len(w) >= len(word) && strings.EqualFold(w[:len(word)], word) {
			found = append(found, w)
		}
	}
	return strings.TrimSuffix(before, word), found, string(runes[at:])
}

// historyFile is in the user's folder of state (XDG_STATE_HOME).
func historyFile() (string, error) {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "nianbao", "history"), nil
}

// readHistory leaves the history empty where there is none that can be read.
func readHistory(line *liner.State) {
	if path, err := historyFile(); err == nil {
		if f, err := os.Open(path); err == nil {
			defer f.Close()
			line.ReadHistory(f)
		}
	}
}

func writeHistory(line *liner.State) error {
	path, err := historyFile()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeWhole(path, 0o600, func(w io.Writer) error {
		_, err := line.WriteHistory(w)
		return err
	})
}
