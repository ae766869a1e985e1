package portal_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl/portal"
)

// conduct loads a made-up profile with the given lines.
func conduct(t *testing.T, lines string) (portal.Portal, error) {
	t.Helper()
	portals, err := portal.Load(fstest.MapFS{"p.yaml": {Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn, old.shili.gov.cn]}
family: static
entry_points: [http://www.shili.gov.cn/nb/index.html]
` + lines)}})
	if err != nil {
		return portal.Portal{}, err
	}
	return portals[0], nil
}

func TestConductOfAProfile(t *testing.T) {
	p, err := conduct(t, `politeness: {delay: 8s, window: "20:00-07:00"}
tls:
  - {host: old.shili.gov.cn, min_version: "1.0", rsa_kex: true, expires: 2027-01-31, reason: 旧服务器, 已去函}
net: {ports: [8080]}
`)
	if err == nil {
		t.Error("a reason with a comma outside quotes was taken")
	}
	p, err = conduct(t, `politeness: {delay: 8s, window: "20:00-07:00"}
tls:
  - {host: old.shili.gov.cn, min_version: "1.0", rsa_kex: true, expires: 2027-01-31, reason: 旧服务器}
net: {ports: [8080]}
`)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Politeness; got.Delay != 8*time.Second || got.Jitter != 5*time.Second || got.MaxRequestsPerDay != 500 || got.Timeout != time.Minute {
		t.Errorf("%+v, want the profile's delay and the defaults of the rest", got)
	}
	if !p.Robots.Respect || p.Net.Family != "any" || !p.Net.PortAllowed("8080") || p.Net.PortAllowed("22") {
		t.Errorf("%+v %+v, want robots.txt respected and port 8080 allowed", p.Robots, p.Net)
	}
	e, ok := p.Exception("old.shili.gov.cn")
	if !ok || e.Expires.Over(time.Date(2027, 1, 31, 15, 59, 0, 0, time.UTC)) || !e.Expires.Over(time.Date(2027, 1, 31, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v, want an exception until the end of 31 January 2027 in China", e)
	}
}

func TestBadConductIsRefused(t *testing.T) {
	for lines, says := range map[string]string{
		"robots: {respect: false}":                                                                    "override_reason",
		"robots: {respect: false, override_reason: 法定主动公开}":                                           "override_by",
		"robots: {override_reason: 法定主动公开}":                                                           "respect: false",
		"politeness: {window: 20-7}":                                                                  "window",
		"politeness: {window: '25:00-07:00'}":                                                         "window",
		"politeness: {jitter: -1s}":                                                                   "jitter",
		"politeness: {max_requests_per_day: 0}":                                                       "max_requests_per_day",
		"tls: [{host: other.gov.cn, expires: 2027-01-31, reason: 旧}]":                                 "hosts.allow",
		"tls: [{host: old.shili.gov.cn, min_version: '1.0', reason: 旧}]":                              "expires",
		"tls: [{host: old.shili.gov.cn, min_version: '1.0', expires: 2027-01-31}]":                    "reason",
		"tls: [{host: old.shili.gov.cn, min_version: 'ssl', expires: 2027-01-31, reason: 旧}]":         "min_version",
		"tls: [{host: old.shili.gov.cn, expires: soon, reason: 旧}]":                                   "2027-01-31",
		"tls: [{host: old.shili.gov.cn, insecure_skip_verify: true, expires: 2027-01-31, reason: 旧}]": "insecure_skip_verify",
		"net: {scheme: ftp}":       "net.scheme",
		"net: {family: ipx}":       "net.family",
		"soft404: {sha256: [abc]}": "64 hexadecimal",
	} {
		if _, err := conduct(t, lines+"\n"); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "p.yaml:7") {
			t.Errorf("%s: %v, want an error that names line 7 and says %q", lines, err, says)
		}
	}
}

func TestWindowIsInChina(t *testing.T) {
	p, err := conduct(t, "politeness: {window: '20:00-07:00'}\n")
	if err != nil {
		t.Fatal(err)
	}
	for clock, open := range map[string]bool{ // UTC
		"11:59": false, "12:00": true, "16:00": true, "22:59": true, "23:00": false, "04:00": false,
	} {
		at, _ := time.Parse("15:04", clock)
		if got := p.Politeness.Window.Open(at); got != open {
			t.Errorf("at %s UTC the window is open: %v, want %v", clock, got, open)
		}
	}
	if (portal.Window{}).Open(time.Now()) != true || p.Politeness.Window.String() != "20:00-07:00" {
		t.Error("no window is the whole day, and a window reads as it was written")
	}
}

func TestRateGroups(t *testing.T) {
	for host, want := range map[string]string{
		"www.shili.gov.cn": "shili.gov.cn", "zwgk.shili.gov.cn": "shili.gov.cn", "www.example.com": "example.com", "localhost": "localhost",
	} {
		if got := (portal.Conduct{}).GroupOf(host); got != want {
			t.Errorf("%s is of the group %s, want %s", host, got, want)
		}
	}
	if got := (portal.Conduct{RateGroup: "platform"}).GroupOf("www.shili.gov.cn"); got != "platform" {
		t.Errorf("the group is %s, want the profile's", got)
	}
}
