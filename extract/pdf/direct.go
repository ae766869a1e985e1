package pdf

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/klippa-app/go-pdfium"
	"github.com/samyfodil/wazy/api"
)

// direct calls the functions that PDFium exports, in its own memory. The binding's
// methods make a name and an entry of a map for every object they hand out; a page
// has thousands, and their cost would be that of PDFium itself again.
//
// The first failure is kept in err; every later call then does nothing and returns 0.
type direct struct {
	ctx    context.Context // its end stops a call
	memory api.Memory
	out    uint64    // where functions leave what they do not return: outSize bytes
	stack  [6]uint64 // the arguments and the result of a call
	err    error

	malloc, free, lastError                                    api.Function
	openDocument, closeDocument, pageCount                     api.Function
	loadPage, closePage, pageObjects, pageObject               api.Function
	loadText, closeText, textChars, charBox, charCode          api.Function
	objectType, objectMatrix, formObjects, formObject          api.Function
	drawMode, segments, segment, point, segmentType, closesOff api.Function
}

// outSize has room for four doubles, a box, and for six floats, a matrix.
const outSize = 32

// newDirect finds the functions of the engine. Its module is public in a type that
// is not, so that only reflection reaches it.
func newDirect(ctx context.Context, engine pdfium.Pdfium) (*direct, error) {
	module := reflect.Indirect(reflect.ValueOf(engine.GetImplementation())).FieldByName("Module")
	if !module.IsValid() {
		return nil, errors.New("the PDF engine has no module")
	}
	memory, function := module.MethodByName("Memory"), module.MethodByName("ExportedFunction")
	if !memory.IsValid() || !function.IsValid() {
		return nil, fmt.Errorf("the PDF engine's module is a %s", module.Type())
	}
	d := &direct{ctx: ctx}
	var ok bool
	if d.memory, ok = memory.Call(nil)[0].Interface().(api.Memory); !ok {
		return nil, errors.New("the PDF engine has no memory")
	}
	for name, f := range map[string]*api.Function{
		"malloc": &d.malloc, "free": &d.free, "FPDF_GetLastError": &d.lastError,
		"FPDF_LoadMemDocument": &d.openDocument, "FPDF_CloseDocument": &d.closeDocument, "FPDF_GetPageCount": &d.pageCount,
		"FPDF_LoadPage": &d.loadPage, "FPDF_ClosePage": &d.closePage,
		"FPDFPage_CountObjects": &d.pageObjects, "FPDFPage_GetObject": &d.pageObject,
		"FPDFText_LoadPage": &d.loadText, "FPDFText_ClosePage": &d.closeText, "FPDFText_CountChars": &d.textChars,
		"FPDFText_GetCharBox": &d.charBox, "FPDFText_GetUnicode": &d.charCode,
		"FPDFPageObj_GetType": &d.objectType, "FPDFPageObj_GetMatrix": &d.objectMatrix,
		"FPDFFormObj_CountObjects": &d.formObjects, "FPDFFormObj_GetObject": &d.formObject,
		"FPDFPath_GetDrawMode": &d.drawMode, "FPDFPath_CountSegments": &d.segments, "FPDFPath_GetPathSegment": &d.segment,
		"FPDFPathSegment_GetPoint": &d.point, "FPDFPathSegment_GetType": &d.segmentType, "FPDFPathSegment_GetClose": &d.closesOff,
	} {
		if *f, ok = function.Call([]reflect.Value{reflect.ValueOf(name)})[0].Interface().(api.Function); !ok {
			return nil, fmt.Errorf("the PDF engine has no function %s", name)
		}
	}
	d.out = d.must(d.malloc, outSize)
	return d, d.err
}

// call returns what the function returns, 0 where it fails.
func (d *direct) call(f api.Function, args ...uint64) uint64 {
	if d.err != nil {
		return 0
	}
	copy(d.stack[:], args)
	if err := f.CallWithStack(d.ctx, d.stack[:]); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n") // what follows is the stack, in numbers
		d.err = errors.New(first)
		return 0
	}
	return uint64(uint32(d.stack[0])) // ints and places alike have 32 bits
}

// must is call of a function that returns 0 where it cannot do its work.
func (d *direct) must(f api.Function, args ...uint64) uint64 {
	result := d.call(f, args...)
	if result == 0 && d.err == nil {
		d.err = fmt.Errorf("%s failed", f.Definition().Name())
	}
	return result
}

// count is call of a function that returns a C int, -1 for failure.
func (d *direct) count(f api.Function, args ...uint64) int { return int(int32(d.call(f, args...))) }

// left is what the function called last left in out, nil after a failure.
func (d *direct) left() []byte {
	if d.err != nil {
		return nil
	}
	b, ok := d.memory.Read(uint32(d.out), outSize)
	if !ok {
		d.err = errors.New("the PDF engine's memory ends too early")
	}
	return b
}

func double(b []byte, i int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
}

func float(b []byte, i int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
}

// put copies data into the engine's memory and returns where.
func (d *direct) put(data []byte) uint64 {
	at := d.must(d.malloc, uint64(len(data)))
	if d.err == nil && !d.memory.Write(uint32(at), data) {
		d.err = errors.New("the document is larger than the PDF engine's memory")
	}
	return at
}
