package warehouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// BuildsDir is the folder, within that of the warehouse, of the builds that are kept.
const BuildsDir = "builds"

// DefaultKeep is how many builds are kept of those that served, and of the others.
const DefaultKeep = 5

// A State says what became of a build. It is part of the file's name, so that build and
// state change by one rename.
type State string

// The states.
const (
	Published State = ""        // it serves, or did
	Built     State = "built"   // not judged yet: the build was interrupted
	Refused   State = "refused" // by the diff gate
	Held      State = "held"    // rolled back, or built on while a build newer than the serving one was
)

// A Kept is one build that the folder keeps.
type Kept struct {
	Result
	State   State
	Serving bool
	MadeAt  time.Time // modification time of the file
	serial  int       // builds are kept in the order of their serials
	id      string    // first 12 digits of the build id
}

// Name is <serial>-<first 12 digits of the build id>.
func (k Kept) Name() string { return fmt.Sprintf("%06d-%s", k.serial, k.id) }

// Says tells the state in a word: serves, served, damaged or
// that of [State].
func (k Kept) Says() string {
	switch {
	case k.Serving:
		return "serves"
	case k.BuildID == "":
		return "damaged"
	case k.State == Published:
		return "served"
	}
	return string(k.State)
}

// serving is the build that serves; the zero Kept, if none does.
func serving(all []Kept) Kept {
	if i := slices.IndexFunc(all, isServing); i >= 0 {
		return all[i]
	}
	return Kept{}
}

func isServing(k Kept) bool { return k.Serving }

// called tells whether a name, a serial or the start of a build id stands for k.
func (k Kept) called(name string) bool {
	if serial, err := strconv.Atoi(name); err == nil && len(name) <= 6 {
		return serial == k.serial
	}
	return name == k.Name() || strings.HasPrefix(k.id, name) || k.BuildID == name
}

func (k Kept) file() string {
	if k.State == Published {
		return k.Name() + ".duckdb"
	}
	return k.Name() + "." + string(k.State) + ".duckdb"
}

// A RefusedError says why a build was kept but not published.
type RefusedError struct {
	Build   Kept
	Serving Kept
	Reasons []string
}

func (e *RefusedError) Error() string {
	serves := "nothing serves"
	if e.Serving.Serving {
		serves = e.Serving.Name() + " still serves"
	}
	return fmt.Sprintf("build %s is not published, %s:\n  %s\n`nianbao diff` shows what changed; `nianbao build --accept %s` publishes it all the same",
		e.Build.Name(), serves, strings.Join(e.Reasons, "\n  "), e.Build.Name())
}

// A store is the folder of the warehouse: the file that serves, and the builds that are
// kept, of which it is a second name (a copy, where the file system has no hard links).
type store string

func (s store) serving() string { return filepath.Join(string(s), FileName) }
func (s store) builds() string  { return filepath.Join(string(s), BuildsDir) }

var keptFile = regexp.MustCompile(`^(\d{6,})-([0-9a-f]{12})(?:\.(built|refused|held))?\.duckdb$`)

// Builds lists the builds that the folder dir keeps, the oldest first. One whose file
// cannot be read has no counts.
func Builds(ctx context.Context, dir string) ([]Kept, error) {
	s := store(dir)
	entries, err := os.ReadDir(s.builds())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list builds: %w", err)
	}
	now, _ := readRun(ctx, s.serving())
	var all []Kept
	for _, e := range entries {
		m := keptFile.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("list builds: %w", err)
		}
		k := Kept{State: State(m[3]), MadeAt: info.ModTime(), id: m[2]}
		k.serial, _ = strconv.Atoi(m[1])
		path := filepath.Join(s.builds(), e.Name())
		if k.Result, err = readRun(ctx, path); err != nil {
			k.Result = Result{Path: path}
		}
		k.Serving = k.BuildID != "" && k.BuildID == now.BuildID
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Kept) int { return cmp.Compare(a.serial, b.serial) })
	return all, nil
}

// Rollback makes an earlier build serve: the named one or, if name is empty, the one that
// served before. The builds after it are held: neither they nor what is built next is
// published before it is accepted.
func Rollback(ctx context.Context, dir, name string) (Kept, error) {
	all, err := Builds(ctx, dir)
	if err != nil {
		return Kept{}, err
	}
	now := serving(all)
	if !now.Serving {
		return Kept{}, fmt.Errorf("roll back: no kept build serves in %s; run `nianbao build` first", dir)
	}
	before := func(k Kept) bool { return k.State == Published && k.BuildID != "" && k.serial < now.serial }
	to, err := pick(all, name, before)
	if err != nil {
		return Kept{}, fmt.Errorf("roll back: %w", err)
	}
	if !before(to) {
		return Kept{}, fmt.Errorf("roll back: build %s did not serve before %s; `nianbao build --list` shows which did", to.Name(), now.Name())
	}
	for _, k := range all { // first, so that none comes back if this is interrupted
		if k.serial > to.serial && k.State == Published {
			if _, err := store(dir).move(k, k.serial, Held); err != nil {
				return Kept{}, fmt.Errorf("hold build %s: %w", k.Name(), err)
			}
		}
	}
	if err := store(dir).serve(to); err != nil {
		return Kept{}, fmt.Errorf("roll back to build %s: %w", to.Name(), err)
	}
	to.Serving = true
	return to, nil
}

// Accept makes a refused or held build serve: the named one or, if name is empty, the
// newest.
func Accept(ctx context.Context, dir, name string) (Kept, error) {
	all, err := Builds(ctx, dir)
	if err != nil {
		return Kept{}, err
	}
	waits := func(k Kept) bool { return k.State != Published && k.BuildID != "" }
	k, err := pick(all, name, waits)
	if err != nil {
		return Kept{}, fmt.Errorf("accept: %w", err)
	}
	if !waits(k) {
		return Kept{}, fmt.Errorf("accept: build %s is neither refused nor held; `nianbao build --list` shows which are", k.Name())
	}
	if k, err = store(dir).publish(all, k); err != nil {
		return Kept{}, fmt.Errorf("accept build %s: %w", k.Name(), err)
	}
	return k, nil
}

// pick is the build that a name stands for; of an empty name, the newest for which suits
// holds.
func pick(all []Kept, name string, suits func(Kept) bool) (Kept, error) {
	var found []Kept
	for _, k := range all {
		switch {
		case name == "" && suits(k):
			found = []Kept{k}
		case name != "" && k.called(name):
			found = append(found, k)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case name == "":
		return Kept{}, errors.New("no kept build is fit for it; `nianbao build --list` shows them")
	}
	return Kept{}, fmt.Errorf("%q names %d of the kept builds, not one; `nianbao build --list` shows them", name, len(found))
}

// publish makes a kept build serve, as the newest of those that did.
func (s store) publish(all []Kept, k Kept) (Kept, error) {
	serial := k.serial
	if last := all[len(all)-1]; last.serial != k.serial {
		serial = last.serial + 1
	}
	moved, err := s.move(k, serial, Published)
	if err != nil {
		return k, err
	}
	moved.Serving = true
	return moved, s.serve(moved)
}

// move gives a kept build another serial and state.
func (s store) move(k Kept, serial int, state State) (Kept, error) {
	old := k.Path
	k.serial, k.State = serial, state
	k.Path = filepath.Join(s.builds(), k.file())
	return k, os.Rename(old, k.Path)
}

// serve puts a kept build in the place of the file that serves. Who reads the old file
// goes on reading it.
func (s store) serve(k Kept) error {
	temp, err := os.MkdirTemp(string(s), tempPattern)
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // a rename onto another name of the same file does nothing
	linked := filepath.Join(temp, FileName)
	if err := linkOrCopy(k.Path, linked); err != nil {
		return err
	}
	return errors.Join(os.Rename(linked, s.serving()), syncDir(string(s)))
}

// adopt keeps the file that serves, if it is not kept: it was built before builds were.
func (s store) adopt(ctx context.Context, all []Kept) ([]Kept, error) {
	now, err := readRun(ctx, s.serving())
	if err != nil || serving(all).Serving {
		return all, nil
	}
	k := Kept{Result: now, Serving: true, serial: nextSerial(all), id: now.BuildID[:12]}
	k.Path = filepath.Join(s.builds(), k.file())
	return append(all, k), linkOrCopy(s.serving(), k.Path)
}

func nextSerial(all []Kept) int {
	if len(all) == 0 {
		return 1
	}
	return all[len(all)-1].serial + 1
}

// prune removes the oldest builds beyond keep of those that were published, and beyond
// keep of the others; never the one that serves.
func (s store) prune(all []Kept, keep int) error {
	var errs []error
	seen := map[bool]int{}
	for _, k := range slices.Backward(all) {
		published := k.State == Published
		if seen[published]++; seen[published] > keep && !k.Serving {
			errs = append(errs, os.Remove(k.Path))
		}
	}
	return errors.Join(errs...)
}

// held says why a build must not be published whatever it holds; empty: it may be.
func held(all []Kept, k Kept) string {
	if k.State == Held {
		return "it was rolled back, or built after one that was"
	}
	for _, other := range all {
		if other.State == Held && other.serial > serving(all).serial {
			return fmt.Sprintf("build %s was rolled back, and nothing has been accepted since", other.Name())
		}
	}
	return ""
}

// linkOrCopy gives the file at from a second name, or, where that cannot be, copies it.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// syncDir makes the names in a folder last. Where folders cannot be synced they need not be.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
