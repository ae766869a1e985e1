package crawl

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
)

// A Replay answers requests from WARC files, so that a crawl can be repeated without
// network. The files of an archive hold one cycle after the other; each is replayed by a
// run of its own. An address asked several times in a cycle gets the recorded answers in
// their order, then the last one again.
type Replay struct {
	cycles []*recording

	mu      sync.Mutex
	current *recording
	now     time.Time
}

// recording is what was recorded in one cycle.
type recording struct {
	part    string
	began   time.Time
	first   map[string]time.Time   // by host, of its first answer
	answers map[string][]reference // by address, in the order of recording
	used    map[string]int
}

// reference is where an exchange stands.
type reference struct {
	file            string
	answer, request int64 // offsets; a request at -1 is not recorded
	payload         int64 // offset of the record with the payload of a revisit; -1: it has none
	payloadFile     string
}

// OpenReplay reads what a WARC file, or all of a folder, holds. Any program may have
// written them. Damaged records are an error.
func OpenReplay(path string) (*Replay, error) {
	files := []string{path}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		files, err = warc.Files(path)
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s to replay: %w", path, err)
	}
	x := indexer{Replay: &Replay{}, payloads: map[string]place{}}
	for _, file := range files {
		if err := x.file(file); err != nil {
			return nil, fmt.Errorf("reading %s to replay it: %w; nianbao archive verify says what is damaged", file, err)
		}
	}
	if len(x.cycles) == 0 {
		return nil, fmt.Errorf("%s holds no WARC records; give a file *%s or a folder of them", path, warc.Suffix)
	}
	x.current, x.now = x.cycles[0], x.cycles[0].began
	return x.Replay, nil
}

// Cycles returns how many crawl cycles are recorded.
func (r *Replay) Cycles() int { return len(r.cycles) }

// Begin makes the nth cycle, counted from 1, the one that answers.
func (r *Replay) Begin(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current = r.cycles[n-1]
	r.current.used = map[string]int{}
	r.now = r.current.began
}

// turnTo sets the clock to when the hosts of a lane were first asked in the cycle: other
// lanes were crawled at the same time, or after them.
func (r *Replay) turnTo(l lane) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = time.Time{}
	for _, p := range l {
		for _, host := range p.Hosts.Allow {
			if at, asked := r.current.first[host]; asked && (r.now.IsZero() || at.Before(r.now)) {
				r.now = at
			}
		}
	}
	if r.now.IsZero() {
		r.now = r.current.began
	}
}

// Now is the time of the latest answer given: the clock of a replayed crawl.
func (r *Replay) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// answer returns the recorded exchange and the answer in it.
func (r *Replay) answer(req *http.Request) (archive.Exchange, *http.Response, error) {
	ref, err := r.next(req.URL.String())
	if err != nil {
		return archive.Exchange{}, nil, err
	}
	x, err := ref.exchange()
	if err != nil {
		return archive.Exchange{}, nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(x.Response)), req)
	if err != nil {
		return archive.Exchange{}, nil, fmt.Errorf("reading the recorded answer of %s: %w", x.URL, err)
	}
	if x.Truncated == "disconnect" {
		resp.Body = cutBody{resp.Body}
	}
	r.mu.Lock()
	r.now = x.At
	r.mu.Unlock()
	return x, resp, nil
}

// cutBody is a body that ended early, also where its header did not tell its length.
type cutBody struct{ io.ReadCloser }

func (b cutBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// errNotRecorded is matched by the error for an address without a recorded answer.
var errNotRecorded = errors.New("no answer is recorded")

func (r *Replay) next(url string) (reference, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	answers := r.current.answers[url]
	if len(answers) == 0 {
		return reference{}, errNotRecorded
	}
	n := min(r.current.used[url], len(answers)-1)
	r.current.used[url]++
	return answers[n], nil
}

func (ref reference) exchange() (archive.Exchange, error) {
	answer, err := warc.ReadAt(ref.file, ref.answer)
	if err != nil {
		return archive.Exchange{}, err
	}
	x := archive.Exchange{URL: answer.URL, At: answer.At, IP: answer.IP, Response: answer.Block, Truncated: answer.Truncated}
	if ref.payload >= 0 {
		full, err := warc.ReadAt(ref.payloadFile, ref.payload)
		if err != nil {
			return archive.Exchange{}, err
		}
		x.Response = append(x.Response, archive.Exchange{Response: full.Block}.Payload()...)
	}
	if ref.request >= 0 {
		request, err := warc.ReadAt(ref.file, ref.request)
		if err != nil {
			return archive.Exchange{}, err
		}
		x.Request = request.Block
	}
	return x, nil
}

// indexer builds the index of a Replay.
type indexer struct {
	*Replay
	payloads map[string]place // records with a payload, by id, and by address and date
}

type place struct {
	file   string
	offset int64
}

func (x *indexer) file(path string) error {
	r, err := warc.OpenAt(path, 0)
	if err != nil {
		return err
	}
	defer r.Close()
	var to *recording
	answers := map[string]*reference{} // those of this file, by record id
	var urls []string
	var refs []*reference
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if to == nil {
			to = x.recording(record)
		}
		switch record.Type {
		case warc.TypeResponse, warc.TypeRevisit:
			ref := x.reference(path, record)
			answers[record.ID] = ref
			if host := hostOf(record.URL); to.first[host].IsZero() || record.At.Before(to.first[host]) {
				to.first[host] = record.At
			}
			urls, refs = append(urls, record.URL), append(refs, ref)
		case warc.TypeRequest:
			if ref := answers[record.ConcurrentTo]; ref != nil {
				ref.request = record.Offset
			}
		}
	}
	for i, url := range urls {
		to.answers[url] = append(to.answers[url], *refs[i])
	}
	return nil
}

func (x *indexer) reference(path string, record warc.Record) *reference {
	ref := &reference{file: path, answer: record.Offset, request: -1, payload: -1}
	byDate := func(url, date string) string { return url + " " + date }
	if record.Type == warc.TypeResponse {
		at := place{path, record.Offset}
		x.payloads[record.ID], x.payloads[byDate(record.URL, record.At.Format(time.RFC3339))] = at, at
	} else if !record.NotModified {
		full, ok := x.payloads[record.RefersTo]
		if !ok {
			full, ok = x.payloads[byDate(record.RefersToURL, record.RefersToDate)]
		}
		if ok {
			ref.payload, ref.payloadFile = full.offset, full.file
		}
	}
	return ref
}

// recording returns the one that a file with this first record is a part of.
func (x *indexer) recording(first warc.Record) *recording {
	part := ""
	if first.Type == warc.TypeInfo {
		part = first.Part()
	}
	if n := len(x.cycles); n > 0 && x.cycles[n-1].part == part {
		return x.cycles[n-1]
	}
	rec := &recording{part: part, began: first.At, first: map[string]time.Time{}, answers: map[string][]reference{}, used: map[string]int{}}
	x.cycles = append(x.cycles, rec)
	return rec
}
