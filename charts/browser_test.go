package charts

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium starts a headless browser for the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
			chromedp.UserDataDir(t.TempDir()))
		ctx, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, cancel := chromedp.NewContext(ctx)
		t.Cleanup(func() { cancel(); cancelAllocator() })
		if err := chromedp.Do(ctx); err != nil {
			t.Fatalf("start %s: %v", path, err)
		}
		return ctx
	}
	t.Fatal("no chromium on PATH: run scripts/setup")
	return nil
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
	if name != "index.html" {
		ready := chromedp.Poll[chromedp.Void](`document.documentElement.dataset.ready === "1"`, chromedp.WithPollingTimeout(10*time.Second))
		if err := chromedp.Do(tab, ready); err != nil {
			t.Fatalf("%s is not painted: %v; %v", name, err, w.problems)
		}
	}
	return tab, w
}

func sitePages() []string {
	pages := []string{"index.html"}
	for _, lang := range []string{"zh", "en"} {
		for _, name := range pageNames() {
			pages = append(pages, lang+"/"+name+".html")
		}
		for _, name := range []string{"city/990100", "city/990300", "city/990410", "province/990000", "cities", "cities-refusal", "cities-coverage", "provinces", "provinces-review"} {
			pages = append(pages, lang+"/"+name+".html")
		}
	}
	return pages
}

// TestPagesInBrowser opens every page from file://: all charts paint, nothing is
// reported, nothing leaves the folder, hostile text stays text, no page scrolls sideways.
func TestPagesInBrowser(t *testing.T) {
	dir := build(t, fixture(t))
	browser := chromium(t)
	for _, name := range sitePages() {
		t.Run(name, func(t *testing.T) {
			tab, w := visit(t, browser, dir, name, 320)
			script := `document.querySelectorAll("details").forEach((d) => { d.open = true });
				({Injected: typeof window.x === "undefined" ? 0 : 1, Plots: document.querySelectorAll(".plot").length,
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

// TestTooltip wants a hostile name to be text in a tooltip too, without a violation of
// the content security policy.
func TestTooltip(t *testing.T) {
	tab, w := visit(t, chromium(t), build(t, fixture(t)), "zh/explore.html", 1280)
	script := `(() => {
		const plot = document.querySelector('[data-chart="app_new.department"]');
		const chart = echarts.getInstanceByDom(plot);
		const dataIndex = chart.getOption().series[0].data.findIndex((d) => d.tip);
		chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex });
		return plot.querySelector(".tip").textContent + typeof window.x;
	})()`
	got, err := chromedp.Run(tab, chromedp.Evaluate[string](script))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "</script><script>window.x=1</script> · 2022") || !strings.HasSuffix(got, "undefined") {
		t.Errorf("the tooltip says %q", got)
	}
	if len(w.problems) > 0 {
		t.Errorf("the page reports %q", w.problems)
	}
}
