package charts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// manifestName is the file that lists what the build wrote.
const manifestName = "build.json"

// A manifest says which build a site shows and which files belong to it.
type manifest struct {
	BuildID string   `json:"build_id"`
	Files   []string `json:"files"`
}

// assetFiles are the style sheet, scripts and licences, by their path in the site.
func assetFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, from := range map[string]string{
		"assets/app.js": "assets/app.js", "assets/style.css": "assets/style.css",
		"assets/echarts.min.js": "assets/echarts/echarts.min.js",
	} {
		raw, err := assets.ReadFile(from)
		if err != nil {
			return nil, err
		}
		files[name] = raw
	}
	licences, err := licenceText()
	files["LICENSES.txt"] = licences
	return files, err
}

// licenceText joins the licences of every third-party file in the site.
func licenceText() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("Third-party files in this site\n\nassets/echarts.min.js: Apache ECharts 6.1.0 (npm package echarts), Apache-2.0;\nit contains parts of d3, BSD-3-Clause.\n")
	for _, name := range []string{"NOTICE", "LICENSE", "LICENSE-d3"} {
		raw, err := assets.ReadFile("assets/echarts/" + name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "\n---- %s ----\n\n%s\n", name, raw)
	}
	return b.Bytes(), nil
}

// publish brings dir to hold files. The manifest comes last, so that a build that was
// cut short is finished by the next one.
func publish(dir, buildID string, files map[string][]byte) (Result, error) {
	var res Result
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return res, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return res, err
	}
	defer root.Close()
	before, err := readManifest(root)
	if err != nil {
		return res, err
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if path.Ext(name) == ".html" {
			res.Pages++
		}
		if err := res.put(root, name, files[name]); err != nil {
			return res, err
		}
	}
	for _, name := range before.Files {
		if _, stays := files[name]; stays || !filepath.IsLocal(name) {
			continue
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return res, err
		}
		res.Removed++
	}
	raw, err := json.MarshalIndent(manifest{BuildID: buildID, Files: names}, "", "  ")
	if err != nil {
		return res, err
	}
	return res, res.put(root, manifestName, append(raw, '\n'))
}

// put writes a file beside its place and renames it, unless it has these bytes already.
func (res *Result) put(root *os.Root, name string, raw []byte) error {
	if old, err := root.ReadFile(name); err == nil && bytes.Equal(old, raw) {
		res.Unchanged++
		return nil
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	temporary := name + ".tmp"
	if err := root.WriteFile(temporary, raw, 0o644); err != nil {
		return err
	}
	if err := root.Rename(temporary, name); err != nil {
		return err
	}
	res.Written++
	return nil
}

// readManifest returns the manifest of the build before, empty where there is none.
func readManifest(root *os.Root) (manifest, error) {
	var m manifest
	raw, err := root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("%s: %w; delete it and build again", manifestName, err)
	}
	return m, nil
}
