package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nlnwa/gowarc"
)

// partField names, in a warcinfo record, what the file is a part of.
const partField = "isPartOf"

// member is how every record that Writer writes begins: the header of a gzip member.
// Its other fields are not covered by a checksum; they are compared with these.
var member = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// Types of record that an archive has.
const (
	TypeInfo     = "warcinfo"
	TypeRequest  = "request"
	TypeResponse = "response"
	TypeRevisit  = "revisit"
)

// A Record is a record as read.
type Record struct {
	Offset, End  int64 // of its bytes in the file
	Type         string
	ID           string
	URL          string
	At           time.Time
	IP           string
	Truncated    string
	ConcurrentTo string // id of the answer, of a request
	// RefersTo, RefersToURL and RefersToDate name, in a revisit, the record with the payload.
	RefersTo, RefersToURL, RefersToDate string
	NotModified                         bool // of a revisit: the server said so
	Block                               []byte
}

// Part returns what the file of a warcinfo record is a part of; "" if it does not say.
func (r Record) Part() string {
	for line := range strings.Lines(string(r.Block)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, partField) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// A Reader reads the records of one file.
type Reader struct {
	path   string
	strict bool
	file   *os.File
	in     *bufio.Reader
	read   int64 // bytes taken from file
	parser gowarc.Unmarshaler
	lost   int64 // where a damaged record begins; -1: reading is in step
}

// Open opens a file of this package's making: whatever is not as it was written is
// damage.
func Open(path string) (*Reader, error) { return open(path, 0, true) }

// OpenAt opens a file, also of another program, at the offset of a record.
func OpenAt(path string, offset int64) (*Reader, error) { return open(path, offset, false) }

func open(path string, offset int64, strict bool) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening WARC file: %w", err)
	}
	choices := []gowarc.WarcRecordOption{
		gowarc.WithSkipParseBlock(), gowarc.WithBufferMaxMemBytes(maxRecordBytes), gowarc.WithAddMissingDigest(false),
		gowarc.WithSyntaxErrorPolicy(gowarc.ErrFail), gowarc.WithSpecViolationPolicy(gowarc.ErrFail),
	}
	if !strict {
		choices = append(choices, gowarc.WithSyntaxErrorPolicy(gowarc.ErrWarn))
	}
	options.Lock()
	defer options.Unlock()
	r := &Reader{path: path, strict: strict, file: file, parser: gowarc.NewUnmarshaler(choices...), lost: -1}
	r.in = bufio.NewReaderSize(nil, 1<<16)
	if err := r.seek(offset); err != nil {
		file.Close()
		return nil, err
	}
	return r, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

func (r *Reader) seek(offset int64) error {
	_, err := r.file.Seek(offset, io.SeekStart)
	r.read = offset
	r.in.Reset(counting{r})
	return err
}

func (r *Reader) offset() int64 { return r.read - int64(r.in.Buffered()) }

// counting reads the file of a Reader.
type counting struct{ r *Reader }

func (c counting) Read(p []byte) (int, error) {
	n, err := c.r.file.Read(p)
	c.r.read += int64(n)
	return n, err
}

// Next returns the next record, io.EOF after the last one, or a [Damage]. After damage
// it goes on with the next record that is recognisable.
func (r *Reader) Next() (Record, error) {
	if r.lost >= 0 {
		if err := r.resume(); err != nil {
			return Record{}, err
		}
	}
	offset := r.offset()
	head, err := r.in.Peek(len(member))
	if len(head) == 0 && errors.Is(err, io.EOF) {
		return Record{}, io.EOF
	}
	if r.strict && !bytes.Equal(head, member) {
		return Record{}, r.damage(offset, errors.New("no record begins here"))
	}
	record, err := r.parse()
	if err != nil {
		return Record{}, r.damage(offset, err)
	}
	record.Offset, record.End = offset, r.offset()
	return record, nil
}

func (r *Reader) damage(offset int64, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the file ends within it")
	}
	r.lost = offset
	return &Damage{File: r.path, Offset: offset, Err: err}
}

// resume looks for the next beginning of a record after a damaged one.
func (r *Reader) resume() error {
	err := r.seek(r.lost + 1)
	r.lost = -1
	for err == nil {
		var head []byte
		if head, err = r.in.Peek(len(member)); err == nil && bytes.Equal(head, member) {
			return nil
		}
		if err == nil {
			_, err = r.in.Discard(1)
		}
	}
	if errors.Is(err, io.EOF) {
		r.in.Discard(r.in.Buffered())
	}
	return err
}

// parse reads a record to its end, so that digest, length and checksum are verified.
func (r *Reader) parse() (rec Record, err error) {
	defer func() { // gowarc 1.6.0 panics where a file ends after a line of a record's header
		if p := recover(); p != nil {
			err = fmt.Errorf("not readable: %v", p)
		}
	}()
	parsed, _, _, err := r.parser.Unmarshal(r.in)
	if err != nil {
		return Record{}, err
	}
	raw, err := parsed.Block().RawBytes()
	if err != nil {
		return Record{}, err
	}
	block, err := io.ReadAll(raw)
	if err = errors.Join(err, parsed.Close()); err != nil {
		return Record{}, err
	}
	h := parsed.WarcHeader()
	at, err := h.GetTime(gowarc.WarcDate)
	return Record{
		Type: parsed.Type().String(), ID: h.GetId(gowarc.WarcRecordID), URL: strings.Trim(h.Get(gowarc.WarcTargetURI), "<>"), At: at.UTC(),
		IP: h.Get(gowarc.WarcIPAddress), Truncated: h.Get(gowarc.WarcTruncated), ConcurrentTo: h.GetId(gowarc.WarcConcurrentTo),
		RefersTo: h.GetId(gowarc.WarcRefersTo), RefersToURL: h.Get(gowarc.WarcRefersToTargetURI), RefersToDate: h.Get(gowarc.WarcRefersToDate),
		NotModified: strings.HasSuffix(h.Get(gowarc.WarcProfile), "/server-not-modified"),
		Block:       block,
	}, err
}

// ReadAt returns the record at an offset of a file.
func ReadAt(path string, offset int64) (Record, error) {
	r, err := OpenAt(path, offset)
	if err != nil {
		return Record{}, err
	}
	defer r.Close()
	return r.Next()
}

// Files returns the paths of the finished files in a folder, oldest first.
func Files(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"+Suffix))
	slices.Sort(files)
	return files, err
}

// Recover finishes the files that a crash left open in a folder. A record torn at the
// end of such a file was not yet spoken of by anybody and is cut off; damage elsewhere
// is left to be found by whoever reads the file.
func Recover(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"+Suffix+OpenSuffix))
	for _, path := range files {
		if err := recoverFile(path); err != nil {
			return fmt.Errorf("finishing %s, which a crash left open: %w", path, err)
		}
	}
	return err
}

func recoverFile(path string) error {
	end, size, err := whole(path)
	if err != nil {
		return err
	}
	if end == 0 {
		return os.Remove(path)
	}
	if end < size {
		if err := os.Truncate(path, end); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return finish(path)
}

// whole returns where the last whole record of a file ends, and the size of the file.
func whole(path string) (end, size int64, err error) {
	r, err := Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer r.Close()
	for {
		record, err := r.Next()
		var damage *Damage
		switch {
		case errors.Is(err, io.EOF):
			return end, r.offset(), nil
		case errors.As(err, &damage):
			continue
		case err != nil:
			return 0, 0, err
		}
		end = record.End
	}
}
