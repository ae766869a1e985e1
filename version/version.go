// Package version names code and data by their content, so that what was made by
// other code or from other data is recognised without anyone having to raise a
// number. A package embeds its own source and data and asks for the version of it:
//
//	//go:embed *.go data/*.csv
//	var source embed.FS
//
//	var Version = sync.OnceValue(func() string { return version.Of(source) })
package version

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Of returns 12 hex digits that stand for the names and bytes of all files in fsys,
// tests left out, and for whatever else is given.
func Of(fsys fs.FS, also ...string) string { return of(fsys, nil, also) }

// Without is as Of, the files of some paths left out.
func Without(fsys fs.FS, paths ...string) string { return of(fsys, paths, nil) }

func of(fsys fs.FS, without, also []string) string {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || slices.Contains(without, path) {
			return err
		}
		raw, err := fs.ReadFile(fsys, path)
		fmt.Fprintf(h, "%s %d\n", path, len(raw))
		h.Write(raw)
		return err
	})
	if err != nil { // an embedded file system reads without errors
		panic("version of unreadable files: " + err.Error())
	}
	for _, a := range also {
		fmt.Fprintf(h, "also %d %s\n", len(a), a)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
