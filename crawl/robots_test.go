package crawl_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

const (
	docA = "http://www.shili.gov.cn/nb/a.html"
	docB = "http://www.shili.gov.cn/nb/b.html"
	list = "http://www.shili.gov.cn/nb/index.html"
)

// R14: what robots.txt says, and what it means that it says nothing.
func TestRobots(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	text := func(s string) http.HandlerFunc { return pagesOf(map[string]string{"/robots.txt": s}) }
	for name, c := range map[string]struct {
		robots  http.HandlerFunc
		pages   int    // asked for, of the list and two documents
		details string // of the list, if it is not asked for
	}{
		"missing":               {status(404), 3, ""},
		"refused":               {status(403), 3, ""}, // RFC 9309 2.3.1.3: 4xx is no file
		"server error":          {status(500), 0, "answers 500"},
		"overload":              {status(503), 0, "answers 503"},
		"for all":               {text("User-agent: *\nDisallow: /\n"), 0, "robots.txt of www.shili.gov.cn"},
		"for us":                {text("User-agent: *\nAllow: /\n\nUser-agent: Nianbao\nDisallow: /\n"), 0, "robots.txt of www.shili.gov.cn"},
		"for others":            {text("User-agent: *\nDisallow: /\n\nUser-agent: nianbao\nDisallow: /nb/b\n\nUser-agent: nianbaobot\nDisallow: /\n"), 2, ""},
		"for a product's URL":   {text("User-agent: +https://github.com\nDisallow: /\n"), 3, ""},
		"unreadable":            {text("Disallow: /\nUser-agent: *\n"), 0, "cannot be read"},
		"byte order mark":       {text("\ufeffUser-agent: *\nDisallow: /\n"), 0, "robots.txt of www.shili.gov.cn"},
		"megabytes":             {text("User-agent: *\nDisallow: /nb/b\n" + strings.Repeat("# 填充\n", 1<<20)), 2, ""},
		"delay beyond patience": {text("User-agent: *\nCrawl-delay: 86400\n"), 0, "more than"},
		"moved within": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://zwgk.shili.gov.cn/r.txt", http.StatusFound)
		}, 2, ""},
		"moved beyond": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://www.elsewhere.gov.cn/robots.txt", http.StatusFound)
		}, 3, ""},
		"moved for ever": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/robots.txt", http.StatusFound)
		}, 3, ""},
		"cut short": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "User-agent: *\nAllow: /\n")
		}, 0, "answers 502"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil, with("/robots.txt", c.robots, pagesOf(and(two, "zwgk.shili.gov.cn/r.txt", "User-agent: *\nDisallow: /nb/b\n"))))
			a := open(t)
			run(t, visiting(s, a, &clock{at: noon}, profile(t, "")))
			if got := s.asked("www.shili.gov.cn/nb/index.html") + s.asked("www.shili.gov.cn/nb/a.html") + s.asked("www.shili.gov.cn/nb/b.html"); got != c.pages {
				t.Errorf("%d pages were asked for, want %d: %v", got, c.pages, s.requests())
			}
			if n := s.asked("www.elsewhere.gov.cn/robots.txt"); n > 0 {
				t.Error("a host outside the allow-list was asked for robots.txt")
			}
			if c.details != "" {
				says(t, a, list, archive.Rejected, "robots_disallowed", c.details)
			}
		})
	}
}

// A redirect leads to a host whose own robots.txt is asked for and obeyed.
func TestRobotsAfterRedirect(t *testing.T) {
	s := serve(t, nil, with("/nb/a.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://zwgk.shili.gov.cn/login/a.html", http.StatusFound)
	}, pagesOf(and(two, "zwgk.shili.gov.cn/robots.txt", "User-agent: *\nDisallow: /login/\n", "zwgk.shili.gov.cn/login/a.html", "登录"))))
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "")))
	says(t, a, docA, archive.Rejected, "robots_disallowed", "zwgk.shili.gov.cn")
	want := []string{"www.shili.gov.cn/robots.txt", "www.shili.gov.cn/nb/index.html", "www.shili.gov.cn/nb/a.html", "zwgk.shili.gov.cn/robots.txt", "www.shili.gov.cn/nb/b.html"}
	if got := s.requests(); !slices.Equal(got, want) {
		t.Errorf("asked for %v, want %v", got, want)
	}
}

func TestCrawlDelay(t *testing.T) {
	for delay, want := range map[string]time.Duration{"1": 3 * time.Second, "10.5": 10500 * time.Millisecond} {
		s := serve(t, nil, pagesOf(and(two, "/robots.txt", "User-agent: *\nCrawl-delay: "+delay+"\n")))
		c := &clock{at: noon}
		run(t, visiting(s, open(t), c, profile(t, "politeness: {delay: 3s, jitter: 0s}")))
		// robots.txt, list and two documents: the first wait does not know robots.txt yet
		if len(c.waits) != 3 || c.waits[1] != want || c.waits[2] != want {
			t.Errorf("Crawl-delay %s: waited %v, want %s before each document", delay, c.waits, want)
		}
	}
}

func TestRobotsOverrideOfAPerson(t *testing.T) {
	s := serve(t, nil, pagesOf(and(two, "/robots.txt", "User-agent: *\nDisallow: /\n")))
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "robots: {respect: false, override_reason: 示例：门户书面同意, override_by: 张三}")))
	says(t, a, docA, archive.Fetched, "", "")
	if got := s.requests(); len(got) != 3 {
		t.Errorf("asked for %v, want the list and two documents", got)
	}
}

// The delay and its jitter are kept, and are the same in every run.
func TestDelayAndJitter(t *testing.T) {
	var before []time.Duration
	for range 2 {
		s := serve(t, nil, pagesOf(two))
		c := &clock{at: noon}
		run(t, visiting(s, open(t), c, profile(t, "politeness: {delay: 5s, jitter: 4s}")))
		if len(c.waits) != 3 {
			t.Fatalf("waited %v, want a wait before each request but the first", c.waits)
		}
		spread := map[time.Duration]bool{}
		for _, w := range c.waits {
			spread[w] = true
			if w < 5*time.Second || w >= 9*time.Second {
				t.Errorf("waited %s, want 5 to 9 seconds", w)
			}
		}
		if len(spread) < 2 || before != nil && !slices.Equal(c.waits, before) {
			t.Errorf("waits %v, before %v; want different waits, the same in both runs", c.waits, before)
		}
		before = c.waits
	}
}

// Hosts of one rate group share one connection and one delay, over profiles too.
func TestRateGroup(t *testing.T) {
	for group, waits := range map[string]int{"": 6, "rate_group: platform": 7} {
		s := serve(t, nil, pagesOf(map[string]string{
			"www.shili.gov.cn/nb/index.html": `<li><a href="http://zwgk.shili.gov.cn/a.html">示例市2023年政府信息公开工作年度报告</a><i>1</i></li>` + row2,
			"zwgk.shili.gov.cn/a.html":       "报告甲", "www.shili.gov.cn/nb/b.html": "报告乙",
			"www.lingxian.gov.cn/nb/index.html": row, "www.lingxian.gov.cn/nb/a.html": "报告丙",
		}))
		c := &clock{at: noon}
		first := profile(t, "politeness: {delay: 5s, jitter: 0s}\n"+group)
		second := profile(t, "hosts: {allow: [www.lingxian.gov.cn]}\nentry_points: [http://www.lingxian.gov.cn/nb/index.html]\npoliteness: {delay: 5s, jitter: 0s}\n"+group)
		second.ID = "cn-990001-lingxian"
		summary := run(t, visiting(s, open(t), c, first, second))
		if summary.Fetched != 3 || s.most != 1 {
			t.Errorf("%+v over %d connections at once, want three documents over one", summary.Progress, s.most)
		}
		// Five requests for the first portal, robots.txt twice, and three for the second;
		// only the first of a group does not wait.
		if len(c.waits) != waits {
			t.Errorf("%q: waited %v, want %d waits", group, c.waits, waits)
		}
	}
}

// The requests of a day are counted over restarts; the next day goes on.
func TestRequestsPerDay(t *testing.T) {
	var rows strings.Builder
	texts := map[string]string{}
	for i := range 8 {
		path := "/nb/" + strconv.Itoa(i) + ".html"
		fmt.Fprintf(&rows, `<li><a href="%s">示例市%d年政府信息公开工作年度报告</a><i>1</i></li>`, path, 2015+i)
		texts[path] = "报告" + path
	}
	texts["/nb/index.html"] = rows.String()
	s := serve(t, nil, pagesOf(texts))
	dir := t.TempDir()
	c := &clock{at: noon}
	p := profile(t, "politeness: {delay: 0s, max_requests_per_day: 5}")
	for i, want := range []int{5, 0, 5} { // robots.txt is one of each five
		a, err := archive.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		s.clear()
		if i == 2 {
			c.at = noon.Add(4 * time.Hour) // midnight in China
		}
		night(t, visiting(s, a, c, p))
		if got := len(s.requests()); got != want {
			t.Errorf("run %d made %d requests, want %d: %v", i+1, got, want, s.requests())
		}
		day := c.at.In(portal.China).Format(time.DateOnly)
		if n, err := a.Requests(t.Context(), "www.shili.gov.cn", day); n != 5 || err != nil {
			t.Errorf("run %d: the ledger counts %d requests on %s, %v, want 5", i+1, n, day, err)
		}
		if i == 0 {
			says(t, a, "http://www.shili.gov.cn/nb/7.html", archive.Failed, "postponed", "5 requests of 2026-11-23")
		}
		a.Close()
	}
}

// The hosts of a rate group share a budget too, across portals and restarts.
func TestRequestsOfAGroupPerDay(t *testing.T) {
	texts := map[string]string{"www.shili.gov.cn/nb/index.html": row + row2, "zwgk.shili.gov.cn/nb/index.html": row + row2, "/nb/a.html": "报告甲", "/nb/b.html": "报告乙"}
	s := serve(t, nil, pagesOf(texts))
	first := profile(t, "hosts: {allow: [www.shili.gov.cn]}\npoliteness: {delay: 0s, max_group_requests_per_day: 6}")
	second := profile(t, "hosts: {allow: [zwgk.shili.gov.cn]}\nentry_points: ['http://zwgk.shili.gov.cn/nb/index.html']\npoliteness: {delay: 0s, max_group_requests_per_day: 6}")
	second.ID = "cn-990000-second"
	a, c := open(t), &clock{at: noon}
	for i, want := range []int{6, 0, 6} { // each portal takes four, robots.txt among them
		s.clear()
		if i == 2 {
			c.at = noon.Add(4 * time.Hour) // midnight in China
		}
		night(t, visiting(s, a, c, first, second))
		if got := len(s.requests()); got != want {
			t.Errorf("run %d made %d requests, want %d: %v", i+1, got, want, s.requests())
		}
		if i == 0 {
			says(t, a, "http://zwgk.shili.gov.cn/nb/b.html", archive.Failed, "postponed", "the rate group shili.gov.cn has had its 6 requests of 2026-11-23")
		}
	}
}

// What the ledger counts is what the server saw, host by host, also after a run that was
// interrupted.
func TestRequestsAreCountedAsMade(t *testing.T) {
	for _, after := range []int{0, 1, 2} { // pages after which the run is interrupted; 0: it is not
		s := serve(t, nil, with("/nb/a.html", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://zwgk.shili.gov.cn/a.html", http.StatusFound)
		}, pagesOf(and(two, "/a.html", "报告甲"))))
		a, c := open(t), &clock{at: noon}
		ctx, cancel := context.WithCancel(t.Context())
		o := visiting(s, a, c, profile(t, ""))
		told := 0
		o.Progress = func(crawl.Progress) {
			if told++; told == after {
				cancel()
			}
		}
		_, err := crawl.Run(ctx, o)
		cancel()
		if (err != nil) != (after > 0) {
			t.Fatal(err)
		}
		seen := map[string]int{}
		for _, r := range s.requests() {
			host, _, _ := strings.Cut(r, "/")
			seen[host]++
		}
		for _, host := range []string{"www.shili.gov.cn", "zwgk.shili.gov.cn"} {
			if n, err := a.Requests(t.Context(), host, "2026-11-23"); n != seen[host] || err != nil {
				t.Errorf("interrupted after %d: the ledger counts %d requests to %s, %v; the server saw %d", after, n, host, err, seen[host])
			}
		}
	}
}

func TestHours(t *testing.T) {
	s := serve(t, nil, pagesOf(two))
	a, c := open(t), &clock{at: noon.Add(-time.Second)}
	o := visiting(s, a, c, profile(t, `politeness: {delay: 0s, window: "20:00-07:00"}`))
	night(t, o)
	says(t, a, list, archive.Failed, "postponed", "20:00-07:00")
	if got := s.requests(); len(got) != 0 {
		t.Errorf("asked for %v outside the hours", got)
	}
	c.at = noon
	if summary := night(t, o); summary.Fetched != 2 {
		t.Errorf("%+v, want two documents within the hours", summary.Progress)
	}
}
