package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"github.com/nianbao/nianbao/charts"
)

// previewAddress is where nianbao site --serve is heard unless told otherwise: on this machine only.
const previewAddress = "127.0.0.1:8080"

// mediaTypes are those of the files of a site, the same on every machine.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".csv": "text/csv; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".cff": "text/plain; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".parquet": "application/vnd.apache.parquet",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// serve shows a site on an address until the context ends.
func serve(ctx context.Context, stderr io.Writer, dir, address string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("serve the site on %s: %w; give another address, such as nianbao site --serve 127.0.0.1:8081", address, err)
	}
	server := &http.Server{Handler: preview(root.FS()), ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	fmt.Fprintf(stderr, "serving   http://%s/ (Ctrl-C ends it)\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// preview answers with the files of a site as a careful web server would: what is no file is not found, so
// that folders are not listed, and no page runs a script from elsewhere. Paths lead nowhere outside of files.
func preview(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", charts.Policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-cache")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "a static site is only read", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		file, info := openFile(files, name)
		if file == nil {
			http.NotFound(w, r)
			return
		}
		defer file.Close()
		kind := mediaTypes[path.Ext(name)]
		if kind == "" {
			kind = "application/octet-stream"
		}
		header.Set("Content-Type", kind)
		http.ServeContent(w, r, "", info.ModTime(), file.(io.ReadSeeker))
	})
}

// openFile opens a regular file; nil where there is none of that name.
func openFile(files fs.FS, name string) (fs.File, fs.FileInfo) {
	if !fs.ValidPath(name) { // .., an empty part
		return nil, nil
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, nil
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		file.Close()
		return nil, nil
	}
	return file, info
}
