// Package pdf reads the text layer of a PDF into paragraphs and tables. It collects
// the characters and the ruling lines, whether stroked or drawn as thin filled boxes;
// package lattice finds the tables in them.
//
// The engine is PDFium, compiled to WebAssembly and run without access to files,
// network or clock; a page that asks for too much memory fails alone.
//
//	r := pdf.New(cacheDir)
//	defer r.Close()
//	doc, err := r.Read(ctx, data)
//
// Locators read "page 4, box 89 482 117 499": left, bottom, right and top of the
// cell in points from the lower left corner of the page, as PDF counts.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	webassembly "github.com/klippa-app/go-pdfium/experimental/wazy"
	"github.com/samyfodil/wazy"
	"github.com/samyfodil/wazy/api"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
)

const (
	maxPages       = 500
	maxMemoryPages = 4096            // of 64 KiB each, for PDFium
	maxKept        = 64 << 20        // bytes of memory of an engine that goes on to the next document
	maxTime        = 8 * time.Second // to read a document or to draw a page; a report is read in some 25 ms
)

// Reader reads PDFs one at a time. The engine starts with the first of them.
type Reader struct {
	cacheDir string
	pool     pdfium.Pool
	engine   pdfium.Pdfium
	direct   *direct // the same engine
	spent    bool    // the engine is to be replaced before the next document
	running  context.Context
	stop     func() // ends running, and with it what the engine is doing
	maxTime  time.Duration
	cache    wazy.CompilationCache
}

// New returns a Reader that keeps the compiled engine in cacheDir between runs
// (about 12 MB; starting costs some 0.1 s instead of 4 s), or nowhere if it is empty.
func New(cacheDir string) *Reader {
	return &Reader{cacheDir: cacheDir, maxTime: maxTime}
}

// starting has engines start one at a time: the first is compiled, the others find its
// code in the cache.
var starting sync.Mutex

// start brings the engine up, once.
func (r *Reader) start(ctx context.Context) (err error) {
	switch {
	case r.engine != nil && !r.spent:
		return nil
	case r.engine != nil:
		return r.renew()
	}
	config := wazy.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | api.CoreFeatureExceptionHandling).
		WithMemoryLimitPages(maxMemoryPages)
	if r.cacheDir != "" {
		if r.cache, err = wazy.NewCompilationCacheWithDir(r.cacheDir); err != nil {
			return fmt.Errorf("open the PDF engine's cache %s: %w", r.cacheDir, err)
		}
		config = config.WithCompilationCache(r.cache)
	}
	starting.Lock()
	defer starting.Unlock()
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // compiling leaves much behind
	r.running, r.stop = context.WithCancel(context.Background())
	r.pool, err = webassembly.Init(webassembly.Config{
		Context: api.WithMemoryAllocator(r.running, memory),
		MinIdle: 1, MaxIdle: 1, MaxTotal: 1,
		RuntimeConfig: config,
		FSConfig:      wazy.NewFSConfig(), // no mount: the engine sees no file
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	if err := r.take(); err != nil {
		return err
	}
	return ctx.Err()
}

// renew replaces the engine. It costs about 2 ms; the compiled code stays.
func (r *Reader) renew() error {
	if err := r.engine.Close(); err != nil {
		return fmt.Errorf("close the PDF engine: %w", err)
	}
	return r.take()
}

// take takes a new engine.
func (r *Reader) take() (err error) {
	if r.engine, err = r.pool.GetInstance(0); err == nil {
		r.direct, err = newDirect(r.running, r.engine)
	}
	if err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	r.spent = false
	return nil
}

// Close releases the engine; another document would start it again.
func (r *Reader) Close() error {
	if r.pool == nil {
		return nil
	}
	r.stop()
	err := r.pool.Close()
	if r.cache != nil {
		err = errors.Join(err, r.cache.Close(context.Background()))
	}
	r.pool, r.engine, r.cache = nil, nil, nil
	return err
}

// Read parses the document.
func (r *Reader) Read(ctx context.Context, data []byte) (*grid.Document, error) {
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	var pages []lattice.Page
	err := r.within(ctx, func() (err error) {
		pages, err = r.direct.read(data)
		// A hostile file may have spoilt the engine, and its memory never shrinks.
		r.spent = r.direct.err != nil || r.direct.memory.Size() > maxKept
		return err
	})
	if err != nil {
		return nil, err
	}
	return lattice.Assemble(pages)
}

// within lets the engine work until the time is over or ctx ends, whichever is first;
// then it stops the engine, and the next document starts another.
func (r *Reader) within(ctx context.Context, work func() error) error {
	limited, cancel := context.WithTimeout(ctx, r.maxTime)
	defer cancel()
	intime := context.AfterFunc(limited, r.stop)
	err := work()
	switch {
	case intime():
		return err
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), r.Close())
	}
	return errors.Join(fmt.Errorf("%w: PDFium needs more than %v for it", grid.ErrTooLarge, r.maxTime), r.Close())
}

// A document that is open in the engine.
type document struct{ handle, data uint64 }

// read reads what is drawn on the pages of a document.
func (d *direct) read(data []byte) ([]lattice.Page, error) {
	opened, err := d.open(data)
	if err != nil {
		return nil, err
	}
	pages, err := d.pages(opened)
	d.call(d.closeDocument, opened.handle)
	d.call(d.free, opened.data)
	return pages, err
}

func (d *direct) pages(opened document) ([]lattice.Page, error) {
	count := d.count(d.pageCount, opened.handle)
	if count > maxPages {
		return nil, fmt.Errorf("%w: %d pages, the limit is %d", grid.ErrTooLarge, count, maxPages)
	}
	var pages []lattice.Page
	for i := range count {
		if d.ctx.Err() != nil { // a short call does not notice
			return nil, d.ctx.Err()
		}
		p, err := d.page(opened.handle, i)
		if err != nil {
			return nil, fmt.Errorf("%w: page %d: %v", grid.ErrCorrupt, i+1, err)
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// Numbers of FPDF_GetLastError for documents that ask for a password.
const (
	failedPassword = 4
	failedSecurity = 5
)

// open opens a document, of which the engine keeps a copy.
func (d *direct) open(data []byte) (document, error) {
	at := d.put(data)
	handle := d.call(d.openDocument, at, uint64(len(data)), 0)
	if handle != 0 {
		return document{handle, at}, nil
	}
	failed := d.call(d.lastError)
	d.call(d.free, at)
	switch {
	case d.err != nil:
		return document{}, fmt.Errorf("%w: %v", grid.ErrCorrupt, d.err)
	case failed == failedPassword, failed == failedSecurity:
		return document{}, fmt.Errorf("%w: it asks for a password", grid.ErrEncrypted)
	}
	return document{}, fmt.Errorf("%w: PDFium cannot open it, error %d", grid.ErrCorrupt, failed)
}
