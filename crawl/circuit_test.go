package crawl_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// shell answers with a status, headers in pairs and a body; %d in the body makes none of
// two answers alike.
func shell(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// R13: every challenge and refusal stops the host: the document that bears it is asked
// for as often as said, the next one not at all, not in the next run either.
func TestChallenges(t *testing.T) {
	const html = "<!DOCTYPE html><html><head><title>示例</title></head><body>"
	for name, c := range map[string]struct {
		answer          http.HandlerFunc
		requests        int
		product, reason string
	}{
		"瑞数 412":       {shell(412, "<script>$_ts=window['$_ts'];</script>", "Set-Cookie", "FSSBBIl1UgzbN7N80S=made-up"), 1, "瑞数", "challenge_page"},
		"瑞数 412 bare":  {shell(412, ""), 1, "瑞数", "challenge_page"},
		"瑞数 200":       {shell(200, html+"<script>$_ts.nsd=1</script>"), 1, "瑞数", "challenge_page"},
		"瑞数 202":       {shell(202, "<html><head><meta content='x' r='m'></head></html>"), 1, "瑞数", "challenge_page"},
		"瑞数 400":       {shell(400, `<html><script type="text/javascript" charset="x" r="m">x</script></html>`), 1, "瑞数", "challenge_page"},
		"202 empty":    {shell(202, ""), 1, "202 壳", "challenge_page"},
		"加速乐 521":      {shell(521, "<script>document.cookie=('_')+('_');location.href=location.pathname</script>", "Set-Cookie", "__jsluid_s=made-up"), 1, "加速乐", "challenge_page"},
		"加速乐 512":      {shell(512, ""), 1, "加速乐", "challenge_page"},
		"加速乐 200":      {shell(200, "<script>document.cookie='__jsl_clearance_s=1'</script>"), 1, "加速乐", "challenge_page"},
		"C3VK":         {shell(200, `<script>document.cookie="C3VK=made-up; path=/; max-age=300";location.reload()</script>`), 1, "C3VK", "challenge_page"},
		"C3VK spaced":  {shell(200, `<script>document.cookie = 'C3VK=made-up'</script>`), 1, "C3VK", "challenge_page"},
		"acw":          {shell(200, "<html><script>var arg1='0123456789ABCDEF0123456789ABCDEF01234567';</script></html>", "Set-Cookie", "acw_tc=made-up"), 1, "阿里云", "challenge_page"},
		"acw cookie":   {shell(200, "<html><script>setCookie('acw_sc__v2', x)</script></html>"), 1, "阿里云", "challenge_page"},
		"云锁":           {shell(200, `<script>var r="?security_verify_data="+screen.width</script>`), 1, "云锁", "challenge_page"},
		"云锁 302":       {shell(302, "", "Location", "/nb/a.html?security_verify_data=313932302c31303830"), 1, "云锁", "challenge_page"},
		"NWAF 200":     {shell(200, html+`<div class="nwaf-slider">`), 1, "NWAF 滑块", "challenge_page"},
		"NWAF 405":     {shell(405, html+`<div class="nwaf-slider">`), 1, "NWAF 滑块", "challenge_page"},
		"华为云":          {shell(200, html+"HWWAF"), 1, "华为云 WAF", "challenge_page"},
		"yd":           {shell(200, html+"<script>yd_cookie</script>"), 1, "yd WAF", "challenge_page"},
		"江苏":           {shell(200, html+`<p class="online-desc-con">`), 1, "江苏 WAF", "challenge_page"},
		"JS stub":      {shell(200, "<html><head><script>eval(function(p,a,c){}('made up'))</script></head><body></body></html>"), 1, "脚本壳", "challenge_page"},
		"WAF 403":      {shell(403, "forbidden"), 1, "WAF", "challenge_page"},
		"WAF 405":      {shell(405, ""), 1, "WAF", "challenge_page"},
		"WAF 418":      {shell(418, ""), 1, "WAF", "challenge_page"},
		"WAF 444":      {shell(444, ""), 1, "WAF", "challenge_page"},
		"429 for ever": {shell(429, ""), 3, "限流", "http_error"},
		"429 for long": {shell(429, "", "Retry-After", "3600"), 1, "限流", "http_error"},
		"503 for ever": {shell(503, ""), 3, "过载", "http_error"},
		"503 with 瑞数":  {shell(503, "$_ts=window['$_ts']"), 1, "瑞数", "challenge_page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil, with("/nb/a.html", c.answer, pagesOf(two)))
			a, k := open(t), &clock{at: noon}
			o := visiting(s, a, k, profile(t, ""))
			night(t, o)
			want := []string{"www.shili.gov.cn/robots.txt", "www.shili.gov.cn/nb/index.html"}
			for range c.requests {
				want = append(want, "www.shili.gov.cn/nb/a.html")
			}
			if got := s.requests(); !slices.Equal(got, want) {
				t.Errorf("asked for %v, want %v", got, want)
			}
			says(t, a, docA, archive.Failed, c.reason, "left alone until 2026-11-24T12")
			says(t, a, docB, archive.Failed, c.reason, c.product)
			s.clear()
			k.at = k.at.Add(23*time.Hour + 50*time.Minute)
			night(t, o)
			if got := s.requests(); len(got) != 0 {
				t.Errorf("within 24 hours asked for %v", got)
			}
		})
	}
}

// What looks like a challenge and is none.
func TestNoChallenges(t *testing.T) {
	const report = "<!DOCTYPE html><html><head><script>var a=1</script></head><body>示例市2023年政府信息公开工作年度报告</body></html>"
	for name, answer := range map[string]http.HandlerFunc{
		"cookies of products":  shell(200, report, "Set-Cookie", "acw_tc=made-up", "Set-Cookie", "__jsluid_s=made-up", "Set-Cookie", "FSSBBIl1UgzbN7N80S=made-up"),
		"script before text":   shell(200, strings.Replace(report, "var a=1", "document.cookie='seen=1'", 1)),
		"long report on nwaf":  shell(200, report+strings.Repeat("<p>nwaf 滑块</p>", 4000)),
		"the words of a robot": shell(200, report, "X-Note", "security_verify_data="),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil, with("/nb/a.html", answer, pagesOf(two)))
			if summary := run(t, visiting(s, open(t), &clock{at: noon}, profile(t, ""))); summary.Fetched != 2 {
				t.Errorf("%+v, want two documents", summary)
			}
		})
	}
}

// A site that sends a visitor to itself with a cookie (CT6T) is no challenge: the jar
// suffices, and the cookie serves for the rest.
func TestCookieSelfRedirect(t *testing.T) {
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("CT6T"); err != nil && r.URL.Path != "/robots.txt" {
			http.SetCookie(w, &http.Cookie{Name: "CT6T", Value: "made-up", Path: "/"})
			http.SetCookie(w, &http.Cookie{Name: "WIDE", Value: "made-up", Domain: "gov.cn"})
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return
		}
		if _, err := r.Cookie("WIDE"); err == nil {
			t.Error("a cookie for all of gov.cn was kept")
		}
		pagesOf(two)(w, r)
	})
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "")))
	says(t, a, docA, archive.Fetched, "", "")
	want := []string{"www.shili.gov.cn/robots.txt", "www.shili.gov.cn/nb/index.html", "www.shili.gov.cn/nb/index.html", "www.shili.gov.cn/nb/a.html", "www.shili.gov.cn/nb/b.html"}
	if got := s.requests(); !slices.Equal(got, want) {
		t.Errorf("asked for %v, want %v", got, want)
	}
}

// A challenge that comes instead of robots.txt stops the host before any page.
func TestChallengeAtRobots(t *testing.T) {
	s := serve(t, nil, with("/robots.txt", shell(521, "<script>document.cookie=1</script>"), pagesOf(two)))
	a, k := open(t), &clock{at: noon}
	night(t, visiting(s, a, k, profile(t, "")))
	says(t, a, list, archive.Failed, "challenge_page", "加速乐")
	if got := s.requests(); len(got) != 1 {
		t.Errorf("asked for %v, want robots.txt once", got)
	}
	if open, err := a.OpenAt(t.Context(), "www.shili.gov.cn", k.at); err != nil || len(open) != 1 {
		t.Errorf("open circuits: %v, %v, want one", open, err)
	}
}

// The circuit closes after a day; three openings disable the profile until a person
// clears it, over restarts.
func TestThreeOpeningsDisableTheProfile(t *testing.T) {
	guarded := true
	s := serve(t, nil, with("/nb/a.html", func(w http.ResponseWriter, r *http.Request) {
		if guarded {
			w.WriteHeader(412)
			return
		}
		pagesOf(two)(w, r)
	}, pagesOf(two)))
	dir, k := t.TempDir(), &clock{at: noon}
	p := profile(t, "")
	runs := func() (a *archive.Archive, requests int) {
		a, err := archive.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		s.clear()
		night(t, visiting(s, a, k, p))
		k.at = k.at.Add(25 * time.Hour)
		return a, len(s.requests())
	}
	for i, want := range []int{3, 3, 3, 0, 0} { // robots.txt, list and document
		a, got := runs()
		if got != want {
			t.Errorf("night %d made %d requests, want %d", i+1, got, want)
		}
		if want == 0 {
			says(t, a, list, archive.Failed, "challenge_page", "nianbao circuits")
		}
		a.Close()
	}
	guarded = false
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := a.ClearCircuits(t.Context(), p.ID, "张三: 门户已加白名单（示例）", k.at); n != 3 || err != nil {
		t.Errorf("cleared %d, %v, want 3", n, err)
	}
	a.Close()
	a, got := runs()
	defer a.Close()
	if got != 4 {
		t.Errorf("after clearing %d requests were made, want 4", got)
	}
	says(t, a, docB, archive.Fetched, "", "")
}

// A host that leads to a challenge on another is left alone with it.
func TestRedirectToAChallenge(t *testing.T) {
	s := serve(t, nil, with("/nb/a.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://zwgk.shili.gov.cn/check", http.StatusFound)
	}, with("/check", shell(412, ""), pagesOf(two))))
	a, k := open(t), &clock{at: noon}
	night(t, visiting(s, a, k, profile(t, "")))
	for _, host := range []string{"www.shili.gov.cn", "zwgk.shili.gov.cn"} {
		if open, err := a.OpenAt(t.Context(), host, k.at); err != nil || len(open) != 1 {
			t.Errorf("%s: open circuits %v, %v, want one", host, open, err)
		}
	}
	if n := s.asked("www.shili.gov.cn/nb/b.html"); n != 0 {
		t.Error("the second document was asked for")
	}
}
