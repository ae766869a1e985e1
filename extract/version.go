package extract

import (
	"embed"
	"maps"
	"os/exec"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/version"
)

//go:embed *.go */*.go
var source embed.FS

// engines are the modules whose versions can change what is read.
var engines = map[string]bool{
	"github.com/klippa-app/go-pdfium": true,
	"golang.org/x/net":                true,
	"golang.org/x/text":               true,
}

// programs are what some formats are read with, and the question that tells their
// version; empty: it is not asked, because it would take long and matters little.
var programs = map[string]string{"tesseract": "--version", "soffice": ""}

// Version identifies what extracts: this package, its readers, the libraries they read
// with, and the programs found on this machine. Documents extracted by another version
// are extracted anew, so those that waited for a program are read once it is installed.
var Version = sync.OnceValue(func() string {
	also := []string{charset.Source}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if engines[m.Path] {
				also = append(also, m.Path+" "+m.Version)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		if path, err := exec.LookPath(name); err == nil {
			also = append(also, name+" "+answer(path, programs[name]))
		}
	}
	return version.Of(source, also...)
})

// answer is what a program says to a question.
func answer(path, question string) string {
	if question == "" {
		return ""
	}
	out, err := exec.Command(path, question).CombinedOutput()
	if err != nil {
		return err.Error()
	}
	return string(out)
}
