package warc

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc"
)

// maxFileBytes is the size at which a new file is begun; it bounds what is read to find
// a torn tail after a crash.
const maxFileBytes = 256 << 20

// maxRecordBytes is what gowarc holds in memory before it writes temporary files.
const maxRecordBytes = 1 << 30

// A Writer writes files one after the other into a folder. Each exchange is on the disk
// when Write returns.
//
// gowarc's own file writer is not used: it loses errors at the end of a record, and it
// dates its files by the machine's clock.
type Writer struct {
	Dir      string
	MaxBytes int64  // size at which a new file is begun; 0: 256 MiB
	Part     string // of what the next file is a part; set before the first Write
	Serial   int    // of the next file; 0: it follows the highest of the folder
	Label    string // of the files, at the end of their names; "": none

	file    *os.File
	name    string // of file, without OpenSuffix
	size    int64
	records int          // written to file
	info    string       // id of its warcinfo record
	gz      *gzip.Writer // of the latest record; its tables are used again
}

// Written says where the response or revisit record of an exchange stands.
type Written struct {
	Place
	ID            string
	PayloadDigest string // of a response
}

// Write appends an exchange. If it fails, the file is as it was before.
func (w *Writer) Write(x Exchange) (Written, error) {
	x.At = x.At.UTC().Truncate(time.Second)
	if err := w.ready(x.At); err != nil {
		return Written{}, err
	}
	var buf bytes.Buffer
	records := w.records
	written := Written{Place: Place{File: w.name, Offset: w.size, At: x.At}}
	answer := w.answer(x)
	written.ID, written.PayloadDigest = answer.id, answer.payload
	err := w.encode(&buf, answer)
	if err == nil {
		err = w.encode(&buf, w.request(x, answer.id))
	}
	if err == nil {
		err = w.append(buf.Bytes())
	}
	if err != nil {
		w.records = records
		return Written{}, fmt.Errorf("writing %s: %w; check the space and permissions of the archive folder", w.file.Name(), err)
	}
	return written, nil
}

// Finish ends the file being written and gives it its final name.
func (w *Writer) Finish() error {
	if w.file == nil {
		return nil
	}
	f := w.file
	w.file = nil
	err := f.Close()
	if err == nil {
		err = finish(f.Name())
	}
	if err != nil {
		return fmt.Errorf("finishing %s: %w", f.Name(), err)
	}
	return nil
}

func finish(path string) error {
	if err := os.Rename(path, strings.TrimSuffix(path, OpenSuffix)); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// ready makes sure that there is a file with room.
func (w *Writer) ready(at time.Time) error {
	limit := w.MaxBytes
	if limit == 0 {
		limit = maxFileBytes
	}
	if w.file != nil && w.size < limit {
		return nil
	}
	if err := w.Finish(); err != nil {
		return err
	}
	if err := w.begin(at); err != nil {
		return fmt.Errorf("beginning a WARC file in %s: %w; check the space and permissions of the archive folder", w.Dir, err)
	}
	return nil
}

// begin opens the next file. Its name says when its first exchange was, and its number.
func (w *Writer) begin(at time.Time) error {
	if w.Serial == 0 {
		next, err := NextSerial(w.Dir)
		if err != nil {
			return err
		}
		w.Serial = next
	}
	label := ""
	if w.Label != "" {
		label = "-" + w.Label
	}
	name := fmt.Sprintf("nianbao-%s-%05d%s%s", at.Format("20060102150405"), w.Serial, label, Suffix)
	f, err := os.OpenFile(filepath.Join(w.Dir, name+OpenSuffix), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	w.Serial++
	w.file, w.name, w.size, w.records, w.info = f, name, 0, 0, ""
	var buf bytes.Buffer
	info := w.warcinfo(at)
	if err = w.encode(&buf, info); err == nil {
		_, err = f.Write(buf.Bytes()) // on the disk with the first exchange
	}
	w.size, w.info = int64(buf.Len()), info.id
	return errors.Join(err, syncDir(w.Dir))
}

// NextSerial returns the number that follows the highest among the files of a folder.
func NextSerial(dir string) (next int, err error) {
	entries, err := os.ReadDir(dir)
	next = 1
	for _, e := range entries {
		name, _, _ := strings.Cut(e.Name(), ".")
		if parts := strings.SplitN(name, "-", 4); len(parts) > 2 {
			if n, err := strconv.Atoi(parts[2]); err == nil {
				next = max(next, n+1)
			}
		}
	}
	return next, err
}

// append writes to the file and waits until it is on the disk.
func (w *Writer) append(b []byte) error {
	_, err := w.file.Write(b)
	if err == nil {
		err = w.file.Sync()
	}
	if err != nil {
		_, seek := w.file.Seek(w.size, 0)
		return errors.Join(err, w.file.Truncate(w.size), seek)
	}
	w.size += int64(len(b))
	return nil
}

// draft is a record to be written.
type draft struct {
	kind    gowarc.RecordType
	id      string
	payload string // digest
	fields  [][2]string
	block   []byte
}

func (d *draft) add(name, value string) {
	if value != "" {
		d.fields = append(d.fields, [2]string{name, value})
	}
}

// draft begins a record. Its id is made of what it holds, which digests of its block say,
// and where it stands, so that the same crawl gives the same bytes.
func (w *Writer) draft(kind gowarc.RecordType, at time.Time, url, contentType string, block []byte, digests string) *draft {
	w.records++
	date := at.Format(time.RFC3339)
	seed := fmt.Sprintf("%s %d %s %s %s", w.name, w.records, url, date, digests)
	d := &draft{kind: kind, id: uuid.NewSHA1(uuid.NameSpaceURL, []byte(seed)).URN(), block: block}
	d.add(gowarc.WarcRecordID, "<"+d.id+">")
	d.add(gowarc.WarcDate, date)
	d.add(gowarc.WarcTargetURI, url)
	if w.info != "" {
		d.add(gowarc.WarcWarcinfoID, "<"+w.info+">")
	}
	d.add(gowarc.ContentType, contentType)
	return d
}

func (w *Writer) warcinfo(at time.Time) *draft {
	fields := "software: nianbao (https://github.com/nianbao/nianbao)\r\n" +
		"format: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" +
		"robots: obey\r\n"
	if w.Part != "" {
		fields += partField + ": " + w.Part + "\r\n"
	}
	d := w.draft(gowarc.Warcinfo, at, "", gowarc.ApplicationWarcFields, []byte(fields), Digest([]byte(fields)))
	d.add(gowarc.WarcFilename, w.name)
	return d
}

func (w *Writer) answer(x Exchange) *draft {
	kind, block, digests, payload := gowarc.Response, x.Response, Digest(x.Header()), ""
	if x.Revisit != nil {
		kind, block = gowarc.Revisit, x.Header()
	} else {
		payload = x.payloadDigest()
		digests += " " + payload
	}
	d := w.draft(kind, x.At, x.URL, "application/http;msgtype=response", block, digests)
	d.add(gowarc.WarcIPAddress, x.IP)
	d.add(gowarc.WarcTruncated, x.Truncated)
	if r := x.Revisit; r != nil {
		d.add(gowarc.WarcProfile, r.profile())
		d.add(gowarc.WarcRefersTo, "<"+r.ID+">")
		d.add(gowarc.WarcRefersToTargetURI, r.URL)
		d.add(gowarc.WarcRefersToDate, r.Date)
		d.add(gowarc.WarcPayloadDigest, r.PayloadDigest)
		return d
	}
	d.payload = payload
	d.add(gowarc.WarcPayloadDigest, payload)
	return d
}

func (w *Writer) request(x Exchange, answer string) *draft {
	d := w.draft(gowarc.Request, x.At, x.URL, "application/http;msgtype=request", x.Request, Digest(x.Request))
	d.add(gowarc.WarcIPAddress, x.IP)
	d.add(gowarc.WarcConcurrentTo, "<"+answer+">")
	return d
}

// encode appends a record to buf as a gzip member.
func (w *Writer) encode(buf *bytes.Buffer, d *draft) error {
	options.Lock()
	builder := gowarc.NewRecordBuilder(d.kind,
		gowarc.WithSkipParseBlock(), gowarc.WithBufferMaxMemBytes(maxRecordBytes),
		gowarc.WithDefaultDigestAlgorithm("sha256"), gowarc.WithDefaultDigestEncoding(gowarc.Base16))
	options.Unlock()
	defer builder.Close()
	for _, f := range d.fields {
		builder.AddWarcHeader(f[0], f[1])
	}
	if _, err := builder.Write(d.block); err != nil {
		return err
	}
	record, validation, err := builder.Build()
	if err == nil && !validation.Valid() {
		err = validation
	}
	if err != nil {
		return err
	}
	if w.gz == nil {
		w.gz = gzip.NewWriter(buf)
	}
	w.gz.Reset(buf)
	w.gz.ModTime = time.Unix(0, 0) // none
	if _, _, err := gowarc.NewMarshaler().Marshal(w.gz, record, 0); err != nil {
		return err
	}
	return w.gz.Close()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
