package charts

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// stopBrowser ends the browser that tests share, if one was started.
var stopBrowser = func() {}

// browser is one headless browser for all tests.
var browser = sync.OnceValues(func() (context.Context, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
			chromedp.UserDataDir(filepath.Join(scratch, "browser")))
		ctx, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, cancel := chromedp.NewContext(ctx)
		stopBrowser = func() { cancel(); cancelAllocator() }
		if err := chromedp.Do(ctx); err != nil {
			return nil, fmt.Errorf("start %s: %w", path, err)
		}
		return ctx, nil
	}
	return nil, errors.New("no chromium on PATH: run scripts/setup")
})

// chromium returns the browser that tests share.
func chromium(t *testing.T) context.Context {
	t.Helper()
	ctx, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A watch collects what a page must not do.
type watch struct {
	mu       sync.Mutex
	problems []string
}

func (w *watch) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *watch) event(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		scheme, _, _ := strings.Cut(ev.Request.URL, ":")
		if scheme != "file" && scheme != "data" && scheme != "blob" {
			w.add("request to %s", ev.Request.URL)
		}
	case *log.EventEntryAdded: // includes violations of the content security policy
		w.add("log: %s", ev.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		w.add("console.%s", ev.Type)
	case *runtime.EventExceptionThrown:
		w.add("exception: %s", ev.ExceptionDetails.Text)
	}
}

// visit opens a page from file:// in its own tab and waits until it is painted.
func visit(t *testing.T, browser context.Context, dir, name string, width int64) (context.Context, *watch) {
	t.Helper()
	w := &watch{}
	tab, cancel := chromedp.NewContext(browser, chromedp.WithListener(w.event))
	t.Cleanup(cancel)
	if err := chromedp.Do(tab, chromedp.EmulateViewport(width, 900), chromedp.Navigate("file://"+filepath.Join(dir, name))); err != nil {
		t.Fatal(err)
	}
	ready := chromedp.Poll[chromedp.Void](`document.readyState === "complete" && (!document.querySelector(".plot") || document.documentElement.dataset.ready === "1")`,
		chromedp.WithPollingTimeout(10*time.Second))
	if err := chromedp.Do(tab, ready); err != nil {
		t.Fatalf("%s is not painted: %v; %v", name, err, w.problems)
	}
	return tab, w
}

// sitePages are all pages of the shared site.
func sitePages(t *testing.T) []string {
	t.Helper()
	var pages []string
	for name := range siteFiles(t, sharedDir(t)) {
		if filepath.Ext(name) == ".html" {
			pages = append(pages, name)
		}
	}
	slices.Sort(pages)
	return pages
}

// TestPagesInBrowser opens every page from file://: all charts paint, nothing is
// reported, nothing leaves the folder, hostile text stays text, no page scrolls sideways.
func TestPagesInBrowser(t *testing.T) {
	dir, browser := sharedDir(t), chromium(t)
	for _, name := range sitePages(t) {
		t.Run(name, func(t *testing.T) {
			tab, w := visit(t, browser, dir, name, 320)
			script := `document.querySelectorAll("details").forEach((d) => { d.open = true });
				({Injected: typeof window.x === "undefined" ? 0 : 1, Plots: document.querySelectorAll(".plot:not([hidden])").length,
				Painted: [...document.querySelectorAll(".plot canvas")].filter(painted).length,
				Overflow: document.body.scrollWidth - document.documentElement.clientWidth});
				function painted(c) { return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some((v) => v !== 0) }`
			type state struct{ Injected, Painted, Plots, Overflow float64 }
			got, err := chromedp.Run(tab, chromedp.Evaluate[state](script))
			if err != nil {
				t.Fatal(err)
			}
			if got.Injected != 0 || got.Painted != got.Plots || got.Overflow > 0 {
				t.Errorf("have %+v", got)
			}
			if len(w.problems) > 0 {
				t.Errorf("the page reports %q", w.problems)
			}
		})
	}
}
