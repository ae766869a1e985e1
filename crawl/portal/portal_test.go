package portal_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl/portal"
)

const good = `id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts:
  allow: [www.shili.gov.cn]
family: trs_wcm
entry_points:
  - https://www.shili.gov.cn/gknb/index.html
`

func load(t *testing.T, text string) ([]portal.Portal, error) {
	t.Helper()
	return portal.Load(fstest.MapFS{"shili.yaml": {Data: []byte(text)}})
}

func TestProfileOverridesFamily(t *testing.T) {
	portals, err := load(t, good+"politeness:\n  delay: 7s\nfilters:\n  title_exclude: [草案]\n")
	if err != nil {
		t.Fatal(err)
	}
	p := portals[0]
	if p.Politeness.Delay != 7*time.Second || p.Politeness.Timeout != 60*time.Second {
		t.Errorf("politeness = %+v, want the profile's delay and the family's timeout", p.Politeness)
	}
	if p.Pagination.Kind != portal.Suffix0 || p.List.Item.Selector == nil {
		t.Errorf("the family's list rules are lost: %+v", p.Pagination)
	}
	if rule := p.Filters.Judge("示例市2023年政府信息公开工作年度报告（草案）", "https://x/"); !strings.Contains(rule, "草案") {
		t.Errorf("Judge = %q, want the profile's title_exclude", rule)
	}
	if rule := p.Filters.Judge("示例市2023年政府信息公开工作年度报告", "https://x/"); rule != "" {
		t.Errorf("Judge = %q, want the row taken", rule)
	}
}

func TestFamilyTitleRules(t *testing.T) {
	for _, family := range []string{"trs_wcm", "ucap_static", "static"} {
		portals, err := load(t, strings.Replace(good, "trs_wcm", family, 1))
		if err != nil {
			t.Fatal(err)
		}
		for title, taken := range map[string]bool{
			"示例县发展和改革局2022年政府信息公开工作年度报告": true,
			"2022年示例区信息公开年报":             true,
			"2021年度政府网站工作年度报表":           false,
			"示例市2021年网站工作年度报表":           false,
			"一图读懂示例市2023年政府信息公开年度报告":     false,
			"关于做好政府信息公开年度报告编制工作的通知":      false,
			"政府信息公开指南":                   false,
			"政务公开":                       false,
		} {
			if got := portals[0].Filters.Judge(title, "https://x/") == ""; got != taken {
				t.Errorf("%s: %q taken = %v, want %v", family, title, got, taken)
			}
		}
	}
}

func TestErrorsNameFileAndLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":      {good + "colour: red\n", "shili.yaml:9:"},
		"unknown sub-key":  {good + "politeness:\n  dealy: 3s\n", "shili.yaml:10:"},
		"unknown family":   {strings.Replace(good, "trs_wcm", "trs_vcm", 1), `shili.yaml:6: unknown family "trs_vcm"; known: `},
		"bad pattern":      {good + "filters:\n  title_exclude: ['(']\n", "shili.yaml:10:"},
		"bad selector":     {good + "list:\n  item: 'li['\n", "shili.yaml:10:"},
		"missing name":     {strings.Replace(good, "name: 示例市人民政府\n", "", 1), "shili.yaml:1: missing name"},
		"missing hosts":    {strings.Replace(good, "  allow: [www.shili.gov.cn]", "  allow: []", 1), "shili.yaml:5: missing hosts.allow"},
		"no family":        {strings.Replace(good, "family: trs_wcm\n", "", 1), "unknown family"},
		"unquoted code":    {strings.Replace(good, `"990000"`, `"99"`, 1), "shili.yaml:3: region_code"},
		"entry off host":   {strings.Replace(good, "https://www.shili", "https://www.yangli", 1), "shili.yaml:8: entry point"},
		"host with glob":   {strings.Replace(good, "[www.shili.gov.cn]", "['*.gov.cn']", 1), "shili.yaml:5: \"*.gov.cn\" is not a host name"},
		"entry not http":   {strings.Replace(good, "https://www.shili.gov.cn", "file://www.shili.gov.cn", 1), "shili.yaml:8: entry point"},
		"pagination kind":  {good + "pagination:\n  kind: guess\n", "shili.yaml:10: unknown pagination kind"},
		"count not named":  {good + "pagination:\n  count: 'x(\\d+)'\n", "shili.yaml:10: pagination.count"},
		"timeout":          {good + "politeness:\n  timeout: 0s\n", "shili.yaml:10: politeness"},
		"syntax":           {good + "list: [\n", "shili.yaml:9"},
		"the key is given": {good + "id: twice\n", "shili.yaml:9"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one that contains %q", err, c.want)
			}
		})
	}
}

func TestSameIDTwice(t *testing.T) {
	_, err := portal.Load(fstest.MapFS{"a.yaml": {Data: []byte(good)}, "b.yaml": {Data: []byte(good)}})
	if err == nil || !strings.Contains(err.Error(), "b.yaml:1: id cn-990000-shili is taken by a.yaml") {
		t.Errorf("error = %v", err)
	}
}
