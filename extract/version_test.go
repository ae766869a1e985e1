package extract

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/codebook"
)

// install writes a program that answers with text, in a path of its own as packages do:
// a link that leads to the folder of the program.
func install(t *testing.T, name, text, versionrc string) {
	t.Helper()
	bin, home := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(home, name), []byte("#!/bin/sh\necho '"+text+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if versionrc != "" {
		if err := os.WriteFile(filepath.Join(home, "versionrc"), []byte(versionrc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{name, "versionrc"} { // dated as a package dates its files
		os.Chtimes(filepath.Join(home, file), time.Unix(1, 0), time.Unix(1700000000, 0))
	}
	if err := os.Symlink(filepath.Join(home, name), filepath.Join(bin, name)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
}

func TestVersionKnowsThePrograms(t *testing.T) {
	with := func(name, text, versionrc string) string {
		install(t, name, text, versionrc)
		for _, p := range installed() {
			if strings.HasPrefix(p, "soffice ") && name != "tesseract" || strings.HasPrefix(p, "tesseract ") && name == "tesseract" {
				return p
			}
		}
		return ""
	}
	for _, c := range []struct{ what, a, b string }{
		{"another LibreOffice", with("soffice", "", "buildid=40(Build:2)"), with("soffice", "", "buildid=60(Build:4)")},
		{"another LibreOffice that states nothing", with("soffice", "x", ""), with("soffice", "longer", "")},
		{"another tesseract", with("tesseract", "tesseract 5.3.0", ""), with("tesseract", "tesseract 5.5.0", "")},
		{"another model", with("tesseract", "tesseract 5.3.0 eng", ""), with("tesseract", "tesseract 5.3.0 eng chi_sim", "")},
	} {
		if c.a == "" || c.a == c.b {
			t.Errorf("%s has the same version %q", c.what, c.a)
		}
	}
	same := with("soffice", "", "buildid=40(Build:2)")
	if again := with("soffice", "", "buildid=40(Build:2)"); again != same {
		t.Errorf("the same package in another folder is another version: %q, %q", same, again)
	}
	if other := with("libreoffice", "", "buildid=40(Build:2)"); other != same {
		t.Errorf("under its other name it is another version: %q, %q", other, same)
	}
}

func TestVersionIsFoundWithoutStartingLibreOffice(t *testing.T) {
	install(t, "soffice", "", "buildid=1")
	marker := filepath.Join(t.TempDir(), "started")
	path, err := filepath.EvalSymlinks(filepath.Join(strings.Split(os.Getenv("PATH"), ":")[0], "soffice"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n: > "+marker+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	installed()
	if _, err := os.Stat(marker); err == nil {
		t.Error("LibreOffice was started to tell its version")
	}
}

// TestReadingKnowsNoComparison wants the same reading without what codebook.ReadingVersion
// leaves out.
func TestReadingKnowsNoComparison(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	bare := *book
	bare.Breaks, bare.Continuities, bare.Harmonised, bare.Hierarchies = nil, nil, nil, nil
	bare.Indicators, bare.Populations, bare.Members, bare.Routes, bare.Indicator = nil, nil, nil, nil, nil
	whole, without := New(book, Options{}), New(&bare, Options{})
	defer whole.Close()
	defer without.Close()
	read := 0
	for _, dir := range cases(t, corpus) {
		if filepath.Base(sourceName(dir)) != "source.html" {
			continue
		}
		want, err := whole.Extract(t.Context(), sourceOf(t, dir))
		got, err2 := without.Extract(t.Context(), sourceOf(t, dir))
		if err != nil || err2 != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read otherwise without what is only compared (%v, %v)", dir, err, err2)
		}
		read++
	}
	if read == 0 {
		t.Error("the corpus has no HTML")
	}
}
