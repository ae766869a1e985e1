package portal_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl/portal"
)

// The seeds are the rows of portal_seeds.csv; each must be told from where it comes.
func TestShippedProfiles(t *testing.T) {
	portals, err := portal.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	active, provinces := 0, map[string]bool{}
	for _, p := range portals {
		if p.Active() {
			active++
		}
		if p.AdminLevel == "province" && p.Active() {
			provinces[p.RegionCode] = true
		}
		if p.AdminLevel == "" || p.Evidence.Source == "" || p.Evidence.Status == "" {
			t.Errorf("%s: level, source or status of the evidence is missing", p.ID)
		}
		if p.Verified {
			t.Errorf("%s is called verified, and nobody has crawled it", p.ID)
		}
		if p.Active() && p.Evidence.Status != "evidenced" {
			t.Errorf("%s would be crawled on the evidence of %s", p.ID, p.Evidence.Status)
		}
		for _, host := range p.Hosts.Allow {
			if !strings.HasSuffix(host, ".gov.cn") {
				t.Errorf("%s: host %s is not under gov.cn", p.ID, host)
			}
		}
		if p.Politeness.Delay < 5*time.Second {
			t.Errorf("%s: a delay of %v; a live portal waits 5 s at least", p.ID, p.Politeness.Delay)
		}
	}
	if len(portals) != 150 || active != 63 { // as README.md and docs/portals.md count them
		t.Errorf("%d profiles, %d active, want 150 and 63", len(portals), active)
	}
	if len(provinces) != 30 { // all 31 but 甘肃, of which only a page was seen
		t.Errorf("%d provinces can be crawled, want 30", len(provinces))
	}
}

func TestSeedsAreAllThere(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/reference/portal_seeds.csv")
	if err != nil {
		t.Skipf("the list of seeds is not on this machine: %v", err)
	}
	portals, err := portal.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range portals {
		for _, e := range p.EntryPoints {
			known[e.URL] = true
			for year := 2017; year <= 2025; year++ { // of which one was seen
				known[strings.ReplaceAll(e.URL, "{year}", strconv.Itoa(year))] = true
			}
		}
		for word := range strings.FieldsSeq(p.Needs) {
			known[strings.Trim(word, ",;")] = true
		}
	}
	literal := 0
	for line := range strings.Lines(string(raw)) {
		i := strings.Index(line, ",http")
		if i < 0 {
			continue
		}
		fields := strings.SplitN(line[i+1:], ",", 3)
		if len(fields) > 1 && strings.HasPrefix(fields[1], "http") {
			literal++
			if !known[strings.ReplaceAll(fields[1], "{Y}", "2017")] {
				t.Errorf("no profile knows %s", fields[1])
			}
		}
	}
	if literal < 130 {
		t.Errorf("%d addresses were compared, want 130 or more", literal)
	}
}

// What is due is due from the end of its day in China on.
func TestDue(t *testing.T) {
	at := func(text string) time.Time {
		day, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for name, c := range map[string]struct {
		level, needs, now string
		years             []int
	}{
		"a city on the day":      {"city", "", "2021-03-31T23:00:00+08:00", []int{2019}},
		"a city after it":        {"city", "", "2021-04-01T00:00:01+08:00", []int{2019, 2020}},
		"a department":           {"dept", "", "2021-02-01T00:00:01+08:00", []int{2019, 2020}},
		"a ministry":             {"central", "", "2021-02-01T00:00:01+08:00", []int{2019, 2020}},
		"a zone":                 {"zone", "", "2021-02-01T00:00:01+08:00", []int{2019}},
		"before the first":       {"city", "", "2020-01-01T00:00:00+08:00", nil},
		"a level not known":      {"", "", "2021-04-02T00:00:00+08:00", nil},
		"a portal not yet found": {"city", "the column", "2021-04-02T00:00:00+08:00", nil},
	} {
		var years []int
		for _, d := range (portal.Portal{AdminLevel: c.level, Needs: c.needs}).Due(at(c.now)) {
			years = append(years, d.ReportYear)
		}
		if !slices.Equal(years, c.years) {
			t.Errorf("%s: %v, want %v", name, years, c.years)
		}
	}
	for _, level := range portal.Words().Levels {
		if _, err := time.Parse("01-02", level.Due); err != nil {
			t.Errorf("level %s: due %q is no day", level.ID, level.Due)
		}
	}
}

func TestHeadErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no such place":       {strings.Replace(good, `"990000"`, `"410199"`, 1), `shili.yaml:3: region_code "410199" is no place`},
		"host with port":      {strings.Replace(good, "[www.shili.gov.cn]", "['www.shili.gov.cn:8080']", 1), `shili.yaml:5: "www.shili.gov.cn:8080" is not a host name`},
		"host by number":      {strings.Replace(good, "[www.shili.gov.cn]", "['192.0.2.1']", 1), `shili.yaml:5: "192.0.2.1" is not a host name`},
		"host in upper case":  {strings.Replace(good, "[www.shili.gov.cn]", "[WWW.shili.gov.cn]", 1), `shili.yaml:5: "WWW.shili.gov.cn" is not a host name`},
		"entry with port":     {strings.Replace(good, "gov.cn/gknb", "gov.cn:8443/gknb", 1), "shili.yaml:8: entry point https://www.shili.gov.cn:8443/gknb/index.html has a port"},
		"entry is a pattern":  {strings.Replace(good, "gknb/", "{Y}nb/", 1), "shili.yaml:8: entry point https://www.shili.gov.cn/{Y}nb/index.html is a pattern"},
		"unknown role":        {strings.Replace(good, "- https://www.shili.gov.cn/gknb/index.html", "- {url: 'https://www.shili.gov.cn/', role: colum}", 1), `shili.yaml:8: unknown role "colum"; known: column`},
		"unknown key of it":   {strings.Replace(good, "- https://www.shili.gov.cn/gknb/index.html", "- {url: 'https://www.shili.gov.cn/', rolle: column}", 1), "shili.yaml:8:"},
		"entry without url":   {strings.Replace(good, "- https://www.shili.gov.cn/gknb/index.html", "- {role: column}", 1), "shili.yaml:8: an entry point without url"},
		"only a detail":       {strings.Replace(good, "- https://www.shili.gov.cn/gknb/index.html", "- {url: 'https://www.shili.gov.cn/', role: detail}", 1), "missing entry_points"},
		"unknown level":       {good + "admin_level: town\n", `shili.yaml:9: unknown admin_level "town"; known: central`},
		"unknown status":      {good + "evidence: {status: rumour}\n", `shili.yaml:9: unknown evidence.status "rumour"`},
		"no day":              {good + "evidence: {observed_at: July}\n", `shili.yaml:9: evidence.observed_at "July" is no day`},
		"id with a blank":     {strings.Replace(good, "cn-990000-shili", "cn 990000", 1), `shili.yaml:1: id "cn 990000"`},
		"verified in words":   {good + "verified: perhaps\n", "shili.yaml:9:"},
		"the same entry":      {good + "  - https://www.shili.gov.cn/gknb/index.html\n", "shili.yaml:9: entry point https://www.shili.gov.cn/gknb/index.html is taken by shili.yaml"},
		"a second document":   {good + "---\nid: b\n", "a second document"},
		"a merge key":         {good + "<<: {note: x}\n", `shili.yaml:9: unknown key "<<"`},
		"a list where a text": {good + "note: [a]\n", "shili.yaml:9:"},
		"a text for keys":     {good + "politeness: slow\n", "shili.yaml:9: keys with values are needed here"},
		"nothing":             {"", "missing id"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := load(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one that contains %q", err, c.want)
			}
		})
	}
}

func TestAllErrorsAtOnce(t *testing.T) {
	bad := strings.Replace(good, `"990000"`, `"410199"`, 1) + "colour: red\nfilters:\n  title_exclude: ['(', ok, '[']\n  title_inclde: [x]\npoliteness: {delay: soon}\nadmin_level: town\n"
	_, err := portal.Load(fstest.MapFS{
		"a.yaml": {Data: []byte(bad)}, "b.yaml": {Data: []byte("id: [\n")}, "c.yaml": {Data: []byte("name: x\n")},
	})
	for _, want := range []string{
		`a.yaml:3: region_code "410199"`, `a.yaml:9: unknown key "colour"`, "a.yaml:11: error parsing regexp: missing closing ): `(`",
		"a.yaml:11: error parsing regexp: missing closing ]: `[`", `a.yaml:12: unknown key "title_inclde"; known here: title_include`,
		"a.yaml:13:", "a.yaml:14: unknown admin_level", "b.yaml:1", `c.yaml:1: unknown family ""`, "c.yaml:1: missing id",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the errors lack %q:\n%v", want, err)
		}
	}
}

// A portal whose column is not known may be noted, and is left alone.
func TestNeeds(t *testing.T) {
	noted := "id: cn-shili\nname: 示例市人民政府\nfamily: static\nneeds: the address of the column\n"
	portals, err := load(t, noted)
	if err != nil {
		t.Fatal(err)
	}
	if p := portals[0]; p.Active() || len(p.Lists(time.Now())) != 0 {
		t.Errorf("%+v is active", p)
	}
	if portals, err = load(t, good+"needs: whose portal this is\n"); err != nil || len(portals[0].Lists(time.Now())) != 0 {
		t.Errorf("%v, %v: a portal that needs something has lists to crawl", portals, err)
	}
}

func TestRolesThatAreCrawled(t *testing.T) {
	portals, err := load(t, good+"  - {url: 'https://www.shili.gov.cn/', role: site}\n  - {url: 'https://www.shili.gov.cn/2022n/', role: year_index, report_year: 2022}\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []portal.EntryPoint{
		{URL: "https://www.shili.gov.cn/gknb/index.html", Role: "column"},
		{URL: "https://www.shili.gov.cn/2022n/", Role: "year_index", ReportYear: 2022},
	}
	if got := portals[0].Lists(time.Now()); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOverlay(t *testing.T) {
	of := func(id, name, url string) portal.Portal {
		return portal.Portal{ID: id, Name: name, EntryPoints: []portal.EntryPoint{{URL: url, Role: "column"}}}
	}
	base := []portal.Portal{of("b", "shipped", "http://b/"), of("c", "shipped", "http://c/")}
	got, err := portal.Overlay(base, []portal.Portal{of("c", "mine", "http://c/2"), of("a", "mine", "http://a/")})
	if err != nil || len(got) != 3 || got[0].ID != "a" || got[1].Name != "shipped" || got[2].Name != "mine" {
		t.Errorf("%v, %v", got, err)
	}
	_, err = portal.Overlay(base, []portal.Portal{of("d", "mine", "http://c/")})
	if err == nil || !strings.Contains(err.Error(), "portals c and d both begin at http://c/") {
		t.Errorf("error = %v", err)
	}
}

// {year} stands for each report year that is due, in roles that are of one year.
func TestEntryPointsOfEachYear(t *testing.T) {
	entry := func(url, role, more string) string {
		return strings.Replace(good, "family:", "admin_level: city\nfamily:", 1) + "  - {url: '" + url + "', role: " + role + more + "}\n"
	}
	portals, err := load(t, entry("https://www.shili.gov.cn/{year}n/index_{year}.html", "year_index", ", report_year: 2018"))
	if err != nil {
		t.Fatal(err)
	}
	urls := func(now time.Time) (out []string) {
		for _, e := range portals[0].Lists(now)[1:] {
			out = append(out, e.URL)
			if !strings.Contains(e.URL, strconv.Itoa(e.ReportYear)) {
				t.Errorf("%+v: the year is not that of the address", e)
			}
		}
		return out
	}
	at := func(year int) string { return fmt.Sprintf("https://www.shili.gov.cn/%dn/index_%d.html", year, year) }
	day := time.Date(2021, 3, 31, 12, 0, 0, 0, time.UTC)
	if got, want := urls(day), []string{at(2019), at(2018)}; !slices.Equal(got, want) { // 2020 is due at its end
		t.Errorf("%v, want %v", got, want)
	}
	if got, want := urls(day.AddDate(0, 0, 1)), []string{at(2020), at(2019), at(2018)}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for text, want := range map[string]string{
		entry("https://www.shili.gov.cn/{year}n/", "column", ""):                    "{year} in it, which is for the roles that are of one year; column is not",
		good + "  - {url: 'https://www.shili.gov.cn/{year}n/', role: year_index}\n": "admin_level is needed",
		entry("https://www.{year}.gov.cn/", "year_index", ""):                       "on a host that hosts.allow does not name",
		entry("https://www.shili.gov.cn/{Y}n/", "year_index", ""):                   "is a pattern, no address",
	} {
		if _, err := load(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// No shipped profile has a family that can be known not to fit: one whose rules want of
// an entry point's address what is not in it, or one of whose name there is a family.
func TestShippedFamiliesFit(t *testing.T) {
	portals, err := portal.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range portals {
		if slices.Contains(portal.Families(), p.Dialect) {
			t.Errorf("%s: the dialect %s is a family", p.ID, p.Dialect)
		}
	}
}
