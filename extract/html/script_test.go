package html

import (
	"testing"
)

// The body of a gkmlpt page stands in its script; the page itself has only metadata.
func TestBodyInScript(t *testing.T) {
	page := `<html><body><h1>示例市2024年政府信息公开工作年度报告</h1><table><tr><td>索引号</td><td>made-up/1</td></tr></table>
<script>window._CONFIG = { SID: '1', DETAIL: {"id":1,"attachment":[],"content":"\u003Cp\u003E一、总体情况 \"甲\"\u003C/p\u003E\u003Ctable\u003E\u003Ctr\u003E\u003Ctd\u003E规章\u003C/td\u003E\u003Ctd\u003E7\u003C/td\u003E\u003C/tr\u003E\u003C/table\u003E"} }</script></body></html>`
	doc, err := Read([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	var last string
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			tables++
			last = b.Grid.Cells[len(b.Grid.Cells)-1].Text
		}
	}
	if tables != 2 || last != "7" {
		t.Errorf("%d tables, the last cell is %q; want the table of the script after that of the page", tables, last)
	}
}

// A script that is not whole JSON changes nothing.
func TestNoBodyInScript(t *testing.T) {
	for _, script := range []string{`_CONFIG = {DETAIL: {"content": "cut`, `_CONFIG = {"content": "<p>1</p>"}`, `_CONFIG = {DETAIL: {"content": "\q"}}`} {
		doc, err := Read([]byte("<p>年报</p><script>" + script + "</script>"))
		if err != nil || len(doc.Blocks) != 1 {
			t.Errorf("%s: %v, %v, want the paragraph alone", script, doc, err)
		}
	}
}
