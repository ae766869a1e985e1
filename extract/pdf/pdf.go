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

	"github.com/klippa-app/go-pdfium"
	webassembly "github.com/klippa-app/go-pdfium/experimental/wazy"
	"github.com/samyfodil/wazy"
	"github.com/samyfodil/wazy/api"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
)

const (
	maxPages       = 500
	maxMemoryPages = 8192     // of 64 KiB each, for PDFium
	maxKept        = 64 << 20 // bytes of memory of an engine that goes on to the next document
)

// Reader reads PDFs one at a time. The engine starts with the first of them.
type Reader struct {
	cacheDir string
	pool     pdfium.Pool
	engine   pdfium.Pdfium
	direct   *direct // the same engine
	spent    bool    // the engine is to be replaced before the next document
	cache    wazy.CompilationCache
}

// New returns a Reader that keeps the compiled engine in cacheDir between runs
// (about 12 MB; starting costs some 0.1 s instead of 4 s), or nowhere if it is empty.
func New(cacheDir string) *Reader { return &Reader{cacheDir: cacheDir} }

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
	r.pool, err = webassembly.Init(webassembly.Config{
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
		r.direct, err = newDirect(r.engine)
	}
	if err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	r.spent = false
	return nil
}

// restart drops an engine whose state a hostile file may have spoilt.
func (r *Reader) restart() error {
	err := r.Close()
	*r = Reader{cacheDir: r.cacheDir}
	return err
}

// Close releases the engine.
func (r *Reader) Close() error {
	if r.pool == nil {
		return nil
	}
	err := r.pool.Close()
	if r.cache != nil {
		err = errors.Join(err, r.cache.Close(context.Background()))
	}
	return err
}

// Read parses the document.
func (r *Reader) Read(ctx context.Context, data []byte) (*grid.Document, error) {
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	pages, err := r.direct.read(ctx, data)
	// A hostile file may have spoilt the engine, and its memory never shrinks.
	r.spent = r.direct.err != nil || r.direct.memory.Size() > maxKept
	if err != nil {
		return nil, err
	}
	return lattice.Assemble(pages)
}

// A document that is open in the engine.
type document struct{ handle, data uint64 }

// read reads what is drawn on the pages of a document.
func (d *direct) read(ctx context.Context, data []byte) ([]lattice.Page, error) {
	opened, err := d.open(data)
	if err != nil {
		return nil, err
	}
	pages, err := d.pages(ctx, opened)
	d.call(d.closeDocument, opened.handle)
	d.call(d.free, opened.data)
	return pages, err
}

func (d *direct) pages(ctx context.Context, opened document) ([]lattice.Page, error) {
	count := d.count(d.pageCount, opened.handle)
	if count > maxPages {
		return nil, fmt.Errorf("%w: %d pages, the limit is %d", grid.ErrTooLarge, count, maxPages)
	}
	var pages []lattice.Page
	for i := range count {
		if ctx.Err() != nil {
			return nil, ctx.Err()
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
