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
	"strings"
	"sync"
)

// manifestName is the file that lists what the build wrote.
const manifestName = "build.json"

// A manifest says which build a site shows and which files belong to it.
type manifest struct {
	BuildID string   `json:"build_id"`
	Files   []string `json:"files"`
}

// pageScripts are the scripts of a page with a picker, in the order in which it loads them.
func pageScripts() []string {
	return strings.Fields("echarts.min.js option.js state.js series.js plots.js app.js export.js picker.js")
}

// assetFiles are the style sheet, scripts and licences, by their path in the site.
func assetFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, from := range append(strings.Fields("style.css embed.js evidence.js search.js"), pageScripts()...) {
		folder := "assets/"
		if from == "echarts.min.js" {
			folder = "assets/echarts/"
		}
		raw, err := assets.ReadFile(folder + from)
		if err != nil {
			return nil, err
		}
		files["assets/"+from] = raw
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

// A publisher brings a folder to hold the files of a site. Its methods may be called
// from several goroutines.
type publisher struct {
	root   *os.Root
	before manifest
	mu     sync.Mutex
	names  map[string]bool
	result Result
}

// newPublisher opens the folder, which is made if it is absent.
func newPublisher(dir string) (*publisher, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	before, err := readManifest(root)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &publisher{root: root, before: before, names: map[string]bool{}}, nil
}

// finish removes what only an earlier build put. The manifest comes last, so that a
// build that was cut short is finished by the next one.
func (p *publisher) finish(buildID string) (Result, error) {
	for _, name := range p.before.Files {
		if p.names[name] || !filepath.IsLocal(name) {
			continue
		}
		if err := p.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return p.result, err
		}
		p.result.Removed++
	}
	raw, err := json.MarshalIndent(manifest{BuildID: buildID, Files: slices.Sorted(maps.Keys(p.names))}, "", "  ")
	if err != nil {
		return p.result, err
	}
	return p.result, p.put(manifestName, append(raw, '\n'))
}

// put writes a file beside its place and renames it, unless it has these bytes already.
// A file that several pages have in common is written once.
func (p *publisher) put(name string, raw []byte) error {
	p.mu.Lock()
	if p.names[name] {
		p.mu.Unlock()
		return nil
	}
	p.names[name] = true
	p.mu.Unlock()
	written, err := p.write(name, raw)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err != nil:
		return err
	case written:
		p.result.Written++
	default:
		p.result.Unchanged++
	}
	if path.Ext(name) == ".html" {
		p.result.Pages++
	}
	return nil
}

func (p *publisher) write(name string, raw []byte) (written bool, err error) {
	if old, err := p.root.ReadFile(name); err == nil && bytes.Equal(old, raw) {
		return false, nil
	}
	if err := p.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return false, err
	}
	temporary := name + ".tmp"
	if err := p.root.WriteFile(temporary, raw, 0o644); err != nil {
		return false, err
	}
	return true, p.root.Rename(temporary, name)
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
