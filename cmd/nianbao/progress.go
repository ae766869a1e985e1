package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// progress shows how far a stage is: a bar with rate and counts on a terminal, and
// elsewhere a plain line now and then and at the end.
type progress struct {
	w     io.Writer
	stage string
	bar   *progressbar.ProgressBar
	last  time.Time
}

// plainEvery is how often a plain line is printed.
const plainEvery = 10 * time.Second

func newProgress(w io.Writer, stage string) *progress {
	p := &progress{w: w, stage: stage, last: time.Now()}
	if f, ok := w.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(stage),
			progressbar.OptionShowIts(), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionUseANSICodes(true))
	}
	return p
}

// set says that done of total are finished; note tells the rest, such as failures.
func (p *progress) set(done, total int, note string) {
	line := fmt.Sprintf("%s: %d of %d %s", p.stage, done, total, note)
	if p.bar != nil {
		p.bar.ChangeMax(total + 1) // a full bar would clear itself; the crawl may yet find more
		p.bar.Describe(line)
		p.bar.Set(done)
		return
	}
	if time.Since(p.last) >= plainEvery {
		p.last = time.Now()
		fmt.Fprintln(p.w, line)
	}
}

// end clears the bar and prints what the stage came to.
func (p *progress) end(format string, args ...any) {
	if p.bar != nil {
		p.bar.Finish()
	}
	fmt.Fprintf(p.w, "%-9s %s\n", p.stage, fmt.Sprintf(format, args...))
}
