package replica

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// behaviour says how the answer at one address deviates.
type behaviour struct {
	Host        string            `yaml:"host"`
	Path        string            `yaml:"path"`
	Status      int               `yaml:"status"` // 0: 200 with the file
	ContentType string            `yaml:"content_type"`
	Header      map[string]string `yaml:"header"`
	Body        string            `yaml:"body"`     // with a status
	Times       int               `yaml:"times"`    // only the first so many requests; 0: all
	Truncate    bool              `yaml:"truncate"` // promise the whole length, send half
}

func loadBehaviour(files fs.FS) ([]behaviour, error) {
	data, err := fs.ReadFile(files, "behaviour.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []behaviour
	if err := yaml.UnmarshalWithOptions(data, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("behaviour.yaml: %w", err)
	}
	return list, nil
}

// ServeHTTP answers with the file of the host and path, as behaviour.yaml says.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	came := time.Now()
	w = &logged{ResponseWriter: w, enter: func(status int) { s.enter(r, came, status) }}
	w.Header().Set("Date", typed.Format(http.TimeFormat))
	b := s.behaviourOf(r)
	if b.ContentType != "" {
		w.Header().Set("Content-Type", b.ContentType)
	}
	for name, value := range b.Header {
		w.Header().Set(name, value)
	}
	if b.Status != 0 {
		w.WriteHeader(b.Status)
		fmt.Fprint(w, b.Body)
		return
	}
	body, name, err := s.file(r)
	switch {
	case err != nil && s.sites[r.Host] != nil && s.sites[r.Host].answer(w, r):
	case err != nil:
		http.NotFound(w, r)
	case b.Truncate:
		truncate(w, body)
	default:
		send(w, r, name, body)
	}
}

func (s *Server) behaviourOf(r *http.Request) behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Host + r.URL.Path
	s.served[key]++
	for _, b := range s.behaviour {
		if b.Host+b.Path == key && (b.Times == 0 || s.served[key] <= b.Times) {
			return b
		}
	}
	return behaviour{}
}

func (s *Server) file(r *http.Request) (body []byte, name string, err error) {
	name = path.Join(r.Host, path.Clean("/"+r.URL.Path))
	if strings.HasSuffix(r.URL.Path, "/") {
		name += "/index.html"
	}
	body, err = fs.ReadFile(s.files, name)
	return body, name, err
}

// send answers with validators; http.ServeContent answers conditional requests.
func send(w http.ResponseWriter, r *http.Request, name string, body []byte) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", contentType(name))
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body)))
	http.ServeContent(w, r, "", typed, bytes.NewReader(body))
}

// contentType does not ask the machine's mime tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".htm", ".html", ".shtml":
		return "text/html"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

func truncate(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body[:len(body)/2])
}

// A logged writer enters the request in the log before the answer leaves.
type logged struct {
	http.ResponseWriter
	enter  func(status int)
	header bool // the status is written
}

func (w *logged) WriteHeader(status int) {
	if !w.header {
		w.enter(status)
	}
	w.header = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *logged) Write(p []byte) (int, error) {
	if !w.header {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

func (s *Server) enter(r *http.Request, came time.Time, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, Request{
		Came: came, Answered: time.Now(),
		Method: r.Method, Host: r.Host, Path: r.URL.Path, Query: r.URL.RawQuery, Status: status, UserAgent: r.UserAgent(),
		Conditional: r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "",
	})
}
