package crawl

import "testing"

// Days as lists print them; portals.md, the families F1 to F12, shows where.
func TestDayIn(t *testing.T) {
	for text, want := range map[string]listed{
		"2023-03-28":          {"2023-03-28", "2023-03-28"},
		"[2017-04-24]":        {"2017-04-24", "2017-04-24"},
		"2026-02-11 10:20":    {"2026-02-11", "2026-02-11"},
		"2025-01-30T09:00:00": {"2025-01-30", "2025-01-30"},
		"成文日期：2023年3月8日":      {"2023-03-08", "2023年3月8日"},
		"2023/3/8":            {"2023-03-08", "2023/3/8"},
		"2023.03.08":          {"2023-03-08", "2023.03.08"},
		"2026-\n 01-\n 23":    {"2026-01-23", "2026- 01- 23"},
		"示府〔2022〕1号 2022-12-30 2023-01-05 1": {"2023-01-05", "2023-01-05"},
		"2023-02-30":  {}, // no such day
		"2023-00-10":  {},
		"2023-01":     {},
		"12023-01-18": {},
		"2023-01-182": {},
		"3023-01-18":  {},
		"示例市2022年政府信息公开工作年度报告": {},
		"1738224000": {}, // only where a member of an object says so
	} {
		if got := dayIn(text); got != want {
			t.Errorf("dayIn(%q) = %+v, want %+v", text, got, want)
		}
	}
}

// A Unix time is that of China: midnight there is the day before in UTC.
func TestDayOfAnObject(t *testing.T) {
	for name, c := range map[string]struct {
		member any
		want   listed
	}{
		"text":         {"2023-03-30 15:10:00", listed{"2023-03-30", "2023-03-30"}},
		"seconds":      {1738166400.0, listed{"2025-01-30", "1738166400"}}, // 2025-01-29 16:00 UTC
		"milliseconds": {1738166400000.0, listed{"2025-01-30", "1738166400000"}},
		"as text":      {"1738166400", listed{"2025-01-30", "1738166400"}},
		"zero":         {0.0, listed{}},
		"a year":       {2025.0, listed{}},
		"null":         {nil, listed{}},
		"nested":       {map[string]any{"day": "2023-03-30"}, listed{}},
	} {
		if got := dayOf(map[string]any{"date": c.member}, []string{"absent", "date"}); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if got := dayOf("2023-03-30", []string{"date"}); got != (listed{}) {
		t.Errorf("%+v of what is no object", got)
	}
}
