package portal_test

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/crawl/portal"
)

// pages are made up: of each family the one thing that tells it, in a page that has
// other things, too.
var pages = map[string]struct{ text, family, dialect string }{
	"jpage":         {`<script>$('#1').jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp'});</script><a href="/module/xxgk/tree.jsp">目录</a>`, "hanweb_jpage", ""},
	"xxgk":          {`<iframe src="/module/xxgk/tree.jsp?area=999900000000000000"></iframe>`, "hanweb_xxgk", ""},
	"truecms":       {`<script>var u="/shili/messageController/getMessage.do?startrecord=1";</script>`, "truecms", ""},
	"jpaas":         {`<div url="/api-gateway/jpaas-publish-server/front/page/build/unit"></div><a href="/zfxxgk/art/2025/art_0123456789abcdef0123456789abcdef.html">年报</a>`, "hanweb_jpaas", ""},
	"epoint":        {`<script src="/js/webBuilderCommon.js"></script>`, "epoint_ewb", ""},
	"gkmlpt":        {"<script>window._CONFIG = {\n SITE_NAME:'示例市',\n SID: '999'}</script><a href=\"/gkmlpt/content/1/2/post_3.html\">x</a>", "gkmlpt", ""},
	"nfcms":         {`<li><a href="/zwgk/xxgknb/szf/content/post_12345.html">2022年年报</a></li>`, "nfcms", ""},
	"lonsun":        {`<script>load("/site/label/8888?IsAjax=1&labelName=publicInfoList")</script>`, "lonsun_ex8", ""},
	"openness":      {`<a href="/OpennessContent/show/123.html">2022年年报</a>`, "openness", ""},
	"ucap static":   {`<script>createPageHTML('page_div', 5, 1, 'common_list', 'shtml', 68);</script>`, "ucap_static", ""},
	"ucap article":  {`<div><UCAPCONTENT>示例</UCAPCONTENT></div>`, "ucap_static", ""},
	"ucap json":     {`<script>$.get("/common/search/0a1b?page=1&_pageSize=15&_isJson=true")</script>`, "ucap_json", ""},
	"trs":           {`<script>createPageHTML(3, 0, "index", "html");</script>`, "trs_wcm", ""},
	"trs other":     {`<script>createPage(3, 1,"index","shtml");</script>`, "trs_wcm", ""},
	"trs dates":     {`<a href="./202303/t20230328_100234.html">示例市2022年年报</a>`, "trs_wcm", ""},
	"eportal":       {`<a href="/eportal/ui?pageId=1&currentPage=2">2</a>`, "eportal", ""},
	"haiyun":        {`<a href="/gongkai/channel_0123456789abcdef01234567/doc_0123456789abcdef01234567.html">年报</a>`, "haiyun", ""},
	"vsb":           {`<div id="vsb_content_1001">示例</div>`, "vsb", ""},
	"haiyun, named": {`<a href="/gongkai/site_shili/channel_ndbg/doc_0123456789abcdef01234567.html">年报</a>`, "haiyun", ""},
	"annual":        {`<a href="/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2022">2022年度</a>`, "hanweb_annual", ""},
	"suzhou":        {`<script>$.post("/szinf/xxgk/interfacesWebZcwj/loadData")</script>`, "ucap_suzhou", ""},
	"chongqing":     {`<tr class="zcwjk-list-c"></tr><script>createPage(3, 0, "index", "html");</script>`, "trs_chongqing", ""},
	"trs script":    {`<script>var url = "./a.shtml"; var title = "";</script><script>createPageHTML(3, 0, "index", "shtml");</script>`, "trs_script", ""},
	"shanghai":      {`<script>$(".pagination").pagination({totalPage:3});</script>`, "shanghai_nw", ""},
	"aspnet":        {`<div id="pages">JTNDYSUyMGhyZWYlM0QlMjIlM0Y=</div>`, "aspnet_pager", ""},
	"easysite":      {`<a href="/columns/01234567-89ab-cdef-0123-456789abcdef/202301/31/x.html">年报</a>`, "static", "easysite"},
	"static":        {`<ul><li><a href="nb2022.html">示例市2022年年报</a></li></ul>`, "static", ""},
}

func TestDetect(t *testing.T) {
	told := map[string]bool{}
	for name, c := range pages {
		t.Run(name, func(t *testing.T) {
			found, ok := portal.Detect([]byte("<html><head><meta charset=utf-8></head><body>" + c.text))
			if !ok || found.Signature.Family != c.family || found.Signature.Dialect != c.dialect {
				t.Errorf("told %q %q by %q, want %q %q", found.Signature.Family, found.Signature.Dialect, found.Text, c.family, c.dialect)
			}
		})
		told[c.family] = true
	}
	for _, s := range portal.Signatures() {
		if !told[s.Family] {
			t.Errorf("no page of family %s is tested", s.Family)
		}
	}
	for _, s := range portal.Signatures() {
		if !slices.Contains(portal.Families(), s.Family) {
			t.Errorf("detect.yaml tells family %s, which no profile can have", s.Family)
		}
	}
}

func TestDetectNothing(t *testing.T) {
	for name, text := range map[string]string{
		"redirect":     `<script>window.location.href="/nb/list.html"</script><a href="/nb/list.html">进入</a>`,
		"meta refresh": `<meta http-equiv="refresh" content="0;url=/nb/">`,
		"empty":        "",
		"a file":       "%PDF-1.4\x00\xff",
	} {
		if found, ok := portal.Detect([]byte(text)); ok {
			t.Errorf("%s is told as %s by %q", name, found.Signature.Family, found.Text)
		}
	}
}

// The links to a column are told; the exact name is preferred.
func TestDetectFindsTheColumn(t *testing.T) {
	for page, want := range map[string][]string{
		`<a href="/x/">年度报告</a><a href="./zfxxgknb/"> 政府信息公开<b>年报</b> </a><a href="/wznb/">政府网站年报</a>`: {"./zfxxgknb/"},
		`<a href="/x/">历年年报</a><a href="/x/">历年年报</a>`:                                                 {"/x/"},
		`<a href="/wznb/">政府网站年报</a><a href="nb.html">示例市2022年年报</a>`:                                  nil,
	} {
		if found, ok := portal.Detect([]byte(page)); !ok || !slices.Equal(found.Columns, want) {
			t.Errorf("%v in %s, want %v", found.Columns, page, want)
		}
	}
}

func TestDetectReadsTheSitesName(t *testing.T) {
	page := "<meta charset=gbk><META content='\xca\xbe\xc0\xfd' name=\"SiteName\"><a href=x>" // 示例 in GBK
	if found, _ := portal.Detect([]byte(page)); found.SiteName != "示例" {
		t.Errorf("the site's name is %q, want 示例", found.SiteName)
	}
}
