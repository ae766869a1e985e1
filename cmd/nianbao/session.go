package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/crawl/archive"
)

// session is what the verbs that write share: the output folder, locked against a
// second nianbao, its archive, and the codebook. The stages are its methods.
type session struct {
	out     out
	archive *archive.Archive
	book    *codebook.Book
	stderr  io.Writer
	lock    *flock.Flock
}

// openSession opens the output folder that cmd names. Close it after use.
func openSession(cmd *cobra.Command) (*session, error) {
	s := &session{out: outOf(cmd), stderr: cmd.ErrOrStderr()}
	var err error
	if s.lock, err = s.out.lockRun(); err != nil {
		return nil, err
	}
	if s.archive, err = archive.Open(s.out.archive()); err != nil {
		return nil, errors.Join(err, s.lock.Unlock())
	}
	if s.book, err = codebook.Load(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *session) close() error { return errors.Join(s.archive.Close(), s.lock.Unlock()) }

// lockRun keeps a second nianbao from writing to the same folder. The lock ends with
// the process, however it ends.
func (o out) lockRun() (*flock.Flock, error) {
	if err := os.MkdirAll(string(o), 0o755); err != nil {
		return nil, fmt.Errorf("create the output folder: %w; choose another --out or make it writable", err)
	}
	lock := flock.New(o.lock())
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the output folder: %w; choose another --out or make it writable", err)
	}
	if !held {
		return nil, fmt.Errorf("another nianbao is writing to %s; wait for it to end", o)
	}
	return lock, nil
}
