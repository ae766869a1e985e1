package mhtml

import (
	"bytes"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// FuzzPage takes the page and a picture out of whatever bytes. It either refuses with
// one of the errors of package grid or yields text of bounded length, twice the same.
func FuzzPage(f *testing.F) {
	gridtest.Seed(f, "testdata/*.mhtml")
	f.Add([]byte("Content-Type: multipart/related; boundary=x; start=\"<a>\"\n\n--x\nContent-Type: text/html; charset=gbk\nContent-ID: <a>\nContent-Transfer-Encoding: quoted-printable\n\n=D6=D0\n" +
		"--x\nContent-Type: image/png\nContent-ID: <b>\nContent-Location: http://a.invalid/b.png\nContent-Transfer-Encoding: base64\n\niVBO\n--x--\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		Is(data)
		page, err := Page(data)
		if err != nil && !gridtest.Refused(err) {
			t.Errorf("%v is no refusal that extract knows", err)
		}
		if !utf8.Valid(page) {
			t.Errorf("the page is no UTF-8: %.200q", page)
		}
		if again, err2 := Page(data); !bytes.Equal(page, again) || (err == nil) != (err2 == nil) {
			t.Errorf("read twice, it differs (%v, %v)", err, err2)
		}
		pictures := Pictures(data)
		for _, address := range []string{"cid:b", "./b.png", ""} {
			if picture, err := pictures(address); err != nil && !errors.Is(err, ErrMissing) || len(picture) > len(data) {
				t.Errorf("%s: %d bytes of a message of %d (%v)", address, len(picture), len(data), err)
			}
		}
	})
}
