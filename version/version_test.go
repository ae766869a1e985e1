package version

import (
	"testing"
	"testing/fstest"
)

func TestOf(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	base := Of(fstest.MapFS{"a.go": file("1"), "d/b.csv": file("2")})
	if got := Of(fstest.MapFS{"a.go": file("1"), "d/b.csv": file("2"), "a_test.go": file("x")}); got != base {
		t.Error("a test changes the version")
	}
	if got := Without(fstest.MapFS{"a.go": file("1"), "d/b.csv": file("2"), "d/c.csv": file("3")}, "d/c.csv"); got != base {
		t.Error("a file that is left out changes the version")
	}
	for name, other := range map[string]string{
		"content":       Of(fstest.MapFS{"a.go": file("1"), "d/b.csv": file("3")}),
		"name":          Of(fstest.MapFS{"a.go": file("1"), "d/c.csv": file("2")}),
		"moved content": Of(fstest.MapFS{"a.go": file("12"), "d/b.csv": file("")}),
		"also":          Of(fstest.MapFS{"a.go": file("1"), "d/b.csv": file("2")}, "x"),
	} {
		if other == base {
			t.Errorf("another %s has the same version", name)
		}
	}
}
