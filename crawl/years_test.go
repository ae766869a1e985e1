package crawl_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/archive"
)

// A year that is due and has fewer reports than the one before fails, even if none is
// lost that was there before: the list of the new year is another one, as where its id
// changes every year.
func TestFewerThanTheYearBefore(t *testing.T) {
	rows := func(year int, offices ...string) (out string) {
		for _, o := range offices {
			out += li(fmt.Sprintf("/nb/%d%s.html", year, o), annual(o, year))
		}
		return out
	}
	all := []string{"", "财政局", "教育局"}
	for name, c := range map[string]struct {
		page, lines string // at noon, 2026-11-23, the reports of 2025 are due
		detail      string
	}{
		"as many":             {rows(2025, all...) + rows(2024, all...), "", ""},
		"more":                {rows(2025, all...) + rows(2024, all[:1]...), "", ""},
		"fewer":               {rows(2025, all[:2]...) + rows(2024, all...), "", "2 reports of 2025 and to 3 of 2024"},
		"none":                {rows(2024, all...), "", "0 reports of 2025 and to 3 of 2024"},
		"none for years":      {rows(2022, all...), "", "0 reports of 2025 and to 3 of 2022"},
		"fewer in the past":   {rows(2025, all...) + rows(2024, all...) + rows(2023, all[:1]...) + rows(2022, all...), "", ""},
		"a year not due yet":  {rows(2026, all[:1]...) + rows(2025, all...) + rows(2024, all...), "", ""},
		"one twice":           {rows(2025, all...) + rows(2024, all...) + li("/nb/mirror.html", annual("财政局", 2024)), "", ""},
		"a document number":   {rows(2025, all...) + rows(2024, all...) + li("/nb/no.html", "示发〔2024〕1号 示例市审计局2025年政府信息公开工作年度报告"), "", ""},
		"a person's word":     {rows(2025, all[:2]...) + rows(2024, all...), "discovery: {fewer: [{report_year: 2025, reason: 教育局并入, by: 张三}]}", ""},
		"of another year":     {rows(2025, all[:2]...) + rows(2024, all...), "discovery: {fewer: [{report_year: 2024, reason: 教育局并入, by: 张三}]}", "2 reports of 2025"},
		"drift is ignored":    {rows(2024, all...), "discovery: {drift: ignore}", ""},
		"a level not known":   {rows(2024, all...), "admin_level: \"\"", ""},
		"titles without year": {li("/nb/a.html", "示例市政府信息公开工作年度报告"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			lines := c.lines
			if !strings.Contains(lines, "admin_level") {
				lines += "\nadmin_level: city"
			}
			s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/nb/index.html" {
					io.WriteString(w, c.page)
				} else if r.URL.Path != "/robots.txt" {
					io.WriteString(w, "报告 "+r.URL.Path)
				}
			})
			a := open(t)
			summary := night(t, visiting(s, a, &clock{at: noon}, profile(t, lines)))
			if c.detail == "" {
				if len(summary.Failures) > 0 {
					t.Errorf("failures %+v, want none", summary.Failures)
				}
				return
			}
			says(t, a, list, archive.Failed, "list_short", c.detail)
			if len(summary.Failures) != 1 || summary.Fetched == 0 {
				t.Errorf("%+v, want the list alone to fail and its rows to be fetched", summary)
			}
		})
	}
}
