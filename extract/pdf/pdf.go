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
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
)

const (
	maxPages       = 500
	maxServed      = 40   // documents that one engine reads
	maxMemoryPages = 8192 // of 64 KiB each, for PDFium
)

// Reader reads PDFs one at a time. The engine starts with the first of them.
type Reader struct {
	cacheDir string
	pool     pdfium.Pool
	engine   pdfium.Pdfium
	served   int // documents that the engine has read
	cache    wazero.CompilationCache
}

// New returns a Reader that keeps the compiled engine in cacheDir between runs
// (about 20 MB; starting costs some 0.1 s instead of 3 s), or nowhere if it is empty.
func New(cacheDir string) *Reader { return &Reader{cacheDir: cacheDir} }

// start brings the engine up, once.
func (r *Reader) start(ctx context.Context) (err error) {
	if r.engine != nil && r.served < maxServed {
		r.served++
		return nil
	}
	if r.engine != nil {
		return r.renew()
	}
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(maxMemoryPages)
	if r.cacheDir != "" {
		if r.cache, err = wazero.NewCompilationCacheWithDir(r.cacheDir); err != nil {
			return fmt.Errorf("open the PDF engine's cache %s: %w", r.cacheDir, err)
		}
		config = config.WithCompilationCache(r.cache)
	}
	r.pool, err = webassembly.Init(webassembly.Config{
		MinIdle: 1, MaxIdle: 1, MaxTotal: 1,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // no mount: the engine sees no file
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	if r.engine, err = r.pool.GetInstance(0); err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	return ctx.Err()
}

// renew replaces the engine, which never forgets the objects of the documents it has
// read. It costs about 2 ms; the compiled code stays.
func (r *Reader) renew() (err error) {
	if err := r.engine.Close(); err != nil {
		return fmt.Errorf("close the PDF engine: %w", err)
	}
	if r.engine, err = r.pool.GetInstance(0); err != nil {
		return fmt.Errorf("start the PDF engine: %w", err)
	}
	r.served = 1
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
	opened, err := r.engine.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return nil, fmt.Errorf("%w: %v", grid.ErrEncrypted, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	pages, err := r.pages(ctx, opened.Document)
	if err == nil {
		_, err = r.engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document})
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, errors.Join(err, r.restart())
	}
	return lattice.Assemble(pages)
}

func (r *Reader) pages(ctx context.Context, document references.FPDF_DOCUMENT) ([]lattice.Page, error) {
	count, err := r.engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: document})
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	if count.PageCount > maxPages {
		return nil, fmt.Errorf("%w: %d pages, the limit is %d", grid.ErrTooLarge, count.PageCount, maxPages)
	}
	var pages []lattice.Page
	for i := 0; i < count.PageCount && ctx.Err() == nil; i++ {
		p, err := r.page(document, i)
		if err != nil {
			return nil, fmt.Errorf("%w: page %d: %v", grid.ErrCorrupt, i+1, err)
		}
		pages = append(pages, p)
	}
	return pages, ctx.Err()
}
