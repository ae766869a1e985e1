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
)

// ErrDamaged is matched by the error for an object whose bytes are not those its name
// promises, or that is gone.
var ErrDamaged = errors.New("object damaged")

// temporary is the pattern of names that objects have before they are whole.
const temporary = "tmp-*"

// Object returns the bytes with this sha256. It reads them against their name; a
// damaged or lost object is an error that matches [ErrDamaged] and names the path. The
// ledger remembers it, and the next crawl fetches it anew.
func (a *Archive) Object(sha string) ([]byte, error) {
	body, err := a.object(sha)
	if errors.Is(err, ErrDamaged) {
		_, noted := a.db.Exec(`INSERT OR IGNORE INTO damaged (sha256) VALUES (?)`, sha)
		err = errors.Join(err, noted)
	}
	return body, err
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

// writeFile writes body under a temporary name, syncs it and renames it to path.
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
	if err = errors.Join(err, f.Chmod(0o444), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
