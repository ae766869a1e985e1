package html

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The page is read without a tree. What comes out must be what a walk over the tree
// that golang.org/x/net/html builds gives, on every page that is at hand and where tags
// are missing or misplaced.
func TestReadsAsATreeIsRead(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"../testdata/corpus/*/source.html", "../../../shared/reports/practice/*/source.html"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, names...)
	}
	if len(pages) < 50 {
		t.Fatalf("%d pages of the corpus", len(pages))
	}
	for _, name := range pages {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		compareToTree(t, name, data)
	}
	for _, page := range misplaced {
		compareToTree(t, page, []byte(page))
	}
}

// misplaced are pages as no one should write them.
var misplaced = strings.Split(`<table><tr><td>1<td>2<tr><td>3</table>after
<table><tr><td>1</th><td>2</tr></table>
<table><tbody><tr><td>1</tbody><tr><td>2</table>
<table>between<tr>cells<td>1</td>too</tr></table>
<table><div>between</div><tr><td>1</td></tr></table>
<table><tr><td>1<table><tr><td>2<tr><td>3</table>4</td><td>5</table>
<table><tr><td>1</td></tr><table><tr><td>2</td></tr></table>
<table><tr><td><div>1</td><td>2</div>3</td></tr></table>
<div><table><tr><td>1</div>2</td></tr></table></div>3
<p>1<div>2</p>3</div>4
<p>1<p>2<ul><li>3<li>4</ul>5
<td>no table<tr>at all</td>
<div style="display:none">a<div>b</div>c</div>d
<span style="display:none">a<div>b</span>c</div>d
<div><span hidden>a</div>b
<p hidden>a<p>b
<p><b hidden>a</p><p>b</b>c</p>
<ul><li hidden>a<li>b</ul>
<dl><dt hidden>a<dd>b</dl>
<table hidden><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table>
<table><tr><td><table style="display: NONE"><tr><td>1</td></tr></table>2</td></tr></table>
<table><tr><td><table hidden>1<tr><td>2</td></tr></table>3</td></tr></table>
<table><tr hidden><td>1</td></tr><tr><td>2</td></tr></table>
<table><tr style="display:none">a<td rowspan=2>1</td></tr>b<tr><td>2<td style="display:none">3<td>4</table>
<table><tr><td hidden>1<table><tr><td>2</table><td>3</table>
<table><tr><td>0<table><tr><td>1</table>2<td><table><tr><td>3<td>4</table></table><table><tr><td>5</table>
<table><tr><td><table><tr><td><table><tr><td>1</table></table></table>
<table><tr><td><table><tr hidden><td>1<tr><td>2</table><table hidden><tr><td>3</table></table>
<table><tr><td><p style="display:none">1</td><td>2</td></tr></table>
<table><tr><td>1<sup>2</sup><br>3<del>4</del><s>5</s>6</td></tr></table>
<table><thead><tr><th>1</thead><tfoot><tr><td>2</tfoot></table>
<table><tr><td>1<script>document.write("</td></tr>")</script>2</table>
<h1>title<h2>other</h2>text
<title>t</title><h1>a <b>b</b></h1>c</p>d<br/>e</br>f
<select><option>1</select>2<textarea><p>3</textarea>4<noscript>5</noscript>6
<table><tr><td><select><option>1<td>2</table>
<svg><path/><path/><g><path/></g></svg>text
<o:p>1</o:p><o:p/>2
<table><caption>c<tr><td>1</table>
<table><tr><td>1<form><td>2</form>3</table>
<table><tr><td rowspan=2 colSpan="3">1<td ROWSPAN=x>2</table>
<font><font><p>1</font>2</p></font>3
a<!-- b <td> -->c<![endif]>d&nbsp;&lt;e&gt;
<div>1</body>2</div>3</html>4`, "\n")

// FuzzTables: whatever the bytes, the tables are those of the tree.
func FuzzTables(f *testing.F) {
	for _, page := range misplaced {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasSuffix(data, []byte("</")) || bytes.HasSuffix(data, []byte("<")) {
			return // x/net/html takes that for a text apart from the one before, the standard does not
		}
		got, err := Read(data)
		want, wantErr := readTree(data)
		if err != nil || wantErr != nil {
			return // one may find no text, or too much nesting, where the other does not
		}
		if g, w := grids(got), grids(want); !reflect.DeepEqual(g, w) {
			t.Errorf("%d tables, by the tree %d: %+v %+v", len(g), len(w), g, w)
		}
	})
}

func compareToTree(t *testing.T, name string, data []byte) {
	t.Helper()
	got, err := Read(data)
	want, wantErr := readTree(data)
	if (err == nil) != (wantErr == nil) {
		t.Errorf("%s: %v; by the tree %v", name, err, wantErr)
		return
	}
	if err != nil || reflect.DeepEqual(got, want) {
		return
	}
	if got.Title != want.Title || got.Issuer != want.Issuer {
		t.Errorf("%s: title %q, issuer %q; by the tree %q, %q", name, got.Title, got.Issuer, want.Title, want.Issuer)
	}
	for i := range max(len(got.Blocks), len(want.Blocks)) {
		switch {
		case i >= len(got.Blocks):
			t.Errorf("%s: lacks %+v", name, want.Blocks[i])
			return
		case i >= len(want.Blocks):
			t.Errorf("%s: has beyond the tree %+v", name, got.Blocks[i])
			return
		case !reflect.DeepEqual(got.Blocks[i], want.Blocks[i]):
			t.Errorf("%s: block %d is %+v %+v; by the tree %+v %+v", name, i, got.Blocks[i], got.Blocks[i].Grid, want.Blocks[i], want.Blocks[i].Grid)
			return
		}
	}
}
