package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

const madeUpProfile = `id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
admin_level: city
hosts:
  allow: [www.shili.gov.cn]
family: trs_wcm
entry_points:
  - https://www.shili.gov.cn/gknb/index.html
evidence: {source: this test, status: made_up}
verified: false
`

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPortalsValidate(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "shili.yaml"), madeUpProfile)
	for _, args := range [][]string{{dir}, {filepath.Join(dir, "shili.yaml")}} {
		if code, out, talk := nianbao(t, append([]string{"portals", "validate"}, args...)...); code != 0 || !strings.HasPrefix(out, "1 profiles are valid: 1 active") {
			t.Errorf("%v: exit code %d: %s%s", args, code, out, talk)
		}
	}
	if code, out, _ := nianbao(t, "portals", "validate"); code != 0 || !strings.HasPrefix(out, "150 profiles are valid") {
		t.Errorf("the shipped ones: exit code %d: %s", code, out)
	}
	write(t, filepath.Join(dir, "b.yaml"), strings.Replace(madeUpProfile, "trs_wcm", "trs", 1)+"colour: red\n")
	code, _, talk := nianbao(t, "portals", "validate", dir)
	for _, want := range []string{`b.yaml:7: unknown family "trs"`, `b.yaml:12: unknown key "colour"`, "shili.yaml:1: id cn-990000-shili is taken by b.yaml", "errors in portal profiles"} {
		if code != exitItemsFailed || !strings.Contains(talk, want) {
			t.Errorf("exit code %d, no %q in\n%s", code, want, talk)
		}
	}
	for _, args := range [][]string{{filepath.Join(dir, "absent")}, {t.TempDir()}, {dir, dir}} {
		if code, _, talk := nianbao(t, append([]string{"portals", "validate"}, args...)...); code != exitUsage {
			t.Errorf("%v: exit code %d: %s", args, code, talk)
		}
	}
}

func TestPortalsList(t *testing.T) {
	list := func(args ...string) (all []portalRow) {
		code, out, talk := nianbao(t, append([]string{"portals", "list", "--format", "csv"}, args...)...)
		lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if code != 0 || err != nil {
			t.Fatalf("%v: exit code %d, %v\n%s", args, code, err, talk)
		}
		for _, l := range lines[1:] {
			all = append(all, portalRow{ID: l[0], RegionCode: l[2], Family: l[4], Verified: l[7] == "true", EntryPoints: l[11], Needs: l[12]})
		}
		return all
	}
	if n := len(list()); n != 150 {
		t.Errorf("%d portals, want 150", n)
	}
	jiangsu := list("--region", "320000")
	if len(jiangsu) < 10 {
		t.Errorf("%d portals in 江苏, want 10 or more", len(jiangsu))
	}
	for _, p := range jiangsu {
		if !strings.HasPrefix(p.RegionCode, "32") || p.Verified || p.EntryPoints == "" && p.Needs == "" {
			t.Errorf("%+v", p)
		}
	}
	vsb := list("--family", "vsb")
	if len(vsb) != 1 || vsb[0].ID != "cn-532600-ynws" || !strings.Contains(vsb[0].EntryPoints, "detail http://ynws.gov.cn/info/5730/293201.htm") {
		t.Errorf("of vsb: %+v", vsb)
	}
	if n := len(list("--family", "vsb", "--region", "320000")); n != 0 {
		t.Errorf("%d of vsb in 江苏", n)
	}
	if code, _, _ := nianbao(t, "portals", "lst"); code != exitUsage {
		t.Errorf("exit code %d of a verb that there is not", code)
	}
	if code, out, _ := nianbao(t, "portals", "list", "--region", "340000"); code != 0 || !strings.Contains(out, "year=2025 and 6 more") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, _, talk := nianbao(t, "portals", "list", "--family", "wordpress"); code != exitUsage || !strings.Contains(talk, "known: ") {
		t.Errorf("exit code %d: %s", code, talk)
	}
}

func TestPortalsDetect(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.html")
	write(t, page, "<meta name=\"SiteName\" content=\"示例市\x1b[31m\"><script>createPageHTML(3, 0, \"index\", \"html\");</script>")
	code, out, talk := nianbao(t, "portals", "detect", page)
	if code != 0 || strings.Contains(out, "\x1b") {
		t.Fatalf("exit code %d\n%q%s", code, out, talk)
	}
	for _, want := range []string{"# trs_wcm, certain: ", `# found: createPageHTML(3, 0, "index", "html"`, "\nfamily: trs_wcm\n", "示例市"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	// What it prints is a profile once it is filled in.
	for _, fill := range [][2]string{{`id: ""`, "id: cn-990000-shili"}, {`region_code: ""`, `region_code: "990000"`}, {`admin_level: ""`, "admin_level: city"},
		{"allow: []", "allow: [www.shili.gov.cn]"}, {`- ""`, "- https://www.shili.gov.cn/gknb/"}} {
		out = strings.Replace(out, fill[0], fill[1], 1)
	}
	write(t, page+".yaml", out)
	if code, _, talk := nianbao(t, "portals", "validate", page+".yaml"); code != 0 {
		t.Errorf("exit code %d\n%s\n%s", code, talk, out)
	}
	write(t, page, "<script>location.href='/nb/'</script>")
	if code, _, talk := nianbao(t, "portals", "detect", page); code != exitItemsFailed || !strings.Contains(talk, "family: static") {
		t.Errorf("exit code %d: %s", code, talk)
	}
	if code, _, _ := nianbao(t, "portals", "detect", page+".absent"); code != exitUsage {
		t.Errorf("exit code %d of a file that is not there", code)
	}
}

// The table was made by hand from the pages of the sample: which of the nine reports is
// of the portal's own authority, and what article 49 asks for by the sample's day.
func TestPortalsCoverageOfTheSample(t *testing.T) {
	dir := sampleRun(t)
	code, out, talk := nianbao(t, "portals", "coverage", "--out", dir, "--format", "csv")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	if want := "35 reports due: 7 accepted, 0 fetched only, 0 located only, 28 missing, 0 unknown, 0 late; of other bodies 1 accepted, 0 fetched only, 0 located only, 1 missing, 0 unknown"; !strings.Contains(talk, want) {
		t.Errorf("no %q in %s", want, talk)
	}
	accepted := map[string]string{ // scope, and the day that the list gives
		"cn-310000-shanghai 2019": "general_office 2020-01-31", "cn-320800-huaian 2024": "city_aggregate ", "cn-321322-shuyang-fgj 2023": "department 2024-01-17",
		"cn-350128-pingtan 2018": "dev_zone 2019-01-10", "cn-350128-pingtan 2020": "dev_zone 2021-03-05", "cn-350128-pingtan 2021": "dev_zone 2022-02-08",
		"cn-350128-pingtan 2022": "dev_zone 2023-02-20", "cn-410100-zhengzhou 2022": "city_aggregate ",
	}
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines[1:] {
		key, state, scopes := l[0]+" "+l[2], l[7], l[12]+" "+l[5]
		switch {
		case accepted[key] != "":
			if state != "accepted" || scopes != accepted[key] || (l[3] == "law") != (l[2] >= "2019") || l[6] == "true" {
				t.Errorf("%v, want accepted as %s", l, accepted[key])
			}
			delete(accepted, key)
		case key == "cn-350128-pingtan ": // a link to the province's portal
			if state != "located" || l[8] != "off_site" {
				t.Errorf("%v, want located and off_site", l)
			}
		case state != "missing":
			t.Errorf("%v, want missing", l)
		}
	}
	if len(accepted) > 0 {
		t.Errorf("not accepted: %v", accepted)
	}
	code, out, _ = nianbao(t, "portals", "coverage", "--out", dir, "--format", "csv", "--portal", "cn-320800-huaian", "--all")
	others, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if code != 0 || err != nil || len(others) != 1+7+2 {
		t.Fatalf("exit code %d, %v, %v: want the header, seven years of the city and two of 洪泽", code, err, others)
	}
	for i, want := range []string{"2023 portal accepted", "2024 portal missing"} { // it is expected to go on
		if l := others[8+i]; l[1] != "淮安市洪泽区人民政府" || l[2]+" "+l[3]+" "+l[7] != want {
			t.Errorf("%v, want %s of 洪泽", l, want)
		}
	}
	code, out, _ = nianbao(t, "portals", "coverage", "--out", dir, "--format", "json", "--portal", "cn-410100-zhengzhou")
	var one []map[string]any
	if err := json.Unmarshal([]byte(out), &one); code != 0 || err != nil || len(one) != 7 || one[0]["due_on"] != "2020-03-31" {
		t.Errorf("exit code %d, %v: %v", code, err, one)
	}
	if code, _, talk := nianbao(t, "portals", "coverage", "--out", t.TempDir()); code == 0 {
		t.Errorf("coverage of an empty folder: %s", talk)
	}
}

// What an earlier crawl fetched and the latest did not is told by portal and year.
func TestWithdrawnReportsAreTold(t *testing.T) {
	dir := sampleRun(t)
	a, err := archive.Open(filepath.Join(dir, "archive"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	gone := archive.Outcome{URL: "https://www.huaian.gov.cn/wzxxgknb/2025/szf.pdf", State: archive.Failed, Reason: "http_error", Detail: "status 404", HTTPStatus: 404, Tries: 1}
	err = errors.Join(a.Settle(t.Context(), archive.Stamp{Cycle: 2, At: now, CodeVersion: "test"}, gone), a.Close())
	if err != nil {
		t.Fatal(err)
	}
	if code, _, talk := nianbao(t, "build", "--out", dir); code != 0 {
		t.Fatalf("build: exit code %d\n%s", code, talk)
	}
	code, _, talk := nianbao(t, "portals", "coverage", "--out", dir)
	if want := "cn-320800-huaian 2024: 1 of 1 documents that an earlier crawl fetched did not come any more"; code != 0 || !strings.Contains(talk, want) {
		t.Errorf("exit code %d, no %q in\n%s", code, want, talk)
	}
	if !strings.Contains(talk, "7 accepted") { // its report stays
		t.Error(talk)
	}
}

func TestProfilesAreLaidOverEachOther(t *testing.T) {
	dir := t.TempDir()
	mine := strings.Replace(strings.ReplaceAll(madeUpProfile, "cn-990000-shili", "cn-110000-beijing"), "示例市", "示例二市", 1)
	write(t, filepath.Join(dir, "a.yaml"), mine)
	write(t, filepath.Join(dir, "b.yaml"), strings.ReplaceAll(madeUpProfile, "index.html", "b.html"))
	portals, err := loadProfiles("shipped," + dir)
	if err != nil || len(portals) != 151 {
		t.Fatalf("%d portals, %v, want the 150 shipped and one more", len(portals), err)
	}
	if only, err := named(portals, []string{"cn-110000-beijing"}); err != nil || only[0].Name != "示例二市人民政府" {
		t.Errorf("%v, %v, want the one of the folder", only, err)
	}
}

func TestShippedPortalsNeedAContact(t *testing.T) {
	t.Setenv("NIANBAO_CONTACT", "")
	if code, _, talk := nianbao(t, "crawl", "--portals", "shipped", "--out", t.TempDir()); code != exitUsage || !strings.Contains(talk, "--contact") {
		t.Errorf("exit code %d: %s", code, talk)
	}
	code, _, talk := nianbao(t, "crawl", "--portals", "sample", "--only", "cn-000000-nobody", "--out", t.TempDir())
	if code != exitUsage || !strings.Contains(talk, "--only cn-000000-nobody: no such portal") {
		t.Errorf("exit code %d: %s", code, talk)
	}
}

func TestOnlyOnePortalIsCrawled(t *testing.T) {
	code, _, talk := nianbao(t, "crawl", "--portals", "sample", "--only", "cn-410100-zhengzhou", "--out", t.TempDir())
	if code != 0 || !strings.Contains(talk, "1 found, 1 fetched") {
		t.Errorf("exit code %d: %s", code, talk)
	}
}

// R12: the file name says whose report it is, through the codes of the profile, where
// neither the list nor the report does; a code that is not among them says nothing.
func TestCodesInAddresses(t *testing.T) {
	dir := t.TempDir()
	if code, _, talk := nianbao(t, "crawl", "--portals", "replicas", "--only", "cn-992700-shili-codes", "--out", dir); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	if code, _, talk := nianbao(t, "build", "--out", dir); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	_, out, _ := nianbao(t, "query", "--out", dir, "--format", "csv", `
		SELECT authority, report_year, scope, authority_evidence, is_current FROM report ORDER BY authority, report_year`)
	if want := `authority,report_year,scope,authority_evidence,is_current
,2024,unknown,,false
,2025,unknown,,false
示例二十七市人民政府,2024,unknown,link: publisher: 示例二十七市人民政府,true
示例二十七市人民政府,2025,unknown,link: publisher: 示例二十七市人民政府,true
示例二十七市甲区人民政府,2024,unknown,link: publisher: 示例二十七市甲区人民政府,true
示例二十七市甲区人民政府,2025,unknown,link: publisher: 示例二十七市甲区人民政府,true
`; out != want {
		t.Errorf("%s\nwant\n%s", out, want)
	}
	_, out, _ = nianbao(t, "portals", "coverage", "--out", dir, "--all", "--format", "csv")
	for _, want := range []string{"示例二十七市人民政府,2025,law,2026-03-31,2026-01-11,false,accepted", "示例二十七市甲区人民政府,2025,portal,,2026-01-12,,accepted", ",2,2,1,"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

// R18: the same bytes at two addresses are one document with two locations; a page and
// the text attached to it are two renditions of one report; both count once.
func TestReportsAtSeveralAddresses(t *testing.T) {
	dir := t.TempDir()
	for _, verb := range [][]string{{"crawl", "--portals", "replicas", "--only", "cn-992800-shili-twice"}, {"build"}} {
		if code, _, talk := nianbao(t, append(verb, "--out", dir)...); code != 0 {
			t.Fatalf("%v: exit code %d\n%s", verb, code, talk)
		}
	}
	for query, want := range map[string]string{
		"SELECT count(*) n FROM location":       "n\n18\n", // three of each of six reports
		"SELECT count(*) n FROM document":       "n\n12\n", // the page, twice, and the text
		"SELECT count(*) n FROM current_report": "n\n6\n",
		"SELECT DISTINCT r.media_type, o.url LIKE '%.html' page, differing, compared > 100 many FROM renditions r JOIN report o ON o.report_id = r.rendition_of": "media_type,page,differing,many\ntext/html,true,0,true\n",
		"SELECT count(*) n FROM restatements":                                                     "n\n0\n",
		"SELECT DISTINCT located, fetched, reports FROM portal_coverage WHERE state = 'accepted'": "located,fetched,reports\n1,1,1\n",
	} {
		if _, out, talk := nianbao(t, "query", "--out", dir, "--format", "csv", query); out != want {
			t.Errorf("%s:\n%s%s\nwant\n%s", query, out, talk, want)
		}
	}
	_, out, _ := nianbao(t, "explain", "--out", dir, "示例二十八市财政局", "2025", "app_new")
	if strings.Count(out, "\naddress ") != 2 || strings.Count(out, "\nrendition ") != 1 || strings.Count(out, "\nrecord ") != 2 {
		t.Errorf("want two addresses, each with its record, and one rendition:\n%s", out)
	}
}

// R19: a report that is divided over two pages is one, with the tables of both, although
// the second page says neither whose it is nor for which year.
func TestDividedReportIsOne(t *testing.T) {
	dir := t.TempDir()
	for _, verb := range [][]string{{"crawl", "--portals", "replicas", "--only", "cn-992300-shili-special"}, {"build"}} {
		if code, _, talk := nianbao(t, append(verb, "--out", dir)...); code != 0 {
			t.Fatalf("%v: exit code %d\n%s", verb, code, talk)
		}
	}
	_, out, talk := nianbao(t, "query", "--out", dir, "--format", "csv", `
		SELECT r.report_year, array_to_string(list_sort(list(DISTINCT c."table" || CASE WHEN d.url LIKE '%_1.html' THEN ' second' ELSE '' END)), ', ') AS tables, max(c.cell_no) = count(*) AS numbered
		FROM current_report r JOIN cell c USING (report_id) JOIN document d ON d.sha256 = c.sha256
		WHERE r.authority = '示例二十三市财政局' GROUP BY 1 ORDER BY 1`)
	if want := "report_year,tables,numbered\n2024,\"t2, t3, t4 second\",true\n2025,\"t2, t3, t4 second\",true\n"; out != want {
		t.Errorf("%s%s\nwant\n%s", out, talk, want)
	}
	_, out, _ = nianbao(t, "explain", "--out", dir, "示例二十三市财政局", "2025", "rev_total")
	if !strings.Contains(out, "_1.html  fetched") {
		t.Errorf("want the second page in\n%s", out)
	}
}
