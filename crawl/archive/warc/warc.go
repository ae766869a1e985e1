// Package warc writes and reads the WARC 1.1 files (ISO 28500) of an archive: what was
// said to a host and what it answered, byte for byte as transferred.
//
// An [Exchange] becomes a response record and the request record that belongs to it.
// Where the answer brought nothing that an earlier record does not hold, a revisit
// record with the answer's header stands in place of the response: of the profile
// server-not-modified for a 304, identical-payload-digest for the same bytes again.
// Every record is a gzip member of its own, every file begins with a warcinfo record.
// The records themselves are made and parsed by gowarc.
//
// Digests are sha256 in hexadecimal. That of a payload is taken over what follows the
// header, with any transfer coding and content coding, as other tools check it.
package warc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/nlnwa/gowarc"
)

// Suffixes of finished files and of the one being written.
const (
	Suffix     = ".warc.gz"
	OpenSuffix = ".open"
)

// options guards the making of gowarc's options, which sets a variable of package uuid.
var options sync.Mutex

// A Place is where a record stands. The zero value: nowhere.
type Place struct {
	File   string    // name in the WARC folder
	Offset int64     // of the record's gzip member, in bytes
	At     time.Time // WARC-Date, whole seconds, UTC
}

// An Exchange is one request and its answer.
type Exchange struct {
	URL       string
	At        time.Time // when the request was made
	IP        string    // of the host; "" if unknown
	Request   []byte    // as sent
	Response  []byte    // as received: status line, header and body
	Truncated string    // why the end of the body is missing: "length" or "disconnect"; "": it is whole
	Revisit   *Revisit  // nil: the response is written in full
	// PayloadDigest is the [Digest] of Payload; "": it is not known yet.
	PayloadDigest string
}

// Header returns the status line and header of the response, Payload what follows.
func (x Exchange) Header() []byte { return x.Response[:headerEnd(x.Response)] }

// Payload returns what follows the header of the response.
func (x Exchange) Payload() []byte { return x.Response[headerEnd(x.Response):] }

func (x Exchange) payloadDigest() string {
	if x.PayloadDigest == "" {
		return Digest(x.Payload())
	}
	return x.PayloadDigest
}

// A Revisit refers to the record that holds the payload of an answer.
type Revisit struct {
	NotModified   bool // the server said so; else the bytes are the same
	ID, URL, Date string
	PayloadDigest string
}

func (r Revisit) profile() string {
	if r.NotModified {
		return gowarc.ProfileServerNotModifiedV1_1
	}
	return gowarc.ProfileIdenticalPayloadDigestV1_1
}

// Digest names bytes as the digest fields of records do.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// headerEnd returns where the header of a message ends: after its first empty line.
func headerEnd(message []byte) int {
	for at := 0; ; {
		line := bytes.IndexByte(message[at:], '\n')
		if line < 0 {
			return len(message)
		}
		at += line + 1
		if len(bytes.TrimRight(message[at-line-1:at], "\r\n")) == 0 {
			return at
		}
	}
}

// Damage is a stretch of a file that is not what was written.
type Damage struct {
	File   string // path
	Offset int64  // of the record it lies in, in bytes
	Err    error
}

func (d *Damage) Error() string {
	return fmt.Sprintf("%s: damaged record at offset %d: %v", d.File, d.Offset, d.Err)
}

func (d *Damage) Unwrap() error { return d.Err }
