package export

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"strings"
	"text/template"
)

//go:embed texts/*
var texts embed.FS

// notes writes what is said about the tables: the data package, the texts and, last, the
// checksums of all.
func (e *export) notes() error {
	all, err := template.New("").Option("missingkey=error").ParseFS(texts, "texts/*")
	if err != nil {
		return err
	}
	said := struct {
		build
		Resources []*resource
		LeftOut   []string
	}{e.build, e.resources, e.leftOut}
	for _, name := range []string{"README.md", "LICENCE.md", "CITATION.cff"} {
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, name, said); err != nil {
			return err
		}
		if err := e.text(name, text.Bytes()); err != nil {
			return err
		}
	}
	description, err := e.dataPackage()
	if err != nil {
		return err
	}
	if err := e.text("datapackage.json", description); err != nil {
		return err
	}
	var list strings.Builder
	for _, name := range e.names() {
		fmt.Fprintf(&list, "%s  %s\n", e.files[name].sha256, name)
	}
	return e.text(sums, []byte(list.String()))
}

func (e *export) text(name string, text []byte) error {
	return e.file(name, func(f *sink) error {
		_, err := io.Copy(f, bytes.NewReader(text))
		return err
	})
}

// Rows is the number of rows, for the texts.
func (r *resource) Rows() int64 { return r.rows }
