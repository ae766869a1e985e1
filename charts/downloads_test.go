package charts

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDownloads wants the files of a data package of this build, none of another build,
// and none outside the folder.
func TestDownloads(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "downloads"), 0o755); err != nil {
		t.Fatal(err)
	}
	pack := `{"id": "sha256:made-up-1", "resources": [{"path": "csv/cell.csv", "bytes": 1234, "hash": "sha256:00ff"}, {"path": "../secret.csv", "bytes": 1, "hash": "sha256:00"}]}`
	if err := os.WriteFile(filepath.Join(dir, "downloads", "datapackage.json"), []byte(pack), 0o644); err != nil {
		t.Fatal(err)
	}
	if have, err := downloads(dir, "made-up-1"); err != nil || len(have) != 1 || have[0] != (download{"csv/cell.csv", "00ff", 1234}) {
		t.Errorf("have %v, %v", have, err)
	}
	for _, other := range []struct{ dir, build string }{{dir, "made-up-2"}, {t.TempDir(), "made-up-1"}} {
		if have, err := downloads(other.dir, other.build); err != nil || have != nil {
			t.Errorf("of build %s: have %v, %v", other.build, have, err)
		}
	}
}
