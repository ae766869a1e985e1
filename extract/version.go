package extract

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"sync"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/version"
)

//go:embed *.go */*.go html/*.csv
var source embed.FS

// engines are the modules whose versions can change what is read.
var engines = map[string]bool{
	"github.com/klippa-app/go-pdfium": true,
	"golang.org/x/net":                true,
	"golang.org/x/text":               true,
}

// programs are what some formats are read with, under the names that they are looked
// for, each with what tells its version without starting it for long.
var programs = []struct {
	names   []string
	version func(path string) string
}{
	{[]string{"soffice", "libreoffice"}, packaged},
	{[]string{"tesseract"}, recogniser},
}

// Version identifies what extracts: this package, its readers, the libraries they read
// with, and the programs found on this machine. Documents extracted by another version
// are extracted anew, so those that waited for a program are read once it is installed,
// and those that an older one read are read by the newer.
var Version = sync.OnceValue(func() string {
	also := []string{charset.Source}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if engines[m.Path] {
				also = append(also, m.Path+" "+m.Version)
			}
		}
	}
	return version.Of(source, append(also, installed()...)...)
})

// installed names each program that is found, with its version.
func installed() []string {
	var found []string
	for _, p := range programs {
		for _, name := range p.names {
			if path, err := exec.LookPath(name); err == nil {
				found = append(found, p.names[0]+" "+p.version(path))
				break
			}
		}
	}
	return found
}

// packaged is the version of LibreOffice as its package states it in a file beside the
// program; asking the program takes a quarter of a second. Packages of one build differ
// by their date alone. Where there is no such file, the program's own date has to do.
func packaged(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	stated := filepath.Join(filepath.Dir(path), "versionrc")
	text, err := os.ReadFile(stated)
	if err != nil {
		stated = path
	}
	info, err := os.Stat(stated)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %d %d", text, info.Size(), info.ModTime().Unix())
}

// recogniser is what tesseract says of its version and its models.
func recogniser(path string) string {
	out, err := exec.Command(path, "--version", "--list-langs").CombinedOutput()
	if err != nil {
		return err.Error()
	}
	return string(out)
}
