package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	webassembly "github.com/klippa-app/go-pdfium/experimental/wazy"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/samyfodil/wazy"
	"github.com/samyfodil/wazy/api"
	"golang.org/x/net/html"
)

// The benchmarks that scripts/bench compares with peers, on the documents that it
// names in PEER_DOCUMENTS (paths separated by colons).
func peerDocuments(b *testing.B, extension string) map[string][]byte {
	b.Helper()
	out := map[string][]byte{}
	for _, path := range filepath.SplitList(os.Getenv("PEER_DOCUMENTS")) {
		if filepath.Ext(path) != extension {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		out[filepath.Base(filepath.Dir(path))] = data
	}
	if len(out) == 0 {
		b.Skip("skipped: PEER_DOCUMENTS names no document; scripts/bench does")
	}
	return out
}

// BenchmarkPeersHTML extracts pages; its peer parses them and does nothing more,
// which is the least that any reader of HTML costs.
func BenchmarkPeersHTML(b *testing.B) {
	for name, data := range peerDocuments(b, ".html") {
		b.Run(name+"/extract", func(b *testing.B) { benchmarkExtract(b, data) })
		b.Run(name+"/parse", func(b *testing.B) {
			reportCPU(b)
			for b.Loop() {
				if _, err := html.Parse(strings.NewReader(string(data))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPeersPDF extracts PDFs; its peer has PDFium say every character and
// every drawn path and makes nothing of them.
func BenchmarkPeersPDF(b *testing.B) {
	for name, data := range peerDocuments(b, ".pdf") {
		b.Run(name+"/extract", func(b *testing.B) { benchmarkExtract(b, data) })
		b.Run(name+"/pdfium", func(b *testing.B) {
			p := newPDFium(b)
			reportCPU(b)
			for b.Loop() {
				p.read(b, data)
			}
		})
	}
}

// BenchmarkCoresPDF extracts PDFs on as many cores as it is given, with an extractor for
// each in this one process; an operation is a document.
func BenchmarkCoresPDF(b *testing.B) {
	for name, data := range peerDocuments(b, ".pdf") {
		b.Run(name, func(b *testing.B) {
			extractors := make(chan *Extractor, runtime.GOMAXPROCS(0))
			for range cap(extractors) {
				e := newExtractor(b)
				if x, err := e.Extract(b.Context(), data); err != nil || x.Report == nil {
					b.Fatalf("no report: %v", err)
				}
				extractors <- e
			}
			b.ResetTimer()
			b.RunParallel(func(next *testing.PB) {
				e := <-extractors
				for next.Next() {
					if _, err := e.Extract(b.Context(), data); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func benchmarkExtract(b *testing.B, data []byte) {
	e := newExtractor(b)
	if x, err := e.Extract(b.Context(), data); err != nil || x.Report == nil {
		b.Fatalf("no report: %v", err)
	}
	reportCPU(b)
	for b.Loop() {
		if _, err := e.Extract(b.Context(), data); err != nil {
			b.Fatal(err)
		}
	}
}

// reportCPU makes a benchmark report the processor time of an operation, of all
// threads, from here on: other load on the machine hardly moves it.
func reportCPU(b *testing.B) {
	b.Helper()
	start := cpuTime(b)
	b.Cleanup(func() { b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N), "cpu-ns/op") })
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkBatch extracts 10,000 documents with one extractor and reports the resident
// memory after the 1,000th, the 5,000th and the last, and its peak, in MB. Scans are
// left out: recognising one takes seconds.
func BenchmarkBatch(b *testing.B) {
	var documents [][]byte
	for _, path := range filepath.SplitList(os.Getenv("PEER_DOCUMENTS")) {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		documents = append(documents, data)
	}
	if len(documents) == 0 {
		b.Skip("skipped: PEER_DOCUMENTS names no document; scripts/bench does")
	}
	for b.Loop() {
		e := newExtractor(b)
		for i := range 10_000 {
			if _, err := e.Extract(b.Context(), documents[i%len(documents)]); err != nil {
				b.Fatal(err)
			}
			switch i + 1 {
			case 1_000, 5_000, 10_000:
				b.ReportMetric(memory(b, "VmRSS:"), fmt.Sprintf("MB-at-%d", i+1))
			}
		}
		b.ReportMetric(memory(b, "VmHWM:"), "MB-at-peak")
	}
}

// memory is a size of this process as Linux counts it, VmRSS or the greatest so far,
// VmHWM, in MB.
func memory(b *testing.B, field string) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skipf("skipped: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), field)
	var kB float64
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		b.Fatal(err)
	}
	return kB / 1024
}

// pdfiumPeer is PDFium through the same binding, with none of this project's code.
type pdfiumPeer struct{ engine pdfium.Pdfium }

func newPDFium(b *testing.B) pdfiumPeer {
	b.Helper()
	cacheDir, err := os.UserCacheDir()
	if err != nil {
		b.Fatal(err)
	}
	cache, err := wazy.NewCompilationCacheWithDir(filepath.Join(cacheDir, "nianbao"))
	if err != nil {
		b.Fatal(err)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MinIdle: 1, MaxIdle: 1, MaxTotal: 1,
		RuntimeConfig: wazy.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | api.CoreFeatureExceptionHandling).
			WithCompilationCache(cache),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { pool.Close() })
	engine, err := pool.GetInstance(0)
	if err != nil {
		b.Fatal(err)
	}
	return pdfiumPeer{engine}
}

func (p pdfiumPeer) read(b *testing.B, data []byte) {
	opened := must(p.engine.OpenDocument(&requests.OpenDocument{File: &data}))(b)
	count := must(p.engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document}))(b)
	for i := range count.PageCount {
		loaded := must(p.engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: opened.Document, Index: i}))(b)
		page := requests.Page{ByReference: &loaded.Page}
		must(p.engine.GetPageTextStructured(&requests.GetPageTextStructured{Page: page, Mode: requests.GetPageTextStructuredModeChars}))(b)
		objects := must(p.engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page}))(b)
		for k := range objects.Count {
			object := must(p.engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: k}))(b)
			p.path(b, object.PageObject)
		}
		must(p.engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}))(b)
	}
	must(p.engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document}))(b)
}

// path asks for the corners of the object, if it is a path.
func (p pdfiumPeer) path(b *testing.B, object references.FPDF_PAGEOBJECT) {
	kind := must(p.engine.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object}))(b)
	if kind.Type != enums.FPDF_PAGEOBJ_PATH {
		return
	}
	must(p.engine.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: object}))(b)
	must(p.engine.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object}))(b)
	segments := must(p.engine.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object}))(b)
	for i := range segments.Count {
		s := must(p.engine.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i}))(b)
		must(p.engine.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment}))(b)
		must(p.engine.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment}))(b)
		must(p.engine.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: s.PathSegment}))(b)
	}
}

func must[T any](v T, err error) func(*testing.B) T {
	return func(b *testing.B) T {
		if err != nil {
			b.Helper()
			b.Fatal(err)
		}
		return v
	}
}
