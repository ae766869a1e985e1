package warc

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Body returns what the answer of a whole exchange brought, transfer coding and content
// coding undone.
func (x Exchange) Body() ([]byte, error) {
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(x.Response)), nil)
	if err != nil {
		return nil, fmt.Errorf("reading the recorded answer of %s: %w", x.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the recorded answer of %s: %w", x.URL, err)
	}
	return Decode(body, resp.Header, maxRecordBytes)
}

// Decode undoes the content coding of a body, up to limit bytes of the result. Bytes
// that are not in the coding their header names, as portals send, are left as they are.
func Decode(body []byte, h http.Header, limit int64) ([]byte, error) {
	var r io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding"))) {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate": // with zlib's header, as RFC 9110 has it, or without
		if r, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return body, nil
	}
	if err != nil {
		return body, nil
	}
	return io.ReadAll(io.LimitReader(r, limit))
}
