package replica

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/nianbao/nianbao/crawl/portal"
)

// A site is a made-up portal whose list pages and reports are made from templates when
// they are asked for, so that it can have hundreds. The same request always gives the
// same bytes. sites/*.yaml hold one site each.
type site struct {
	Host      string  `yaml:"host"`
	Authority string  `yaml:"authority"` // as its reports name it: 示例市
	Reports   int     `yaml:"reports"`   // how many there are
	Of        int     `yaml:"of"`        // authorities with a report each year; 0: 10
	Path      string  `yaml:"path"`      // template of a report's address, query included
	Page      string  `yaml:"page"`      // template file of a report; "": report.html
	Alike     int     `yaml:"alike"`     // every so manieth row is no report; 0: none
	Also      []also  `yaml:"also"`      // further addresses of each report
	Routes    []route `yaml:"routes"`

	rows    []item
	address *texttemplate.Template
	page    *texttemplate.Template
	at      map[string]served // by address
}

// also is a further address at which each report stands.
type also struct {
	Path string `yaml:"path"` // template
	Page string `yaml:"page"` // template file; "": that of the site, which gives the same bytes
}

// served is a report in one of its forms.
type served struct {
	item
	page *texttemplate.Template
}

// item is one row of a site's lists.
type item struct {
	N                    int // counted from 1
	ID                   int
	Year, Published      int
	Authority, Title     string
	Path                 string
	Report               bool
	New, Carried, Next   int // figures of the report
	Granted, Refused     int
	Documents, Penalties int
}

// Total is what was dealt with.
func (i item) Total() int { return i.Granted + i.Refused }

// Date is when the page was published, in a January, and Day the day of the month.
func (i item) Date() string { return fmt.Sprintf("%d-01-%02d", i.Published, i.Day()) }
func (i item) Day() int     { return 10 + i.N%20 }

// Midnight is when that day began in China, as a Unix time.
func (i item) Midnight() int64 {
	return time.Date(i.Published, time.January, i.Day(), 0, 0, 0, 0, portal.China).Unix()
}

var functions = texttemplate.FuncMap{
	"json":   func(v any) (string, error) { raw, err := json.Marshal(v); return string(raw), err },
	"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"query":  url.QueryEscape,
	"cut":    func(n int, s string) string { return string([]rune(s)[:min(n, len([]rune(s)))]) },
	"from":   func(n int, s string) string { return s[n:] },
	"add":    func(a, b int) int { return a + b },
	"mod":    func(a, b int) int { return a % b },
	"hex":    func(n int) string { return fmt.Sprintf("%032x", n*2654435761) },
	"hex24":  func(n int) string { return fmt.Sprintf("%024x", n*2654435761) },
	"uuid": func(n int) string {
		return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n*2654435761%(1<<47))
	},
	"seq": func(from, to int) (out []int) {
		for i := from; i <= to; i++ {
			out = append(out, i)
		}
		return out
	},
}

func loadSites(files fs.FS) (map[string]*site, error) {
	names, err := fs.Glob(files, "sites/*.yaml")
	if err != nil {
		return nil, err
	}
	sites := map[string]*site{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		s := &site{}
		if err := yaml.UnmarshalWithOptions(data, s, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := s.prepare(files); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		sites[s.Host] = s
	}
	return sites, nil
}

func (s *site) prepare(files fs.FS) (err error) {
	if s.Of == 0 {
		s.Of = 10
	}
	if s.Page == "" {
		s.Page = "report.html"
	}
	if s.page, err = pageTemplate(files, s.Page); err != nil {
		return err
	}
	if s.address, err = texttemplate.New("path").Funcs(functions).Parse(s.Path); err != nil {
		return err
	}
	for i := range s.Routes {
		r := &s.Routes[i]
		if r.path, err = regexp.Compile("^" + r.Path + "$"); err != nil {
			return err
		}
		if r.body, err = texttemplate.New(r.Path).Funcs(functions).Parse(r.Body); err != nil {
			return err
		}
	}
	return s.make(files)
}

// pageTemplate reads the template of a report.
func pageTemplate(files fs.FS, name string) (page *texttemplate.Template, err error) {
	page = texttemplate.New(name).Funcs(functions).Funcs(texttemplate.FuncMap{
		"render": func(name string, data any) (string, error) {
			var b strings.Builder
			err := page.ExecuteTemplate(&b, name, data)
			return b.String(), err
		},
	})
	return page.ParseFS(files, "sites/"+name, "sites/tables.html")
}

// offices are the made-up authorities below that of a site.
var offices = []string{"", "发展和改革局", "财政局", "教育局", "统计局", "民政局", "司法局", "水利局", "审计局", "农业农村局", "住房和城乡建设局", "卫生健康局"}

// alike are the titles of rows that stand between reports and are none.
var alike = []string{
	"%s%d年政府网站工作年度报表",
	"一图读懂%s%d年政府信息公开工作年度报告",
	"%s%d年政府网站年报",
	"关于做好%s%d年政府信息公开工作年度报告编制工作的通知",
	"%s%d年法治政府建设年度报告",
	"%s%d年政府信息公开年报编制制度",
}

// make makes the rows: reports from the newest year back, and look-alikes between them.
func (s *site) make(files fs.FS) error {
	s.at = map[string]served{}
	for n, report := 1, 0; report < s.Reports; n++ {
		it := item{N: n, ID: 100000 + n, Report: s.Alike == 0 || n%s.Alike != 0}
		it.Year = 2025 - report/s.Of
		it.Published = it.Year + 1
		it.Authority = s.Authority + offices[report%s.Of%len(offices)]
		if report%s.Of >= len(offices) {
			it.Authority += strconv.Itoa(report % s.Of)
		}
		it.Title = fmt.Sprintf("%s%d年政府信息公开工作年度报告", it.Authority, it.Year)
		if it.Report {
			report++
		} else {
			it.Title = fmt.Sprintf(alike[n/s.Alike%len(alike)], it.Authority, it.Year)
		}
		it.New, it.Carried, it.Next = n%37, n%3, n%2
		if it.New+it.Carried == 0 {
			it.Next = 0
		}
		it.Refused = (it.New + it.Carried - it.Next) / 4
		it.Granted = it.New + it.Carried - it.Next - it.Refused
		it.Documents, it.Penalties = n%9, n%61
		path, err := run(s.address, it)
		if err != nil {
			return err
		}
		it.Path = string(path)
		s.rows = append(s.rows, it)
		s.at[it.Path] = served{it, s.page}
	}
	for _, a := range s.Also {
		if err := s.makeAlso(files, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) makeAlso(files fs.FS, a also) (err error) {
	page := s.page
	if a.Page != "" {
		if page, err = pageTemplate(files, a.Page); err != nil {
			return err
		}
	}
	address, err := texttemplate.New("path").Funcs(functions).Parse(a.Path)
	for _, it := range s.rows {
		if err != nil {
			return err
		}
		var path []byte
		path, err = run(address, it)
		s.at[string(path)] = served{it, page}
	}
	return err
}

func run(t *texttemplate.Template, data any) ([]byte, error) {
	var b bytes.Buffer
	err := t.Execute(&b, data)
	return b.Bytes(), err
}

// answer answers a request to the site; false if it has nothing there.
func (s *site) answer(w http.ResponseWriter, r *http.Request) bool {
	if it, ok := s.at[r.URL.RequestURI()]; ok {
		body, err := run(it.page, it.item)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return true
		}
		send(w, r, "page.html", body)
		return true
	}
	for i := range s.Routes {
		if s.Routes[i].path.MatchString(r.URL.Path) {
			s.Routes[i].answer(w, r, s)
			return true
		}
	}
	return false
}

var errNoSites = errors.New("no site")

// Reports returns the addresses of the reports that a made-up site has, which is what a
// crawl has to find, each with its title. It is an error if the host has no such site.
func (s *Server) Reports(host string) (map[string]string, error) {
	return s.reports(host, func(it item) string { return it.Title })
}

// Days returns the days that the lists of a made-up site give its reports, by address.
func (s *Server) Days(host string) (map[string]string, error) {
	return s.reports(host, item.Date)
}

func (s *Server) reports(host string, of func(item) string) (map[string]string, error) {
	made := s.sites[host]
	if made == nil {
		return nil, fmt.Errorf("%s: %w", host, errNoSites)
	}
	out := map[string]string{}
	for _, it := range made.rows {
		if it.Report {
			out[it.Path] = of(it)
		}
	}
	return out, nil
}
