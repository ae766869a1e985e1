package portal_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/portal"
)

// Every family is complete: a profile that names it and nothing else can be crawled.
func TestEveryFamilyLoads(t *testing.T) {
	_, err := load(t, strings.Replace(good, "trs_wcm", "?", 1))
	_, known, _ := strings.Cut(err.Error(), "known: ")
	families := strings.Split(known, ", ")
	if len(families) < 20 {
		t.Errorf("%d families: %v", len(families), families)
	}
	addresses := map[string]string{ // where the rules of a family read the address
		"aspnet_pager": "https://www.shili.gov.cn/InfoPublic.aspx?cid=1", "epoint_ewb": "https://www.shili.gov.cn/list.html?categorynum=002",
		"gkmlpt": "https://www.shili.gov.cn/gkmlpt/index", "lonsun_ex8": "https://www.shili.gov.cn/public/column/1?type=3&siteId=2",
	}
	const plain = "https://www.shili.gov.cn/gknb/index.html"
	for _, family := range families {
		text := strings.Replace(good, "trs_wcm", family, 1)
		if address := addresses[family]; address != "" {
			_, err := load(t, text)
			if want := "shili.yaml:8: entry point " + plain + ": nothing in it matches "; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want %q", family, err, want)
			}
			text = strings.Replace(text, plain, address, 1)
		}
		if _, err := load(t, text); err != nil {
			t.Errorf("%s: %v", family, err)
		}
	}
}

// What is wrong in the language of lists is told with its line and what is known instead.
func TestListLanguageIsChecked(t *testing.T) {
	request := "pagination:\n  kind: request\n  request: {method: GET, address: '/x?page={n}'}\n"
	for name, c := range map[string]struct{ text, want string }{
		"request without size ok": {request, ""},
		"unknown rows":            {"list:\n  rows: cells\n", `shili.yaml:10: unknown list.rows "cells"; known: elements, pattern, objects`},
		"pattern without href":    {"list:\n  rows: pattern\n  pattern: 'x(\\d)'\n", "shili.yaml:11: list.rows is pattern"},
		"objects without path":    {"list:\n  rows: objects\n", "list.rows is objects"},
		"unknown step":            {"list:\n  unwrap: [gzip]\n", `shili.yaml:10: unknown step "gzip"; known: each, json`},
		"each without group":      {"list:\n  unwrap: ['each <a>']\n", "shili.yaml:10: each needs a pattern with a group"},
		"each with bad pattern":   {"list:\n  unwrap: ['each (']\n", "shili.yaml:10: error parsing regexp"},
		"json without path":       {"list:\n  unwrap: [json]\n", "shili.yaml:10: json needs a path"},
		"jsonp with argument":     {"list:\n  unwrap: [jsonp cb]\n", "shili.yaml:10: jsonp takes no argument"},
		"variable without group":  {"list:\n  variables:\n    - {from: page, pattern: 'x'}\n", "shili.yaml:11: a variable needs a pattern with a named group"},
		"variable from nowhere":   {"list:\n  variables:\n    - {pattern: '(?P<x>x)'}\n", "shili.yaml:11: a variable needs from"},
		"variable from unknown":   {"list:\n  variables:\n    - {from: cookie, pattern: '(?P<x>x)'}\n", `shili.yaml:11: unknown from "cookie"`},
		"variable from later":     {"list:\n  variables:\n    - {from: y, pattern: '(?P<x>x)'}\n    - {from: page, pattern: '(?P<y>x)'}\n", `shili.yaml:11: unknown from "y"`},
		"variable from and get":   {"list:\n  variables:\n    - {from: page, get: /a.js, pattern: '(?P<x>x)'}\n", "shili.yaml:11: a variable has from or get, not both"},
		"get with unknown name":   {"list:\n  variables:\n    - {get: '/{site}/a.js', pattern: '(?P<x>x)'}\n", "shili.yaml:11: template \"/{site}/a.js\" names {site}"},
		"template, unknown name":  {"pagination:\n  template: '{stem}_{n}_{sid}.html'\n", "shili.yaml:10: template \"{stem}_{n}_{sid}.html\" names {sid}, which no variable captures"},
		"template without n":      {"pagination:\n  template: index.html\n", "shili.yaml:10: template \"index.html\" of pagination has no {n}"},
		"alternative without n":   {"pagination:\n  alternatives: ['x.html']\n", "shili.yaml:10: template \"x.html\" of pagination has no {n}"},
		"total without group":     {"pagination:\n  total: '\\d+'\n", "shili.yaml:10: pagination.total needs a group"},
		"no cap":                  {"pagination:\n  max_pages: 0\n", "shili.yaml:10: pagination.max_pages must be at least 1"},
		"unknown first":           {"pagination:\n  first: page\n", `shili.yaml:10: unknown pagination.first "page"`},
		"first without request":   {"pagination:\n  first: request\n", "shili.yaml:10: pagination.first is request: pagination.kind must be request"},
		"unknown method":          {"pagination:\n  kind: request\n  request: {method: PUT, address: /x}\n", `unknown method "PUT"`},
		"no address":              {"pagination:\n  kind: request\n  request: {method: GET}\n", "the request for pages has no address"},
		"two bodies":              {"pagination:\n  kind: request\n  request: {method: POST, address: /x, form: a=1, json: '{}'}\n", "a request has form or json, not both"},
		"GET with body":           {"pagination:\n  kind: request\n  request: {method: GET, address: /x, form: a=1}\n", "a GET request has no body"},
		"header, unknown name":    {"pagination:\n  kind: request\n  request: {method: GET, address: /x, headers: {Referer: '{+here}'}}\n", "names {here}"},
		"body, unknown name":      {"pagination:\n  kind: request\n  request: {method: POST, address: /x, json: '{\"sid\":\"{sid}\"}'}\n", "names {sid}"},
		"sizes":                   {request + "  sizes: [0]\n", "pagination.sizes needs the rows of a page"},
		"otherwise":               {request + "  otherwise: [{method: GET, address: '/{y}'}]\n", "names {y}"},
		"shell without href":      {"list:\n  shells: ['location']\n", "shili.yaml:10: a shell needs a group"},
		"elsewhere without href":  {"list:\n  elsewhere: jump\n", "shili.yaml:10: list.elsewhere needs a group"},
		"rewrite without pattern": {"list:\n  rewrite: [{with: x}]\n", "shili.yaml:10: a rewrite needs a pattern"},
		"codes without group":     {"list:\n  codes: [{pattern: 'a', authorities: {a: 甲}}]\n", "shili.yaml:10: codes need a pattern with a group (?P<code>...)"},
		"codes without names":     {"list:\n  codes: [{pattern: '(?P<code>a)'}]\n", "shili.yaml:10: codes need"},
		"codes without pattern":   {"list:\n  codes: [{authorities: {a: 甲}}]\n", "shili.yaml:10: codes need"},
		"names that are no text":  {"list:\n  codes: [{pattern: '(?P<code>a)', authorities: {a: [甲]}}]\n", "shili.yaml:10"},
		"negative prefix":         {"list:\n  same_prefix: -1\n", "shili.yaml:10: list.same_prefix"},
		"viewer without href":     {"documents:\n  viewers: [pdf]\n", "shili.yaml:10: a viewer needs a group"},
		"negative parts":          {"documents:\n  max_parts: -1\n", "shili.yaml:10: documents.max_parts"},
		"negative depth":          {"discovery:\n  max_depth: -1\n", "shili.yaml:10: discovery.max_depth"},
		"unknown drift":           {"discovery:\n  drift: warn\n", `shili.yaml:10: unknown discovery.drift "warn"; known: fail, ignore`},
		"title_year, no group":    {"discovery:\n  title_year: '20\\d\\d'\n", "shili.yaml:10: discovery.title_year needs a group"},
		"fewer, nobody's word":    {"discovery:\n  fewer: [{report_year: 2025, reason: 合并}]\n", "shili.yaml:10: discovery.fewer is a person's word"},
		"fewer, of no year":       {"discovery:\n  fewer: [{reason: 合并, by: 张三}]\n", "shili.yaml:10: discovery.fewer"},
		"unknown key of request":  {"pagination:\n  request: {metod: GET}\n", "shili.yaml:10"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, good+c.text)
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one that contains %q", err, c.want)
			}
		})
	}
}

func TestTemplateFill(t *testing.T) {
	vars := map[string]string{"n": "2", "name": `示例 "a"&b`, "raw": "%CA%BE"}
	for template, want := range map[portal.Template]string{
		"/x?page={n}&q={name}":  "/x?page=2&q=%E7%A4%BA%E4%BE%8B+%22a%22%26b",
		"webname={+raw}&{none}": "webname=%CA%BE&",
		`{"n":{n}}`:             `{"n":2}`,
	} {
		if got := template.Fill(vars, portal.ForURL); got != want {
			t.Errorf("%s is filled as %s, want %s", template, got, want)
		}
	}
	if got := portal.Template(`{"q":"{name}"}`).Fill(vars, portal.ForJSON); got != `{"q":"示例 \"a\"\u0026b"}` {
		t.Errorf("within JSON: %s", got)
	}
}

// A code in the address says whose report it is; an unknown one says nothing.
func TestCodes(t *testing.T) {
	p, err := load(t, good+"list:\n  codes:\n    - {pattern: '/nb/20\\d\\d/(?P<code>\\w+)\\.pdf$', authorities: {szf: 甲市人民政府, \"no\": 甲市乙区人民政府}}\n    - {pattern: '/(?P<code>[a-z]+)/content/', authorities: {sfj: 甲市司法局}}\n")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"http://www.shili.gov.cn/nb/2025/szf.pdf":           "甲市人民政府",
		"http://www.shili.gov.cn/nb/2025/no.pdf":            "甲市乙区人民政府",
		"http://www.shili.gov.cn/nb/2025/xyz.pdf":           "",
		"http://www.shili.gov.cn/nb/2025/szf.html":          "",
		"http://www.shili.gov.cn/x/sfj/content/post_1.html": "甲市司法局",
	} {
		if got := p[0].List.AuthorityOf(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
