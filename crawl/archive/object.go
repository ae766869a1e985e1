package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nianbao/nianbao/crawl/archive/warc"
)

// ErrDamaged is matched by the error for an object whose bytes are not those its name
// promises, or that is gone.
var ErrDamaged = errors.New("object damaged")

// temporary is the pattern of names that objects have before they are whole.
const temporary = "tmp-*"

// Object returns the bytes with this sha256. It reads them against their name; a damaged
// or lost object is restored from the WARC record that brought it. Where that is not to be
// had, the error matches [ErrDamaged] and names the path; the ledger remembers it, and the
// next crawl fetches it anew.
func (a *Archive) Object(sha string) ([]byte, error) {
	body, err := a.object(sha)
	if !errors.Is(err, ErrDamaged) {
		return body, err
	}
	if body, restored := a.recorded(sha); restored {
		_, err := a.put(body)
		return body, err
	}
	_, noted := a.db.Exec(`INSERT OR IGNORE INTO damaged (sha256) VALUES (?)`, sha)
	return nil, errors.Join(err, noted)
}

// recorded returns the bytes with this sha256 from the WARC files; false: no record that
// the ledger names has them.
func (a *Archive) recorded(sha string) ([]byte, bool) {
	places, err := a.places(`SELECT warc, warc_offset FROM version WHERE sha256 = ? AND warc IS NOT NULL ORDER BY url`, sha)
	if err != nil {
		return nil, false
	}
	for _, p := range places {
		if body, err := a.body(p); err == nil && digest(body) == sha {
			return body, true
		}
	}
	return nil, false
}

func (a *Archive) places(query, arg string) (out []Place, err error) {
	err = a.rows(context.Background(), "looking for WARC records", query, []any{arg}, func(r *sql.Rows) error {
		var p Place
		err := r.Scan(&p.File, &p.Offset)
		out = append(out, p)
		return err
	})
	return out, err
}

// body returns what the answer at a place brought, also where another record holds it.
func (a *Archive) body(p Place) ([]byte, error) {
	answer, err := a.record(p)
	if err != nil {
		return nil, err
	}
	x := Exchange{URL: answer.URL, Response: answer.Block}
	if answer.Type == warc.TypeRevisit {
		full, err := a.places(`SELECT warc, warc_offset FROM payload WHERE record = ?`, answer.RefersTo)
		if err != nil || len(full) == 0 {
			return nil, errors.Join(err, fs.ErrNotExist)
		}
		holder, err := a.record(full[0])
		if err != nil {
			return nil, err
		}
		x.Response = append(x.Response, Exchange{Response: holder.Block}.Payload()...)
	}
	return x.Body()
}

// record reads the record at a place, also of a file that is being written.
func (a *Archive) record(p Place) (warc.Record, error) {
	path := filepath.Join(a.WARC(), p.File)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		path += warc.OpenSuffix
	}
	return warc.ReadAt(path, p.Offset)
}

func (a *Archive) object(sha string) ([]byte, error) {
	path, err := a.path(sha)
	if err != nil {
		return nil, err
	}
	body, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("reading %s: %w: no such file; crawl again to fetch it", path, ErrDamaged)
	case err != nil:
		return nil, fmt.Errorf("reading object: %w", err)
	case digest(body) != sha:
		return nil, fmt.Errorf("reading %s: %w: its bytes do not match its name; crawl again to fetch it", path, ErrDamaged)
	}
	return body, nil
}

// Documents returns the sha256 of every stored document, sorted; list pages are not
// among them, superseded versions are.
func (a *Archive) Documents(ctx context.Context) ([]string, error) {
	var shas []string
	err := a.rows(ctx, "listing documents", `
		SELECT DISTINCT v.sha256 FROM version v JOIN address a USING (url)
		WHERE a.kind = 'document' ORDER BY 1`, nil, func(r *sql.Rows) error {
		var sha string
		defer func() { shas = append(shas, sha) }()
		return r.Scan(&sha)
	})
	return shas, err
}

// put stores bytes and returns their sha256. An object that is there and whole is
// left as it is; a damaged one is replaced.
func (a *Archive) put(body []byte) (string, error) {
	sha := digest(body)
	if _, err := a.object(sha); err == nil {
		return sha, nil
	}
	path, err := a.path(sha)
	if err != nil {
		return "", err
	}
	if err := a.writeFile(path, body); err != nil {
		return "", fmt.Errorf("storing object: %w; check the space and permissions of the archive folder", err)
	}
	if _, err := a.db.Exec(`DELETE FROM damaged WHERE sha256 = ?`, sha); err != nil {
		return "", fmt.Errorf("storing object: %w", err)
	}
	return sha, nil
}

func (a *Archive) path(sha string) (string, error) {
	if raw, err := hex.DecodeString(sha); err != nil || len(raw) != sha256.Size {
		return "", fmt.Errorf("%q is not a sha256 in hexadecimal", sha)
	}
	return filepath.Join(a.objects(), sha[:2], sha), nil
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// writeFile writes body under a temporary name and renames it to path. It does not wait for
// the disk: what a failing machine loses is restored from its WARC record.
func (a *Archive) writeFile(path string, body []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(a.objects(), temporary)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(body)
	if err = errors.Join(err, f.Chmod(0o444), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
