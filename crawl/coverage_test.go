package crawl_test

import (
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl"
)

// What was expected stands in the archive, as of the latest crawl.
func TestExpectationsAreRecorded(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a, o := open(t), crawl.Options{}
	o = options(s, a)
	o.Portals[0].AdminLevel = "dept"
	for _, c := range []struct {
		now   string
		years []int32
	}{{"2021-01-31", []int32{2019}}, {"2022-02-02", []int32{2019, 2020, 2021}}} {
		o.Clock = func() time.Time { now, _ := time.Parse(time.DateOnly, c.now); return now }
		run(t, o)
		got, err := a.Expectations(t.Context())
		if err != nil || len(got) != 1+len(c.years) {
			t.Fatalf("%s: %+v, %v, want the portal and %v", c.now, got, err, c.years)
		}
		if e := got[0]; e.ReportYear != nil || e.Authority != "示例市人民政府" || e.RegionCode != "990000" || e.Needs != "" {
			t.Errorf("the portal's row is %+v", e)
		}
		for i, year := range c.years {
			if e := got[i+1]; *e.ReportYear != year || e.DueOn != time.Date(int(year)+1, 1, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) {
				t.Errorf("%s: %d due on %s, want %d", c.now, *e.ReportYear, e.DueOn, year)
			}
		}
	}
}

// A portal that needs something is not asked, and the summary says so.
func TestPortalThatNeedsSomethingIsLeftAlone(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a := open(t)
	o := options(s, a)
	o.Portals[0].Needs = "whose portal this is"
	summary := run(t, o)
	if len(s.Requests()) != 0 {
		t.Errorf("asked %v", s.Requests())
	}
	if want := (crawl.Skipped{Portal: "cn-990000-shili", Needs: "whose portal this is"}); len(summary.Skipped) != 1 || summary.Skipped[0] != want {
		t.Errorf("skipped %v, want %v", summary.Skipped, want)
	}
	if got, err := a.Expectations(t.Context()); err != nil || len(got) != 1 || got[0].Needs != "whose portal this is" {
		t.Errorf("%+v, %v", got, err)
	}
}
