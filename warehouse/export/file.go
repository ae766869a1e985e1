package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// A file is what was written under a name.
type file struct {
	sha256 string
	bytes  int64
}

// A sink is a file that is being written; what goes into it is hashed and counted.
type sink struct {
	f     *os.File
	out   *bufio.Writer
	hash  hash.Hash
	bytes int64
}

func (s *sink) Write(p []byte) (int, error) {
	s.hash.Write(p)
	s.bytes += int64(len(p))
	return s.out.Write(p)
}

// create starts the file of that name. finish ends it and notes what it came to.
func (e *export) create(name string) (s *sink, finish func() error, err error) {
	path := filepath.Join(e.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	s = &sink{f: f, out: bufio.NewWriterSize(f, 1<<16), hash: sha256.New()}
	return s, func() error {
		e.files[name] = file{hex.EncodeToString(s.hash.Sum(nil)), s.bytes}
		return errors.Join(s.out.Flush(), f.Close())
	}, nil
}

// file writes a whole file.
func (e *export) file(name string, write func(*sink) error) error {
	s, finish, err := e.create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(s), finish())
}

func hashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
