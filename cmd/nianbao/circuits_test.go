package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// A person sees who refused the crawler, and clears it with name and reason only.
func TestCircuits(t *testing.T) {
	dir := t.TempDir()
	a, err := archive.Open(filepath.Join(dir, "archive"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	err = a.OpenCircuit(t.Context(), archive.Circuit{Portal: "cn-990000-shili", Host: "www.shili.gov.cn", Address: "http://www.shili.gov.cn/nb/", Product: "瑞数", Reason: "challenge_page", Status: 412, Opened: at, Until: at.Add(24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{0, "瑞数 (412) on 2026-11-23 20:00 CST", nil},
		{2, "--by", []string{"--clear", "cn-990000-shili", "--reason", "x"}},
		{2, "--reason", []string{"--clear", "cn-990000-shili", "--by", "x"}},
		{1, "no host of the portal", []string{"--clear", "cn-990000-other", "--by", "张三", "--reason", "示例"}},
		{0, "1 circuits of cn-990000-shili are cleared", []string{"--clear", "cn-990000-shili", "--by", "张三", "--reason", "示例"}},
		{0, "no host has refused", nil},
	} {
		code, data, talk := nianbao(t, append([]string{"circuits", "--out", dir}, c.args...)...)
		if code != c.code || !strings.Contains(data+talk, c.says) {
			t.Errorf("%v: exit code %d, want %d and %q\n%s%s", c.args, code, c.code, c.says, data, talk)
		}
	}
}

func TestContactMustReachSomeone(t *testing.T) {
	for contact, good := range map[string]bool{
		"mailto:you@example.org": true, "https://example.org/bot": true,
		"me": false, "mailto:": false, "https://": false, "ftp://example.org": false, "https://example.org/\r\nX: y": false, "mailto:a b@example.org": false,
	} {
		if err := checkContact(contact); (err == nil) != good {
			t.Errorf("%q: %v, want good %v", contact, err, good)
		}
	}
}
