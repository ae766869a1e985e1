package replica

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	texttemplate "text/template"
)

// A route is a list page, or whatever else a template makes.
type route struct {
	Path string `yaml:"path"` // regular expression of the whole path; its groups are path.NAME
	// Page or Start name the parameter that says which rows are wanted, as query.page,
	// form.currpage, json.pageIndex, query.paramJson.pageNo or path.n; without one the
	// first rows are. Base is the number of the first page.
	Page  string `yaml:"page"`
	Start string `yaml:"start"`
	Base  int    `yaml:"base"`
	Down  bool   `yaml:"down"` // pages are numbered from the last to the first
	Size  string `yaml:"size"` // parameter that says how many rows
	Rows  int    `yaml:"rows"` // how many, without it
	Most  int    `yaml:"most"` // refuses (Refuse) or cuts to so many; 0: no limit
	// Needs are parameters or headers (header.Referer) and a text they must contain;
	// otherwise Refuse is the status, or 200 with no rows if it is 200.
	Needs  map[string]string `yaml:"needs"`
	Refuse int               `yaml:"refuse"`
	Beyond string            `yaml:"beyond"` // after the last page: "" 404, stub, empty, last
	Year   string            `yaml:"year"`   // parameter that says of which year the rows are
	Type   string            `yaml:"type"`   // content type
	Body   string            `yaml:"body"`   // template of the answer

	path *regexp.Regexp
	body *texttemplate.Template
}

// window is what the template of a route is given.
type window struct {
	Rows                     []item
	Page, Pages, Total, Size int
	Host, Authority          string
	Param                    func(string) string
}

func (r *route) answer(w http.ResponseWriter, req *http.Request, s *site) {
	param := parameters(req, r.path)
	rows := s.rows
	if r.Year != "" {
		rows = ofYear(rows, param(r.Year))
	}
	v := window{Total: len(rows), Size: r.Rows, Host: s.Host, Authority: s.Authority, Param: param, Page: 1}
	if n, err := strconv.Atoi(param(r.Size)); err == nil && n > 0 {
		v.Size = n
	}
	if !r.met(param) || (r.Most > 0 && v.Size > r.Most && r.Refuse >= 400) {
		if r.Refuse >= 400 {
			w.WriteHeader(r.Refuse)
			fmt.Fprint(w, "refused")
			return
		}
		rows, v.Total = nil, 0
	}
	if r.Most > 0 {
		v.Size = min(v.Size, r.Most)
	}
	v.Size = max(v.Size, 1)
	v.Pages = (len(rows) + v.Size - 1) / v.Size
	from := r.from(param, &v)
	if from >= len(rows) && v.Page > 1 {
		switch r.Beyond {
		case "":
			http.NotFound(w, req)
			return
		case "stub":
			send(w, req, "stub.html", []byte("<html><head><title>示例</title></head><body>栏目建设中"+strings.Repeat(" ", 250)+"</body></html>"))
			return
		case "last":
			from = (v.Pages - 1) * v.Size
		}
	}
	from = min(from, len(rows))
	v.Rows = rows[from:min(from+v.Size, len(rows))]
	body, err := run(r.body, v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if r.Type != "" {
		w.Header().Set("Content-Type", r.Type)
	}
	send(w, req, "page.html", body)
}

// from returns the index of the first row that is wanted.
func (r *route) from(param func(string) string, v *window) int {
	if start, err := strconv.Atoi(param(r.Start)); err == nil && start > 0 {
		v.Page = (start-1)/v.Size + 1
		return start - 1
	}
	n, err := strconv.Atoi(param(r.Page))
	if err != nil {
		return 0
	}
	v.Page = n - r.Base + 1
	if r.Down {
		v.Page = v.Pages - n + 1
	}
	return max(v.Page-1, 0) * v.Size
}

func (r *route) met(param func(string) string) bool {
	for name, text := range r.Needs {
		if !strings.Contains(param(name), text) {
			return false
		}
	}
	return true
}

func ofYear(rows []item, year string) (out []item) {
	for _, it := range rows {
		if strconv.Itoa(it.Year) == year {
			out = append(out, it)
		}
	}
	return out
}

// parameters returns a function that gives a parameter of the request by its source and
// name, and within JSON by further names.
func parameters(req *http.Request, path *regexp.Regexp) func(string) string {
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<16))
	if err != nil {
		body = nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		form = nil
	}
	groups := path.FindStringSubmatch(req.URL.Path)
	return func(name string) string {
		source, name, _ := strings.Cut(name, ".")
		name, rest, _ := strings.Cut(name, ".")
		value := ""
		switch source {
		case "header":
			value = req.Header.Get(name)
		case "query":
			value = req.URL.Query().Get(name)
		case "form":
			value = form.Get(name)
		case "method":
			value = req.Method
		case "json":
			value, rest = string(body), name
		case "path":
			if i := path.SubexpIndex(name); i > 0 {
				value = groups[i]
			}
		}
		if rest == "" {
			return value
		}
		var object map[string]any
		if json.Unmarshal([]byte(value), &object) != nil || object[rest] == nil {
			return ""
		}
		return fmt.Sprint(object[rest])
	}
}
