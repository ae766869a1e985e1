// Package office converts the documents of older word processors and spreadsheets
// (DOC, WPS, RTF, XLS, ET, OpenDocument) into DOCX or XLSX, which have readers of
// their own. LibreOffice does it, run without screen, macros, network or the user's
// own settings, within bounds of memory, and killed with all its children when it
// takes too long. What a document is, its content says; its name is not asked.
//
//	c := office.New("")
//	defer c.Close()
//	docx, kind, err := c.Convert(ctx, data)   // kind is "docx" or "xlsx"
//
// Starting takes a second, each document a tenth of one: convert many at once with
// [Converter.ConvertAll]. The converted bytes differ from run to run (they hold the
// time), the tables in them do not. Presentations, mails and installers, which share
// the container of DOC, are refused with [ErrNotOffice]; so is the XML of Word 2003,
// of whose merged cells LibreOffice loses track.
package office

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nianbao/nianbao/extract/grid"
)

// Errors beside those of package grid; both stand for a format that is not supported.
var (
	ErrNoConverter = errors.New("DOC, WPS, RTF and XLS need LibreOffice (soffice), which is not installed: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui")
	ErrNotOffice   = errors.New("no text document and no spreadsheet")
)

const (
	maxInput  = 64 << 20
	maxOutput = 64 << 20
	maxBatch  = 20        // documents in one call
	maxMemory = 768 << 20 // address space, of which LibreOffice takes 300 MB for itself
	// Processor time, for what becomes of a document must not depend on how busy the
	// machine is. So long a call may take in all.
	startTime = 8 * time.Second
	fileTime  = 2 * time.Second
	patience  = time.Minute
)

// Converter runs LibreOffice with a profile of its own. It is for one goroutine.
type Converter struct {
	parent string
	dir    string // profile and scratch, made with the first document
}

// New returns a Converter that works in a new folder below dir, or below the
// system's folder for temporary files if dir is empty.
func New(dir string) *Converter { return &Converter{parent: dir} }

// Close removes what the Converter wrote.
func (c *Converter) Close() error {
	if c.dir == "" {
		return nil
	}
	return os.RemoveAll(c.dir)
}

// renditions are the formats of which LibreOffice makes a second rendition, by their
// extension; each has another reader than the format itself. Calc takes a web page for one
// sheet with the cells of all its tables, merged as the page merges them.
var renditions = map[string]format{
	"html": {kind: "xlsx", extension: "html", filter: "HTML (StarCalc)"},
	"docx": {kind: "html", extension: "docx"},
	"xlsx": {kind: "html", extension: "xlsx"},
}

// Rendition has LibreOffice read a document that needs no conversion and write it in
// another format, so that it can be read a second time by another way: "html" becomes
// "xlsx", "docx" and "xlsx" become "html".
func (c *Converter) Rendition(ctx context.Context, data []byte, extension string) (rendered []byte, kind string, err error) {
	f, ok := renditions[extension]
	switch {
	case !ok:
		return nil, "", fmt.Errorf("%w: %s", ErrNotOffice, extension)
	case len(data) > maxInput:
		return nil, "", fmt.Errorf("%w: %d bytes, the limit is %d", grid.ErrTooLarge, len(data), maxInput)
	}
	var result Result
	if err := c.call(ctx, f.kind, []job{{f, data, &result}}); err != nil {
		return nil, "", err
	}
	return result.Data, result.Kind, result.Err
}

// Result is a converted document, or the reason why there is none.
type Result struct {
	Data []byte
	Kind string // "docx" or "xlsx"
	Err  error
}

// Convert converts one document.
func (c *Converter) Convert(ctx context.Context, data []byte) (converted []byte, kind string, err error) {
	results, err := c.ConvertAll(ctx, [][]byte{data})
	if err != nil {
		return nil, "", err
	}
	return results[0].Data, results[0].Kind, results[0].Err
}

// ConvertAll converts documents with as few starts of LibreOffice as can be, and
// returns a result for each. One that fails among others is tried again alone, so
// that a result does not depend on its company. The error is that of ctx, or says
// that nothing could be tried.
func (c *Converter) ConvertAll(ctx context.Context, documents [][]byte) ([]Result, error) {
	results := make([]Result, len(documents))
	jobs := map[string][]job{}
	for i, data := range documents {
		f, err := identify(data)
		if err == nil && len(data) > maxInput {
			err = fmt.Errorf("%w: %d bytes, the limit is %d", grid.ErrTooLarge, len(data), maxInput)
		}
		if err != nil {
			results[i].Err = err
			continue
		}
		jobs[f.kind] = append(jobs[f.kind], job{f, data, &results[i]})
	}
	for _, kind := range []string{"docx", "xlsx"} {
		if err := c.convert(ctx, kind, jobs[kind]); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// job is a document to convert and where its result goes.
type job struct {
	format
	data   []byte
	result *Result
}

// convert converts documents to one kind, together first and then alone where that
// gave nothing.
func (c *Converter) convert(ctx context.Context, kind string, jobs []job) error {
	for start := 0; start < len(jobs); start += maxBatch {
		batch := jobs[start:min(start+maxBatch, len(jobs))]
		if err := c.call(ctx, kind, batch); err != nil {
			return err
		}
		for _, j := range batch {
			if len(batch) == 1 || j.result.Err == nil || errors.Is(j.result.Err, ErrNoConverter) {
				continue
			}
			if err := c.call(ctx, kind, []job{j}); err != nil {
				return err
			}
		}
	}
	return nil
}

// call runs LibreOffice once, for jobs that one filter reads, and fills in their results.
func (c *Converter) call(ctx context.Context, kind string, jobs []job) error {
	program, err := find()
	if err != nil {
		for _, j := range jobs {
			*j.result = Result{Err: err}
		}
		return nil
	}
	if err := c.prepare(); err != nil {
		return err
	}
	in, out := filepath.Join(c.dir, "in"), filepath.Join(c.dir, "out")
	defer os.RemoveAll(in)
	defer os.RemoveAll(out)
	if err := os.Mkdir(in, 0o700); err != nil {
		return err
	}
	var names []string
	for i, j := range jobs {
		name := filepath.Join(in, strconv.Itoa(i)+"."+j.extension)
		if err := os.WriteFile(name, j.data, 0o600); err != nil {
			return err
		}
		names = append(names, name)
	}
	work := startTime + time.Duration(len(jobs))*fileTime
	limited, cancel := context.WithTimeout(ctx, work+patience)
	defer cancel()
	said, err := c.run(limited, work, program, jobs[0].format, out, names)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i, j := range jobs {
		*j.result = j.collect(filepath.Join(out, strconv.Itoa(i)+"."+kind))
		switch {
		case j.result.Err == nil || !errors.Is(j.result.Err, os.ErrNotExist):
		case j.sealed:
			j.result.Err = fmt.Errorf("%w: the document opens with a password only", grid.ErrEncrypted)
		case limited.Err() != nil || errors.Is(err, errWork):
			j.result.Err = fmt.Errorf("%w: LibreOffice needed more than %v", grid.ErrTooLarge, work)
		default:
			j.result.Err = fmt.Errorf("%w: LibreOffice makes no %s of it: %.200s (%v)", grid.ErrCorrupt, kind, said, err)
		}
	}
	return nil
}

// collect reads what LibreOffice wrote.
func (j job) collect(name string) Result {
	info, err := os.Lstat(name)
	if err != nil {
		return Result{Err: err}
	}
	if info.Size() > maxOutput {
		return Result{Err: fmt.Errorf("%w: converted, it has %d bytes, the limit is %d", grid.ErrTooLarge, info.Size(), maxOutput)}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return Result{Err: fmt.Errorf("%w: %v", grid.ErrCorrupt, err)}
	}
	return Result{Data: data, Kind: j.kind}
}
