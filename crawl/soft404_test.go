package crawl_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/archive"
)

const title = "示例市2023年政府信息公开工作年度报告"

func html(head, body string) string {
	return "<!DOCTYPE html><html><head><title>" + head + "</title></head><body>" + body + "</body></html>"
}

// R17: what comes in place of a document is recorded as such; the version that was
// stored stays the document's.
func TestSoft404(t *testing.T) {
	nav := strings.Repeat(`<a href="/x">政府信息公开年报</a>`, 60)
	index := html("示例市人民政府", row+row2)
	throttle := html("提示", "<p>您的访问过于频繁，请稍后再试。</p>"+strings.Repeat("<p>填充</p>", 500))
	constant := html("示例市人民政府", "<div>"+strings.Repeat("服务", 1000)+"</div>")
	for name, c := range map[string]struct {
		answer       http.HandlerFunc
		lines, words string
	}{
		"throttle page":       {shell(200, throttle), "", "访问过于频繁"},
		"missing page":        {shell(200, html("错误", "您 访 问 的 页 面 不存在")), "", "页面"},
		"home page":           {shell(200, html("示例市人民政府", nav)), "", "60 links"},
		"list in place":       {shell(200, index), "", "the list " + list},
		"leads to home":       {shell(302, "", "Location", "/"), "", "home page http://www.shili.gov.cn/"},
		"constant length":     {shell(200, constant), fmt.Sprintf("soft404: {lengths: [%d]}", len(constant)), "soft404.lengths"},
		"words of the portal": {shell(200, html("示例", "本栏目正在升级")), "soft404: {markers: [正在升级]}", "正在升级"},
		"GBK":                 {shell(200, "<html><body>\xcf\xb5\xcd\xb3\xce\xac\xbb\xa4</body></html>", "Content-Type", "text/html; charset=gbk"), "", "系统维护"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			texts := and(two, "/nb/index.html", index, "/", html("示例市人民政府", "首页"), "/nb/a.html", html(title, "报告"))
			s := serve(t, nil, pagesOf(texts))
			a, k := open(t), &clock{at: noon}
			o := visiting(s, a, k, profile(t, c.lines))
			night(t, o)
			says(t, a, docA, archive.Fetched, "", "")
			before := export(t, a).entry(t, docA)
			s.handle = with("/nb/a.html", c.answer, pagesOf(texts))
			summary := night(t, o)
			says(t, a, docA, archive.Failed, "soft_404", c.words)
			e := export(t, a)
			if l := e.entry(t, docA); l.SHA256 != before.SHA256 || len(e.Locations) != 2 || summary.Fetched != 0 {
				t.Errorf("%+v of %d versions, want the stored version and no other", l, len(e.Locations))
			}
		})
	}
}

// A notice of a constant length whose words no one knows is told at its second document.
func TestConstantNotice(t *testing.T) {
	n := 0
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/nb/a.html" || r.URL.Path == "/nb/b.html" {
			n++
			io.WriteString(w, html("示例市人民政府", fmt.Sprintf("稍安勿躁 %04d", n))) // a counter, but no other length
			return
		}
		pagesOf(two)(w, r)
	})
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "")))
	says(t, a, docB, archive.Failed, "soft_404", "as "+docA)
}

// Real pages that look like the above are stored.
func TestNoSoft404(t *testing.T) {
	nav := strings.Repeat(`<a href="/x">链接</a>`, 60)
	for name, text := range map[string]string{
		"title and many links":    html("示例市人民政府", nav+"<h1>示例市2023年政府信息公开\n工作年度报告</h1>"),
		"other title, a report":   html("年报", nav+"<p>一、总体情况</p><p>系统维护</p>"),
		"other title, attachment": html("年报", nav+`<a href="nb.pdf">下载</a>`),
		"report on maintenance":   html(title, "网站系统维护，404 Not Found"),
		"no page of HTML":         "系统维护",
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil, pagesOf(and(two, "/nb/a.html", text)))
			a := open(t)
			run(t, visiting(s, a, &clock{at: noon}, profile(t, "")))
			says(t, a, docA, archive.Fetched, "", "")
		})
	}
}
