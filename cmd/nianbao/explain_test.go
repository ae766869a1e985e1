package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/archive/warc"
)

var recordLine = regexp.MustCompile(`(?m)^record +(\S+\.warc\.gz) at offset (\d+) `)

// The record that explain names holds the bytes of the file: so says our reader and
// Python's warcio.
func TestExplainNamesTheRecord(t *testing.T) {
	dir := sampleRun(t)
	code, out, talk := nianbao(t, "explain", "--out", dir, "平潭综合实验区管委会", "2020", "app_new")
	m := recordLine.FindStringSubmatch(out)
	sha := regexp.MustCompile(`sha256 ([0-9a-f]{64})`).FindStringSubmatch(out)
	if code != 0 || m == nil || sha == nil {
		t.Fatalf("exit code %d, no record or sha256 in\n%s%s", code, out, talk)
	}
	if !strings.Contains(out, ", dated 2021-03-05") {
		t.Errorf("no day of the list in\n%s", out)
	}
	offset, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	record, err := warc.ReadAt(m[1], offset)
	if err != nil {
		t.Fatal(err)
	}
	if got := digestOf(warc.Exchange{Response: record.Block}.Payload()); record.Type != warc.TypeResponse || got != sha[1] || !strings.Contains(out, record.URL) {
		t.Errorf("%s of %s with the payload %s, want the answer that brought %s", record.Type, record.URL, got, sha[1])
	}
	const warcio = "../../.cache/warcio/bin/warcio"
	if _, err := os.Stat(warcio); err != nil {
		t.Fatalf("%v; run scripts/setup, which installs warcio", err)
	}
	payload, err := exec.Command(warcio, "extract", "--payload", m[1], m[2]).Output()
	if got := digestOf(payload); err != nil || got != sha[1] {
		t.Errorf("warcio extracts %s, %v, want %s", got, err, sha[1])
	}
}

// Without the archive, as for who has the published warehouse alone, the rest is told.
func TestExplainWithoutTheArchive(t *testing.T) {
	dir := sampleRun(t)
	if err := os.RemoveAll(filepath.Join(dir, "archive")); err != nil {
		t.Fatal(err)
	}
	code, out, talk := nianbao(t, "explain", "--out", dir, "410100", "2022", "app_new")
	if code != 0 || strings.Contains(out, "record ") || !strings.Contains(out, "https://public.zhengzhou.gov.cn/") {
		t.Errorf("exit code %d\n%s%s", code, out, talk)
	}
	if _, err := os.Stat(filepath.Join(dir, "archive")); err == nil {
		t.Error("explain made an archive")
	}
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
