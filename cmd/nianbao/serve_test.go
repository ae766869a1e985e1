package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/charts"
)

// previewFolder is a site in a folder that has a file beside it and a link out of it.
func previewFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	for name, text := range map[string]string{
		"index.html": "home", "zh/index.html": "中文", "assets/app.js": "1", "data/a.csv": "a", "build.json": "{}", "data/x.bin": "x", "../secret": "secret",
	} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestPreview wants files with their types under a policy, and nothing else: no list of a
// folder, nothing outside of it.
func TestPreview(t *testing.T) {
	root, err := os.OpenRoot(previewFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	handler := preview(root.FS())
	for _, want := range []struct {
		method, path string
		code         int
		kind, body   string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "home"},
		{"GET", "/zh/", 200, "text/html; charset=utf-8", "中文"},
		{"GET", "/assets/app.js?v=1", 200, "text/javascript; charset=utf-8", "1"},
		{"GET", "/data/a.csv", 200, "text/csv; charset=utf-8", "a"},
		{"GET", "/build.json", 200, "application/json", "{}"},
		{"GET", "/data/x.bin", 200, "application/octet-stream", "x"},
		{"HEAD", "/", 200, "text/html; charset=utf-8", ""},
		{"GET", "/data/", 404, "", ""}, {"GET", "/data", 404, "", ""}, {"GET", "/absent.html", 404, "", ""},
		{"GET", "/../secret", 404, "", ""}, {"GET", "/%2e%2e/secret", 404, "", ""}, {"GET", "/zh/..%2f..%2fsecret", 404, "", ""},
		{"GET", "//secret", 404, "", ""}, {"GET", "/link", 404, "", ""}, {"GET", "/x%00", 404, "", ""},
		{"POST", "/", 405, "", ""},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(want.method, "http://localhost"+want.path, nil))
		if w.Code != want.code || w.Code == 200 && (w.Header().Get("Content-Type") != want.kind || w.Body.String() != want.body) {
			t.Errorf("%s %s: %d %s %q", want.method, want.path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if strings.Contains(w.Body.String(), "secret\n") || w.Header().Get("Content-Security-Policy") != charts.Policy {
			t.Errorf("%s %s: %q under %q", want.method, want.path, w.Body, w.Header())
		}
	}
}

// TestServe wants an address to be printed that answers until the context ends.
func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	said, talk := io.Pipe()
	done := make(chan error)
	go func() { done <- serve(ctx, talk, previewFolder(t), "127.0.0.1:0") }()
	line := make([]byte, 200)
	n, err := said.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(regexp.MustCompile(`http://[\d.:]+/`).FindString(string(line[:n])) + "zh/index.html")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if raw, err := io.ReadAll(answer.Body); err != nil || string(raw) != "中文" {
		t.Errorf("have %q, %v", raw, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
}

// TestServeUsage wants an address without --serve to be refused, and a bad one to be named.
func TestServeUsage(t *testing.T) {
	if code, _, talk := nianbao(t, "site", "--out", t.TempDir(), "127.0.0.1:8081"); code != exitUsage {
		t.Errorf("exit code %d\n%s", code, talk)
	}
	if err := serve(t.Context(), io.Discard, t.TempDir(), "nowhere:x"); err == nil || !strings.Contains(err.Error(), "nowhere") || !strings.Contains(err.Error(), "--serve") {
		t.Errorf("have %v", err)
	}
}
