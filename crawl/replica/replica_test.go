package replica_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"github.com/nianbao/nianbao/crawl/replica"
)

// practice holds the reports whose figures the sample repeats.
const practice = "../../../shared/reports/practice"

func TestDialContextRefusesOtherHosts(t *testing.T) {
	s, err := replica.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, address := range []string{"www.gov.cn:443", "127.0.0.1:80", "www.pingtan.gov.cn:22", "pingtan.gov.cn:443", "nonsense"} {
		if conn, err := s.DialContext(t.Context(), "tcp", address); err == nil || !strings.Contains(err.Error(), "replica") {
			t.Errorf("DialContext(%q) = %v, %v, want a refusal", address, conn, err)
		}
	}
	conn, err := s.DialContext(t.Context(), "tcp", "www.pingtan.gov.cn:443")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestClientsAreAskedForTheRealNames(t *testing.T) {
	s, err := replica.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	// Without the replica's authority the certificate is worth nothing.
	client := &http.Client{Transport: &http.Transport{DialContext: s.DialContext}}
	if resp, err := client.Get("https://www.pingtan.gov.cn/robots.txt"); err == nil {
		resp.Body.Close()
		t.Error("the system's authorities accept the replica's certificate")
	}
}

var figure = regexp.MustCompile(`^\d+(\.\d+)?$`)

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && strings.HasPrefix(name, practice) {
		t.Skipf("%s is not on this machine; the figures of the sample are not compared", practice)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// htmlCells are the cells of a page's tables in order, with their spans; the box of
// metadata above a report is left out.
func htmlCells(t *testing.T, data []byte) (cells []string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	doc.Find("table:not(.table_content) td").Each(func(_ int, td *goquery.Selection) {
		cells = append(cells, td.AttrOr("rowspan", "1")+"x"+td.AttrOr("colspan", "1")+" "+squeeze(td.Text()))
	})
	return cells
}

// The tables of the sample's pages are those of the reports, cell by cell.
func TestSamplePagesPrintTheReports(t *testing.T) {
	for slug, file := range map[string]string{
		"pingtan-2018-old":     "www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/201901/t20190110_80529.htm",
		"pingtan-2020":         "www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/202103/t20210305_80595.htm",
		"pingtan-2021":         "www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/202202/t20220208_80613.htm",
		"pingtan-2022":         "www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/202302/t20230220_80629.htm",
		"shuyang-fgj-2023":     "www.shuyang.gov.cn/shuyang/fgjnb/202401/6d1e3f0b9a5c4c1d8f27a40e53b9c214.shtml",
		"shanghai-office-2019": "www.shanghai.gov.cn/nw12344/20200131/5c1f0d7e2b9a4e63a8d4f19027be6c35.html",
	} {
		t.Run(slug, func(t *testing.T) {
			want := htmlCells(t, read(t, filepath.Join(practice, slug, "source.html")))
			got := htmlCells(t, read(t, filepath.Join("sample", file)))
			if !reflect.DeepEqual(got, want) || len(got) < 60 {
				t.Errorf("cells differ:\n%v\n%v", got, want)
			}
		})
	}
}

func TestSampleTextPrintsTheReport(t *testing.T) {
	tables := func(data []byte) string {
		_, rest, _ := strings.Cut(string(data), "二、主动公开政府信息情况")
		tables, _, _ := strings.Cut(rest, "五、存在的主要问题及改进情况")
		return tables
	}
	want := tables(read(t, filepath.Join(practice, "zhengzhou-2022", "source.txt")))
	got := tables(read(t, "sample/public.zhengzhou.gov.cn/gknb/2022/zhengzhou_2022.txt"))
	if got != want || got == "" {
		t.Errorf("tables differ:\n%s", got)
	}
}

// figures are the figures of a truth.csv in the order in which they are printed.
func figures(t *testing.T, slug string) (out []string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(t, filepath.Join(practice, slug, "truth.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		out = append(out, row[3])
	}
	return out
}

func TestSampleWordFilePrintsTheReport(t *testing.T) {
	want := figures(t, "hongze-2023")
	if got := wordFigures(t, "sample/www.huaian.gov.cn/wzxxgknb/2024/hz.docx"); !reflect.DeepEqual(got, want) {
		t.Errorf("figures differ:\n%v\n%v", got, want)
	}
}

// wordFigures are the texts of table cells that are figures.
func wordFigures(t *testing.T, name string) (out []string) {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text := ""
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local == "tc" {
				text = ""
			}
		case xml.CharData:
			text += string(x)
		case xml.EndElement:
			if x.Name.Local == "tc" && figure.MatchString(text) {
				out = append(out, text)
			}
		}
	}
}
